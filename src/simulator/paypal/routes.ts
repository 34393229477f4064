import type { Gateway } from '../gateways.ts';
import type { Route } from '../world.ts';
import { guard } from './api.ts';
import { captureOrder } from './capture.ts';
import { paypalConsole } from './console.ts';
import { createOrder, getOrder } from './orders.ts';
import { showCheckout, stepCheckout } from './payer.ts';
import { getCapture, getRefund, refundCapture } from './refunds.ts';
import { grantToken } from './token.ts';
import { verifyWebhook } from './verify.ts';

const json = (what: string): Gateway => ({ name: `paypal-${what}`, shape: 'json', stand: 'paypal' });

const gateways = {
  token: json('token'),
  createOrder: json('create-order'),
  getOrder: json('get-order'),
  captureOrder: json('capture-order'),
  getCapture: json('get-capture'),
  refundCapture: json('refund-capture'),
  getRefund: json('get-refund'),
  verifyWebhook: json('verify-webhook'),
  checkout: { name: 'paypal-checkout', shape: 'page', stand: 'paypal' },
} as const satisfies Readonly<Record<string, Gateway>>;

/** What Webhooks v1 calls a malformed request. */
const OLD_NAME = 'VALIDATION_ERROR';

/** PayPal's own paths; the host api-m leads here, and so does the host of the payer's pages. */
export const paypalRoutes: readonly Route[] = [
  { method: 'POST', gateway: gateways.token, path: /^\/v1\/oauth2\/token$/, answer: grantToken },
  { method: 'POST', gateway: gateways.createOrder, path: /^\/v2\/checkout\/orders$/, answer: guard(createOrder) },
  { method: 'GET', gateway: gateways.getOrder, path: /^\/v2\/checkout\/orders\/([^/]+)$/, answer: guard(getOrder) },
  {
    method: 'POST',
    gateway: gateways.captureOrder,
    path: /^\/v2\/checkout\/orders\/([^/]+)\/capture$/,
    answer: guard(captureOrder),
  },
  {
    method: 'GET',
    gateway: gateways.getCapture,
    path: /^\/v2\/payments\/captures\/([^/]+)$/,
    answer: guard(getCapture),
  },
  {
    method: 'POST',
    gateway: gateways.refundCapture,
    path: /^\/v2\/payments\/captures\/([^/]+)\/refund$/,
    answer: guard(refundCapture),
  },
  { method: 'GET', gateway: gateways.getRefund, path: /^\/v2\/payments\/refunds\/([^/]+)$/, answer: guard(getRefund) },
  {
    method: 'POST',
    gateway: gateways.verifyWebhook,
    path: /^\/v1\/notifications\/verify-webhook-signature$/,
    answer: guard(verifyWebhook, OLD_NAME),
  },
  { method: 'GET', gateway: gateways.checkout, path: /^\/checkoutnow$/, answer: showCheckout },
  // What the payer presses there is the simulator's own.
  { method: 'POST', gateway: gateways.checkout, path: /^\/checkoutnow\/([a-z]+)$/, answer: stepCheckout },
  ...paypalConsole,
];
