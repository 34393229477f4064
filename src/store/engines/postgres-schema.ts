import { LEAVE_RETRY_MS, type Leave, type Migration, requireKnownSchema, SchemaInUse } from '../migrations.ts';
import type { Connection } from './postgres-connection.ts';
import { Unreachable } from './postgres-errors.ts';
import { inTransaction } from './postgres-transaction.ts';

/**
 * Several nodes on one database, some of them newer: a rolling upgrade.
 *
 * Each connection that a node works through holds the schema as it is, together with those of all others, from its first
 * moment to its last. A newer version whose schema is the same runs beside the older one. One that needs another schema
 * waits for a moment and then refuses to start while anybody holds the old one; when the last has let go it changes the
 * schema in one transaction, alone. A node that lost its connections meanwhile finds out with the next one it opens,
 * before any statement of a command: it takes nothing more, and ends.
 */

/** Who looks at the schema or changes it is alone while doing so. */
const LOOKING = "hashtextextended('paycore schema', 0)";
/** Whoever relies on the schema holds this one together with all others, for as long as the connection lives. */
const RELYING = "hashtextextended('paycore schema in use', 0)";

const RELY = `SELECT pg_advisory_lock_shared(${RELYING})`;
const TRY_TO_RELY = `SELECT pg_try_advisory_lock_shared(${RELYING}) AS held`;

/** The schema is not the one any more that this process was made for. */
export class SchemaChanged extends Error {
  constructor(version: number, known: number) {
    super(
      `the database has schema ${version} now, and this node was started with ${known}: ` +
        (version > known
          ? 'a newer PayCore has brought it up to date. Start this node in that version.'
          : 'it is not the database any more that this node was started on. Start this node again.'),
    );
  }
}

/**
 * Brings the schema up to date in one transaction, unless somebody relies on it as it is, and relies on it from then on:
 * `guard` is one connection that is kept. Gives how many steps there were.
 */
export async function takeSchema(
  guard: Connection,
  migrations: readonly Migration[],
  leave: Leave,
  sleep: (ms: number) => Promise<void>,
): Promise<number> {
  for (let waited = 0; ; waited += LEAVE_RETRY_MS) {
    try {
      return await tryToTake(guard, migrations, leave);
    } catch (error) {
      if (!(error instanceof SchemaInUse) || waited >= leave.patienceMs) throw error;
    }
    await sleep(LEAVE_RETRY_MS);
  }
}

/** Relies on the schema through one more connection. Throws SchemaChanged when it is another than `known`. */
export async function holdSchema(connection: Connection, known: number): Promise<void> {
  const [row] = await connection.ask<{ held: boolean }>(TRY_TO_RELY);
  if (!row?.held) throw new Unreachable('another node is changing the schema of the database');
  const version = await readSchemaVersion(connection.ask);
  if (version !== known) throw new SchemaChanged(version, known);
}

async function tryToTake(guard: Connection, migrations: readonly Migration[], leave: Leave): Promise<number> {
  let given: ReturnType<Leave['ask']> = null;
  try {
    const { steps } = await inTransaction(guard, async (tx) => {
      // A step over a large table takes its time, and so does waiting for another node that is at it.
      await tx.ask('SET LOCAL statement_timeout = 0');
      await tx.ask('SET LOCAL lock_timeout = 0');
      await tx.ask(`SELECT pg_advisory_xact_lock(${LOOKING})`);
      const version = await readSchemaVersion(tx.ask);
      requireKnownSchema(version, migrations.length);
      if (version < migrations.length) {
        given = leave.ask();
        if (!given || !(await isAlone(tx))) throw new SchemaInUse(version, migrations.length);
        await applySteps(tx, migrations, version);
      }
      await tx.ask(RELY);
      return { steps: migrations.length - version };
    });
    return steps;
  } finally {
    (given as ReturnType<Leave['ask']>)?.release();
  }
}

async function isAlone(tx: Connection): Promise<boolean> {
  const [row] = await tx.ask<{ alone: boolean }>(`SELECT pg_try_advisory_xact_lock(${RELYING}) AS alone`);
  return row?.alone === true;
}

/** 0: there is no schema yet. */
export async function readSchemaVersion(ask: Connection['ask']): Promise<number> {
  const [there] = await ask<{ found: boolean }>("SELECT to_regclass('schema_version') IS NOT NULL AS found");
  if (!there?.found) return 0;
  const [row] = await ask<{ version: number }>('SELECT version FROM schema_version');
  return row?.version ?? 0;
}

async function applySteps(tx: Connection, migrations: readonly Migration[], from: number): Promise<void> {
  await tx.ask('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
  for (const migration of migrations.slice(from)) await applyStep(tx, migration);
  await tx.ask('DELETE FROM schema_version');
  await tx.ask(`INSERT INTO schema_version VALUES (${migrations.length})`);
}

async function applyStep(tx: Connection, migration: Migration): Promise<void> {
  try {
    await tx.ask(migration.sql);
  } catch (error) {
    throw new Error(`migration ${migration.name} failed, the database is as it was`, { cause: error });
  }
}
