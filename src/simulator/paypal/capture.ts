import { ONCE, type SendPlan } from '../sender.ts';
import type { World } from '../world.ts';
import { type ApiCall, readHeaders, readJsonBody } from './api.ts';
import { makeId } from './digest.ts';
import { answerApi, makeDetail, PaypalError, refuse } from './errors.ts';
import { type CaptureEvent, captureEvent } from './events.ts';
import {
  type Capture,
  type CaptureStatus,
  changeOrder,
  ordersOf,
  type PaypalOrder,
  standardPlan,
  unitOf,
} from './order.ts';
import { needOrder } from './orders.ts';
import { type Repeatable, recall, remember } from './replay.ts';
import { shape } from './schema.ts';
import { payerLink, viewOrder, viewOrderBriefly } from './views.ts';
import { sendEvent } from './webhooks.ts';

/** Refusals that send the payer back to PayPal: the approval is used up. */
export const payerIssues: readonly string[] = [
  'INSTRUMENT_DECLINED',
  'PAYER_ACTION_REQUIRED',
  'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING',
];

const captureStatuses = { completed: 'COMPLETED', pending: 'PENDING', declined: 'DECLINED' } as const satisfies Record<
  string,
  CaptureStatus
>;

function hasInvoiceTwin(world: World, order: PaypalOrder): boolean {
  const { invoice_id } = unitOf(order);
  if (invoice_id === undefined) return false;
  const isTwin = (other: PaypalOrder) =>
    other.id !== order.id &&
    other.clientId === order.clientId &&
    unitOf(other).invoice_id === invoice_id &&
    other.capture !== null &&
    other.capture.status !== 'DECLINED';
  return ordersOf(world).find(isTwin) !== undefined;
}

function backToPayer(order: PaypalOrder, issue: string): PaypalError {
  const links = payerIssues.includes(issue) ? [payerLink(order)] : [];
  return new PaypalError(422, [makeDetail(issue)], links);
}

function refuseCapture(world: World, order: PaypalOrder): never {
  const { kind, issue } = order.plan;
  if (kind === 'not_yet') {
    changeOrder(world, order.id, () => ({ plan: { ...order.plan, kind: 'completed' } }));
    return refuse(422, 'ORDER_NOT_APPROVED');
  }
  if (payerIssues.includes(issue)) changeOrder(world, order.id, () => ({ stage: 'open', plan: standardPlan }));
  throw backToPayer(order, issue);
}

/** Captures an approved order as it was told to end. Throws what PayPal refuses it with. */
export function captureApproved(world: World, order: PaypalOrder): PaypalOrder {
  if (order.stage === 'captured') return refuse(422, 'ORDER_ALREADY_CAPTURED');
  if (order.stage !== 'approved') return refuse(422, 'ORDER_NOT_APPROVED');
  if (hasInvoiceTwin(world, order)) return refuse(422, 'DUPLICATE_INVOICE_ID');
  const { kind, reason } = order.plan;
  if (kind === 'instrument_declined' || kind === 'not_yet' || kind === 'refused') return refuseCapture(world, order);
  const capture: Capture = {
    id: makeId(world.random),
    status: captureStatuses[kind],
    reason: kind === 'pending' ? reason : null,
    amount: order.amount,
    createdAt: world.now(),
    updatedAt: world.now(),
  };
  return changeOrder(world, order.id, () => ({ stage: 'captured', capture }));
}

/** Tells what became of a capture. */
export async function tellCapture(
  world: World,
  order: PaypalOrder,
  plan: SendPlan,
  kind?: CaptureEvent,
): Promise<void> {
  const { capture } = order;
  if (!capture) return;
  const standard = capture.status === 'PENDING' || capture.status === 'DECLINED' ? capture.status : 'COMPLETED';
  await sendEvent(world, order, captureEvent(world, order, capture, kind ?? standard), plan);
}

const captureRequest = shape({});

function captureFirst(call: ApiCall, order: PaypalOrder, repeatable: Repeatable): PaypalOrder {
  const { world } = call;
  try {
    return captureApproved(world, order);
  } catch (error) {
    // The next try needs an id of its own; this one keeps its refusal.
    const isFinal = error instanceof PaypalError && payerIssues.includes(error.message);
    if (isFinal) remember(world, repeatable, { id: order.id, issue: error.message });
    throw error;
  }
}

/** `POST /v2/checkout/orders/{id}/capture` */
export function captureOrder(call: ApiCall): Response {
  const { world, clientId, url } = call;
  const { requestId, wantsAll } = readHeaders(call);
  const body = readJsonBody(call, true);
  const faults = captureRequest(body, '');
  if (faults.length > 0) throw new PaypalError(400, faults);
  const order = needOrder(world, clientId, call.params[0] ?? '');
  const view = wantsAll ? viewOrder : viewOrderBriefly;
  const repeatable: Repeatable = { clientId, kind: 'capture', requestId, path: url.pathname, body };
  const before = recall(world, repeatable);
  if (before?.issue) throw backToPayer(order, before.issue);
  if (before) return answerApi(world, view(order));
  const captured = captureFirst(call, order, repeatable);
  remember(world, repeatable, { id: order.id, issue: null });
  const { isTold, delayMs } = order.plan;
  // Not waited for: the shop may hold a lock until this very answer arrives.
  if (isTold) void tellCapture(world, captured, { ...ONCE, delayMs });
  return answerApi(world, view(captured), 201);
}
