import { ONCE } from '../sender.ts';
import type { World } from '../world.ts';
import { type ApiCall, type Posted, readPosted, recall, remember } from './api.ts';
import { answerApi, type Issue, makeDetail, PaypalError, refuse, refuseUnknown } from './errors.ts';
import { captureEvent } from './events.ts';
import {
  type Capture,
  type CapturedOrder,
  changeOrder,
  isGone,
  makeId,
  makeOrder,
  orders,
  type PaypalOrder,
  unitOf,
} from './order.ts';
import { outcomes, payerIssues, standardPlan } from './plans.ts';
import { captureRequest, findBusinessFaults, orderRequest } from './requests.ts';
import { payerLink, viewOrder, viewOrderBriefly } from './views.ts';
import { sendEvent } from './webhooks.ts';

const answerOrder = ({ world, wantsAll }: Posted<unknown>, order: PaypalOrder, status: number): Response =>
  answerApi(world, wantsAll ? viewOrder(order) : viewOrderBriefly(order), status);

export function createOrder(call: ApiCall): Response {
  const posted = readPosted(call, 'create', orderRequest, false);
  const { world, clientId, url, requestId, content: request } = posted;
  if (request.payment_source && requestId === null) refuse(400, 'PAYPAL_REQUEST_ID_REQUIRED');
  const faults = findBusinessFaults(request);
  if (faults.length > 0) throw new PaypalError(422, faults);
  const known = orders.shelf(world).get(recall(posted)?.id ?? '');
  if (known) return answerOrder(posted, known, 200);
  const order = makeOrder(world, { clientId, origin: url.origin, requestId, request });
  remember(posted, order.id);
  return answerOrder(posted, order, 201);
}

/** The account's own order that is still there; 404 else. */
function needOrder({ world, clientId, params }: ApiCall): PaypalOrder {
  const [id = ''] = params;
  const order = orders.shelf(world).get(id);
  const isThere = order?.clientId === clientId && !isGone(order, world.now());
  return order && isThere ? order : refuseUnknown('order_id', id);
}

export function getOrder(call: ApiCall): Response {
  const fields = call.url.searchParams.get('fields');
  if (fields !== null && !/^[a-z_]*$/.test(fields)) {
    refuse(400, 'INVALID_PARAMETER_SYNTAX', { field: 'fields', value: fields, location: 'query' });
  }
  return answerApi(call.world, viewOrder(needOrder(call)));
}

function hasInvoiceTwin(world: World, order: PaypalOrder): boolean {
  const { invoice_id } = unitOf(order);
  if (invoice_id === undefined) return false;
  const isTwin = (other: PaypalOrder) =>
    other.id !== order.id &&
    other.clientId === order.clientId &&
    unitOf(other).invoice_id === invoice_id &&
    other.capture !== null &&
    other.capture.status !== 'DECLINED';
  return orders.shelf(world).find(isTwin) !== undefined;
}

const backToPayer = (order: PaypalOrder, issue: Issue): PaypalError =>
  new PaypalError(422, [makeDetail(issue)], payerIssues.includes(issue) ? [payerLink(order)] : []);

function refuseCapture(world: World, order: PaypalOrder): never {
  const { kind, issue } = order.plan;
  if (kind === 'not_yet') {
    changeOrder(world, order, { plan: { ...order.plan, kind: 'completed' } });
    return refuse(422, 'ORDER_NOT_APPROVED');
  }
  if (payerIssues.includes(issue)) changeOrder(world, order, { stage: 'open', plan: standardPlan });
  throw backToPayer(order, issue);
}

/** Captures an approved order as it was told to end. Throws what PayPal refuses it with. */
export function captureApproved(world: World, order: PaypalOrder): CapturedOrder {
  if (order.stage === 'captured') return refuse(422, 'ORDER_ALREADY_CAPTURED');
  if (order.stage !== 'approved') return refuse(422, 'ORDER_NOT_APPROVED');
  if (hasInvoiceTwin(world, order)) return refuse(422, 'DUPLICATE_INVOICE_ID');
  const { amount, plan } = order;
  const [, status] = outcomes[plan.kind];
  if (status === null) return refuseCapture(world, order);
  const reason = status === 'PENDING' ? plan.reason : null;
  const now = world.now();
  const capture: Capture = { id: makeId(world), status, reason, amount, createdAt: now, updatedAt: now };
  return { ...changeOrder(world, order, { stage: 'captured', capture }), capture };
}

function captureFirst(posted: Posted<unknown>, order: PaypalOrder): CapturedOrder {
  try {
    return captureApproved(posted.world, order);
  } catch (error) {
    const issue = error instanceof PaypalError ? error.details[0]?.issue : undefined;
    // The next try needs an id of its own; this one keeps its refusal.
    if (issue && payerIssues.includes(issue)) remember(posted, order.id, issue);
    throw error;
  }
}

export function captureOrder(call: ApiCall): Response {
  const posted = readPosted(call, 'capture', captureRequest, true);
  const order = needOrder(call);
  const before = recall(posted);
  if (before?.issue) throw backToPayer(order, before.issue);
  if (before) return answerOrder(posted, order, 200);
  const captured = captureFirst(posted, order);
  remember(posted, order.id);
  const { isTold, delayMs } = order.plan;
  // Not waited for: the shop may hold a lock until this very answer arrives.
  if (isTold) void sendEvent(call.world, captured, { ...ONCE, delayMs }, captureEvent());
  return answerOrder(posted, captured, 201);
}
