import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { createPlaces, type Outcome, type Place, type PlaceLimits } from './places.ts';

/** Work under way in places that many targets share; see `places.ts` for who may begin. */

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
    /** Everything that may begin now; each is to be started or given up. */
    takeAll(): readonly Place<T>[] {
      const taken: Place<T>[] = [];
      for (let next = places.take(clock.now()); next; next = places.take(clock.now())) taken.push(next);
      return taken;
    },
    /** `work` says whether the target answered. It must not reject. */
    start(place: Place<T>, work: () => Promise<boolean>): void {
      const begun = clock.now();
      const task = work().then((hasAnswered) => {
        places.leave(place, judge(hasAnswered, clock.now() - begun));
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

function judge(hasAnswered: boolean, tookMs: number): Outcome {
  if (!hasAnswered) return 'failed';
  return tookMs > QUICK_MS ? 'slow' : 'quick';
}
