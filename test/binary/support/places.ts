import { Database } from 'bun:sqlite';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { connect } from '../../../src/store/engines/postgres-open.ts';
import { dropPlace, type EngineName, makePlace, SERVER_URL } from '../../support/engines.ts';

/** The database that a program under test works on. */
export interface Place {
  readonly engine: EngineName;
  /** A SQLite file, or the address of a PostgreSQL database. */
  readonly at: string;
  /** What the program has to be told of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Nothing for a file: its folder goes away with the test process. */
  drop(): Promise<void>;
}

/** The file of this data directory, or a PostgreSQL database of its own that has the schema. */
export async function openPlace(engine: EngineName, dataDir: string): Promise<Place> {
  return engine === 'sqlite' ? placeAt(join(dataDir, 'paycore.db')) : placeAt(await makePlace(engine, dataDir));
}

/** A PostgreSQL database with nothing in it. */
export async function openEmptyPostgres(server = SERVER_URL): Promise<Place> {
  if (server === null) throw new Error('PAYCORE_TEST_DATABASE_URL names no PostgreSQL server');
  const name = `paycore_${randomBytes(8).toString('hex')}`;
  await change(server, `CREATE DATABASE ${name}`);
  return placeAt(new URL(`/${name}`, server).href);
}

function placeAt(at: string): Place {
  const isPostgres = at.startsWith('postgres');
  return {
    engine: isPostgres ? 'postgres' : 'sqlite',
    at,
    env: isPostgres ? { PAYCORE_DATABASE_URL: at } : {},
    drop: () => dropPlace(at),
  };
}

/** Runs one statement behind the program's back. */
export async function change(at: string, sql: string): Promise<void> {
  await ask(at, sql);
}

/** The first column of the first row, as a number; 0 when there is none. */
export async function readNumber(at: string, sql: string): Promise<number> {
  const [row] = await ask(at, sql);
  return Number(Object.values(row ?? {})[0] ?? 0);
}

/** Every row. */
export async function ask(at: string, sql: string): Promise<readonly object[]> {
  if (!at.startsWith('postgres')) {
    using db = new Database(at, { readwrite: true });
    return db.query<object, []>(sql).all();
  }
  const client = connect(at);
  try {
    return await client.unsafe(sql);
  } finally {
    await client.end();
  }
}
