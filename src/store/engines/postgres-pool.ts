import { Unreachable } from './postgres-errors.ts';
import { createLine, type LineLimits } from './postgres-line.ts';
import { createOpener } from './postgres-opener.ts';
import { createStock, type Pooled, type StockLimits } from './postgres-stock.ts';

export interface PoolLimits extends LineLimits, StockLimits {
  /** How many connections there are at most. */
  readonly size: number;
  /** For a connection to be made. */
  readonly openMs: number;
}

export const POOL_LIMITS: PoolLimits = {
  size: 16,
  openMs: 5000,
  patienceMs: 5000,
  waiting: 2000,
  staleMs: 5000,
  idleMs: 60_000,
  lifeMs: 45 * 60_000,
};

export interface PoolParts<C extends Pooled> {
  readonly open: () => Promise<C>;
  /** Rejects when nobody answers on it any more. */
  readonly check: (connection: C) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly limits: PoolLimits;
}

export interface Pool<C extends Pooled> {
  /**
   * A connection for `work` alone; with a limit of time, after which both are given up. Rejects with Unreachable. Who is
   * urgent is not behind those who wait.
   */
  use<T>(work: (connection: C) => Promise<T>, limitMs: number | null, isUrgent?: boolean): Promise<T>;
  /** Why there is no connection although one was wanted; null: there is. */
  trouble(): unknown;
  /** From now on nobody gets one. */
  refuse(reason: string): void;
  /** Lets what is under way end, and those who wait have their turn. */
  close(): Promise<void>;
}

const DRAIN_MS = 5000;

/**
 * Connections, each given to one command or read at a time, first come first served. None is held by who waits for
 * anything but the database, so that nobody keeps them for longer than the database takes: requests and background work
 * share them, without places of their own.
 */
export function createPool<C extends Pooled>({ open, check, sleep, limits }: PoolParts<C>): Pool<C> {
  const line = createLine<C>(limits);
  const stock = createStock<C>(limits, () => lost());
  const opener = createOpener<C>({
    open,
    sleep,
    waiting: line.length,
    room: () => limits.size - stock.size(),
    isEmpty: () => stock.size() === 0,
    opened(connection) {
      stock.add(connection);
      release(connection);
    },
  });
  let refusal: string | null = null;
  let onRest = (): void => {};

  const lost = (): void => {
    opener.grow();
    onRest();
  };
  const release = (connection: C): void => {
    if (!stock.keeps(connection)) lost();
    else if (!line.give(connection)) stock.rest(connection);
    onRest();
  };
  const take = async (isUrgent: boolean): Promise<C> => {
    for (;;) {
      if (refusal !== null) throw new Unreachable(refusal);
      const idle = line.length() === 0 || isUrgent ? stock.wake() : null;
      if (!idle) break;
      if (!idle.isStale || (await isAlive(check, idle.connection))) return idle.connection;
    }
    if (opener.awayForMs() > limits.patienceMs) {
      throw new Unreachable('the database is away', { cause: opener.failure() });
    }
    const turn = line.wait(opener.failure, isUrgent);
    opener.grow();
    return turn;
  };

  return {
    async use(work, limitMs, isUrgent = false) {
      const connection = await take(isUrgent);
      try {
        return await limited(connection, work(connection), limitMs);
      } finally {
        release(connection);
      }
    },
    trouble: opener.failure,
    refuse(reason) {
      refusal ??= reason;
      opener.stop();
      line.refuse(refusal);
    },
    async close() {
      refusal ??= 'the database was closed';
      const rest = new Promise<void>((resolve) => {
        onRest = () => line.length() === 0 && stock.isIdle() && resolve();
        onRest();
      });
      await withinTime(DRAIN_MS, rest);
      opener.stop();
      line.refuse(refusal);
      await stock.close();
    },
  };
}

async function isAlive<C extends Pooled>(check: (connection: C) => Promise<void>, connection: C): Promise<boolean> {
  try {
    await check(connection);
    return true;
  } catch {
    connection.destroy();
    return false;
  }
}

/** A server that is silent without a word is not waited for; what it still does on that connection counts no more. */
export function limited<T>(connection: Pooled, work: Promise<T>, limitMs: number | null): Promise<T> {
  if (limitMs === null) return work;
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      connection.destroy();
      reject(new Unreachable(`the database did not finish within ${limitMs / 1000} s`));
    }, limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function withinTime(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
