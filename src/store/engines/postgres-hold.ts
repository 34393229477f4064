import type { Migration } from '../migrations.ts';
import { type Held, MoveRefused } from '../move/held.ts';
import { type Engine, NO_SIGNALS } from './engine.ts';
import { createPostgresEngine, type PostgresParts } from './postgres.ts';
import { readAddress } from './postgres-address.ts';
import { type Connection, openConnection } from './postgres-connection.ts';
import { inspectPostgres } from './postgres-inspect.ts';
import { createNumberLine } from './postgres-number-line.ts';
import { createPool, limited, POOL_LIMITS } from './postgres-pool.ts';
import { makeSchema, tryToBeAlone } from './postgres-schema.ts';

/** How long commands that are at it may take to end. */
const LOCK_TIMEOUT_MS = 30_000;
/** Of one batch of rows, on whatever disk. */
const BATCH_LIMIT_MS = 600_000;
const CHECK_LIMIT_MS = 10_000;
/** What counts at one end must not be lost at the other, whatever the server or its user have set. */
const DURABLY = 'SET synchronous_commit = on';

/** Holds a database: one connection keeps everybody else out for as long as it lives. Null: a node or a command is there. */
export async function holdPostgres(url: string, parts: PostgresParts): Promise<Held | null> {
  const guard = await openConnection(readAddress(url), { hasTime: true });
  try {
    // Whatever the server or its user have set: it waits for as long as the rows take.
    await guard.ask(`SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
      SET lock_timeout = ${LOCK_TIMEOUT_MS}; ${DURABLY}`);
    if (await tryToBeAlone(guard)) return await holdAlone(url, guard, parts);
  } catch (error) {
    await guard.end();
    throw error;
  }
  await guard.end();
  return null;
}

async function holdAlone(url: string, guard: Connection, parts: PostgresParts): Promise<Held> {
  const inspector = await inspectPostgres(url);
  let closeEngine = async () => {};
  const requireHeld = async () => {
    if (!guard.isLost() && (await isAnswering(guard))) return;
    throw new MoveRefused('the connection that keeps everybody else out was lost; run the same command again');
  };
  return {
    inspector,
    listTables: () => listTables(guard),
    setAside: null,
    async open(migrations: readonly Migration[]) {
      await makeSchema(guard, migrations);
      const engine = createOwnEngine(url, parts);
      closeEngine = engine.close;
      return engine;
    },
    /** Also a node that has lost its own connection, and does not know yet that it has to stop. */
    async freeze() {
      await requireHeld();
      const tables = (await listTables(guard)).map((name) => `"${name}"`);
      await guard.ask('BEGIN');
      await guard.ask(`LOCK TABLE ${tables.join(', ')} IN SHARE MODE`);
    },
    async finish([name, value], drop) {
      await requireHeld();
      await guard.query('DELETE FROM settings WHERE name IN ($1, $2)', [name, drop]);
      await guard.query('INSERT INTO settings (name, value) VALUES ($1, $2)', [name, value]);
      await guard.ask('COMMIT');
    },
    settle: () => settle(guard),
    requireHeld,
    async close() {
      await Promise.all([closeEngine(), inspector.close(), guard.end()]);
    },
  };
}

/** Its connections hold no schema: the guard has that for itself. */
function createOwnEngine(url: string, parts: PostgresParts): Engine {
  const pooled = {
    open: () => openDurable(url),
    check: async (connection: Connection) =>
      void (await limited(connection, connection.ask('SELECT 1'), CHECK_LIMIT_MS)),
    sleep: parts.sleep,
    limits: { ...POOL_LIMITS, size: 4 },
  };
  const [pool, line] = [createPool(pooled), createNumberLine(pooled)];
  return {
    ...createPostgresEngine(pool, line, { ...parts, limitMs: BATCH_LIMIT_MS }),
    signals: NO_SIGNALS,
    findOutage: () => null,
    close: async () => void (await Promise.all([pool.close(), line.close()])),
  };
}

async function openDurable(url: string): Promise<Connection> {
  const connection = await openConnection(readAddress(url), { hasTime: true });
  try {
    await connection.ask(DURABLY);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function isAnswering(guard: Connection): Promise<boolean> {
  return guard.ask('SELECT 1').then(
    () => true,
    () => false,
  );
}

async function listTables(on: Connection): Promise<readonly string[]> {
  const rows = await on.ask<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1',
  );
  return rows.map(({ name }) => name);
}

/** Ids that were given leave the counters where they were; and of so many new rows the planner knows nothing yet. */
async function settle(on: Connection): Promise<void> {
  const counted = await on.ask<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'",
  );
  for (const { name } of counted) {
    await on.ask(`
      SELECT setval(pg_get_serial_sequence('"${name}"', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM "${name}"`);
  }
  await on.ask(`ANALYZE ${(await listTables(on)).map((name) => `"${name}"`).join(', ')}`);
}
