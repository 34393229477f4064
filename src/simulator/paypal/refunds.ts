import { ONCE } from '../sender.ts';
import type { World } from '../world.ts';
import { type ApiCall, readPosted, recall, remember } from './api.ts';
import { answerApi, PaypalError, refuse, refuseUnknown } from './errors.ts';
import { refundedEvent } from './events.ts';
import { findMoneyFault, fromMinor, type Money, placeOf, tidy, toMinor } from './money.ts';
import {
  type Capture,
  type CapturedOrder,
  changeOrder,
  makeId,
  orders,
  type PaypalOrder,
  type Refund,
} from './order.ts';
import { type RefundRequest, refundRequest } from './requests.ts';
import { viewLoneCapture, viewRefund } from './views.ts';
import { sendEvent } from './webhooks.ts';

const REFUNDS_CAP = 10;

function checkAmount(amount: Money, capture: Capture, left: bigint): void {
  const fault = findMoneyFault(amount, '/amount', true);
  if (fault) throw new PaypalError(422, [fault]);
  if (amount.currency_code !== capture.amount.currency_code) {
    refuse(422, 'REFUND_CAPTURE_CURRENCY_MISMATCH', placeOf(amount, 'currency_code', '/amount'));
  }
  if (toMinor(amount) > left) refuse(422, 'REFUND_AMOUNT_EXCEEDED', placeOf(amount, 'value', '/amount'));
}

function checkCapture({ capture, refunds }: CapturedOrder): void {
  if (capture.status === 'PENDING') refuse(422, 'PENDING_CAPTURE');
  if (capture.status === 'DECLINED') refuse(422, 'REFUND_NOT_ALLOWED');
  if (capture.status === 'REFUNDED') refuse(422, 'CAPTURE_FULLY_REFUNDED');
  if (refunds.length >= REFUNDS_CAP) refuse(422, 'MAX_NUMBER_OF_REFUNDS_EXCEEDED');
}

/** The first refund of that kind in an account. */
function findRefund(world: World, clientId: string, fits: (made: Refund) => boolean): Refund | undefined {
  const order = orders.shelf(world).find((one) => one.clientId === clientId && one.refunds.some(fits));
  return order?.refunds.find(fits);
}

/** Gives money back; without an amount, all that is left. Throws what PayPal refuses it with. */
export function refund(world: World, order: CapturedOrder, request: RefundRequest): [PaypalOrder, Refund] {
  checkCapture(order);
  const { capture } = order;
  const code = capture.amount.currency_code;
  const total = toMinor(capture.amount);
  const left = order.refunds.reduce((rest, made) => rest - toMinor(made.amount), total);
  if (request.amount) checkAmount(request.amount, capture, left);
  const { invoice_id: invoiceId = null } = request;
  const isTwin = (made: Refund) => invoiceId !== null && made.invoiceId === invoiceId;
  if (findRefund(world, order.clientId, isTwin)) refuse(422, 'DUPLICATE_INVOICE_ID');
  const amount = request.amount ? tidy(request.amount) : fromMinor(left, code);
  const rest = left - toMinor(amount);
  const [id, now] = [makeId(world), world.now()];
  const shown = viewRefund(order, { id, amount, total: fromMinor(total - rest, code), request, now });
  const made = { id, amount, invoiceId, shown };
  const status = rest === 0n ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  const changes = { capture: { ...capture, status, updatedAt: now }, refunds: [...order.refunds, made] } as const;
  return [changeOrder(world, order, changes), made];
}

function needCapture({ world, clientId, params }: ApiCall): CapturedOrder {
  const [id = ''] = params;
  const order = orders.shelf(world).find((one) => one.clientId === clientId && one.capture?.id === id);
  return order?.capture ? { ...order, capture: order.capture } : refuseUnknown('capture_id', id);
}

export const getCapture = (call: ApiCall): Response => answerApi(call.world, viewLoneCapture(needCapture(call)));

/** `POST /v2/payments/captures/{capture_id}/refund`; a repeated request is answered with 201 too. */
export function refundCapture(call: ApiCall): Response {
  const { world, clientId } = call;
  const posted = readPosted(call, 'refund', refundRequest, true);
  const order = needCapture(call);
  const answer = ({ shown }: Refund) => {
    const { id, status, links } = shown;
    return answerApi(world, posted.wantsAll ? shown : { id, status, links }, 201);
  };
  const before = recall(posted);
  const known = before && findRefund(world, clientId, ({ id }) => id === before.id);
  if (known) return answer(known);
  const [refunded, made] = refund(world, order, posted.content);
  remember(posted, made.id);
  void sendEvent(world, refunded, ONCE, refundedEvent(made));
  return answer(made);
}

export function getRefund({ world, clientId, params }: ApiCall): Response {
  const [id = ''] = params;
  const found = findRefund(world, clientId, (made) => made.id === id) ?? refuseUnknown('refund_id', id);
  return answerApi(world, found.shown);
}
