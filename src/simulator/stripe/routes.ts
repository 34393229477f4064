import { answerStripeScript } from '../assets.ts';
import type { Gateway } from '../gateways.ts';
import type { Route } from '../world.ts';
import { serve, serveBrowsers } from './api.ts';
import { createIntent } from './create.ts';
import { showFrame } from './frame.tsx';
import {
  cancelIntent,
  confirmIntent,
  createMethod,
  retrieveAccount,
  retrieveBalance,
  retrieveIntent,
} from './intents.ts';
import { showPayer, showQr, stepPayer } from './payer.ts';
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts';
import { addAccount, listAccounts, showSettings, writeSettings } from './settings.ts';

/** Names for faults and the request log. */
const gateways = {
  create: { name: 'stripe-create', shape: 'json', stand: 'stripe' },
  retrieve: { name: 'stripe-retrieve', shape: 'json', stand: 'stripe' },
  confirm: { name: 'stripe-confirm', shape: 'json', stand: 'stripe' },
  cancel: { name: 'stripe-cancel', shape: 'json', stand: 'stripe' },
  refund: { name: 'stripe-refund', shape: 'json', stand: 'stripe' },
  retrieveRefund: { name: 'stripe-retrieve-refund', shape: 'json', stand: 'stripe' },
  account: { name: 'stripe-account', shape: 'json', stand: 'stripe' },
  method: { name: 'stripe-payment-method', shape: 'browser', stand: 'stripe' },
  script: { name: 'stripe-script', shape: 'browser', stand: 'stripe' },
  frame: { name: 'stripe-frame', shape: 'browser', stand: 'stripe' },
} as const satisfies Readonly<Record<string, Gateway>>;

const INTENT = '\\/v1\\/payment_intents\\/([A-Za-z0-9_]{1,100})';

/** `api.stripe.com`, `js.stripe.com` and the pages that payers are sent to all lead here. */
export const routes: readonly Route[] = [
  { method: 'POST', gateway: gateways.create, path: /^\/v1\/payment_intents$/, answer: serve(createIntent) },
  { method: 'GET', gateway: gateways.retrieve, path: new RegExp(`^${INTENT}$`), answer: serveBrowsers(retrieveIntent) },
  {
    method: 'POST',
    gateway: gateways.confirm,
    path: new RegExp(`^${INTENT}\\/confirm$`),
    answer: serveBrowsers(confirmIntent),
  },
  { method: 'POST', gateway: gateways.cancel, path: new RegExp(`^${INTENT}\\/cancel$`), answer: serve(cancelIntent) },
  { method: 'POST', gateway: gateways.refund, path: /^\/v1\/refunds$/, answer: serve(createRefund) },
  { method: 'GET', gateway: gateways.retrieveRefund, path: /^\/v1\/refunds$/, answer: serve(listRefunds) },
  {
    method: 'GET',
    gateway: gateways.retrieveRefund,
    path: /^\/v1\/refunds\/([A-Za-z0-9_]{1,100})$/,
    answer: serve(retrieveRefund),
  },
  { method: 'GET', gateway: gateways.account, path: /^\/v1\/balance$/, answer: serve(retrieveBalance) },
  { method: 'GET', gateway: gateways.account, path: /^\/v1\/account$/, answer: serve(retrieveAccount) },
  { method: 'POST', gateway: gateways.method, path: /^\/v1\/payment_methods$/, answer: serveBrowsers(createMethod) },
  // One path for each release train, and the old one.
  { method: 'GET', gateway: gateways.script, path: /^\/(?:dahlia\/stripe\.js|v3\/?)$/, answer: answerStripeScript },
  { method: 'GET', gateway: gateways.frame, path: /^\/stripe\/elements\/payment$/, answer: showFrame },
  // The payer's pages are the simulator's own.
  { method: 'GET', path: /^\/stripe\/authorize\/([A-Za-z0-9_]{1,100})(?:\/[a-z]+)?$/, answer: showPayer },
  { method: 'POST', path: /^\/stripe\/authorize\/([A-Za-z0-9_]{1,100})\/([a-z]+)$/, answer: stepPayer },
  { method: 'GET', path: /^\/stripe\/qr\/([A-Za-z0-9_]{1,100})\.(svg|png)$/, answer: showQr },
  { method: 'GET', path: /^\/simulator\/stripe\/accounts$/, answer: listAccounts },
  { method: 'POST', path: /^\/simulator\/stripe\/accounts$/, answer: addAccount },
  { method: 'GET', path: /^\/simulator\/stripe\/settings$/, answer: showSettings },
  { method: 'POST', path: /^\/simulator\/stripe\/settings$/, answer: writeSettings },
];
