import { answerStripeScript } from '../assets.ts';
import type { Gateway } from '../gateways.ts';
import { routesWith } from '../rest.ts';
import type { Route } from '../world.ts';
import { addAccount, listAccounts, showSettings, writeSettings } from './accounts.ts';
import { serve } from './api.ts';
import { createIntent } from './create.ts';
import {
  cancelIntent,
  confirmIntent,
  createMethod,
  retrieveAccount,
  retrieveBalance,
  retrieveIntent,
} from './endpoints.ts';
import { showFrame } from './frame.tsx';
import { showPayer, showQr, stepPayer } from './payer.tsx';
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts';

const named =
  (shape: Gateway['shape']) =>
  (what: string): Gateway => ({ name: `stripe-${what}`, shape, stand: 'stripe' });
const json = named('json');
const browser = named('browser');
const refund = json('retrieve-refund');
const account = json('account');

const route = routesWith('([A-Za-z0-9_]{1,100})');

/** `api.stripe.com`, `js.stripe.com` and the pages that payers are sent to all lead here. */
export const routes: readonly Route[] = [
  route('POST', '/v1/payment_intents', serve(createIntent), json('create')),
  route('GET', '/v1/payment_intents/*', serve(retrieveIntent, true), json('retrieve')),
  route('POST', '/v1/payment_intents/*/confirm', serve(confirmIntent, true), json('confirm')),
  route('POST', '/v1/payment_intents/*/cancel', serve(cancelIntent), json('cancel')),
  route('POST', '/v1/refunds', serve(createRefund), json('refund')),
  route('GET', '/v1/refunds', serve(listRefunds), refund),
  route('GET', '/v1/refunds/*', serve(retrieveRefund), refund),
  route('GET', '/v1/balance', serve(retrieveBalance), account),
  route('GET', '/v1/account', serve(retrieveAccount), account),
  route('POST', '/v1/payment_methods', serve(createMethod, true), browser('payment-method')),
  // One path for each release train, and the old one.
  route('GET', '/(?:dahlia/stripe\\.js|v3/?)', answerStripeScript, browser('script')),
  route('GET', '/stripe/elements/payment', showFrame, browser('frame')),
  // The payer's pages are the simulator's own.
  route('GET', '/stripe/authorize/*(?:/[a-z]+)?', showPayer),
  route('POST', '/stripe/authorize/*/([a-z]+)', stepPayer),
  route('GET', '/stripe/qr/*\\.(svg|png)', showQr),
  route('GET', '/simulator/stripe/accounts', listAccounts),
  route('POST', '/simulator/stripe/accounts', addAccount),
  route('GET', '/simulator/stripe/settings', showSettings),
  route('POST', '/simulator/stripe/settings', writeSettings),
];
