import { afterEach, describe } from 'bun:test';
import { listen } from '../../src/cli/listen.ts';
import type { Ports, Program } from '../../src/program.ts';
import { type AppOptions, startApp, type TestApp } from './app.ts';
import { seedRandom } from './clock.ts';
import { openDatabaseAt, SERVER_URL } from './engines.ts';
import { createTestStore } from './shared-pace.ts';
import type { Fetch } from './standin.ts';

/** Two nodes on one PostgreSQL: two programs that know nothing of each other but what stands in the database. */
export interface TwoNodes extends AsyncDisposable {
  readonly one: TestApp;
  readonly two: OtherNode;
}

export interface OtherNode {
  readonly program: Program;
  /** Where it listens; payers and gateways are told the address of the first. */
  readonly url: string;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A POST of the API, with the project's test key unless told otherwise. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** What waits for another node really waits, a little. */
export const sleepShortly = (ms: number): Promise<void> => Bun.sleep(Math.min(ms, 10));

/** `ports`: of the second node, such as a clock of its own. */
export async function startTwoNodes(options: AppOptions = {}, ports: Partial<Ports> = {}): Promise<TwoNodes> {
  const one = await startApp({ sleep: sleepShortly, ...options, engine: 'postgres' });
  const { engine } = await openDatabaseAt(one.place);
  let handle: Fetch = () => new Response(null, { status: 503 });
  const listener = listen({ host: '127.0.0.1', port: 0, fetch: (request) => handle(request) });
  const random = seedRandom('two');
  const program = one.createTwin({
    ...{ store: createTestStore(engine, random), random, peerOf: listener.peerOf },
    ...{ processId: 'proc_two', nodeName: 'two:8080', ...ports },
  });
  handle = (await program.open()).handle;
  const url = `http://127.0.0.1:${listener.port}`;
  const request = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', ...init });
  const two: OtherNode = {
    ...{ program, url, request },
    post: (path, body, headers = {}) =>
      request(path, {
        method: 'POST',
        headers: { 'x-api-key': one.keys.test.api_key, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
  return {
    ...{ one, two },
    [Symbol.asyncDispose]: async () => {
      await listener.stop();
      await program.settled();
      await engine.close();
      await one.stop();
    },
  };
}

/** Tests about several nodes; left out where no PostgreSQL is named. `start` gives two that are gone after the test. */
export function describeNodes(title: string, tests: (start: typeof startTwoNodes) => void): void {
  describe.skipIf(SERVER_URL === null)(title, () => {
    const started: TwoNodes[] = [];
    afterEach(async () => {
      for (const nodes of started.splice(0)) await nodes[Symbol.asyncDispose]();
    });
    tests(async (...given) => {
      const nodes = await startTwoNodes(...given);
      started.push(nodes);
      return nodes;
    });
  });
}
