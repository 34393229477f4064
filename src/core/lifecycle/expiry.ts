import type { Attempt } from '../attempt.ts';
import { DAY } from '../time.ts';

/**
 * When an attempt expires: not before the gateway's deadline and a grace are over and a last question was answered, and
 * never while the gateway holds the money and looks into it.
 */

/** After this long without an answer to the last question somebody is told, and it is put once a day. */
const LONG_WAIT = 7 * DAY;

/** Grace by what the payer was given. */
export interface Graces extends Readonly<Partial<Record<string, number>>> {
  readonly none: number;
}

/** How long after its deadline an attempt is waited for depends on what the payer was given. */
export function graceOf(graces: Graces, attempt: Pick<Attempt, 'instructions'>): number {
  return graces[attempt.instructions?.type ?? 'none'] ?? graces.none;
}

/** First instant at which an attempt may expire. */
export function expiryOf(attempt: Pick<Attempt, 'deadline'>, graceMs: number): number {
  return attempt.deadline + graceMs;
}

/**
 * By a clock that is known to be off by more than the grace nothing comes to its end: the gateway is asked, and what it
 * says counts. `skew`: how far ours is ahead of a gateway's; null: it is right, or nobody has told.
 */
export function isClockRight(skew: number | null, graceMs: number): boolean {
  return Math.abs(skew ?? 0) <= graceMs;
}

/** Money that the gateway has and looks into, or a bank takes its time over, is not gone however long that takes. */
export function isOver(attempt: Pick<Attempt, 'deadline' | 'status'>, now: number, graceMs: number): boolean {
  return attempt.status !== 'under_review' && now >= expiryOf(attempt, graceMs);
}

/** True when the last question has gone unanswered for so long that a person has to know. */
export function isWaitLong(attempt: Pick<Attempt, 'deadline'>, now: number, graceMs: number): boolean {
  return now >= expiryOf(attempt, graceMs) + LONG_WAIT;
}
