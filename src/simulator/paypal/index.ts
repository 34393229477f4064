import { isRecord, parseRecord } from '../http.ts';
import { routesOf } from '../route.ts';
import { doc, type Stand, type StandOrder, standOver } from '../stand.ts';
import type { World } from '../world.ts';
import { grantToken, revokeTokens, showTally } from './accounts.ts';
import { forgeKinds, works } from './actions.ts';
import { guard } from './api.ts';
import { isGone, isPaid, orderNoOf, orders, type PaypalOrder, unitOf } from './order.ts';
import { captureOrder, createOrder, getOrder } from './orders.ts';
import { answerCheckout } from './payer.tsx';
import { getCapture, getRefund, refundCapture } from './refunds.ts';
import { statusOf } from './views.ts';
import { addWebhook, listWebhooks, verifyWebhook } from './webhooks.ts';

function infoOf(order: PaypalOrder): Record<string, string> {
  const { capture, plan, requestId, refunds } = order;
  return {
    order_status: statusOf(order),
    next_capture: plan.kind,
    ...(capture ? { capture_id: capture.id, capture_status: capture.status } : {}),
    ...(capture?.reason ? { reason: capture.reason } : {}),
    ...(refunds.length > 0 ? { refunds: refunds.map(({ id, amount }) => `${id} ${amount.value}`).join(', ') } : {}),
    ...(requestId === null ? {} : { request_id: requestId }),
    client_id: order.clientId,
  };
}

function describe(world: World, order: PaypalOrder): StandOrder {
  const isOver = isGone(order, world.now());
  return {
    gateway: 'paypal',
    orderNo: orderNoOf(order),
    tradeNo: order.id,
    method: 'checkout',
    amount: order.amount.value,
    currency: order.amount.currency_code,
    // Of the capture once there is one: a completed order may hold a pending capture.
    status: order.capture?.status ?? (isOver ? 'EXPIRED' : statusOf(order)),
    isPaid: isPaid(order),
    createdAt: order.createdAt,
    item: unitOf(order).description ?? '',
    payerPage: order.capture || isOver ? null : `/checkoutnow?token=${order.id}`,
    info: infoOf(order),
    fields: { ...order.request },
    callbacks: order.callbacks,
  };
}

function nameIn(body: string): string {
  const units = parseRecord(body)?.purchase_units;
  const unit: unknown = Array.isArray(units) ? units[0] : null;
  if (!isRecord(unit)) return '';
  const name = unit.custom_id ?? unit.invoice_id ?? unit.reference_id;
  return typeof name === 'string' ? name : '';
}

const ORDER = '/simulator/orders/{…}';

const docs: Stand['docs'] = [
  doc('POST /simulator/orders/{order id or payment_no}/pay', 'order, after the webhooks', {
    capture: 'boolean: PayPal captures as well; otherwise the shop has to',
  }),
  doc(`POST ${ORDER}/approve`, 'order', { callback: 'boolean' }),
  doc(`POST ${ORDER}/outcome`, 'order; says how the next capture ends', {
    outcome: 'completed | pending | declined | instrument_declined | not_yet | refused',
    reason: 'of pending',
    issue: 'of refused',
    callback: 'boolean',
    delay_ms: '0-86400000',
  }),
  doc(`POST ${ORDER}/complete, deny`, 'order, whose pending capture is settled'),
  doc(`POST ${ORDER}/refund`, 'order', { amount: 'decimal' }),
  doc('GET /simulator/paypal/stats?client_id=', '{token_calls, tokens_issued, unauthorized}'),
  doc('POST /simulator/paypal/revoke', 'every token is void', { client_id: 'text' }),
  doc(
    'POST /simulator/paypal/webhooks',
    'the webhook; GET lists them; SIMULATORWEBHOOK1 at the origin of return_url when none was set',
    { client_id: 'text', webhook_id: 'letters and digits', url: 'address' },
  ),
];

const route = routesOf('paypal', '([^/]+)');

/** The host api-m leads here, and so does the host of the payer's pages. */
const routes: Stand['routes'] = [
  route('POST', '/v1/oauth2/token', grantToken, 'paypal-token'),
  route('POST', '/v2/checkout/orders', guard(createOrder), 'paypal-create-order'),
  route('GET', '/v2/checkout/orders/*', guard(getOrder), 'paypal-get-order'),
  route('POST', '/v2/checkout/orders/*/capture', guard(captureOrder), 'paypal-capture-order'),
  route('GET', '/v2/payments/captures/*', guard(getCapture), 'paypal-get-capture'),
  route('POST', '/v2/payments/captures/*/refund', guard(refundCapture), 'paypal-refund-capture'),
  route('GET', '/v2/payments/refunds/*', guard(getRefund), 'paypal-get-refund'),
  route(
    'POST',
    '/v1/notifications/verify-webhook-signature',
    guard(verifyWebhook, 'VALIDATION_ERROR'),
    'paypal-verify-webhook',
  ),
  route('GET', '/checkoutnow', answerCheckout, 'paypal-checkout'),
  // What the payer presses there, and what a program sets up and reads besides orders, is the simulator's own.
  route('POST', '/checkoutnow/([a-z]+)', answerCheckout, 'paypal-checkout'),
  route('GET', '/simulator/paypal/stats', showTally),
  route('POST', '/simulator/paypal/revoke', revokeTokens),
  route('GET', '/simulator/paypal/webhooks', listWebhooks),
  route('POST', '/simulator/paypal/webhooks', addWebhook),
];

/**
 * PayPal: Orders v2, Payments v2 (captures and refunds), Webhooks v1 (verification) and OAuth 2.0, for a checkout with
 * the PayPal wallet.
 */
export const paypalStand: Stand = {
  id: 'paypal',
  name: 'PayPal',
  routes,
  ...standOver(orders, describe, works),
  forgeKinds,
  docs,
  // The number in the path or the payer's address, else the name in the body. Whose it is, only the token tells.
  readCaller: ({ url, body }) => {
    const inPath = /^\/v2\/(?:checkout\/orders|payments\/captures|payments\/refunds)\/([^/]+)/.exec(url.pathname)?.[1];
    return { merchantId: '', orderNo: inPath ?? url.searchParams.get('token') ?? nameIn(body) };
  },
};
