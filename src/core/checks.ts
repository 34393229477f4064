import type { Attempt } from './attempt.ts';
import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

/**
 * When an attempt is looked at. An unknown outcome is settled soon and then patiently; an open attempt is asked about
 * now and then, in case its callback was lost, and a last time when its deadline and its grace are over.
 */

/** After the answer that left the outcome unknown. The first look comes within ten seconds. */
const SETTLE_DELAYS: readonly number[] = [9 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY, DAY, DAY, DAY, DAY];

/** ECPay knows a card's result about ten minutes after its order was made (developer documentation, page 2890). */
const OPEN_DELAYS: readonly number[] = [10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY];

/** The last question before expiry is repeated until it is answered: nothing expires unasked. */
const LAST_DELAYS: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];

/** After this long without an answer to the last question somebody is told, and it is put once a day. */
const LONG_WAIT = 7 * DAY;

/** A gateway call is given up after 30 s, ECPay's CreatePayment after 40 s: earlier than this nobody has died in one. */
export const CALL_LIMIT = 50 * SECOND;

/** Two answers "order not found" in one breath are one: the order may still be on its way. */
export const MISSING_SPACING = 5 * SECOND;

/** A bank may take longer over a card than we wait for it; before this, "not found" says nothing about the charge. */
export const CARD_SETTLING = 5 * MINUTE;

/** Times a gateway has to say that it does not know a number before that is believed. */
export const MISSING_LIMIT = 2;

type Checked = Pick<Attempt, 'status' | 'checks' | 'deadline'>;

/** First instant at which an attempt may expire. */
export function expiryOf(attempt: Pick<Attempt, 'deadline'>, graceMs: number): number {
  return attempt.deadline + graceMs;
}

/** When to look next, after a look at `now` that settled nothing. */
export function planNextCheck(attempt: Checked, now: number, graceMs: number): number {
  const expiry = expiryOf(attempt, graceMs);
  if (now >= expiry) return now + (isWaitLong(attempt, now, graceMs) ? DAY : pick(LAST_DELAYS, attempt.checks));
  const delays = attempt.status === 'unknown' ? SETTLE_DELAYS : OPEN_DELAYS;
  return Math.min(now + pick(delays, attempt.checks), expiry);
}

/** True when the settling looks at an unknown outcome are used up: a person has to know. */
export function isSettlingOver(attempt: Checked): boolean {
  return attempt.status === 'unknown' && attempt.checks >= SETTLE_DELAYS.length;
}

/** True when the last question has gone unanswered for so long that a person has to know. */
export function isWaitLong(attempt: Pick<Attempt, 'deadline'>, now: number, graceMs: number): boolean {
  return now >= expiryOf(attempt, graceMs) + LONG_WAIT;
}

function pick(delays: readonly number[], count: number): number {
  return delays[Math.min(count, delays.length - 1)] ?? DAY;
}
