import { describe } from 'bun:test';
import type { Engine } from '../../src/store/engines/engine.ts';
import { dropPlace, type EngineName, makePlace, openDatabaseAt } from '../support/engines.ts';
import { attachTestStore, makeFolder, openTestStore, type TestStore } from '../support/store.ts';

/** A database of its own for one test, gone with it. */
export type TestEngine = Engine & AsyncDisposable;
export type OpenEngine = () => Promise<TestEngine>;

/** Tests that are told how to open a database. */
type Part<Open> = (open: Open) => void;

export const inTurn =
  <Open>(...parts: readonly Part<Open>[]): Part<Open> =>
  (open) => {
    for (const part of parts) part(open);
  };

/** Parts under their titles. */
export const chapters =
  <Open>(parts: Readonly<Record<string, Part<Open>>>): Part<Open> =>
  (open) => {
    for (const [title, part] of Object.entries(parts)) describe(title, () => part(open));
  };

export function openerOf(name: EngineName): OpenEngine {
  return async () => {
    const folder = makeFolder();
    const place = await makePlace(name, folder.path);
    const { engine, writer } = await openDatabaseAt(place);
    // What is committed is lost with the machine, not with the test.
    writer?.run('PRAGMA synchronous = OFF');
    return {
      ...engine,
      [Symbol.asyncDispose]: async () => {
        await engine.close();
        await dropPlace(place);
        folder[Symbol.dispose]();
      },
    };
  };
}

/** Two processes' worth of store on one database: what one of them has in memory the other does not know. */
export interface TwoStores extends AsyncDisposable {
  readonly one: TestStore;
  readonly two: TestStore;
  /** Both of them. */
  readonly both: readonly [TestStore, TestStore];
}
export type OpenTwo = () => Promise<TwoStores>;

export function twoStoresOf(name: EngineName): OpenTwo {
  return async () => {
    const one = await openTestStore({ engine: name, seed: 'one' });
    const two = await attachTestStore(one.place, 'two', one.clock);
    await Promise.all([one.tamper.hurryCommits(), two.tamper.hurryCommits()]);
    return {
      one,
      two,
      both: [one, two],
      [Symbol.asyncDispose]: async () => {
        await two[Symbol.asyncDispose]();
        await one[Symbol.asyncDispose]();
      },
    };
  };
}
