import type { Attempt } from '../core/attempt.ts';
import { CALL_LIMIT, isCalling } from '../core/lifecycle/schedule.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';

/**
 * Waiting for what another process does. It cannot be waited for as a promise is: what is stored is read again and again,
 * soon at first, until it says that it is over.
 */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 250;

/** Who comes when as many are waiting in this process is answered with what is known already. */
const MAX_WAITING = 200;

/** Nothing calls for longer, whatever a clock says that is set meanwhile. */
const LONGEST_CALL = CALL_LIMIT + 5 * SECOND;

export interface Calls {
  /**
   * The attempt when its gateway is not being called any more, by whichever process; as it is now where one process alone
   * serves, or nobody knows how the call will end.
   */
  waitForCall(attempt: Attempt): Promise<Attempt>;
  /** What `look` has seen that is wanted; null: not within that time. */
  waitFor<T>(look: () => Promise<T>, isWanted: (seen: T) => boolean, limitMs: number): Promise<T | null>;
}

export function createCalls(deps: Pick<Deps, 'store' | 'clock' | 'sleep'>): Calls {
  let waiting = 0;

  const waitFor: Calls['waitFor'] = async (look, isWanted, limitMs) => {
    if (waiting >= MAX_WAITING) return null;
    waiting += 1;
    try {
      let pause = FIRST_PAUSE;
      // Pauses are counted, not the clock, which somebody may set.
      for (let waited = 0; waited < limitMs; waited += pause, pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
        await deps.sleep(pause);
        const seen = await look();
        if (isWanted(seen)) return seen;
      }
      return null;
    } finally {
      waiting -= 1;
    }
  };

  return {
    waitFor,
    async waitForCall(attempt) {
      const isUnderWay = (one: Attempt) => isCalling(one, deps.clock.now());
      if (!deps.store.isShared || !isUnderWay(attempt)) return attempt;
      let last = attempt;
      const look = async () => {
        last = (await deps.store.findAttempt(attempt.id)) ?? last;
        return last;
      };
      await waitFor(look, (one) => !isUnderWay(one), LONGEST_CALL);
      return last;
    },
  };
}
