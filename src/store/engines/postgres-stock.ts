/** What a pool keeps: connections, each with one life. */
export interface Pooled {
  readonly openedAt: number;
  isLost(): boolean;
  onLost(action: () => void): void;
  /** At once, whatever is under way. */
  destroy(): void;
  end(): Promise<void>;
}

export interface StockLimits {
  /** One that lay idle for longer is not trusted unasked. */
  readonly staleMs: number;
  /** One that lay idle for longer is given up. */
  readonly idleMs: number;
  /** So are those that lived so long: what a server keeps for a connection grows. */
  readonly lifeMs: number;
}

/** The connections that there are, and which of them are idle. */
export function createStock<C extends Pooled>({ staleMs, idleMs, lifeMs }: StockLimits, onLost: () => void) {
  const alive = new Set<C>();
  /** The one used last stands last, and is used first: the others may grow old. */
  const idle: { readonly connection: C; readonly since: number }[] = [];

  const retire = (connection: C): void => {
    alive.delete(connection);
    void connection.end();
  };
  const trim = setInterval(() => {
    const before = performance.now() - idleMs;
    while (idle[0] && idle[0].since < before) retire((idle.shift() as (typeof idle)[number]).connection);
  }, idleMs / 2);
  trim.unref();

  let isClosed = false;

  return {
    size: () => alive.size,
    isIdle: () => alive.size === idle.length,
    add(connection: C): void {
      alive.add(connection);
      connection.onLost(() => {
        alive.delete(connection);
        const at = idle.findIndex((one) => one.connection === connection);
        if (at >= 0) idle.splice(at, 1);
        onLost();
      });
    },
    /** Whether it can be used further; one that has grown old is ended, and every one after the end. */
    keeps(connection: C): boolean {
      if (connection.isLost()) return false;
      if (!isClosed && performance.now() - connection.openedAt < lifeMs) return true;
      retire(connection);
      return false;
    },
    rest: (connection: C) => void idle.push({ connection, since: performance.now() }),
    wake(): { readonly connection: C; readonly isStale: boolean } | null {
      const last = idle.pop();
      return last ? { connection: last.connection, isStale: performance.now() - last.since >= staleMs } : null;
    },
    async close(): Promise<void> {
      isClosed = true;
      clearInterval(trim);
      await Promise.all([...alive].map((connection) => connection.end()));
    },
  };
}
