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

/**
 * How long is waited in all. A process that has died in a call is known to have after a minute only, and nobody but a create
 * has to know.
 */
const LONGEST_MS = {
  /** Its twin must not call again while it may be calling. Nothing calls for longer, whatever a clock says that is set meanwhile. */
  create: CALL_LIMIT + 5 * SECOND,
  /** Longer than a gateway takes that answers at all; a caller of the API who hears nothing by then may ask again. */
  request: 35 * SECOND,
  /** The page looks again by itself. */
  page: 10 * SECOND,
  /** Sooner than gateways give up; they call again. */
  callback: 10 * SECOND,
  /** Its places are few, and it comes again. */
  schedule: 0,
} as const;

/** What is left of it to one who waits, however often he comes to wait. */
export interface Patience {
  leftMs: number;
}

export function patienceOf(who: keyof typeof LONGEST_MS): Patience {
  return { leftMs: LONGEST_MS[who] };
}

export interface Calls {
  /**
   * The attempt when its gateway is not being called any more, by whichever process; as it is now where one process alone
   * serves, patience is at an end, or nobody knows how the call will end.
   */
  waitForCall(attempt: Attempt, patience: Patience): Promise<Attempt>;
  /** What `look` has seen that is wanted; null: not within that time. */
  waitFor<T>(look: () => Promise<T>, isWanted: (seen: T) => boolean, patience: Patience): Promise<T | null>;
}

export function createCalls(deps: Pick<Deps, 'store' | 'clock' | 'sleep'>): Calls {
  let waiting = 0;

  const waitFor: Calls['waitFor'] = async (look, isWanted, patience) => {
    if (waiting >= MAX_WAITING) return null;
    waiting += 1;
    try {
      let pause = FIRST_PAUSE;
      // Pauses are counted, not the clock, which somebody may set.
      for (; patience.leftMs > 0; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
        patience.leftMs -= pause;
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
    async waitForCall(attempt, patience) {
      const isUnderWay = (one: Attempt) => isCalling(one, deps.clock.now());
      if (!deps.store.isShared || !isUnderWay(attempt)) return attempt;
      let last = attempt;
      const look = async () => {
        last = (await deps.store.findAttempt(attempt.id)) ?? last;
        return last;
      };
      await waitFor(look, (one) => !isUnderWay(one), patience);
      return last;
    },
  };
}
