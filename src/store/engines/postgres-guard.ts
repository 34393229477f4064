import type { Signals } from './engine.ts';
import type { Connection } from './postgres-connection.ts';
import { pauseAfter } from './postgres-opener.ts';
import { limited } from './postgres-pool.ts';

/** Work that one process made due is heard of by all others under this name, with the name of who says it. */
const CHANNEL = 'paycore_work';
/** Work comes in a rush; the others need to hear of it once. */
const SIGNAL_EVERY_MS = 50;
/** A network that swallows everything closes no connection. */
const HEARTBEAT_EVERY_MS = 10_000;
const HEARTBEAT_LIMIT_MS = 5000;
const LAST_SIGNAL_LIMIT_MS = 1000;

export interface GuardParts {
  /** Opens one that holds the schema. */
  readonly open: () => Promise<Connection>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Of this process, in hexadecimal. */
  readonly name: string;
}

export interface Guard extends Signals {
  /** Hears what comes over the connection. */
  hear(channel: string, payload: string): void;
  /** Takes over the first connection. */
  begin(connection: Connection): void;
  /** Says what is still to be said. */
  close(): Promise<void>;
}

/**
 * The connection that a node keeps beside its pool for as long as it runs: it holds the schema, so that no newer version
 * changes it, and carries signals. When it is lost it is made anew.
 */
export function createGuard({ open, sleep, name }: GuardParts): Guard {
  const listeners: (() => void)[] = [];
  let connection: Connection | null = null;
  let isClosed = false;
  const outgoing = createOutgoing(() => connection?.ask(`NOTIFY ${CHANNEL}, '${name}'`) ?? null);

  const tell = () => {
    for (const act of listeners) act();
  };
  const listen = (on: Connection) => on.ask(`LISTEN ${CHANNEL}`).catch(() => on.destroy());
  const regain = async (): Promise<void> => {
    for (let failures = 1; !isClosed; failures += 1) {
      await sleep(pauseAfter(failures));
      if (isClosed) return;
      const opened = await open().catch(() => null);
      if (!opened) continue;
      begin(opened);
      if (listeners.length > 0) await listen(opened);
      // What was said meanwhile was not heard.
      tell();
      return outgoing.repeat();
    }
  };
  const begin = (opened: Connection): void => {
    if (isClosed) {
      opened.destroy();
      return;
    }
    connection = opened;
    const heartbeat = setInterval(() => {
      limited(opened, opened.ask('SELECT 1'), HEARTBEAT_LIMIT_MS).catch(() => opened.destroy());
    }, HEARTBEAT_EVERY_MS);
    heartbeat.unref();
    opened.onLost(() => {
      clearInterval(heartbeat);
      connection = null;
      if (!isClosed) void regain();
    });
  };

  return {
    send: outgoing.send,
    listen(onSignal) {
      listeners.push(onSignal);
      if (connection) void listen(connection);
    },
    hear(channel, payload) {
      if (channel === CHANNEL && payload !== name) tell();
    },
    begin,
    async close() {
      isClosed = true;
      await outgoing.close();
      await connection?.end();
    },
  };
}

/** At most one signal in a while, the first at once; null: there is no connection now, and it is said later. */
function createOutgoing(say: () => Promise<unknown> | null) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isWanted = false;
  const speak = async (): Promise<void> => {
    isWanted = false;
    try {
      if ((await say()) !== null) return;
    } catch {
      // Its connection was lost on the way.
    }
    isWanted = true;
  };
  const rest = (): void => {
    timer = setTimeout(() => {
      timer = null;
      if (isWanted) send();
    }, SIGNAL_EVERY_MS);
    timer.unref();
  };
  const send = (): void => {
    isWanted = true;
    if (timer) return;
    void speak();
    rest();
  };
  return {
    send,
    repeat(): void {
      if (isWanted) send();
    },
    async close(): Promise<void> {
      if (timer) clearTimeout(timer);
      if (isWanted)
        await Promise.race([speak(), new Promise((resolve) => setTimeout(resolve, LAST_SIGNAL_LIMIT_MS).unref())]);
    },
  };
}
