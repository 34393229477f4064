import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { choose, failed, paid, ready, retry, says, useInSite, waiting } from './support/insite-stage.ts';
import { own } from './support/stage.ts';

/** Paying in the page while something goes wrong: nothing is ever paid twice, and the payer always knows what to do. */

setDefaultTimeout(60_000);

const stage = useInSite();

/** The payer chooses, and what the gateway answers is not what it should be. */
async function chooseInTrouble(fault: string, way: string) {
  const opened = await stage.open();
  await stage.addFault('create-payment', fault);
  await choose(opened.page, way);
  return opened;
}

/** What the page needs cannot be had at first; the payer tries again. */
async function openAgain(needed: string) {
  await stage.addFault(needed, 'unavailable');
  const opened = await stage.open();
  await failed(opened.page);
  await opened.page.click(retry);
  return opened;
}

describe('time and trouble', () => {
  test('a token that expired while the page was open is replaced, and paying goes on', async () => {
    const { page, troubles, paymentNo, close } = await stage.open();
    await ready(page);
    stage.app.clock.advance(11 * 60_000);
    await choose(page, 'card');
    await says(page, ':text-matches("已經失效")');
    await choose(page, 'card');
    await paid(page);
    expect(await stage.countPayments(paymentNo)).toBe(1);
    expect(own(troubles)).toEqual([]);
    await close();
  });

  test('a payment whose answer is lost: the page asks, and ends up paid without a second CreatePayment', async () => {
    const { page, troubles, paymentNo, close } = await chooseInTrouble('lost', 'card');
    await page.waitForSelector('main[data-screen="waiting"], main[data-status="paid"]', { timeout: 12_000 });
    stage.app.clock.advance(10_000);
    await stage.app.check();
    await paid(page);
    expect(await stage.listNumbers(paymentNo)).toHaveLength(1);
    expect(await stage.countPayments(paymentNo)).toBe(1);
    expect(own(troubles)).toEqual([]);
    await close();
  });

  test('a number whose answer is lost: found by asking, and shown', async () => {
    const { page, paymentNo, close } = await chooseInTrouble('lost', 'atm');
    await waiting(page);
    stage.app.clock.advance(10_000);
    await stage.app.check();
    await page.waitForSelector('main[data-screen="instructions"] .code', { timeout: 12_000 });
    expect(await stage.countPayments(paymentNo)).toBe(1);
    await close();
  });

  test('a payment that never arrived: asked for twice before the payer is let in again', async () => {
    const { page, paymentNo, close } = await chooseInTrouble('hang', 'card');
    await waiting(page);
    await page.waitForTimeout(2000);
    expect(await stage.countPayments(paymentNo)).toBe(1);
    stage.app.clock.advance(10_000);
    await stage.app.check();
    expect(await page.locator('main').getAttribute('data-screen')).toBe('waiting');
    // A slow bank may still be at it: the first minutes prove nothing.
    for (const seconds of [60, 300]) {
      stage.app.clock.advance(seconds * 1000);
      await stage.app.check();
      expect(await page.locator('main').getAttribute('data-screen')).toBe('waiting');
    }
    stage.app.clock.advance(3_600_000);
    await stage.app.check();
    await choose(page, 'card');
    await paid(page);
    expect(await stage.listNumbers(paymentNo)).toHaveLength(2);
    expect(await stage.countPayments(paymentNo)).toBe(2);
    await close();
  });

  test('a page that is loaded again during the call does not open the way to a second payment', async () => {
    const { page, paymentNo, close } = await stage.open();
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    stage.app.gateway.answer = (seen) =>
      seen.path === '/Merchant/CreatePayment' ? gate.then(() => Response.json({}, { status: 503 })) : null;
    await choose(page, 'card');
    for (const seconds of [12, 12, 12]) {
      stage.app.clock.advance(seconds * 1000);
      await page.reload();
      await stage.app.check();
      await page.waitForTimeout(200);
    }
    expect(await page.locator('#ECPayPayment label').count()).toBe(0);
    expect(await stage.listNumbers(paymentNo)).toHaveLength(1);
    release();
    stage.app.gateway.answer = null;
    await close();
  });

  test('two pages that open at once after a number was spent share the next one', async () => {
    const { page, paymentNo, close } = await stage.open();
    await choose(page, 'card-3d');
    await page.waitForURL(`${stage.app.gateway.url}/**`);
    const tokens = await Promise.all([1, 2, 3].map(() => stage.askToken(paymentNo)));
    expect(new Set(tokens).size).toBe(1);
    expect(await stage.listNumbers(paymentNo)).toHaveLength(2);
    await close();
  });

  test('a token that does not work is replaced when the page says so, but not again and again', async () => {
    const { page, paymentNo, close } = await stage.open();
    await ready(page);
    const first = await stage.askToken(paymentNo);
    expect(await stage.askToken(paymentNo, '&renew=1')).toBe(first);
    stage.app.clock.advance(15_000);
    expect(await stage.askToken(paymentNo)).toBe(first);
    expect(await stage.askToken(paymentNo, '&renew=1')).not.toBe(first);
    await close();
  });

  test('a form that cannot be had: said, tried again by hand', async () => {
    const { page, close } = await openAgain('get-token');
    await choose(page, 'card');
    await paid(page);
    await close();
  });

  test('a script that cannot be had: said, tried again by hand', async () => {
    const { page, close } = await openAgain('sdk-script');
    await ready(page);
    await close();
  });

  test('the other language brings its own form', async () => {
    const { page, close } = await stage.open();
    await ready(page);
    await page.click('nav summary');
    await page.click('nav a[hreflang=en]');
    await ready(page);
    expect(await page.locator('#ECPayPayment legend').textContent()).toBe('Choose how to pay');
    await close();
  });
});
