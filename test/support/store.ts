import type { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../src/core/ids.ts';
import type { Vault } from '../../src/security/vault.ts';
import { createDb, type Db, openDatabase } from '../../src/store/db.ts';
import { createStore } from '../../src/store/index.ts';
import { type Migration, migrate, readMigrations } from '../../src/store/migrate.ts';
import { fixedClock, seededRandom, type TestClock, testVault } from './parts.ts';
import { createReader, type Reader } from './reader.ts';
import { createTamper, type Tamper } from './tamper.ts';

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

export interface TestStore extends AsyncDisposable {
  readonly store: ReturnType<typeof createStore>;
  readonly db: Db;
  /** The connection itself, for tests about SQLite and about single functions of the store. */
  readonly database: Database;
  readonly file: string;
  readonly clock: TestClock;
  readonly random: Random;
  readonly vault: Vault;
  /** What stands in the tables. */
  readonly rows: Reader;
  readonly tamper: Tamper;
}

/** A store on a real file with the real schema; closed and removed at the end of `await using`. */
export async function openTestStore(
  options: { readonly clock?: TestClock; readonly seed?: string } = {},
): Promise<TestStore> {
  const folder = makeFolder();
  const test = await attachTestStore(folder.file('paycore.db'), options.seed ?? 'store', options.clock);
  return {
    ...test,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** A store on a given file, which stays. */
export async function attachTestStore(file: string, seed: string, clock: TestClock = fixedClock()): Promise<TestStore> {
  const database = openDatabase(file);
  migrate(database, MIGRATIONS, null);
  const db = createDb(database);
  const random = seededRandom(seed);
  return {
    store: createStore(db, random),
    db,
    database,
    file,
    clock,
    random,
    vault: testVault(),
    rows: createReader(() => database),
    tamper: createTamper(() => database),
    [Symbol.asyncDispose]: async () => db.close(),
  };
}
