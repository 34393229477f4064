import type { Attempt } from '../attempt.ts';
import { isCalling } from './schedule.ts';

/** A call to a gateway that takes money. */
export interface Charge {
  /** The number is good for one such call, whatever comes of it. */
  readonly usesNumber: boolean;
}

type Chargeable = Pick<Attempt, 'status' | 'syncTries' | 'updatedAt' | 'used'>;

/**
 * Whether money may be taken through this attempt now. Where the number may be called with again, the gateway does the same
 * thing only once: a call that ended without an outcome may be repeated, one that may still be under way may not.
 */
export function mayCharge(attempt: Chargeable, { usesNumber }: Charge, now: number): boolean {
  if (usesNumber && attempt.used) return false;
  return attempt.status === 'open' || (attempt.status === 'unknown' && !isCalling(attempt, now));
}
