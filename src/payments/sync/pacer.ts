import type { SyncTrigger } from '../../core/lifecycle/sync.ts';
import { SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';

/**
 * Spaces questions to one merchant's account. Somebody who waits for the answer waits a second at most and goes before
 * those that nobody waits for.
 */
const SPACING_MS = 250;
const LONGEST_WAIT_MS = SECOND;
const MAX_KEYS = 10_000;

/**
 * Whose turn is further away than this had better come again. A page is refreshed some other time; and what the schedule
 * looks at must not sleep in one of its few places, which all gateways share.
 */
const PATIENCE_MS: Readonly<Record<SyncTrigger, number>> = {
  request: Number.POSITIVE_INFINITY,
  page: LONGEST_WAIT_MS,
  schedule: 3 * SECOND,
};

export function createPacer(deps: Pick<Deps, 'clock' | 'sleep'>) {
  /** When the next question may go out, by account, on the clock that nobody sets. */
  const free = new Map<string, number>();

  return {
    /** When to come again, for whom the next turn is too far away; null: take it. */
    findLater(key: string, trigger: SyncTrigger): number | null {
      const wait = (free.get(key) ?? 0) - deps.clock.elapsed();
      return wait > PATIENCE_MS[trigger] ? deps.clock.now() + wait : null;
    },

    async takeTurn(key: string, trigger: SyncTrigger): Promise<void> {
      const now = deps.clock.elapsed();
      if (free.size > MAX_KEYS) free.clear();
      const turn = Math.max(free.get(key) ?? 0, now);
      const at = trigger === 'request' ? Math.min(turn, now + LONGEST_WAIT_MS) : turn;
      // Who goes before his turn takes nobody else's, or a crowd of them would put off the schedule for ever.
      free.set(key, Math.max(turn, at + SPACING_MS));
      if (at > now) await deps.sleep(at - now);
    },
  };
}
