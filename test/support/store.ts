import type { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../src/core/ids.ts';
import type { Vault } from '../../src/security/vault.ts';
import type { Engine } from '../../src/store/engines/engine.ts';
import { createStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { createClock, seedRandom, type TestClock } from './clock.ts';
import { dropPlace, type EngineName, makePlace, openDatabaseAt, readBytes, USUAL_ENGINE } from './engines.ts';
import { testVault } from './parts.ts';
import { createReader, type Reader } from './reader.ts';
import { createTamper, type Tamper } from './tamper.ts';

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
  readonly store: Store;
  readonly engine: Engine;
  /** The connection that writes to SQLite, for tests about that. */
  readonly database: Database;
  /** A file, or the address of a PostgreSQL database. */
  readonly place: string;
  readonly clock: TestClock;
  readonly random: Random;
  readonly vault: Vault;
  /** What stands in the tables. */
  readonly rows: Reader;
  readonly tamper: Tamper;
}

export interface TestStoreOptions {
  readonly clock?: TestClock;
  readonly seed?: string;
  readonly engine?: EngineName;
}

/** A store on a real database with the real schema; closed and removed at the end of `await using`. */
export async function openTestStore(options: TestStoreOptions = {}): Promise<TestStore> {
  const folder = makeFolder();
  const place = await makePlace(options.engine ?? USUAL_ENGINE, folder.path);
  return attach(place, options.seed ?? 'store', options.clock ?? createClock(), async () => {
    await dropPlace(place);
    folder[Symbol.dispose]();
  });
}

/** A store on a given database, which stays. */
export function attachTestStore(place: string, seed: string, clock: TestClock = createClock()): Promise<TestStore> {
  return attach(place, seed, clock, async () => {});
}

async function attach(place: string, seed: string, clock: TestClock, cleanUp: () => Promise<void>): Promise<TestStore> {
  const { engine, writer } = await openDatabaseAt(place);
  const random = seedRandom(seed);
  const store = createStore(engine, random);
  return {
    store,
    engine,
    get database() {
      if (!writer) throw new Error('this test is about SQLite');
      return writer;
    },
    place,
    clock,
    random,
    vault: testVault(),
    rows: createReader(
      () => engine,
      () => readBytes({ engine, writer }),
    ),
    tamper: createTamper(() => ({ engine, writer })),
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await cleanUp();
    },
  };
}
