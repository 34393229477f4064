import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { changeProject } from '../../../src/payments/projects/projects.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { bodyFor, registerStripe } from '../../support/orders.ts';
import { launch, leaveBrowser, PHONE } from '../support/stage.ts';

/** What the first load of a page for payers asks of a slow line, over a real server. */

setDefaultTimeout(60_000);

const MOST_BYTES = 20_000;

let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  app = await startApp();
  await registerStripe(app);
  browser = await launch();
});
afterAll(async () => {
  await leaveBrowser(browser);
  await app.stop();
});

interface Load {
  readonly url: string;
  /** Over the wire, with headers; from the browser's own store it is nothing. */
  readonly bytes: number;
  readonly encoding: string;
}

/** Opens the page twice with an empty cache before: what it asks for each time, questions about the status aside. */
async function load(url: string, ready = 'main'): Promise<readonly [readonly Load[], readonly Load[]]> {
  const context = await browser.newContext({ viewport: PHONE });
  const page = await context.newPage();
  // As if this tab had been here before: nothing goes on to the gateway by itself.
  await page.addInitScript("Storage.prototype.getItem = () => '1'");
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const requests = new Map<string, { url: string; bytes: number; encoding: string }>();
  // Asked for is enough: what never answers has been told of the payer too.
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    requests.set(requestId, { url: request.url, bytes: 0, encoding: '' });
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const encoding = response.headers['content-encoding'] ?? response.headers['Content-Encoding'] ?? '';
    const bytes = response.fromDiskCache ? 0 : response.encodedDataLength;
    requests.set(requestId, { url: response.url, bytes, encoding });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request && request.bytes > 0) request.bytes = encodedDataLength;
  });
  const look = async (): Promise<readonly Load[]> => {
    requests.clear();
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.waitForSelector(ready);
    return [...requests.values()].filter((one) => !one.url.startsWith('data:') && !one.url.includes('/status?'));
  };
  const loads = [await look(), await look()] as const;
  await context.close();
  return loads;
}

const open = async (route: string): Promise<string> => {
  const { json } = await app.create(route, bodyFor(route));
  return String(json.data.payment_url);
};
const shapeOf = ({ url }: Load): string => new URL(url).pathname.replace(/^.*\.([0-9a-f]{16})\.(\w+)$/, '$2 for good');
const sum = (loads: readonly Load[]): number => loads.reduce((all, { bytes }) => all + bytes, 0);

/** What stands on the page is all that the payer needs, and none of it comes from elsewhere. */
const INSTRUCTIONS = [
  'ecpay/atm',
  'ecpay/cvs',
  'ecpay/barcode',
  'smilepay/atm',
  'stripe/paynow',
  'ecpay/aio',
  'paypal/checkout',
];

/**
 * The gateway's own script draws the form, so what that asks for is not ours; where it asks is. What ECPay's needs to be
 * there before it, jQuery and forge, is served by us.
 */
const FORMS = [
  ['stripe/credit', '/dahlia/stripe.js', 30_000],
  ['ecpay/ecpg', '/Scripts/sdk-1.0.0.js', 120_000],
] as const;

describe('a page with a form of the gateway', () => {
  for (const [route, script, most] of FORMS) {
    test(`${route}: asks nobody but us and the gateway, and what is ours is small`, async () => {
      const [first] = await load(await open(route), '[data-state="ready"]');
      const own = first.filter(({ url }) => new URL(url).origin === app.url);
      const foreign = first.filter((one) => !own.includes(one)).map(({ url }) => new URL(url));
      expect(new Set(foreign.map(({ origin }) => origin))).toEqual(new Set([app.gateway.url]));
      expect(foreign.map(({ pathname }) => pathname)).toContain(script);
      expect(sum(own)).toBeLessThan(most);
    });
  }
});

describe('a page of instructions', () => {
  for (const route of INSTRUCTIONS) {
    test(`${route}: a document, a sheet and a script, compressed, and from nowhere else`, async () => {
      const [first, second] = await load(await open(route));
      expect(first.map(({ url }) => new URL(url).origin)).toEqual(Array(3).fill(app.url));
      expect(first.slice(1).map(shapeOf).sort()).toEqual(['css for good', 'js for good']);
      for (const { url, encoding } of first) expect([url, /^(br|gzip)$/.test(encoding)]).toEqual([url, true]);
      expect(sum(first)).toBeLessThan(MOST_BYTES);
      // The document alone, since both files are kept.
      expect(second.filter(({ bytes }) => bytes > 0)).toHaveLength(1);
    });
  }

  test('in the colour of a shop asks for no more', async () => {
    const project = await app.deps.store.findProjectByName('shop');
    if (!project) throw new Error('there is no project');
    await changeProject(app.deps, project.id, { accent: '#aa3300' });
    const [first] = await load(await open('ecpay/atm'));
    expect(first).toHaveLength(3);
    expect(first.some(({ url }) => url.includes('/checkout.aa3300.'))).toBe(true);
    expect(sum(first)).toBeLessThan(MOST_BYTES);
  });
});
