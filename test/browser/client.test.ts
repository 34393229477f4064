import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { startApp, type TestApp } from '../support/app.ts';
import { useStage } from './support/stage.ts';

/** The client on a page of the installation's own origin, as a bundler gives it to a browser. */

setDefaultTimeout(60_000);

let app: TestApp;
let script: string;
beforeAll(async () => {
  app = await startApp();
  const { outputs } = await Bun.build({ entrypoints: ['src/client/index.ts'], target: 'browser', minify: true });
  script = (await outputs[0]?.text()) ?? '';
});
afterAll(() => app.stop());

const stage = useStage((request, { pathname }) => {
  if (pathname === '/') return new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
  if (pathname === '/client.js') return new Response(script, { headers: { 'content-type': 'text/javascript' } });
  return fetch(`${app.url}${pathname}`, { headers: request.headers });
});

test('a browser can call what is public without a key, and is kept from carrying one', async () => {
  const { page, troubles, close } = await stage.visit();
  await page.goto(stage.at('/'));
  const seen = await page.evaluate(`(async () => {
    const { PayCore } = await import('/client.js');
    const paycore = new PayCore({ url: location.origin });
    const refused = (call) => call.then(() => 'none', (error) => [error.name, error.code].join(' '));
    let withKey = 'made';
    try { new PayCore({ url: location.origin, apiKey: 'pc_test_page' }); } catch (error) { withKey = error.name; }
    return [
      (await paycore.health()).status,
      (await paycore.overview()).public,
      await refused(paycore.methods.list({ retries: 0 })),
      withKey,
    ];
  })()`);
  expect(seen).toEqual(['ok', false, 'AuthenticationError API_KEY_INVALID', 'ConfigurationError']);
  expect(troubles.filter((text) => !text.includes('401'))).toEqual([]);
  await close();
});
