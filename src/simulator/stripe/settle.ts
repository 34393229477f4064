import { ONCE } from '../sender.ts';
import type { World } from '../world.ts';
import { type Telling, tell } from './events.ts';
import { makeId } from './ids.ts';
import {
  type Attempt,
  type Charge,
  type Intent,
  openIntents,
  type PaymentError,
  type PaymentMethod,
} from './intent.ts';
import { type Dispute, viewCharge, viewDispute, viewIntent } from './objects.ts';

/** What can become of a PaymentIntent, each with the events that Stripe tells about it. */

/** Cards are charged as `ch_`, everything else as `py_`. */
function makeCharge(world: World, method: PaymentMethod | null, status: Charge['status']): Charge {
  const id = makeId(world.random, method && method.type !== 'card' ? 'py_3' : 'ch_3', 23);
  return { id, createdAt: world.now(), status, amountRefunded: 0, isDisputed: false };
}

function change(world: World, intent: Intent, edit: (current: Intent) => Intent): Intent {
  // Gone after a reset: then nobody asks for it again either.
  return openIntents(world).change(intent.id, edit) ?? edit(intent);
}

export function findAgain(world: World, intent: Intent): Intent {
  return openIntents(world).get(intent.id) ?? intent;
}

function tellIntent(world: World, intent: Intent, what: string, telling: Telling): Promise<void> {
  return tell(world, intent, `payment_intent.${what}`, viewIntent(intent), telling);
}

/** The same delay, but once: how often is about the event that says "paid". */
function once(telling: Telling): Telling {
  return { ...telling, plan: telling.plan && { ...ONCE, delayMs: telling.plan.delayMs } };
}

export async function announce(world: World, intent: Intent, telling: Telling): Promise<Intent> {
  await tellIntent(world, intent, 'created', telling);
  return findAgain(world, intent);
}

/** The payer has to do something: scan, log in, prove to be who he is. */
export async function askPayer(
  world: World,
  intent: Intent,
  method: PaymentMethod,
  attempt: Attempt,
  telling: Telling,
): Promise<Intent> {
  const asked = change(world, intent, (current) => ({
    ...current,
    status: 'requires_action',
    method,
    lastMethod: method,
    attempt,
    lastError: null,
  }));
  await tellIntent(world, asked, 'requires_action', telling);
  return findAgain(world, asked);
}

/** The payer is through, the bank is not. */
export async function process(world: World, intent: Intent, method: PaymentMethod, telling: Telling): Promise<Intent> {
  const waiting = change(world, intent, (current) => ({
    ...current,
    status: 'processing',
    method,
    lastMethod: method,
    lastError: null,
  }));
  await tellIntent(world, waiting, 'processing', telling);
  return findAgain(world, waiting);
}

export async function succeed(world: World, intent: Intent, method: PaymentMethod, telling: Telling): Promise<Intent> {
  const charge = makeCharge(world, method, 'succeeded');
  const paid = change(world, intent, (current) => ({
    ...current,
    status: 'succeeded',
    method,
    lastMethod: method,
    lastError: null,
    charge,
  }));
  await tell(world, paid, 'charge.succeeded', viewCharge(paid, charge), once(telling));
  await tellIntent(world, paid, 'succeeded', telling);
  return findAgain(world, paid);
}

/** The try is over, the intent is not: another one may follow (Stripe documentation, PaymentIntent lifecycle). */
export async function fail(world: World, intent: Intent, error: PaymentError, telling: Telling): Promise<Intent> {
  const failed = change(world, intent, (current) => ({
    ...current,
    status: 'requires_payment_method',
    method: null,
    lastError: error,
    // Only a card gets as far as a charge before it is refused.
    charge: error.code === 'card_declined' ? makeCharge(world, current.lastMethod, 'failed') : current.charge,
  }));
  await tellIntent(world, failed, 'payment_failed', telling);
  return findAgain(world, failed);
}

export async function cancel(world: World, intent: Intent, reason: string | null, telling: Telling): Promise<Intent> {
  const canceled = change(world, intent, (current) => ({
    ...current,
    status: 'canceled',
    canceledAt: world.now(),
    cancellationReason: reason,
  }));
  await tellIntent(world, canceled, 'canceled', telling);
  return findAgain(world, canceled);
}

export async function giveBack(
  world: World,
  intent: Intent,
  charge: Charge,
  amount: number,
  telling: Telling,
): Promise<Intent> {
  const left = { ...charge, amountRefunded: charge.amountRefunded + amount };
  const refunded = change(world, intent, (current) => ({ ...current, charge: left }));
  await tell(world, refunded, 'charge.refunded', viewCharge(refunded, left), telling);
  return findAgain(world, refunded);
}

export async function dispute(
  world: World,
  intent: Intent,
  charge: Charge,
  wish: Pick<Dispute, 'amount' | 'reason'>,
  telling: Telling,
): Promise<Intent> {
  const disputed = { ...charge, isDisputed: true };
  const changed = change(world, intent, (current) => ({ ...current, charge: disputed }));
  const made: Dispute = { id: makeId(world.random, 'du_1', 23), createdAt: world.now(), ...wish };
  await tell(world, changed, 'charge.dispute.created', viewDispute(changed, disputed, made), telling);
  return findAgain(world, changed);
}
