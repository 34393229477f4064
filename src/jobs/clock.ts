import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Job } from './job.ts';

/** What a clock is slewed by, or two processes on one database differ by, is no jump. */
export const CLOCK_TOLERANCE_MS = 5 * SECOND;

/**
 * Sees that the machine's clock was put back, by the one that nobody can set, and has everything planned anew that was
 * planned by it. The scheduler never sleeps for long, so that is within seconds. A clock that is put forward needs nothing:
 * what is due by it comes at once, and plans its next turn itself. Each process watches for itself, but for one that goes by
 * the database's clock.
 */
export function createClockJob(
  { clock, store, log }: Pick<Deps, 'clock' | 'store' | 'log'>,
  followsDatabase = false,
): Job {
  /** How far the one is ahead of the other at the most, since what was planned by it. */
  let ahead = clock.now() - clock.elapsed();

  const measureBack = (): number => {
    const now = clock.now() - clock.elapsed();
    ahead = Math.max(ahead, now);
    return ahead - now;
  };

  return {
    name: 'clock',
    nextDue: async () => (!followsDatabase && measureBack() > CLOCK_TOLERANCE_MS ? clock.now() : null),
    async run() {
      const back = measureBack();
      await store.replan(clock.now(), back);
      ahead -= back;
      log.warn('this machine’s clock was put back: what was planned by it is planned anew', {
        seconds: Math.round(back / SECOND),
      });
    },
  };
}
