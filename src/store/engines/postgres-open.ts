import postgres, { type Sql } from 'postgres';
import { ALONE, type Leave, type Migration } from '../migrations.ts';
import { createPostgresEngine, type PostgresParts } from './postgres.ts';
import { rely, takeSchema } from './postgres-schema.ts';
import type { OpenedEngine } from './sqlite-open.ts';

/** Connections of one node. A command holds one for as long as it runs; what finds none free waits. */
const POOL = 16;
const CONNECT_TIMEOUT_S = 10;
/** No statement of ours takes long; one that does is given up, so that nobody waits behind it for ever. */
const TIMEOUTS = { statement_timeout: 30_000, lock_timeout: 15_000, idle_in_transaction_session_timeout: 60_000 };

/** Numbers of eight bytes and sums: instants, ids and amounts are far below what a JavaScript number holds exactly. */
const NUMBERS = { to: 20, from: [20, 1700], parse: Number, serialize: String };

/** How long until a connection that holds the schema is made anew. */
const REGAIN_MS = 1000;

/**
 * Connects and brings the schema up to date; two nodes that start at once do so one after the other, and none does while
 * another runs.
 */
export async function openPostgres(
  url: string,
  migrations: readonly Migration[],
  parts: PostgresParts,
  leave: Leave = ALONE,
): Promise<OpenedEngine> {
  let isLost = () => {};
  const guard = connect(url, { isKept: true, onClose: () => isLost() });
  try {
    await requireAnswer(guard);
    const migrated = await takeSchema(guard, migrations, leave, parts.sleep);
    const engine = createPostgresEngine(connect(url), parts, (onClose) => connect(url, { isKept: true, onClose }));
    let closed = false;
    isLost = async () => {
      await parts.sleep(REGAIN_MS);
      // What fails closes the connection once more, and comes here again.
      if (!closed) await rely(guard).catch(() => {});
    };
    const close = async () => {
      closed = true;
      await Promise.all([engine.close(), guard.end({ timeout: 1 })]);
    };
    return { engine: { ...engine, close }, migrated };
  } catch (error) {
    await guard.end({ timeout: 1 });
    throw error;
  }
}

interface Connecting {
  /** One connection that is never changed for another, for what hangs on it. */
  readonly isKept?: boolean;
  readonly onClose?: () => void;
  /** For who reads a whole ledger. */
  readonly hasTime?: boolean;
}

export function connect(url: string, { isKept = false, hasTime = false, onClose }: Connecting = {}): Sql {
  const client = postgres(url, {
    connect_timeout: CONNECT_TIMEOUT_S,
    connection: { application_name: 'paycore', ...(hasTime ? {} : TIMEOUTS) },
    types: { bigint: NUMBERS },
    onnotice: () => {},
    ...(isKept ? { max: 1, max_lifetime: null, idle_timeout: 0 } : { max: POOL }),
    ...(onClose ? { onclose: onClose } : {}),
  });
  return client as unknown as Sql;
}

/** What takes a connection and then hangs up is tried again for ever by the client, which counts only the silent ones. */
export async function requireAnswer(client: Sql): Promise<void> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no PostgreSQL answered there within ${CONNECT_TIMEOUT_S} s`);
    timer = setTimeout(reject, CONNECT_TIMEOUT_S * 1000, error);
  });
  try {
    await Promise.race([client.unsafe('SELECT 1'), late]);
  } finally {
    clearTimeout(timer);
  }
}
