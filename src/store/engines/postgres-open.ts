import postgres, { type Sql, type TransactionSql } from 'postgres';
import { type Migration, requireKnownSchema } from '../migrations.ts';
import { createPostgresEngine, type PostgresParts } from './postgres.ts';
import type { OpenedEngine } from './sqlite-open.ts';

/** Connections of one node. A command holds one for as long as it runs; what finds none free waits. */
const POOL = 16;
const CONNECT_TIMEOUT_S = 10;
/** No statement of ours takes long; one that does is given up, so that nobody waits behind it for ever. */
const TIMEOUTS = { statement_timeout: 30_000, lock_timeout: 15_000, idle_in_transaction_session_timeout: 60_000 };

/** Numbers of eight bytes and sums: instants, ids and amounts are far below what a JavaScript number holds exactly. */
const NUMBERS = { to: 20, from: [20, 1700], parse: Number, serialize: String };

/** Connects and brings the schema up to date; two nodes that start at once do so one after the other. */
export async function openPostgres(
  url: string,
  migrations: readonly Migration[],
  parts: PostgresParts,
): Promise<OpenedEngine> {
  const client = connect(url);
  try {
    await requireAnswer(client);
    const migrated = await migratePostgres(client, migrations);
    return { engine: createPostgresEngine(client, parts), migrated };
  } catch (error) {
    await client.end({ timeout: 1 });
    throw error;
  }
}

export interface Connecting {
  /** Connections at most. */
  readonly max?: number;
  /** For those who read a whole ledger. */
  readonly hasTime?: boolean;
}

export function connect(url: string, { max = POOL, hasTime = false }: Connecting = {}): Sql {
  const client = postgres(url, {
    max,
    connect_timeout: CONNECT_TIMEOUT_S,
    connection: { application_name: 'paycore', ...(hasTime ? {} : TIMEOUTS) },
    types: { bigint: NUMBERS },
    onnotice: () => {},
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

/** 0: there is no schema yet. */
export async function readSchemaVersion(on: Sql | TransactionSql): Promise<number> {
  const [there] = await on.unsafe<{ found: boolean }[]>("SELECT to_regclass('schema_version') IS NOT NULL AS found");
  if (!there?.found) return 0;
  const [row] = await on.unsafe<{ version: number }[]>('SELECT version FROM schema_version');
  return row?.version ?? 0;
}

const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('paycore schema', 0))";

/** All steps that are missing in one transaction. Throws when the database was written by a newer PayCore. */
async function migratePostgres(client: Sql, migrations: readonly Migration[]): Promise<number> {
  const result = await client.begin(async (tx) => {
    // A step over a large table takes its time, and so does waiting for another node that is at it.
    await tx.unsafe('SET LOCAL statement_timeout = 0');
    await tx.unsafe('SET LOCAL lock_timeout = 0');
    await tx.unsafe(LOCK);
    await tx.unsafe('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
    const [row] = await tx.unsafe<{ version: number }[]>('SELECT version FROM schema_version');
    const version = row?.version ?? 0;
    requireKnownSchema(version, migrations.length);
    for (const migration of migrations.slice(version)) await applyStep(tx, migration);
    await tx.unsafe(row ? 'UPDATE schema_version SET version = $1' : 'INSERT INTO schema_version VALUES ($1)', [
      migrations.length,
    ]);
    return { migrated: migrations.length - version };
  });
  return result.migrated;
}

async function applyStep(tx: TransactionSql, migration: Migration): Promise<void> {
  try {
    await tx.unsafe(migration.sql);
  } catch (error) {
    throw new Error(`migration ${migration.name} failed, the database is as it was`, { cause: error });
  }
}
