import { afterAll, afterEach, beforeAll, beforeEach } from 'bun:test';
import { type AppOptions, startApp, type TestApp } from './app.ts';
import { present } from './parts.ts';
import { type StandIn, startStandIn } from './standin.ts';

/** The app of the test that is running: a new one for each test, or one for all tests of the file. */
export function useApp(options: AppOptions = {}, per: 'test' | 'file' = 'test'): TestApp {
  let current: TestApp | null = null;
  const [before, after] = per === 'file' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(async () => {
    current = await startApp(options);
  });
  after(() => current?.stop());
  return new Proxy({} as TestApp, { get: (_, name) => Reflect.get(present(current, 'an app'), name) });
}

/** Starts apps that are gone after the test. */
export function useApps(): (options?: AppOptions) => Promise<TestApp> {
  const apps: TestApp[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop();
  });
  return async (options = {}) => {
    const app = await startApp(options);
    apps.push(app);
    return app;
  };
}

/** A stand-in for all tests of the file; each finds that it has received nothing yet and answers what it is told. */
export function useStandIn(): StandIn {
  const server = startStandIn();
  afterAll(() => server.stop());
  afterEach(() => {
    server.received.length = 0;
    server.answer = null;
  });
  return server;
}
