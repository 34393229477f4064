import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readConfig } from '../../src/config.ts';
import { inSite } from '../../src/gateways/ecpay/insite.ts';
import { NO_PRACTICE } from '../../src/gateways/practice.ts';
import { originOf } from '../../src/payments/urls.ts';
import { gateways } from '../support/gateways.ts';
import { findViolations } from './support/axe.ts';
import { choose, paid, ready, useInSite } from './support/insite-stage.ts';
import { own, PHONE } from './support/stage.ts';

/** Paying in the page, from the browser through PayCore to the simulator and back. */

/** Without overrides. */
const REAL = { config: readConfig({}), gateways, practice: NO_PRACTICE };

setDefaultTimeout(60_000);

const stage = useInSite();

describe('cards', () => {
  test('without 3-D Secure: paid in the page, and one CreatePayment however often the button is pressed', async () => {
    const { page, troubles, paymentNo, close } = await stage.open();
    await ready(page);
    await page.check('#ECPayPayment input[value="card"]');
    await page.evaluate("const b = document.querySelector('[data-insite-pay]'); b.click(); b.click(); b.click()");
    await paid(page);
    expect(await stage.statusOf(paymentNo)).toBe('paid');
    expect(await stage.listNumbers(paymentNo)).toHaveLength(1);
    expect(await stage.countPayments(paymentNo)).toBe(1);
    expect(troubles).toEqual([]);
    await close();
  });

  for (const method of ['card-3d', 'unionpay']) {
    test(`${method}: to the bank, back by the post of the browser, paid`, async () => {
      const { page, troubles, paymentNo, close } = await stage.open();
      await choose(page, method);
      await page.waitForURL(`${stage.app.gateway.url}/**`);
      await page.click('[data-action="confirm"]');
      await page.waitForURL(`${stage.app.url}/zh-tw/pay/**`);
      await paid(page);
      expect(page.url()).toContain(`/zh-tw/pay/${paymentNo}?token=`);
      expect(await stage.countPayments(paymentNo)).toBe(1);
      expect(own(troubles)).toEqual([]);
      await close();
    });
  }

  test('3-D Secure that fails: said, and the next try has a number of its own', async () => {
    const { page, troubles, paymentNo, close } = await stage.open();
    await choose(page, 'card-3d');
    await page.waitForURL(`${stage.app.gateway.url}/**`);
    await page.click('[data-action="fail"]');
    await page.waitForURL(`${stage.app.url}/zh-tw/pay/**`);
    await ready(page);
    expect(await page.locator('[data-insite-status]').textContent()).toContain('剛才沒有付款成功');
    await choose(page, 'card');
    await paid(page);
    expect(new Set(await stage.listNumbers(paymentNo)).size).toBe(2);
    expect(await stage.countPayments(paymentNo)).toBe(2);
    expect(own(troubles)).toEqual([]);
    await close();
  });

  test('the number that was left behind is still listened to', async () => {
    const { page, paymentNo, close } = await stage.open();
    await choose(page, 'card-3d');
    await page.waitForURL(`${stage.app.gateway.url}/**`);
    await page.goBack();
    await ready(page);
    const [first = '', second = ''] = await stage.listNumbers(paymentNo);
    expect(second).not.toBe('');
    await stage.app.simulate(first, 'pay');
    await paid(page);
    expect(await stage.app.find(paymentNo)).toMatchObject({ status: 'paid', flags: [] });
    await close();
  });

  test('a card that the bank refuses: said in words, nothing is lost, another way works', async () => {
    const { page, troubles, paymentNo, close } = await stage.open();
    await choose(page, 'card-refused');
    await page.waitForSelector('[data-insite-status]:text-matches("也沒有扣款[^]*授權失敗")');
    expect(await stage.statusOf(paymentNo)).toBe('pending');
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
      const { page, troubles, paymentNo, close } = await stage.open();
      await choose(page, method);
      await page.waitForSelector(`main[data-screen="instructions"] ${place}`);
      const [orderNo = ''] = await stage.listNumbers(paymentNo);
      await page.reload();
      await page.waitForSelector(place);
      await stage.app.simulate(orderNo, 'pay');
      await page.waitForSelector('main[data-status="paid"]', { timeout: 3000 });
      expect(await stage.countPayments(paymentNo)).toBe(1);
      expect(troubles).toEqual([]);
      await close();
    });
  }

  test('only what the shop asked for is offered', async () => {
    const { page, close } = await stage.open({ methods: ['atm', 'cvs'] });
    await ready(page);
    const offered = await page
      .locator('#ECPayPayment input')
      .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
    expect(offered).toEqual(['atm', 'cvs']);
    await close();
  });
});

describe('everybody', () => {
  test('the policy lets in the host of the script and, in the stage environment, the one it asks', () => {
    const origins = (environment: 'stage' | 'production') =>
      inSite.origins({ originOf: (service, env) => originOf(REAL, 'ecpay', service, env) }, environment);
    expect(origins('production').script).toEqual(['https://ecpg.ecpay.com.tw']);
    expect(origins('stage').script).toEqual(['https://ecpg.ecpay.com.tw', 'https://ecpg-stage.ecpay.com.tw']);
    for (const list of ['frame', 'connect', 'img', 'font', 'style'] as const) {
      expect(origins('stage')[list]).toEqual(origins('stage').script);
    }
  });

  test('axe finds nothing with the form drawn', async () => {
    const { page, troubles, close } = await stage.open();
    await ready(page);
    const found = await findViolations(page);
    expect(found).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
  });

  test('without JavaScript the page says what it needs and leads back to the shop', async () => {
    const created = await stage.app.create('ecpay/ecpg', {
      buyer_email: 'payer@example.com',
      cancel_url: 'https://merchant.example/cart',
    });
    const { page, close } = await stage.visit({ viewport: PHONE, javaScriptEnabled: false });
    await page.goto(String(created.json.data.payment_url));
    expect(await page.locator('noscript').textContent()).toContain('需要 JavaScript');
    const home = await page.locator('main a[data-home]').getAttribute('href');
    expect(home).toStartWith('https://merchant.example/cart?payment_no=');
    await close();
  });
});
