import type { StandOrder } from '../stand.ts';
import type { World } from '../world.ts';
import { isGone, isPaid, orderNoOf, type PaypalOrder, unitOf } from './order.ts';
import { statusOf } from './views.ts';

/** Of the capture once there is one: a completed order may hold a pending capture. */
function shownStatus(order: PaypalOrder, isOver: boolean): string {
  if (order.capture) return order.capture.status;
  return isOver ? 'EXPIRED' : statusOf(order);
}

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

export function describeOrder(world: World, order: PaypalOrder): StandOrder {
  const unit = unitOf(order);
  const isOver = isGone(order, world.now());
  return {
    gateway: 'paypal',
    orderNo: orderNoOf(order),
    tradeNo: order.id,
    method: 'checkout',
    amount: order.amount.value,
    currency: order.amount.currency_code,
    status: shownStatus(order, isOver),
    isPaid: isPaid(order),
    createdAt: order.createdAt,
    item: unit.description ?? '',
    payerPage: order.capture || isOver ? null : `/checkoutnow?token=${order.id}`,
    info: infoOf(order),
    fields: { ...order.request },
    callbacks: order.callbacks,
  };
}
