import { ONCE } from '../sender.ts';
import type { World } from '../world.ts';
import { type Telling, tell } from './events.ts';
import type { PaymentError } from './failure.ts';
import { type Attempt, type Charge, type Intent, makeId, orders, type PaymentMethod } from './intent.ts';
import { makeDispute, viewCharge, viewIntent } from './objects.ts';

/** What can become of a PaymentIntent, each with the events that Stripe tells about it. */

/** Cards are charged as `ch_`, everything else as `py_`. */
function makeCharge(world: World, method: PaymentMethod | null, status: Charge['status']): Charge {
  const id = makeId(world, method && method.type !== 'card' ? 'py_3' : 'ch_3');
  return { id, createdAt: world.now(), status, amountRefunded: 0, isDisputed: false };
}

const change = ({ world }: Telling, intent: Intent, changes: Partial<Intent>): Intent =>
  orders.change(world, intent, changes);

/** Tells `payment_intent.<what>`; whoever is told may go on with it. */
export async function announce(telling: Telling, intent: Intent, what: string): Promise<Intent> {
  await tell(telling, intent, `payment_intent.${what}`, viewIntent(intent));
  return orders.refresh(telling.world, intent);
}

const tried = (method: PaymentMethod) => ({ method, lastMethod: method, lastError: null });

/** On to a status whose event has the same name. */
const move = (telling: Telling, intent: Intent, status: Intent['status'], changes: Partial<Intent>): Promise<Intent> =>
  announce(telling, change(telling, intent, { ...changes, status }), status);

/** The payer has to do something: scan, log in, prove to be who he is. */
export const askPayer = (telling: Telling, intent: Intent, method: PaymentMethod, attempt: Attempt): Promise<Intent> =>
  move(telling, intent, 'requires_action', { ...tried(method), attempt });

/** The payer is through, the bank is not. */
export const process = (telling: Telling, intent: Intent, method: PaymentMethod): Promise<Intent> =>
  move(telling, intent, 'processing', tried(method));

export async function succeed(telling: Telling, intent: Intent, method: PaymentMethod): Promise<Intent> {
  const charge = makeCharge(telling.world, method, 'succeeded');
  const paid = change(telling, intent, { ...tried(method), status: 'succeeded', charge });
  // As late as the other event, but once: how often is about the event that says "paid".
  const plan = telling.plan && { ...ONCE, delayMs: telling.plan.delayMs };
  await tell({ ...telling, plan }, paid, 'charge.succeeded', viewCharge(paid, charge));
  return announce(telling, paid, 'succeeded');
}

/** The try is over, the intent is not: another one may follow (Stripe documentation, PaymentIntent lifecycle). */
export function fail(
  telling: Telling,
  intent: Intent,
  error: PaymentError,
  lastMethod = orders.refresh(telling.world, intent).lastMethod,
): Promise<Intent> {
  // Only a card gets as far as a charge before it is refused.
  const isCharged = error.code === 'card_declined';
  const failed = change(telling, intent, {
    status: 'requires_payment_method',
    method: null,
    lastMethod,
    lastError: error,
    ...(isCharged ? { charge: makeCharge(telling.world, lastMethod, 'failed') } : {}),
  });
  return announce(telling, failed, 'payment_failed');
}

export const cancel = (telling: Telling, intent: Intent, cancellationReason: string | null): Promise<Intent> =>
  move(telling, intent, 'canceled', { canceledAt: telling.world.now(), cancellationReason });

export async function giveBack(telling: Telling, intent: Intent, charge: Charge, amount: number): Promise<void> {
  const left = { ...charge, amountRefunded: charge.amountRefunded + amount };
  const refunded = change(telling, intent, { charge: left });
  await tell(telling, refunded, 'charge.refunded', viewCharge(refunded, left));
}

export async function dispute(
  telling: Telling,
  intent: Intent,
  charge: Charge,
  wish: { readonly amount: number; readonly reason: string },
): Promise<void> {
  const { world } = telling;
  const changed = change(telling, intent, { charge: { ...charge, isDisputed: true } });
  const made = makeDispute(makeId(world, 'du_1'), world.now(), changed, wish);
  await tell(telling, changed, 'charge.dispute.created', made);
}
