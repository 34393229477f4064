import { Unreachable } from './postgres-errors.ts';

export interface LineLimits {
  /** Who waits longer is turned away. */
  readonly patienceMs: number;
  /** How many may wait. */
  readonly waiting: number;
}

/** Those who wait for something, first come first served. */
export interface Line<T> {
  length(): number;
  /** Rejects with Unreachable, for the reason that `why` gives then. Who is urgent comes before all others. */
  wait(why: () => unknown, isUrgent?: boolean): Promise<T>;
  /** To whoever waits longest; false: nobody does. */
  give(thing: T): boolean;
  /** Turns everybody away. */
  refuse(reason: string): void;
}

interface Waiter<T> {
  give(thing: T): void;
  refuse(error: Error): void;
}

export function createLine<T>({ patienceMs, waiting }: LineLimits): Line<T> {
  const [urgent, usual] = [new Set<Waiter<T>>(), new Set<Waiter<T>>()];
  const all = () => [...urgent, ...usual];
  return {
    length: () => urgent.size + usual.size,
    wait(why, isUrgent = false) {
      const waiters = isUrgent ? urgent : usual;
      if (waiters.size >= waiting) {
        return Promise.reject(new Unreachable(`${waiting} wait for a connection to the database already`));
      }
      return new Promise<T>((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer);
          waiters.delete(waiter);
          act();
        };
        const waiter: Waiter<T> = {
          give: (thing) => settle(() => resolve(thing)),
          refuse: (error) => settle(() => reject(error)),
        };
        const timer = setTimeout(() => {
          const message = `no connection to the database was free within ${patienceMs / 1000} s`;
          waiter.refuse(new Unreachable(message, { cause: why() }));
        }, patienceMs);
        waiters.add(waiter);
      });
    },
    give(thing) {
      const [first] = urgent.size > 0 ? urgent : usual;
      first?.give(thing);
      return first !== undefined;
    },
    refuse(reason) {
      for (const waiter of all()) waiter.refuse(new Unreachable(reason));
    },
  };
}
