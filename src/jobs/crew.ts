import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { PlaceLimits } from './lanes.ts';
import { createPlaces, type Outcome, type Place } from './places.ts';

/** Work under way in places that many targets share; see `places.ts` for who may begin. */

/** Begun in one go: beginning many at once would hold up whatever else there is to do. */
const BEGUN_AT_ONCE = 32;
/** Who answers within this is trusted with more at a time. */
const QUICK_MS = SECOND;

export type Crew<T> = ReturnType<typeof createCrew<T>>;

export function createCrew<T>({ clock, wake }: Pick<Deps, 'clock' | 'wake'>, limits: PlaceLimits) {
  const places = createPlaces<T>(limits);
  const tasks = new Set<Promise<void>>();

  return {
    offer: places.offer,
    hasReady: places.hasReady,
    isFull: places.isFull,
    load: places.load,
    /** What may begin now, not too many; each is to be started or given up. */
    takeSome(): readonly Place<T>[] {
      const taken: Place<T>[] = [];
      for (let n = 0; n < BEGUN_AT_ONCE; n += 1) {
        const next = places.take(clock.now());
        if (!next) break;
        taken.push(next);
      }
      return taken;
    },
    /** `work` says whether the target answered; null: it was not asked. It must not reject. */
    start(place: Place<T>, work: () => Promise<boolean | null>): void {
      const begun = clock.elapsed();
      const task = work().then((hasAnswered) => {
        places.leave(place, judge(hasAnswered, clock.elapsed() - begun));
        tasks.delete(task);
        wake();
      });
      tasks.add(task);
    },
    giveUp(place: Place<T>): void {
      places.leave(place, null);
    },
    /** Resolves when nothing is under way any more. */
    async settled(): Promise<void> {
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}

function judge(hasAnswered: boolean | null, tookMs: number): Outcome | null {
  if (hasAnswered === null) return null;
  if (!hasAnswered) return 'failed';
  return tookMs > QUICK_MS ? 'slow' : 'quick';
}
