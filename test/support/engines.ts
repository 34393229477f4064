import type { Database } from 'bun:sqlite';
import { join } from 'node:path';
import type { Engine } from '../../src/store/engines/engine.ts';
import { openPostgres } from '../../src/store/engines/postgres-open.ts';
import { openSqlite } from '../../src/store/engines/sqlite-open.ts';
import type { TableName } from '../../src/store/kit.ts';
import { readMigrations } from '../../src/store/migrations.ts';
import { tables } from '../../src/store/schema/sqlite/index.ts';
import { findRows } from '../../src/store/table.ts';
import { createDatabases } from './databases.ts';

/**
 * Which databases tests run on. SQLite always; PostgreSQL where PAYCORE_TEST_DATABASE_URL names a server that test
 * databases may be made on (`bun test/support/postgres.ts` starts one). PAYCORE_TEST_ENGINE says which of them tests get
 * that are not written for each; those that are get that one alone then.
 */
export type EngineName = Engine['name'];

export const SERVER_URL = process.env.PAYCORE_TEST_DATABASE_URL || null;
export const USUAL_ENGINE: EngineName = process.env.PAYCORE_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';
export const ENGINES: readonly EngineName[] =
  SERVER_URL === null ? ['sqlite'] : process.env.PAYCORE_TEST_ENGINE ? [USUAL_ENGINE] : ['sqlite', 'postgres'];

const MIGRATIONS = join(import.meta.dir, '../../migrations');
export const migrationsOf = (engine: EngineName) => readMigrations(join(MIGRATIONS, engine));

export interface TestDatabase {
  readonly engine: Engine;
  /** The connection that writes to SQLite; null on PostgreSQL. */
  readonly writer: Database | null;
}

/** An engine over a database that is there: a SQLite file, or the address of a PostgreSQL database. */
export async function openDatabaseAt(place: string): Promise<TestDatabase> {
  if (!place.startsWith('postgres')) return openSqlite(place, migrationsOf('sqlite'), null);
  const parts = {
    ...{ sleep: (ms: number) => Bun.sleep(ms), chance: Math.random, clock: 'given' as const },
    // Nothing of a test is late on a busy machine.
    limits: { patienceMs: 30_000, openMs: 30_000 },
  };
  const { engine } = await openPostgres(place, migrationsOf('postgres'), parts);
  return { engine, writer: null };
}

const databases = createDatabases(requireServer, async (name) => {
  const { engine } = await openDatabaseAt(addressOf(name));
  await engine.close();
});

/** Where a new database of this kind is: a file in the folder, or a database of its own on the server. */
export async function makePlace(engine: EngineName, folder: string): Promise<string> {
  return engine === 'sqlite' ? join(folder, 'paycore.db') : addressOf(await databases.take());
}

/** Every byte of the file, what was freed included; of PostgreSQL, what stands in the tables. */
export async function readBytes({ engine, writer }: TestDatabase): Promise<string> {
  if (!writer) {
    const names = Object.keys(tables) as TableName[];
    const rows = await Promise.all(names.map((name) => findRows(engine.reader, name, {})));
    const texts = rows.flat(1).flatMap((row) => Object.values(row));
    return texts
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value)))
      .join('\n');
  }
  // Not in the middle of a turn, whose reads share a transaction.
  await new Promise((resolve) => setImmediate(resolve));
  const log = Bun.file(`${writer.filename}-wal`);
  // What a log still holds is moved into the file, and the log is read before it is cut.
  const before = (await log.exists()) ? await log.bytes() : new Uint8Array();
  writer.run('PRAGMA wal_checkpoint(TRUNCATE)');
  return Buffer.concat([before, await Bun.file(writer.filename).bytes()]).toString('latin1');
}

/** The same without a schema. */
export async function makeEmptyPlace(engine: EngineName, folder: string): Promise<string> {
  return engine === 'sqlite' ? join(folder, 'paycore.db') : addressOf(await databases.create());
}

/** Nothing for a file: its folder goes away. */
export async function dropPlace(place: string): Promise<void> {
  if (place.startsWith('postgres')) await databases.giveBack(new URL(place).pathname.slice(1));
}

function addressOf(name: string): string {
  return new URL(`/${name}`, requireServer()).href;
}

function requireServer(): string {
  if (SERVER_URL === null) throw new Error('PAYCORE_TEST_DATABASE_URL names no PostgreSQL server');
  return SERVER_URL;
}
