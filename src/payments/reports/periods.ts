import { QUARTER } from '../../store/counters.ts';

/**
 * Figures of today go to the end of this quarter of an hour: a gateway's clock may be ahead of ours, and whole quarters are
 * summed fastest.
 */
export function endOfQuarter(now: number): number {
  return (Math.floor(now / QUARTER) + 1) * QUARTER;
}
