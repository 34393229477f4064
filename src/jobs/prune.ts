import { isClockRight } from '../core/lifecycle/expiry.ts';
import { DAY, HOUR } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Job } from './job.ts';
import { PRUNE_EVERY_MS } from './scheduler.ts';

/** Drops what is kept for a day only: answers under idempotency keys, and callbacks that belong to nobody. */
export function createPruneJob(deps: Pick<Deps, 'store' | 'clock' | 'clockSkew' | 'log'>): Job {
  let due = deps.clock.elapsed();
  return {
    name: 'prune',
    nextDue: async () => deps.clock.now() + due - deps.clock.elapsed(),
    async run() {
      due = deps.clock.elapsed() + PRUNE_EVERY_MS;
      // By a clock that is wrong by as much nothing is old.
      if (!isClockRight(deps.clockSkew(), HOUR)) return;
      const before = deps.clock.now() - DAY;
      const dropped = await deps.store.prune(before, before);
      if (dropped > 0) deps.log.info('pruned', { rows: dropped });
    },
  };
}
