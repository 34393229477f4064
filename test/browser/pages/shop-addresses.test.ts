import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../../support/app.ts';
import { ODD_PATHS, withOurs } from '../../support/shop-addresses.ts';
import { launch, leaveBrowser } from '../support/stage.ts';

/** What a browser really asks the shop for, when a payer comes back from our page. */

setDefaultTimeout(120_000);

let app: TestApp;
let browser: Browser;
let shop: Server;
let port: number;
/** Request lines as they came over the wire. */
const asked: { readonly host: string; readonly target: string }[] = [];

beforeAll(async () => {
  app = await startApp();
  shop = createServer((request, response) => {
    asked.push({ host: request.headers.host ?? '', target: request.url ?? '' });
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>shop</title>');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  port = (shop.address() as AddressInfo).port;
  browser = await launch();
});
afterAll(async () => {
  await leaveBrowser(browser);
  shop.close();
  await app.stop();
});

let orders = 0;
async function sell(address: string, end: 'paid' | 'failed') {
  orders += 1;
  const body = { merchant_order_no: `B-${orders}`, success_url: address, cancel_url: address };
  const { data } = (await app.create('ecpay/atm', body)).json;
  if (end === 'paid') await app.simulate(String(data.gateway_order_no), 'pay');
  else await app.call(`/api/paycore/payments/${data.payment_no}/cancel`, {});
  const ours = `payment_no=${data.payment_no}&merchant_order_no=B-${orders}&status=${end}`;
  return { url: String(data.payment_url), expected: withOurs(address, ours) };
}

/** Path and query go over the wire, the fragment stays with the browser, which alone writes an apostrophe in a query anew. */
async function expectAsked(page: Page, expected: string): Promise<void> {
  const [front = '', ...rest] = expected.split('#');
  const target = front.replace(/^http:\/\/[^/?]+\/?/, '/').replace(/(?<=\?.*)'/g, '%27');
  expect(asked.findLast((one) => one.target !== '/favicon.ico')?.target).toBe(target);
  expect(new URL(page.url()).hash).toBe(rest.length > 0 ? `#${rest.join('#')}` : '');
}

test('a press of the button asks for every odd address as it is, without scripts', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  // Every second one: each form stands in one of them, and a browser takes its time.
  for (const [at, path] of ODD_PATHS.filter((_, at) => at % 2 === 0 || at === ODD_PATHS.length - 1).entries()) {
    const { url, expected } = await sell(`http://www.shop.test:${port}${path}`, at % 2 === 0 ? 'paid' : 'failed');
    await page.goto(url);
    await Promise.all([page.waitForURL(/shop\.test/), page.locator('main a[href*="shop.test"]').first().click()]);
    await expectAsked(page, expected);
  }
  await context.close();
});

test('the page that goes on by itself does the same, to a host whose name is Chinese too', async () => {
  const context = await browser.newContext();
  const goOn = async (host: string) => {
    const { url, expected } = await sell(`http://${host}:${port}/%A4%A4;a=%e5/?flag&x=a+b%20c&#/route?x=1`, 'paid');
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForURL(/shop\.test/, { timeout: 8000 });
    await expectAsked(page, expected);
  };
  for (const host of ['www.shop.test', '商店.shop.test']) await goOn(host);
  expect(asked.map(({ host }) => host)).toContain(`xn--czrs0t.shop.test:${port}`);
  await context.close();
});
