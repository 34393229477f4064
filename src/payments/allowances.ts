import { type Allowance, takeOne } from '../core/allowance.ts';
import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';

/**
 * How often callers may cause what a gateway has to bear: what all processes let through together is what counts there.
 * Where several serve, the database keeps the count; who has used up his part in this process, or was told to wait, costs
 * the database nothing meanwhile. In one process it stays in memory, on the clock that nobody sets.
 */
export interface SharedAllowance {
  /** Takes one; gives how many milliseconds to wait, 0 when it was taken. */
  take(key: string | number): Promise<number>;
  /** Nothing is left; asking takes nothing. */
  isUsedUp(key: string | number): Promise<boolean>;
}

/** Callers that are remembered here; the one unused for longest is forgotten first. */
const MAX_REMEMBERED = 10_000;

export type AllowanceParts = Pick<Deps, 'clock'> & {
  readonly store: Pick<Deps['store'], 'isShared' | 'takeAllowance' | 'isUsedUp'>;
};

/** `name`: of the limit, in the database. */
export function createAllowance({ store, clock }: AllowanceParts, name: string, allowance: Allowance): SharedAllowance {
  const { burst, everyMs } = allowance;
  const fullAt = new Map<string, number>();

  const keep = (key: string, at: number): void => {
    fullAt.delete(key);
    fullAt.set(key, at);
    const [oldest] = fullAt.keys();
    if (fullAt.size > MAX_REMEMBERED && oldest !== undefined) fullAt.delete(oldest);
  };
  const look = (key: string) => takeOne(allowance, fullAt.get(key) ?? null, clock.elapsed());
  const takingOf = (key: string) => ({ name: `${name} ${key}`, allowance, now: clock.now() });

  return {
    async take(given) {
      const key = String(given);
      const here = look(key);
      if ('waitMs' in here) return here.waitMs;
      keep(key, here.fullAt);
      if (!store.isShared) return 0;
      const waitMs = await store.takeAllowance(takingOf(key));
      // All of it is gone until then.
      if (waitMs > 0) keep(key, clock.elapsed() + waitMs + (burst - 1) * everyMs);
      return waitMs;
    },
    async isUsedUp(given) {
      const key = String(given);
      return 'waitMs' in look(key) || (store.isShared && store.isUsedUp(takingOf(key)));
    },
  };
}

/** So many at once, and as many a minute in the long run. In whole milliseconds, as they are stored. */
export function evenly(perMinute: number): Allowance {
  return { burst: perMinute, everyMs: Math.ceil(MINUTE / perMinute) };
}
