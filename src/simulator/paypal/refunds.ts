import { ONCE, type SendPlan } from '../sender.ts';
import type { World } from '../world.ts';
import { type ApiCall, readHeaders, readJsonBody } from './api.ts';
import { makeId } from './digest.ts';
import { answerApi, PaypalError, type Place, refuse, refuseUnknown } from './errors.ts';
import { refundedEvent } from './events.ts';
import { findMoneyFault, fromMinor, isWhole, type Money, tidy, toMinor } from './money.ts';
import { type Capture, changeOrder, ordersOf, type PaypalOrder, type Refund } from './order.ts';
import { money } from './order-fields.ts';
import { type Repeatable, recall, remember } from './replay.ts';
import { type Check, shape, text } from './schema.ts';
import { viewLoneCapture, viewRefund, viewRefundBriefly } from './views.ts';
import { sendEvent } from './webhooks.ts';

const refundRequest: Check = shape(
  {},
  {
    amount: money,
    custom_id: text({ max: 127 }),
    invoice_id: text({ max: 127 }),
    note_to_payer: text({ max: 255 }),
  },
);

export interface RefundRequest {
  readonly amount?: Money;
  readonly custom_id?: string;
  readonly invoice_id?: string;
  readonly note_to_payer?: string;
}

function isRefundRequest(value: object): value is RefundRequest {
  return refundRequest(value, '').length === 0;
}

const REFUNDS_CAP = 10;

/** An order that was captured. */
interface Captured {
  readonly order: PaypalOrder;
  readonly capture: Capture;
}

interface Refunded extends Captured {
  readonly refund: Refund;
}

function totalOf({ refunds }: PaypalOrder): bigint {
  return refunds.reduce((sum, made) => sum + toMinor(made.amount), 0n);
}

function checkAmount(amount: Money, { capture }: Captured, left: bigint): void {
  const place = (field: keyof Money): Place => ({ field: `/amount/${field}`, value: amount[field], location: 'body' });
  const fault = findMoneyFault(amount);
  if (fault) {
    const isWhollyWrong = fault.issue === 'DECIMAL_PRECISION' && isWhole(amount.currency_code);
    refuse(422, isWhollyWrong ? 'DECIMALS_NOT_SUPPORTED' : fault.issue, place(fault.field));
  }
  if (amount.currency_code !== capture.amount.currency_code) {
    refuse(422, 'REFUND_CAPTURE_CURRENCY_MISMATCH', place('currency_code'));
  }
  if (toMinor(amount) > left) refuse(422, 'REFUND_AMOUNT_EXCEEDED', place('value'));
}

function checkCapture({ order, capture }: Captured): void {
  if (capture.status === 'PENDING') refuse(422, 'PENDING_CAPTURE');
  if (capture.status === 'DECLINED') refuse(422, 'REFUND_NOT_ALLOWED');
  if (capture.status === 'REFUNDED') refuse(422, 'CAPTURE_FULLY_REFUNDED');
  if (order.refunds.length >= REFUNDS_CAP) refuse(422, 'MAX_NUMBER_OF_REFUNDS_EXCEEDED');
}

function isInvoiceUsed(world: World, clientId: string, invoiceId: string): boolean {
  const uses = (order: PaypalOrder) =>
    order.clientId === clientId && order.refunds.some((refund) => refund.invoiceId === invoiceId);
  return ordersOf(world).find(uses) !== undefined;
}

/** Gives money back; without an amount, all that is left. Throws what PayPal refuses it with. */
export function refund(world: World, captured: Captured, request: RefundRequest): Refunded {
  const { order, capture } = captured;
  checkCapture(captured);
  const total = toMinor(capture.amount);
  const left = total - totalOf(order);
  if (request.amount) checkAmount(request.amount, captured, left);
  const { invoice_id } = request;
  if (invoice_id !== undefined && isInvoiceUsed(world, order.clientId, invoice_id)) refuse(422, 'DUPLICATE_INVOICE_ID');
  const code = capture.amount.currency_code;
  const amount = request.amount ? tidy(request.amount) : fromMinor(left, code);
  const isAll = toMinor(amount) === left;
  const made: Refund = {
    id: makeId(world.random),
    amount,
    total: fromMinor(total - left + toMinor(amount), code),
    customId: request.custom_id ?? null,
    invoiceId: invoice_id ?? null,
    note: request.note_to_payer ?? null,
    createdAt: world.now(),
  };
  const after: Capture = { ...capture, status: isAll ? 'REFUNDED' : 'PARTIALLY_REFUNDED', updatedAt: world.now() };
  const changed = changeOrder(world, order.id, (current) => ({ capture: after, refunds: [...current.refunds, made] }));
  return { order: changed, capture: after, refund: made };
}

export async function tellRefund(world: World, refunded: Refunded, plan: SendPlan): Promise<void> {
  const { order, capture, refund: made } = refunded;
  await sendEvent(world, order, refundedEvent(world, order, capture, made), plan);
}

function needCapture(call: ApiCall): Captured {
  const [id = ''] = call.params;
  const isMine = (order: PaypalOrder) => order.clientId === call.clientId && order.capture?.id === id;
  const order = ordersOf(call.world).find(isMine);
  return order?.capture ? { order, capture: order.capture } : refuseUnknown('capture_id', id);
}

function findRefund(world: World, clientId: string, id: string): Refunded | null {
  const has = (order: PaypalOrder) => order.clientId === clientId && order.refunds.some((made) => made.id === id);
  const order = ordersOf(world).find(has);
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
  const { world, clientId, url } = call;
  const { requestId, wantsAll } = readHeaders(call);
  const body = readJsonBody(call, true);
  if (!isRefundRequest(body)) throw new PaypalError(400, refundRequest(body, ''));
  const captured = needCapture(call);
  const repeatable: Repeatable = { clientId, kind: 'refund', requestId, path: url.pathname, body };
  const before = findRefund(world, clientId, recall(world, repeatable)?.id ?? '');
  if (before) return answerRefund(world, before, wantsAll, 201);
  const refunded = refund(world, captured, body);
  remember(world, repeatable, { id: refunded.refund.id, issue: null });
  void tellRefund(world, refunded, ONCE);
  return answerRefund(world, refunded, wantsAll, 201);
}

/** `GET /v2/payments/refunds/{refund_id}` */
export function getRefund(call: ApiCall): Response {
  const [id = ''] = call.params;
  const found = findRefund(call.world, call.clientId, id) ?? refuseUnknown('refund_id', id);
  return answerRefund(call.world, found, true, 200);
}
