import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import type { Demo } from '../binary/support/demo.ts';
import { at, text } from '../binary/support/json.ts';
import { simulatorOrder } from '../binary/support/parties.ts';
import { DESKTOP, type DemoStage, heardAt, PHONE, scan, screenOf, startStage } from './support/demo-stage.ts';

/** The whole way in a real browser: the compiled binary, its simulator, its shop. */

setDefaultTimeout(60_000);

let stage: DemoStage;
let demo: Demo;

beforeAll(async () => {
  stage = await startStage();
  demo = stage.demo;
});
afterAll(() => stage?.stop());

/** The page turns by itself, and the shop has heard with a right signature. */
async function turnsToPaid(page: Page, paymentNo: string, since: number): Promise<void> {
  await page.waitForSelector(screenOf('paid'), { timeout: Math.max(1, 3000 - (Date.now() - since)) });
  await shopShows(paymentNo);
  expect(await stage.payment(paymentNo)).toMatchObject({ status: 'paid', flags: [], livemode: false });
}

async function shopShows(paymentNo: string): Promise<void> {
  const { page, troubles, close } = await stage.open(demo.shopUrl, DESKTOP);
  await heardAt(page, paymentNo);
  expect(troubles).toEqual([]);
  await close();
}

describe('the barcode page', () => {
  test.each([PHONE, DESKTOP])('shows on %p three barcodes and its address that a scanner reads', async (viewport) => {
    const { payment_no, payment_url } = demo.payment('barcode');
    const info = at(await stage.payment(payment_no), 'payment_info', 'ecpay');
    const { page, troubles, close } = await stage.open(payment_url, viewport);
    expect(await page.getAttribute('main', 'data-payment-no')).toBe(payment_no);
    expect(await page.locator('[data-barcode]').count()).toBe(3);
    expect(await scan(page, 'Code39')).toEqual([
      text(info, 'barcode1'),
      text(info, 'barcode2'),
      text(info, 'barcode3'),
    ]);
    if (viewport === DESKTOP) expect(await scan(page, 'QRCode')).toEqual([payment_url.replace('&lang=auto', '')]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
    expect(troubles).toEqual([]);
    await close();
  });

  test('turns to paid within three seconds of the payment', async () => {
    const { payment_no, payment_url } = demo.payment('barcode');
    const orderNo = text(await stage.payment(payment_no), 'gateway_order_no');
    const { page, troubles, close } = await stage.open(payment_url);
    await page.waitForSelector(screenOf('pending'));
    const since = Date.now();
    expect((await simulatorOrder(demo.simulatorUrl, orderNo, 'pay')).status).toBe(200);
    await turnsToPaid(page, payment_no, since);
    expect(troubles).toEqual([]);
    await close();
  });
});

test('a person pays in the pages of the simulator', async () => {
  const { payment_no, payment_url } = demo.payment('cvs');
  const orderNo = text(await stage.payment(payment_no), 'gateway_order_no');
  const payer = await stage.open(payment_url);
  const simulator = await stage.open(text(demo.facts, 'simulator_url'), DESKTOP);
  await simulator.page.click(`a[href*="${orderNo}"]`);
  await simulator.page.waitForSelector('form[action*="/pay"]');
  const since = Date.now();
  await simulator.page.click('form[action*="/pay"] button[type="submit"]');
  await turnsToPaid(payer.page, payment_no, since);
  // After three seconds the page goes on to the shop.
  await payer.page.waitForURL(`${demo.shopUrl}/thanks?**`, { timeout: 8000 });
  const arrived = new URL(payer.page.url()).searchParams;
  expect([arrived.get('payment_no'), arrived.get('status')]).toEqual([payment_no, 'paid']);
  expect([...payer.troubles, ...simulator.troubles]).toEqual([]);
  await payer.close();
  await simulator.close();
});
