import type { Connection } from './postgres-connection.ts';
import { createPool, type PoolParts } from './postgres-pool.ts';

/** The connection that blocks of numbers are taken on: a pool of one, which nobody waits in who holds another. */
export interface NumberLine {
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  onLost(action: () => void): void;
  refuse(reason: string): void;
  close(): Promise<void>;
}

/** A block is one statement. */
const LIMIT_MS = 5000;
/** What is left of a block is given up with its connection, so that lives as long as it can. */
const LIFE = { idleMs: 12 * 3_600_000, lifeMs: Number.POSITIVE_INFINITY } as const;

export function createNumberLine({ open, limits, ...parts }: PoolParts<Connection>): NumberLine {
  let lost = (): void => {};
  const pool = createPool({
    open: async () => {
      const connection = await open();
      connection.onLost(() => lost());
      return connection;
    },
    ...parts,
    limits: { ...limits, ...LIFE, size: 1 },
  });
  return {
    use: (work) => pool.use(work, LIMIT_MS),
    onLost(action) {
      lost = action;
    },
    refuse: pool.refuse,
    close: pool.close,
  };
}
