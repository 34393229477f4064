import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

/** How long a shop has to answer. */
export const ANSWER_TIME = 20 * SECOND;

/** Pauses between the tries of one notification, the first between try one and try two; about four days in all. */
export const RETRY_DELAYS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Spread of each pause to both sides, so that what failed together does not come back together. */
const JITTER = 0.2;
const LONGEST_RETRY_AFTER = DAY;

/**
 * When the next try is due, in milliseconds since the epoch, or null when there is none left.
 *
 * @param triesSoFar tries that have failed; 0 = none yet, so the first is due now
 * @param random a number from 0 up to 1
 * @param retryAfterMs pause the shop asked for, from now; it can make the pause longer, at most a day, never shorter
 */
export function nextDelivery(
  triesSoFar: number,
  now: number,
  random: () => number,
  retryAfterMs: number | null,
): number | null {
  if (triesSoFar < 1) return now;
  const delay = RETRY_DELAYS[triesSoFar - 1];
  if (delay === undefined) return null;
  const scheduled = Math.round(delay * (1 - JITTER + 2 * JITTER * random()));
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER);
  return now + Math.max(scheduled, asked);
}
