import type { Sql } from 'postgres';
import type { Migration } from '../migrations.ts';
import { type Held, MoveRefused } from '../move/held.ts';
import { createPostgresEngine, type PostgresParts } from './postgres.ts';
import { inspectPostgres } from './postgres-inspect.ts';
import { connect, requireAnswer } from './postgres-open.ts';
import { makeSchema, tryToBeAlone } from './postgres-schema.ts';

/** How long commands that are at it may take to end. */
const LOCK_TIMEOUT_MS = 30_000;

/** Holds a database: one connection keeps everybody else out for as long as it lives. Null: a node or a command is there. */
export async function holdPostgres(url: string, parts: PostgresParts): Promise<Held | null> {
  const state = { isLost: false };
  const onClose = () => {
    state.isLost = true;
  };
  const guard = connect(url, { isKept: true, hasTime: true, onClose });
  try {
    await requireAnswer(guard);
    // Whatever the server or its user have set: it waits for as long as the rows take.
    await guard.unsafe(`SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
      SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
    if (await tryToBeAlone(guard)) return await holdAlone(url, guard, parts, state);
  } catch (error) {
    await guard.end({ timeout: 1 });
    throw error;
  }
  await guard.end({ timeout: 1 });
  return null;
}

async function holdAlone(
  url: string,
  guard: Sql,
  parts: PostgresParts,
  state: { readonly isLost: boolean },
): Promise<Held> {
  const inspector = await inspectPostgres(url);
  const pid = await readPid(guard);
  let closeEngine = async () => {};
  /** A connection that was made anew has another number, and holds nothing. */
  const requireHeld = async () => {
    if (!state.isLost && (await readPid(guard).catch(() => null)) === pid) return;
    throw new MoveRefused('the connection that keeps everybody else out was lost; run the same command again');
  };
  return {
    inspector,
    listTables: () => listTables(guard),
    setAside: async () => null,
    async open(migrations: readonly Migration[]) {
      await makeSchema(guard, migrations);
      const engine = createPostgresEngine(connect(url, { hasTime: true }), parts);
      closeEngine = () => engine.close();
      return engine;
    },
    /** Also a node that has lost its own connection, and does not know yet that it has to stop. */
    async freeze() {
      await requireHeld();
      const tables = (await listTables(guard)).map((name) => `"${name}"`);
      await guard.unsafe('BEGIN');
      await guard.unsafe(`LOCK TABLE ${tables.join(', ')} IN SHARE MODE`);
    },
    async finish([name, value], drop) {
      await requireHeld();
      await guard.unsafe('DELETE FROM settings WHERE name IN ($1, $2)', [name, drop]);
      await guard.unsafe('INSERT INTO settings (name, value) VALUES ($1, $2)', [name, value]);
      await guard.unsafe('COMMIT');
    },
    settle: () => settle(guard),
    requireHeld,
    async close() {
      await Promise.all([closeEngine(), inspector.close(), guard.end({ timeout: 1 })]);
    },
  };
}

async function readPid(on: Sql): Promise<number | undefined> {
  return (await on.unsafe<{ pid: number }[]>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
}

async function listTables(on: Sql): Promise<readonly string[]> {
  const rows = await on.unsafe<{ name: string }[]>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1',
  );
  return rows.map(({ name }) => name);
}

/** Ids that were given leave the counters where they were; and of so many new rows the planner knows nothing yet. */
async function settle(on: Sql): Promise<void> {
  const counted = await on.unsafe<{ name: string }[]>(
    "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'",
  );
  for (const { name } of counted) {
    await on.unsafe(`
      SELECT setval(pg_get_serial_sequence('"${name}"', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM "${name}"`);
  }
  await on.unsafe(`ANALYZE ${(await listTables(on)).map((name) => `"${name}"`).join(', ')}`);
}
