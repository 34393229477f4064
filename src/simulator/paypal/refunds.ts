import { ONCE, type SendPlan } from '../sender.ts';
import type { World } from '../world.ts';
import { type ApiCall, readPosted, recall, remember } from './api.ts';
import { answerApi, PaypalError, refuse, refuseUnknown } from './errors.ts';
import { refundedEvent } from './events.ts';
import { findMoneyFault, fromMinor, type Money, placeOf, tidy, toMinor } from './money.ts';
import { type Capture, changeOrder, makeId, ordersOf, type PaypalOrder, type Refund } from './order.ts';
import { type RefundRequest, refundRequest } from './requests.ts';
import { viewLoneCapture, viewRefund, viewRefundBriefly } from './views.ts';
import { sendEvent } from './webhooks.ts';

const REFUNDS_CAP = 10;

/** An order that was captured. */
interface Captured {
  readonly order: PaypalOrder;
  readonly capture: Capture;
}

interface Refunded extends Captured {
  readonly refund: Refund;
}

function checkAmount(amount: Money, capture: Capture, left: bigint): void {
  const fault = findMoneyFault(amount, '/amount', true);
  if (fault) throw new PaypalError(422, [fault]);
  if (amount.currency_code !== capture.amount.currency_code) {
    refuse(422, 'REFUND_CAPTURE_CURRENCY_MISMATCH', placeOf(amount, 'currency_code', '/amount'));
  }
  if (toMinor(amount) > left) refuse(422, 'REFUND_AMOUNT_EXCEEDED', placeOf(amount, 'value', '/amount'));
}

function checkCapture({ order, capture }: Captured): void {
  if (capture.status === 'PENDING') refuse(422, 'PENDING_CAPTURE');
  if (capture.status === 'DECLINED') refuse(422, 'REFUND_NOT_ALLOWED');
  if (capture.status === 'REFUNDED') refuse(422, 'CAPTURE_FULLY_REFUNDED');
  if (order.refunds.length >= REFUNDS_CAP) refuse(422, 'MAX_NUMBER_OF_REFUNDS_EXCEEDED');
}

/** Finds an order of the same account by one of its refunds. */
function findByRefund(world: World, clientId: string, fits: (made: Refund) => boolean): PaypalOrder | undefined {
  return ordersOf(world).find((order) => order.clientId === clientId && order.refunds.some(fits));
}

/** Gives money back; without an amount, all that is left. Throws what PayPal refuses it with. */
export function refund(world: World, { order, capture }: Captured, request: RefundRequest): Refunded {
  checkCapture({ order, capture });
  const total = toMinor(capture.amount);
  const left = order.refunds.reduce((rest, made) => rest - toMinor(made.amount), total);
  if (request.amount) checkAmount(request.amount, capture, left);
  const { custom_id = null, invoice_id = null, note_to_payer = null } = request;
  const isTwin = (made: Refund) => invoice_id !== null && made.invoiceId === invoice_id;
  if (findByRefund(world, order.clientId, isTwin)) refuse(422, 'DUPLICATE_INVOICE_ID');
  const code = capture.amount.currency_code;
  const amount = request.amount ? tidy(request.amount) : fromMinor(left, code);
  const rest = left - toMinor(amount);
  const made: Refund = {
    id: makeId(world),
    amount,
    total: fromMinor(total - rest, code),
    customId: custom_id,
    invoiceId: invoice_id,
    note: note_to_payer,
    createdAt: world.now(),
  };
  const after: Capture = {
    ...capture,
    status: rest === 0n ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
    updatedAt: world.now(),
  };
  const changed = changeOrder(world, order.id, { capture: after, refunds: [...order.refunds, made] });
  return { order: changed, capture: after, refund: made };
}

export async function tellRefund(world: World, refunded: Refunded, plan: SendPlan): Promise<void> {
  const { order, capture, refund: made } = refunded;
  await sendEvent(world, order, refundedEvent(world, order, capture, made), plan);
}

function needCapture({ world, clientId, params }: ApiCall): Captured {
  const [id = ''] = params;
  const order = ordersOf(world).find((one) => one.clientId === clientId && one.capture?.id === id);
  return order?.capture ? { order, capture: order.capture } : refuseUnknown('capture_id', id);
}

function findRefund({ world, clientId }: ApiCall, id: string): Refunded | null {
  const order = findByRefund(world, clientId, (made) => made.id === id);
  const made = order?.refunds.find((one) => one.id === id);
  return order?.capture && made ? { order, capture: order.capture, refund: made } : null;
}

function answerRefund(world: World, refunded: Refunded, wantsAll: boolean, status: number): Response {
  const view = wantsAll ? viewRefund : viewRefundBriefly;
  return answerApi(world, view(refunded.order, refunded.capture, refunded.refund), status);
}

/** `GET /v2/payments/captures/{capture_id}` */
export function getCapture(call: ApiCall): Response {
  const { order, capture } = needCapture(call);
  return answerApi(call.world, viewLoneCapture(order, capture));
}

/** `POST /v2/payments/captures/{capture_id}/refund`; a repeated request is answered with 201 too. */
export function refundCapture(call: ApiCall): Response {
  const { world } = call;
  const posted = readPosted(call, 'refund', refundRequest, true);
  const captured = needCapture(call);
  const before = findRefund(call, recall(posted)?.id ?? '');
  if (before) return answerRefund(world, before, posted.wantsAll, 201);
  const refunded = refund(world, captured, posted.content);
  remember(posted, refunded.refund.id);
  void tellRefund(world, refunded, ONCE);
  return answerRefund(world, refunded, posted.wantsAll, 201);
}

/** `GET /v2/payments/refunds/{refund_id}` */
export function getRefund(call: ApiCall): Response {
  const [id = ''] = call.params;
  return answerRefund(call.world, findRefund(call, id) ?? refuseUnknown('refund_id', id), true, 200);
}
