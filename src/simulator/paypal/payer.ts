import { ActionError, answerPage, parseForm, seeOther } from '../http.ts';
import { ONCE } from '../sender.ts';
import type { Call } from '../world.ts';
import { approve, cancelAddress, returnAddress, tellApproval } from './approval.ts';
import { changeOrder, isGone, ordersOf, type PaypalOrder } from './order.ts';
import { approvePage, statePage } from './payer-page.tsx';
import { readOutcome } from './plans.ts';

function needOrder(call: Call): PaypalOrder {
  const order = ordersOf(call.world).get(call.url.searchParams.get('token') ?? '');
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such PayPal order.');
  return order;
}

function show(call: Call, order: PaypalOrder, isDeclined = false): Response {
  if (isGone(order, call.world.now()))
    return answerPage(statePage(order, 'This order has expired', cancelAddress(order)));
  if (order.stage === 'captured') return answerPage(statePage(order, 'This order is paid for', returnAddress(order)));
  if (order.stage === 'approved') return answerPage(statePage(order, 'Approved', returnAddress(order)));
  return answerPage(approvePage(order, isDeclined));
}

function goBack(call: Call, order: PaypalOrder, address: string | null): Response {
  return address === null ? show(call, order) : seeOther(address);
}

function stepApprove(call: Call, order: PaypalOrder): Response {
  const { world, body } = call;
  if (order.stage !== 'open') return goBack(call, order, returnAddress(order));
  const input = Object.fromEntries(parseForm(body) ?? []);
  // What a program chose beforehand, with its details, stands unless the payer chooses something else.
  if (input.outcome !== undefined && input.outcome !== order.plan.kind) {
    changeOrder(world, order.id, () => ({ plan: readOutcome({ outcome: input.outcome }) }));
  }
  const approved = approve(world, ordersOf(world).get(order.id) ?? order);
  // The payer comes back while the event is under way, as with PayPal.
  void tellApproval(world, approved, ONCE);
  return goBack(call, approved, returnAddress(approved));
}

const steps: Readonly<Record<string, (call: Call, order: PaypalOrder) => Response>> = {
  approve: stepApprove,
  decline: (call, order) => show(call, order, true),
  cancel: (call, order) => goBack(call, order, cancelAddress(order)),
};

/** `GET /checkoutnow?token=…`: where the link `payer-action` or `approve` leads. */
export function showCheckout(call: Call): Response {
  return show(call, needOrder(call));
}

/** `POST /checkoutnow/approve|decline|cancel?token=…`: what the payer pressed. */
export function stepCheckout(call: Call): Response {
  const order = needOrder(call);
  const name = call.params[0] ?? '';
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!step) throw new ActionError(404, 'NOT_FOUND', 'No such step.');
  return isGone(order, call.world.now()) ? show(call, order) : step(call, order);
}
