import type { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../src/core/ids.ts';
import type { Vault } from '../../src/security/vault.ts';
import { createDb, type Db, openDatabase } from '../../src/store/db.ts';
import { createStore, type Store } from '../../src/store/index.ts';
import { type Migration, migrate, readMigrations } from '../../src/store/migrate.ts';
import { fixedClock, seededRandom, type TestClock, testVault } from './parts.ts';

export const MIGRATIONS: readonly Migration[] = readMigrations(join(import.meta.dir, '../../migrations'));

/** An empty folder that goes away with `using`. */
export interface TestFolder extends Disposable {
  readonly path: string;
  file(name: string): string;
}

export function makeFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'paycore-test-'));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface TestStore extends Disposable {
  readonly store: Store;
  readonly db: Db;
  /** The connection itself, for looking behind the store's back. */
  readonly database: Database;
  readonly file: string;
  readonly clock: TestClock;
  readonly random: Random;
  readonly vault: Vault;
  /** First column of the first row. */
  value(sql: string, ...values: (string | number)[]): unknown;
  rows(sql: string, ...values: (string | number)[]): Record<string, unknown>[];
}

/** A store on a real file with the real schema; closed and removed at the end of `using`. */
export function openTestStore(options: { readonly clock?: TestClock; readonly seed?: string } = {}): TestStore {
  const folder = makeFolder();
  const test = attachTestStore(folder.file('paycore.db'), options.seed ?? 'store', options.clock);
  return {
    ...test,
    [Symbol.dispose]: () => {
      test[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** A store on a given file, which stays. */
export function attachTestStore(file: string, seed: string, clock: TestClock = fixedClock()): TestStore {
  const database = openDatabase(file);
  migrate(database, MIGRATIONS, null);
  const db = createDb(database);
  const random = seededRandom(seed);
  const rows = (sql: string, ...values: (string | number)[]) =>
    database.query<Record<string, unknown>, (string | number)[]>(sql).all(...values);
  return {
    store: createStore(db, random),
    db,
    database,
    file,
    clock,
    random,
    vault: testVault(),
    value: (sql, ...values) => Object.values(rows(sql, ...values)[0] ?? {})[0],
    rows,
    [Symbol.dispose]: () => db.close(),
  };
}
