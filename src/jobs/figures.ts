import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Job } from './job.ts';

/** Reading adds up what waits: after this long that is not much. */
const EVERY_MS = 5 * SECOND;
/** Whoever begins is left alone with it until nearly the next time. */
const LEASE_MS = 4 * SECOND;
/** Changes that are added in one transaction, and transactions before other jobs have their turn. */
const AT_ONCE = 2000;
const ROUNDS = 10;

/**
 * Adds the changes of figures that wait to the figures. One process does it for all; two at once would only be in each
 * other's way. Nothing waits where one process writes alone.
 */
export function createFiguresJob({ store, clock, processId }: Pick<Deps, 'store' | 'clock' | 'processId'>): Job {
  const claim = { name: 'fold figures', owner: processId, leaseMs: LEASE_MS };
  let due = clock.elapsed();

  /** Whether there may be more. */
  const fold = async (): Promise<boolean> => {
    for (let round = 0; round < ROUNDS; round += 1) {
      if ((await store.foldFigures(AT_ONCE)) < AT_ONCE) return false;
    }
    return true;
  };

  return {
    name: 'figures',
    nextDue: async () => (store.isShared ? clock.now() + due - clock.elapsed() : null),
    async run() {
      due = clock.elapsed() + EVERY_MS;
      if (!(await store.hasFigureDeltas())) return;
      if (!(await store.claim({ ...claim, now: clock.now() }))) return;
      if (!(await fold())) return;
      await store.release(claim.name, claim.owner);
      due = clock.elapsed();
    },
  };
}
