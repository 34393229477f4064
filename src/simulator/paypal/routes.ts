import { readInput } from '../console-input.ts';
import type { Gateway } from '../gateways.ts';
import { answerJson } from '../http.ts';
import { readText } from '../input.ts';
import { routesWith } from '../rest.ts';
import type { Call, Route } from '../world.ts';
import { CLIENT_ID, grantToken, readTally, revokeTokens } from './accounts.ts';
import { guard } from './api.ts';
import { captureOrder, createOrder, getOrder } from './orders.ts';
import { showCheckout, stepCheckout } from './payer.tsx';
import { getCapture, getRefund, refundCapture } from './refunds.ts';
import { listWebhooks, registerWebhook, verifyWebhook, viewWebhook } from './webhooks.ts';

function revoke(call: Call): Response {
  const clientId = readText(readInput(call), 'client_id', CLIENT_ID);
  return answerJson({ accounts: revokeTokens(call.world, clientId) });
}

function addWebhook(call: Call): Response {
  return answerJson(viewWebhook(registerWebhook(call.world, readInput(call))), 201);
}

const ORDERS = '/v2/checkout/orders';
const CAPTURES = '/v2/payments/captures';
const VERIFICATION = '/v1/notifications/verify-webhook-signature';
const STATS = '/simulator/paypal/stats';
const HOOKS = '/simulator/paypal/webhooks';

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
  route('GET', STATS, ({ world, url }) => answerJson(readTally(world, url.searchParams.get('client_id')))),
  route('POST', '/simulator/paypal/revoke', revoke),
  route('GET', HOOKS, ({ world }) => answerJson({ webhooks: listWebhooks(world).map(viewWebhook) })),
  route('POST', HOOKS, addWebhook),
];
