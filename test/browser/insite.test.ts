import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { launch, type Visit, visit } from './pages/stage.ts';

/** Paying in the page, from the browser through PayCore to the simulator and back. */

setDefaultTimeout(60_000);

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PHONE = { width: 360, height: 740 };

let browser: Browser;
let app: TestApp;

beforeAll(async () => {
  browser = await launch();
  app = await startApp({ gatewayTimeoutMs: 2500 });
});

afterAll(async () => {
  await browser.close();
  await app.stop();
});

interface Paying extends Visit {
  readonly paymentNo: string;
}

async function open(body: object = {}, change: (url: string) => string = (url) => url): Promise<Paying> {
  const created = await app.create('ecpay/ecpg', { buyer_email: 'payer@example.com', success_url: undefined, ...body });
  expect(created.status).toBe(201);
  const { payment_no: paymentNo, payment_url: url } = created.json.data;
  const stage = await visit(browser, { viewport: PHONE });
  await stage.page.goto(change(String(url)));
  return { ...stage, paymentNo: String(paymentNo) };
}

const ready = (page: Page) => page.waitForSelector('[data-state="ready"] [data-insite-pay]:enabled');

async function choose(page: Page, method: string): Promise<void> {
  await ready(page);
  await page.check(`#ECPayPayment input[value="${method}"]`);
  await page.click('[data-insite-pay]');
}

const paid = (page: Page) => page.waitForSelector('main[data-status="paid"]', { timeout: 4000 });
const statusOf = async (paymentNo: string) => (await app.find(paymentNo)).status;

interface SimulatedCall {
  readonly route: string;
  readonly merchant_trade_no: string;
}

/** How often a payment was made at the gateway, whatever came of it. */
async function countPayments(paymentNo: string): Promise<number> {
  const orderNos = listNumbers(paymentNo);
  const response = await fetch(`${app.gateway.url}/simulator/requests?limit=1000`);
  const { requests } = (await response.json()) as { requests: readonly SimulatedCall[] };
  return requests.filter((one) => one.route === 'create-payment' && orderNos.includes(one.merchant_trade_no)).length;
}

const listNumbers = (paymentNo: string): string[] =>
  app.sql
    .query<{ no: string }, [string]>(
      `SELECT gateway_order_no AS no FROM attempts
       WHERE payment_id = (SELECT id FROM payments WHERE payment_no = ?) ORDER BY id`,
    )
    .all(paymentNo)
    .map((row) => row.no);

async function addFault(route: string, kind: string, more: object = {}): Promise<void> {
  const response = await fetch(`${app.gateway.url}/simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ route, kind, ...more }),
  });
  expect(response.status).toBe(201);
}

/** What a test breaks on purpose the browser reports, and so it shall. */
const own = (troubles: readonly string[]) => troubles.filter((text) => !text.startsWith('Failed to load resource'));

describe('cards', () => {
  test('without 3-D Secure: paid in the page, and one CreatePayment however often the button is pressed', async () => {
    const { page, troubles, paymentNo, close } = await open();
    await ready(page);
    await page.check('#ECPayPayment input[value="card"]');
    await page.evaluate("const b = document.querySelector('[data-insite-pay]'); b.click(); b.click(); b.click()");
    await paid(page);
    expect(await statusOf(paymentNo)).toBe('paid');
    expect(listNumbers(paymentNo)).toHaveLength(1);
    expect(await countPayments(paymentNo)).toBe(1);
    expect(troubles).toEqual([]);
    await close();
  });

  for (const method of ['card-3d', 'unionpay']) {
    test(`${method}: to the bank, back by the post of the browser, paid`, async () => {
      const { page, troubles, paymentNo, close } = await open();
      await choose(page, method);
      await page.waitForURL(`${app.gateway.url}/**`);
      await page.click('[data-action="confirm"]');
      await page.waitForURL(`${app.url}/zh-tw/pay/**`);
      await paid(page);
      expect(page.url()).toContain(`/zh-tw/pay/${paymentNo}?token=`);
      expect(await countPayments(paymentNo)).toBe(1);
      expect(own(troubles)).toEqual([]);
      await close();
    });
  }

  test('3-D Secure that fails: said, and the next try has a number of its own', async () => {
    const { page, troubles, paymentNo, close } = await open();
    await choose(page, 'card-3d');
    await page.waitForURL(`${app.gateway.url}/**`);
    await page.click('[data-action="fail"]');
    await page.waitForURL(`${app.url}/zh-tw/pay/**`);
    await ready(page);
    expect(await page.locator('[data-insite-status]').textContent()).toContain('剛才沒有付款成功');
    await choose(page, 'card');
    await paid(page);
    expect(new Set(listNumbers(paymentNo)).size).toBe(2);
    expect(await countPayments(paymentNo)).toBe(2);
    expect(own(troubles)).toEqual([]);
    await close();
  });

  test('the number that was left behind is still listened to', async () => {
    const { page, paymentNo, close } = await open();
    await choose(page, 'card-3d');
    await page.waitForURL(`${app.gateway.url}/**`);
    await page.goBack();
    await ready(page);
    const [first = '', second = ''] = listNumbers(paymentNo);
    expect(second).not.toBe('');
    await app.simulate(first, 'pay');
    await paid(page);
    expect(await app.find(paymentNo)).toMatchObject({ status: 'paid', flags: [] });
    await close();
  });

  test('a card that the bank refuses: said in words, nothing is lost, another way works', async () => {
    const { page, troubles, paymentNo, close } = await open();
    await choose(page, 'card-refused');
    await page.waitForSelector('[data-insite-status]:text-matches("也沒有扣款.*授權失敗")');
    expect(await statusOf(paymentNo)).toBe('pending');
    await choose(page, 'card');
    await paid(page);
    expect(own(troubles)).toEqual([]);
    await close();
  });
});

describe('numbers to pay with', () => {
  for (const [method, place] of [
    ['atm', '.code'],
    ['cvs', '.code'],
    ['barcode', '[data-barcode="3"] svg'],
  ] as const) {
    test(`${method}: on the page at once, and paid within three seconds`, async () => {
      const { page, troubles, paymentNo, close } = await open();
      await choose(page, method);
      await page.waitForSelector(`main[data-screen="instructions"] ${place}`);
      const [orderNo = ''] = listNumbers(paymentNo);
      await page.reload();
      await page.waitForSelector(place);
      await app.simulate(orderNo, 'pay');
      await page.waitForSelector('main[data-status="paid"]', { timeout: 3000 });
      expect(await countPayments(paymentNo)).toBe(1);
      expect(troubles).toEqual([]);
      await close();
    });
  }

  test('only what the shop asked for is offered', async () => {
    const { page, close } = await open({ methods: ['atm', 'cvs'] });
    await ready(page);
    const offered = await page
      .locator('#ECPayPayment input')
      .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
    expect(offered).toEqual(['atm', 'cvs']);
    await close();
  });
});

describe('time and trouble', () => {
  test('a token that expired while the page was open is replaced, and paying goes on', async () => {
    const { page, troubles, paymentNo, close } = await open();
    await ready(page);
    app.clock.advance(11 * 60_000);
    await choose(page, 'card');
    await page.waitForSelector('[data-insite-status]:text-matches("已經失效")');
    await choose(page, 'card');
    await paid(page);
    expect(await countPayments(paymentNo)).toBe(1);
    expect(own(troubles)).toEqual([]);
    await close();
  });

  test('a payment whose answer is lost: the page asks, and ends up paid without a second CreatePayment', async () => {
    const { page, troubles, paymentNo, close } = await open();
    await addFault('create-payment', 'lost');
    // What the gateway tells by itself comes late, so that asking has to find it out.
    app.shop.answer = null;
    await choose(page, 'card');
    await page.waitForSelector('main[data-screen="waiting"], main[data-status="paid"]', { timeout: 6000 });
    app.clock.advance(10_000);
    await app.check();
    await paid(page);
    expect(listNumbers(paymentNo)).toHaveLength(1);
    expect(await countPayments(paymentNo)).toBe(1);
    expect(own(troubles)).toEqual([]);
    await close();
  });

  test('a payment that never arrived: asked for twice before the payer is let in again', async () => {
    const { page, paymentNo, close } = await open();
    await addFault('create-payment', 'hang');
    await choose(page, 'card');
    await page.waitForSelector('main[data-screen="waiting"]', { timeout: 6000 });
    await page.waitForTimeout(2000);
    expect(await countPayments(paymentNo)).toBe(1);
    app.clock.advance(10_000);
    await app.check();
    expect(await page.locator('main').getAttribute('data-screen')).toBe('waiting');
    app.clock.advance(60_000);
    await app.check();
    await choose(page, 'card');
    await paid(page);
    expect(listNumbers(paymentNo)).toHaveLength(2);
    expect(await countPayments(paymentNo)).toBe(2);
    await close();
  });

  test('a page that is loaded again during the call does not open the way to a second payment', async () => {
    const { page, paymentNo, close } = await open();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    app.gateway.answer = (seen) =>
      seen.path === '/Merchant/CreatePayment' ? gate.then(() => Response.json({}, { status: 503 })) : null;
    await choose(page, 'card');
    for (const seconds of [12, 12, 12]) {
      app.clock.advance(seconds * 1000);
      await page.reload();
      await app.check();
      await page.waitForTimeout(200);
    }
    const screen = await page.locator('main').getAttribute('data-screen');
    release();
    app.gateway.answer = null;
    expect(screen).toBe('waiting');
    expect(listNumbers(paymentNo)).toHaveLength(1);
    await close();
  });

  test('a form that cannot be had: said, tried again by hand', async () => {
    await addFault('get-token', 'unavailable');
    const { page, close } = await open();
    await page.waitForSelector('[data-state="failed"]');
    await page.click('[data-insite-retry]');
    await choose(page, 'card');
    await paid(page);
    await close();
  });

  test('a script that cannot be had: said, tried again by hand', async () => {
    await addFault('sdk-script', 'unavailable');
    const { page, close } = await open();
    await page.waitForSelector('[data-state="failed"]');
    await page.click('[data-insite-retry]');
    await ready(page);
    await close();
  });

  test('the other language brings its own form', async () => {
    const { page, close } = await open();
    await ready(page);
    await page.click('nav a');
    await ready(page);
    expect(await page.locator('#ECPayPayment legend').textContent()).toBe('Choose how to pay');
    await close();
  });
});

describe('everybody', () => {
  test('axe finds nothing with the form drawn', async () => {
    const { page, troubles, close } = await open();
    await ready(page);
    await page.evaluate(axe);
    const found = await page.evaluate(
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })" +
        '.then(({ violations }) => violations.map((v) => v.id))',
    );
    expect(found).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
  });

  test('without JavaScript the page says what it needs and leads back to the shop', async () => {
    const created = await app.create('ecpay/ecpg', {
      buyer_email: 'payer@example.com',
      cancel_url: 'https://merchant.example/cart',
    });
    const { page, close } = await visit(browser, { viewport: PHONE, javaScriptEnabled: false });
    await page.goto(String(created.json.data.payment_url));
    expect(await page.locator('noscript').textContent()).toContain('需要 JavaScript');
    expect(await page.locator('noscript a').getAttribute('href')).toBe('https://merchant.example/cart');
    await close();
  });
});
