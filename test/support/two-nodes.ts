import { afterAll, afterEach, beforeAll } from 'bun:test';
import { SECOND } from '../../src/core/time.ts';
import { createServices, type Services } from '../../src/payments/index.ts';
import type { Store } from '../../src/store/store.ts';
import { type AppOptions, seedRandom, startApp, type TestApp } from './app.ts';
import { openDatabaseAt, SERVER_URL } from './engines.ts';
import type { Send } from './insite.ts';
import { present } from './parts.ts';
import { createTestStore } from './shared-pace.ts';

/** Two programs on one PostgreSQL, which share nothing else; clock, gateway and shop are the same for both. */
export interface TwoNodes {
  readonly app: TestApp;
  /** The second program. */
  readonly program: ReturnType<TestApp['createTwin']>;
  readonly first: Send;
  readonly second: Send;
  /** Each request to the next of them. */
  readonly byTurns: Send;
  stop(): Promise<void>;
}

/** `begin` starts the first, when it needs more than an app. */
export async function startTwoNodes(begin: (options: AppOptions) => Promise<TestApp> = startApp): Promise<TwoNodes> {
  // Whoever waits for the other process really waits: the clock of both stands still.
  const app = await begin({ engine: 'postgres', sleep: Bun.sleep, env: { PAYCORE_RATE_LIMIT: 'off' } });
  const random = seedRandom('second node');
  const { engine } = await openDatabaseAt(app.place, app.databaseClock);
  const program = app.createTwin({
    store: createTestStore(engine, random, app.databaseClock),
    random,
    processId: 'proc_second',
  });
  const { handle } = await program.open();
  const first: Send = (path, init) => app.request(path, init);
  const second: Send = async (path, init) => handle(new Request(app.url + path, { redirect: 'manual', ...init }));
  let turn = 0;
  return {
    app,
    program,
    first,
    second,
    byTurns: (path, init) => (turn++ % 2 === 0 ? second : first)(path, init),
    async stop() {
      await program.settled();
      await engine.close();
      await app.stop();
    },
  };
}

/** The two nodes of all tests of a file that is skipped where there is no PostgreSQL. */
export function useTwoNodes(begin?: (options: AppOptions) => Promise<TestApp>): TwoNodes {
  let current: TwoNodes | null = null;
  beforeAll(async () => {
    if (SERVER_URL !== null) current = await startTwoNodes(begin);
  });
  afterEach(() => {
    if (!current) return;
    current.app.gateway.answer = null;
    current.app.gateway.received.length = 0;
  });
  afterAll(() => current?.stop());
  return new Proxy({} as TwoNodes, { get: (_, name) => Reflect.get(present(current, 'two nodes'), name) });
}

export const hasPostgres = SERVER_URL !== null;

/** Many requests at once. */
export function sendMany<T>(count: number, send: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, send));
}

/** What the second node does, for one who does not really wait; how long he would have is counted. */
export function hurry({ program: { deps } }: TwoNodes): Services & { readonly seconds: () => number } {
  let waited = 0;
  const sleep = async (ms: number) => {
    waited += ms;
  };
  return { ...createServices({ ...deps, sleep }), seconds: () => Math.round(waited / SECOND) };
}

type MethodName = { [Name in keyof Store]: Store[Name] extends boolean ? never : Name }[keyof Store];

/** How often this method of a store has given its answer from now on. */
export function countAnswers(store: Store, name: MethodName): () => number {
  const before = store[name] as (...args: unknown[]) => Promise<unknown>;
  let count = 0;
  const counted = (...args: unknown[]) => before(...args).finally(() => (count += 1));
  Object.assign(store, { [name]: counted });
  return () => count;
}

/** Until those that are sent from now on have come to this read at either node, and the second one waits for the first. */
export function awaitOthers({ app, program }: TwoNodes, read: MethodName, count: number): () => Promise<void> {
  const reads = [app.deps.store, program.deps.store].map((store) => countAnswers(store, read));
  const looks = countAnswers(program.deps.store, 'findAttempt');
  return async () => {
    await until(() => looks() > 1 && reads.reduce((sum, done) => sum + done(), 0) >= count);
    // Whoever has come so far only has to be read to the end.
    await Bun.sleep(100);
  };
}

/** Until it is so, however long the machine takes. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 3000) throw new Error('it has not come to that within a minute');
    await Bun.sleep(20);
  }
}
