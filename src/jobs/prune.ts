import { DAY } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Job } from './job.ts';
import { PRUNE_EVERY_MS } from './scheduler.ts';

/** Drops what is kept for a day only: answers under idempotency keys, and callbacks that belong to nobody. */
export function createPruneJob(deps: Pick<Deps, 'store' | 'clock' | 'log'>): Job {
  let due = deps.clock.now();
  return {
    name: 'prune',
    nextDue: async () => due,
    async run() {
      due = deps.clock.now() + PRUNE_EVERY_MS;
      const before = deps.clock.now() - DAY;
      const dropped = await deps.store.prune(before, before);
      if (dropped > 0) deps.log.info('pruned', { rows: dropped });
    },
  };
}
