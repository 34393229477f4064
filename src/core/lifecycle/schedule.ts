import type { Attempt } from '../attempt.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../time.ts';
import { expiryOf, isWaitLong } from './expiry.ts';
import type { Transition } from './transition.ts';

/**
 * When a gateway is asked about an attempt next. An unknown outcome is settled soon and then patiently; an open attempt is
 * asked about now and then, in case its callback was lost, and a last time when its deadline and its grace are over.
 */

/** After the answer that left the outcome unknown. The first question comes within ten seconds. */
const SETTLE_DELAYS: readonly number[] = [9 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY, DAY, DAY, DAY, DAY];

/** ECPay knows a card's result about ten minutes after its order was made (developer documentation, page 2890). */
const OPEN_DELAYS: readonly number[] = [10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY];

/** The last question before expiry is repeated until it is answered: nothing expires unasked. */
const LAST_DELAYS: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];

/** A gateway call is given up after 30 s, ECPay's CreatePayment after 40 s: earlier than this nobody has died in one. */
export const CALL_LIMIT = 50 * SECOND;

/** The call itself may still be under way: nothing that the gateway says now tells how it ends. */
export function isCalling(
  { status, syncTries, updatedAt }: Pick<Attempt, 'status' | 'syncTries' | 'updatedAt'>,
  now: number,
): boolean {
  return status === 'unknown' && syncTries === 0 && now < updatedAt + CALL_LIMIT;
}

type Asked = Pick<Attempt, 'status' | 'syncTries' | 'deadline'>;

/** When to ask next, after a question at `now` that settled nothing. */
export function planNextSync(attempt: Asked, now: number, graceMs: number): number {
  const expiry = expiryOf(attempt, graceMs);
  if (now >= expiry) return now + (isWaitLong(attempt, now, graceMs) ? DAY : pick(LAST_DELAYS, attempt.syncTries));
  const delays = attempt.status === 'unknown' ? SETTLE_DELAYS : OPEN_DELAYS;
  return Math.min(now + pick(delays, attempt.syncTries), expiry);
}

/** True when the settling questions about an unknown outcome are used up: a person has to know. */
export function isSettlingOver(attempt: Pick<Attempt, 'status' | 'syncTries'>): boolean {
  return attempt.status === 'unknown' && attempt.syncTries >= SETTLE_DELAYS.length;
}

function pick(delays: readonly number[], count: number): number {
  return delays[Math.min(count, delays.length - 1)] ?? DAY;
}

/** Paid away from the browser, some time later. */
const OFFLINE: ReadonlySet<string> = new Set(['atm', 'cvs', 'barcode']);

/** A number that was just issued is asked about within the hour; further questions are planned then. */
const SYNC_AFTER_CHANGE = HOUR;

/** A payer who was sent to the gateway may have paid there and never come back. */
const SYNC_AT_PAYER = 10 * MINUTE;

/**
 * When to ask after something was heard. The last attempt that ended without ending its payment stays in the schedule until
 * the payment's time is over: nobody else would notice that the payer never chose again.
 */
export function planAfterChange(attempt: Attempt, result: Transition, deadline: number, now: number): number | null {
  if (result.attempt.status === 'paid') return null;
  if (result.attempt.status === 'ended') {
    return result.payment.status === 'pending' && attempt.status !== 'ended' ? deadline + HOUR : null;
  }
  const { instructions } = result.attempt;
  if (instructions === null || instructions === attempt.instructions) return attempt.checkAt;
  return now + (OFFLINE.has(instructions.type) ? SYNC_AFTER_CHANGE : SYNC_AT_PAYER);
}
