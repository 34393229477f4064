import type { Socket } from 'node:net';
import postgres, { type Options, type Sql } from 'postgres';
import { type Address, type Host, readAddress } from './postgres-address.ts';
import { codeOf, Unreachable } from './postgres-errors.ts';
import { openSocket } from './postgres-socket.ts';

/** At the start: a server may be starting as well. */
const OPEN_LIMIT_MS = 10_000;
/**
 * No statement of ours takes long; one that does is given up, so that nobody waits behind it for ever. Nor does a
 * transaction wait for anything but the database: one that lies idle belongs to a process that is gone or stopped.
 */
const TIMEOUTS = { statement_timeout: 30_000, lock_timeout: 15_000, idle_in_transaction_session_timeout: 10_000 };

/** Numbers of eight bytes and sums: instants, ids and amounts are far below what a JavaScript number holds exactly. */
const NUMBERS = { to: 20, from: [20, 1700], parse: Number, serialize: String };

/** So that the server notices as well, sooner than after hours, that a machine is gone which holds locks. */
const KEEP_ALIVE = 'SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3';

export interface Answer {
  readonly rows: readonly (readonly unknown[])[];
  /** Of the rows that were read or written. */
  readonly count: number;
}

/**
 * One connection with one life: once it is lost every statement on it fails, and none can reach the server over another
 * one, outside its transaction. (The client by itself connects anew and sends there what was waiting.)
 */
export interface Connection {
  /** For who keeps it in a pool, by the clock of the process. */
  readonly openedAt: number;
  isLost(): boolean;
  /** When it was lost, or at once. */
  onLost(action: () => void): void;
  /** Rows by the names of their columns. Several statements may stand in one text. */
  ask<Row extends object>(text: string): Promise<readonly Row[]>;
  /** Prepared once on this connection; rows as lists. */
  query(text: string, values: readonly unknown[]): Promise<Answer>;
  /** At once, whatever is under way. */
  destroy(): void;
  /** After what is under way. */
  end(): Promise<void>;
}

export interface Connecting {
  /** For who reads a whole ledger, or changes the schema. */
  readonly hasTime?: boolean;
  /** Until it takes statements. */
  readonly limitMs?: number;
  readonly onSignal?: (channel: string, payload: string) => void;
}

/** A server that is gone and swallows everything must not cost each new connection its time. */
const lastHost = new WeakMap<Address, Host>();

function sortHosts(address: Address): readonly Host[] {
  const last = lastHost.get(address);
  return last ? [last, ...address.hosts.filter((host) => host !== last)] : address.hosts;
}

/** Rejects with what the server said, or why there was none that takes writes. */
export async function openConnection(address: Address, options: Connecting = {}): Promise<Connection> {
  let failure: unknown;
  for (const host of sortHosts(address)) {
    try {
      const connection = await openAt(address, host, options);
      lastHost.set(address, host);
      return connection;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function openAt(address: Address, host: Host, options: Connecting): Promise<Connection> {
  const { limitMs = OPEN_LIMIT_MS } = options;
  const socket = await openSocket(address, host, limitMs);
  const connection = createConnection(address, host, socket, options);
  const timer = setTimeout(() => connection.destroy(), limitMs);
  try {
    const [server] = await connection.ask<{ copies: boolean }>('SELECT pg_is_in_recovery() AS copies');
    if (server?.copies) throw new Unreachable('the server there is a standby, which takes no writes');
    await connection.ask(KEEP_ALIVE).catch(ignoreRefusal);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Of a server that has no such setting. */
function ignoreRefusal(error: unknown): void {
  if (error instanceof Unreachable || !/^(?:42|22|0A|55|XX)/.test(codeOf(error))) throw error;
}

function createConnection(address: Address, host: Host, socket: Socket, { hasTime, onSignal }: Connecting): Connection {
  const pending = new Set<(error: Error) => void>();
  const told: (() => void)[] = [];
  let isLost = false;
  let isTaken = false;
  const lose = (): void => {
    if (isLost) return;
    isLost = true;
    // The client forgets statements that wait behind a slow one.
    for (const reject of pending) reject(new Unreachable('the connection to the database was lost'));
    pending.clear();
    for (const act of told) act();
  };
  // Before the client's own listeners, which it takes away with all others when a socket closes.
  socket.on('close', () => {
    lose();
    queueMicrotask(() => socket.on('error', () => {}));
  });
  const client = postgres({
    ...clientOptions(address, hasTime),
    ...{ host: host.name, port: host.port, max: 1 },
    ...(onSignal ? { onnotify: onSignal } : {}),
    socket: async () => {
      if (isTaken) throw new Unreachable('the connection to the database was lost');
      isTaken = true;
      return socket;
    },
  } as unknown as Options<Record<string, never>>) as unknown as Sql;

  /** Settles when the connection is lost, whatever the client does. */
  const tracked = <T>(run: () => PromiseLike<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (isLost) return reject(new Unreachable('the connection to the database was lost'));
      pending.add(reject);
      run().then(
        (value) => {
          pending.delete(reject);
          resolve(value);
        },
        (error) => {
          pending.delete(reject);
          reject(error);
        },
      );
    });

  const destroy = (): void => {
    lose();
    socket.destroy();
  };
  return {
    openedAt: performance.now(),
    isLost: () => isLost,
    onLost: (action) => void (isLost ? action() : told.push(action)),
    ask: (text) => tracked(() => client.unsafe(text)) as never,
    query: (text, values) =>
      tracked(() =>
        client
          .unsafe(text, values as never[], { prepare: true })
          .values()
          .then((rows) => ({ rows, count: rows.count })),
      ),
    destroy,
    async end() {
      if (!isLost) await client.end({ timeout: 1 });
      destroy();
    },
  };
}

/** All of it said, so that no variable of the environment says something else. */
function clientOptions({ user, password, database, startup }: Address, hasTime = false) {
  return {
    ...{ user, password, database, ssl: false as const },
    // Its own clock would close a connection in the middle of a transaction.
    ...{ max_lifetime: null, idle_timeout: 0, backoff: 0, connect_timeout: OPEN_LIMIT_MS / 1000 },
    // What it asks for is needed by lists alone, and when it fails nobody hears of it.
    fetch_types: false,
    connection: { ...startup, application_name: 'paycore', ...(hasTime ? {} : TIMEOUTS) },
    types: { bigint: NUMBERS },
    onnotice: () => {},
  };
}

/** A client that connects anew as often as it must, for who is not afraid of that: tools and tests. */
export function connect(url: string, { hasTime }: Pick<Connecting, 'hasTime'> = {}): Sql {
  const address = readAddress(url);
  const [host] = address.hosts;
  if (!host) throw new Error('an address has a host');
  const options = {
    ...clientOptions(address, hasTime),
    ...{ host: host.name, port: host.port, max: 16 },
    socket: () => openSocket(address, host, OPEN_LIMIT_MS),
  };
  return postgres(options as unknown as Options<Record<string, never>>) as unknown as Sql;
}
