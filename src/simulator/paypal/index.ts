import { isRecord } from '../http.ts';
import { parseRecord, standOver } from '../rest.ts';
import type { Stand, StandOrder } from '../stand.ts';
import type { World } from '../world.ts';
import { actions, forgeKinds } from './actions.ts';
import { findOrder, isGone, isPaid, orderNoOf, ordersOf, type PaypalOrder, unitOf } from './order.ts';
import { routes } from './routes.ts';
import { statusOf } from './views.ts';

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

/** What the order in a body is called. */
function nameIn(body: string): string {
  const units = parseRecord(body)?.purchase_units;
  const unit: unknown = Array.isArray(units) ? units[0] : null;
  if (!isRecord(unit)) return '';
  const name = unit.custom_id ?? unit.invoice_id ?? unit.reference_id;
  return typeof name === 'string' ? name : '';
}

const docs: Stand['docs'] = [
  {
    route: 'POST /simulator/orders/{order id or payment_no}/pay',
    body: { capture: 'boolean: PayPal captures as well; otherwise the shop has to' },
    answers: 'order, after the webhooks',
  },
  { route: 'POST /simulator/orders/{…}/approve', body: { callback: 'boolean' }, answers: 'order' },
  {
    route: 'POST /simulator/orders/{…}/outcome',
    body: {
      outcome: 'completed | pending | declined | instrument_declined | not_yet | refused',
      reason: 'of pending',
      issue: 'of refused',
      callback: 'boolean',
      delay_ms: '0-86400000',
    },
    answers: 'order; says how the next capture ends',
  },
  { route: 'POST /simulator/orders/{…}/complete, deny', answers: 'order, whose pending capture is settled' },
  { route: 'POST /simulator/orders/{…}/refund', body: { amount: 'decimal' }, answers: 'order' },
  { route: 'GET /simulator/paypal/stats?client_id=', answers: '{token_calls, tokens_issued, unauthorized}' },
  { route: 'POST /simulator/paypal/revoke', body: { client_id: 'text' }, answers: 'every token is void' },
  {
    route: 'POST /simulator/paypal/webhooks',
    body: { client_id: 'text', webhook_id: 'letters and digits', url: 'address' },
    answers: 'the webhook; GET lists them; SIMULATORWEBHOOK1 at the origin of return_url when none was set',
  },
];

/**
 * PayPal: Orders v2, Payments v2 (captures and refunds), Webhooks v1 (verification) and OAuth 2.0, for a checkout with
 * the PayPal wallet. Any client_id of 10 to 100 letters, digits, `_` and `-` is an account and the first secret seen is
 * its right one; a client_id that begins with `bad` is always refused.
 */
export const paypalStand: Stand = {
  id: 'paypal',
  name: 'PayPal',
  routes,
  ...standOver({ open: ordersOf, find: findOrder, describe }, actions),
  forgeKinds,
  docs,
  // The number in the path or the payer's address, else the name in the body. Whose it is, only the token tells.
  readCaller: ({ url, body }) => {
    const inPath = /^\/v2\/(?:checkout\/orders|payments\/captures|payments\/refunds)\/([^/]+)/.exec(url.pathname)?.[1];
    return { merchantId: '', orderNo: inPath ?? url.searchParams.get('token') ?? nameIn(body) };
  },
};
