import type { Sql, TransactionSql } from 'postgres';
import {
  BeingMoved,
  LEAVE_RETRY_MS,
  type Leave,
  type Migration,
  requireKnownSchema,
  SchemaInUse,
} from '../migrations.ts';

/** Who looks at the schema or changes it is alone while doing so. */
const LOOKING = "hashtextextended('paycore schema', 0)";
/** Whoever relies on the schema holds this one together with all others, for as long as its connection lives. */
const RELYING = "hashtextextended('paycore schema in use', 0)";

const RELY = `SELECT pg_advisory_lock_shared(${RELYING})`;

/**
 * Brings the schema up to date in one transaction, unless somebody relies on it as it is, and relies on it from then on:
 * `guard` is one connection that is kept. Gives how many steps there were.
 */
export async function takeSchema(
  guard: Sql,
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

/** For a move of the data: nobody relies on the schema for as long as this connection lives. False: somebody does. */
export async function tryToBeAlone(guard: Sql): Promise<boolean> {
  const [row] = await guard.unsafe<{ alone: boolean }[]>(`SELECT pg_try_advisory_lock(${RELYING}) AS alone`);
  return row?.alone === true;
}

/** Brings the schema up to date on the connection of whoever is alone. */
export async function makeSchema(guard: Sql, migrations: readonly Migration[]): Promise<void> {
  await guard.begin(async (tx) => {
    await tx.unsafe(`SELECT pg_advisory_xact_lock(${LOOKING})`);
    const version = await readSchemaVersion(tx);
    requireKnownSchema(version, migrations.length);
    if (version < migrations.length) await applySteps(tx, migrations, version);
  });
}

/** After the connection was lost, and the lock with it. */
export async function rely(guard: Sql): Promise<void> {
  await guard.unsafe(RELY);
}

async function tryToTake(guard: Sql, migrations: readonly Migration[], leave: Leave): Promise<number> {
  let given: ReturnType<Leave['ask']> = null;
  try {
    const { steps } = await guard.begin(async (tx) => {
      // A step over a large table takes its time, and so does waiting for another node that is at it.
      await tx.unsafe('SET LOCAL statement_timeout = 0');
      await tx.unsafe('SET LOCAL lock_timeout = 0');
      await tx.unsafe(`SELECT pg_advisory_xact_lock(${LOOKING})`);
      const version = await readSchemaVersion(tx);
      requireKnownSchema(version, migrations.length);
      if (version < migrations.length) {
        given = leave.ask();
        if (!given || !(await isAlone(tx))) throw new SchemaInUse(version, migrations.length);
        await applySteps(tx, migrations, version);
      }
      if (!(await tryToRely(tx))) throw new BeingMoved();
      return { steps: migrations.length - version };
    });
    return steps;
  } finally {
    (given as ReturnType<Leave['ask']>)?.release();
  }
}

/** Only a move has it for itself, and that takes longer than anybody waits. */
async function tryToRely(tx: TransactionSql): Promise<boolean> {
  const [row] = await tx.unsafe<{ taken: boolean }[]>(`SELECT pg_try_advisory_lock_shared(${RELYING}) AS taken`);
  return row?.taken === true;
}

async function isAlone(tx: TransactionSql): Promise<boolean> {
  const [row] = await tx.unsafe<{ alone: boolean }[]>(`SELECT pg_try_advisory_xact_lock(${RELYING}) AS alone`);
  return row?.alone === true;
}

/** 0: there is no schema yet. */
export async function readSchemaVersion(on: Sql | TransactionSql): Promise<number> {
  const [there] = await on.unsafe<{ found: boolean }[]>("SELECT to_regclass('schema_version') IS NOT NULL AS found");
  if (!there?.found) return 0;
  const [row] = await on.unsafe<{ version: number }[]>('SELECT version FROM schema_version');
  return row?.version ?? 0;
}

async function applySteps(tx: TransactionSql, migrations: readonly Migration[], from: number): Promise<void> {
  await tx.unsafe('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
  for (const migration of migrations.slice(from)) await applyStep(tx, migration);
  await tx.unsafe('DELETE FROM schema_version');
  await tx.unsafe('INSERT INTO schema_version VALUES ($1)', [migrations.length]);
}

async function applyStep(tx: TransactionSql, migration: Migration): Promise<void> {
  try {
    await tx.unsafe(migration.sql);
  } catch (error) {
    throw new Error(`migration ${migration.name} failed, the database is as it was`, { cause: error });
  }
}
