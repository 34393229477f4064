import type { Attempt, Fact } from '../attempt.ts';
import type { Hearing } from './state.ts';

/**
 * Gateways promise no order: what is heard last may have been said first. Each word that could move an attempt to and fro
 * tells, where the gateway says so, when it was said, by the gateway's own clock; ours has no part in it.
 */

/** Money, and what becomes of it afterwards, counts whenever it was said; a number is what it is. */
const MOVING: ReadonlySet<Fact['type']> = new Set(['under_review', 'declined', 'ended']);

/**
 * True when something newer may have been said already. Within the same second nobody knows which was first, and an
 * answer to a question says nothing about what was said while it was on its way. The gateway is asked then.
 */
export function isOvertaken(
  { heardAt }: Pick<Attempt, 'heardAt'>,
  { saidAt, heardBefore }: Pick<Hearing, 'saidAt' | 'heardBefore'>,
): boolean {
  if (heardBefore !== undefined) return heardAt !== heardBefore;
  return typeof saidAt === 'number' && heardAt !== null && saidAt <= heardAt;
}

export function isMoving({ type }: Fact): boolean {
  return MOVING.has(type);
}

/** When the newest word was said that could move it, this one included. */
export function newestWord({ heardAt }: Attempt, fact: Fact, { saidAt }: Pick<Hearing, 'saidAt'>): number | null {
  if (typeof saidAt !== 'number' || !isMoving(fact)) return heardAt;
  return Math.max(heardAt ?? saidAt, saidAt);
}
