/**
 * Work that is heavy on purpose (a password's hash takes a tenth of a second of a core and megabytes of memory) is done one
 * after the other in a lane. What finds the lane full is turned away at once: guessing must never take the machine from
 * payments. Whoever is known here has a lane of his own, so that strangers do not stand before him.
 */
export interface Lane {
  /** Null: the lane is full. */
  run<T>(work: () => Promise<T>): Promise<T | null>;
}

/** `waiting`: so many may stand behind the one that is at work. */
export function createLane(waiting: number): Lane {
  let inside = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    async run(work) {
      if (inside > waiting) return null;
      inside += 1;
      const mine = last.then(work);
      last = mine.catch(() => {});
      try {
        return await mine;
      } finally {
        inside -= 1;
      }
    },
  };
}
