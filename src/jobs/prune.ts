import { isClockRight } from '../core/lifecycle/expiry.ts';
import { DAY, HOUR } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Job } from './job.ts';
import { runForAll } from './once.ts';
import { PRUNE_EVERY_MS } from './scheduler.ts';

/** After a week nobody comes back to a payment for which nothing was opened, after half a year no money comes any more. */
const UNBEGUN_MS = 7 * DAY;
const ENDED_MS = 180 * DAY;
/** Of each payment link: whoever begins payments by the thousand pushes out his own first. */
const UNBEGUN_KEPT = 5000;
/** So long it is seen which alerts went out. */
const ALERTS_MS = 90 * DAY;
/** Payments dropped in one command: others write in between. */
const AT_ONCE = 200;

/**
 * Drops what is kept for a day only: answers under idempotency keys, and callbacks that belong to nobody. And what came
 * to nothing of the payments that anybody may begin at payment links. One node does it for all.
 */
export function createPruneJob(deps: Pick<Deps, 'store' | 'clock' | 'clockSkew' | 'log' | 'processId'>): Job {
  let due = deps.clock.elapsed();
  return {
    name: 'prune',
    nextDue: async () => deps.clock.now() + due - deps.clock.elapsed(),
    async run() {
      due = deps.clock.elapsed() + PRUNE_EVERY_MS;
      // By a clock that is wrong by as much nothing is old.
      if (!isClockRight(deps.clockSkew(), HOUR)) return;
      await runForAll(deps, 'prune', PRUNE_EVERY_MS, () => prune(deps));
    },
  };
}

async function prune(deps: Pick<Deps, 'store' | 'clock' | 'log'>): Promise<void> {
  await closeStale(deps);
  const { store } = deps;
  const now = deps.clock.now();
  const before = now - DAY;
  const dropped =
    (await store.prune(before, before)) +
    (await pruneUses(deps)) +
    (await store.pruneAlerts(now - ALERTS_MS)) +
    (await store.pruneShared(now));
  if (dropped > 0) deps.log.info('pruned', { rows: dropped });
}

/** What needed a person and is over by itself. */
async function closeStale({ store, clock }: Pick<Deps, 'store' | 'clock'>): Promise<void> {
  while ((await store.closeStaleTroubles(clock.now(), AT_ONCE)) === AT_ONCE);
}

async function pruneUses({ store, clock }: Pick<Deps, 'store' | 'clock'>): Promise<number> {
  const now = clock.now();
  const pruning = {
    unbegunBefore: now - UNBEGUN_MS,
    endedBefore: now - ENDED_MS,
    unbegunKept: UNBEGUN_KEPT,
    limit: AT_ONCE,
  };
  for (let total = 0; ; ) {
    const dropped = await store.pruneUses(pruning);
    total += dropped;
    // What cannot go yet must not keep this going for ever.
    if (dropped === 0) return total;
  }
}
