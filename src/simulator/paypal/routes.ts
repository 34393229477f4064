import type { Gateway } from '../gateways.ts';
import { routesWith } from '../rest.ts';
import type { Route } from '../world.ts';
import { grantToken, revokeTokens, showTally } from './accounts.ts';
import { guard } from './api.ts';
import { captureOrder, createOrder, getOrder } from './orders.ts';
import { showCheckout, stepCheckout } from './payer.tsx';
import { getCapture, getRefund, refundCapture } from './refunds.ts';
import { addWebhook, listWebhooks, verifyWebhook } from './webhooks.ts';

const ORDERS = '/v2/checkout/orders';
const CAPTURES = '/v2/payments/captures';
const VERIFICATION = '/v1/notifications/verify-webhook-signature';

const route = routesWith('([^/]+)');
const json = (what: string): Gateway => ({ name: `paypal-${what}`, shape: 'json', stand: 'paypal' });
const checkout: Gateway = { name: 'paypal-checkout', shape: 'page', stand: 'paypal' };

/** The host api-m leads here, and so does the host of the payer's pages. */
export const routes: readonly Route[] = [
  route('POST', '/v1/oauth2/token', grantToken, json('token')),
  route('POST', ORDERS, guard(createOrder), json('create-order')),
  route('GET', `${ORDERS}/*`, guard(getOrder), json('get-order')),
  route('POST', `${ORDERS}/*/capture`, guard(captureOrder), json('capture-order')),
  route('GET', `${CAPTURES}/*`, guard(getCapture), json('get-capture')),
  route('POST', `${CAPTURES}/*/refund`, guard(refundCapture), json('refund-capture')),
  route('GET', '/v2/payments/refunds/*', guard(getRefund), json('get-refund')),
  route('POST', VERIFICATION, guard(verifyWebhook, 'VALIDATION_ERROR'), json('verify-webhook')),
  route('GET', '/checkoutnow', showCheckout, checkout),
  // What the payer presses there, and what a program sets up and reads besides orders, is the simulator's own.
  route('POST', '/checkoutnow/([a-z]+)', stepCheckout, checkout),
  route('GET', '/simulator/paypal/stats', showTally),
  route('POST', '/simulator/paypal/revoke', revokeTokens),
  route('GET', '/simulator/paypal/webhooks', listWebhooks),
  route('POST', '/simulator/paypal/webhooks', addWebhook),
];
