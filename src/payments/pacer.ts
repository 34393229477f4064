import type { Deps } from '../deps.ts';
import type { Occasion } from './settle.ts';

/**
 * Spaces questions to one merchant's account. Somebody who waits for the answer waits a second at most and goes before
 * those that nobody waits for.
 */
const SPACING_MS = 250;
const LONGEST_WAIT_MS = 1000;
const MAX_KEYS = 10_000;

export function createPacer(deps: Pick<Deps, 'clock' | 'sleep'>) {
  /** When the next question may go out, by account. */
  const free = new Map<string, number>();

  return {
    /** The next free turn is more than a second away. */
    isCrowded: (key: string): boolean => (free.get(key) ?? 0) > deps.clock.now() + LONGEST_WAIT_MS,

    async takeTurn(key: string, occasion: Occasion): Promise<void> {
      const now = deps.clock.now();
      if (free.size > MAX_KEYS) free.clear();
      const turn = Math.max(free.get(key) ?? 0, now);
      const at = occasion === 'waiting' ? Math.min(turn, now + LONGEST_WAIT_MS) : turn;
      free.set(key, turn + SPACING_MS);
      if (at > now) await deps.sleep(at - now);
    },
  };
}
