import { afterEach, describe, expect, test } from 'bun:test';
import { DAY, MINUTE } from '../../../src/core/time.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import type { TestApp } from '../../support/app.ts';
import { chooseWay, openCheckout, startCheckout, startChoice } from '../../support/choice.ts';
import { present } from '../../support/parts.ts';

/** Payers and shops that change their mind while a gateway is still at work on the last one. */

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

/** The payer looks at Stripe's card form and chooses another way then; its intent is still there. */
async function changeFromStripe(route: string) {
  const { app, no, path } = await startCheckout(apps);
  await chooseWay(app, path, 'stripe/credit');
  const intent = String((await app.find(no)).gateway_trade_no);
  await chooseWay(app, path, route);
  return { app, no, intent };
}

/** The payer has chosen PayPal, whose order stands. */
async function choosePaypal() {
  const { app, no, path } = await startCheckout(apps);
  await chooseWay(app, path, 'paypal/checkout');
  return { app, no, path, shop: createShop(app), tradeNo: String((await app.find(no)).gateway_trade_no) };
}

describe('a checkout whose payer looked at another way meanwhile', () => {
  test('is captured when he comes back from PayPal', async () => {
    const { app, no, path, shop, tradeNo } = await choosePaypal();
    const back = shop.wayBack(tradeNo);
    await shop.arrange(tradeNo, 'completed');
    await chooseWay(app, path, 'ecpay/atm');
    await shop.approve(tradeNo);
    await shop.handleReturn(back);
    expect((await app.find(no)).status).toBe('paid');
  });
  test('is paid by the event of Stripe, although SmilePay was looked at (test key)', async () => {
    const { app, no, intent } = await changeFromStripe('smilepay/atm');
    await app.simulate(intent, 'pay');
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
  });
});

test('a checkout has no credentials of its own, and takes those of the way that its payer chooses', async () => {
  const app = await startChoice(apps);
  const before = await app.rows.count('credentials');
  const { no, path } = await openCheckout(app);
  const find = async () => present(await app.deps.store.findPayment(no)).payment;
  expect(await find()).toMatchObject({ gateway: 'checkout', credentialId: null });
  for (const [route, gateway] of [
    ['ecpay/atm', 'ecpay'],
    ['smilepay/atm', 'smilepay'],
  ] as const) {
    await chooseWay(app, path, route);
    const chosen = await find();
    expect(chosen.gateway).toBe(gateway);
    expect((await app.deps.store.findCredential(present(chosen.credentialId)))?.gateway).toBe(gateway);
  }
  expect(await app.rows.count('credentials')).toBe(before);
});

describe('cancelling while PayPal is asked', () => {
  test('captures nothing any more, and waits for what is under way', async () => {
    const app = await startChoice(apps);
    const shop = createShop(app);
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'completed');
    await shop.approve(tradeNo);
    let release = () => {};
    let seen = () => {};
    const asked = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hold = async (path: string, headers: Readonly<Record<string, string>>): Promise<Response> => {
      app.gateway.answer = null;
      const { host: _, ...rest } = headers;
      const r = await fetch(app.gateway.url + path, { headers: rest });
      const text = await r.text();
      seen();
      await held;
      return new Response(text, { status: r.status });
    };
    const show = `/v2/checkout/orders/${tradeNo}`;
    app.gateway.answer = ({ path, headers }) => (path === show ? hold(path, headers) : null);
    const page = shop.handleReturn(shop.wayBack(tradeNo));
    await asked;
    const cancelling = app.call(`/api/paycore/payments/${no}/cancel`, {});
    while ((await app.deps.store.findPayment(no))?.payment.status === 'pending') await Bun.sleep(1);
    release();
    await page;
    expect((await cancelling).json.data).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    expect(shop.captures(tradeNo)).toHaveLength(0);
  });
});

test('a lost PayPal order that is found again does not take the ATM number off the page', async () => {
  const app = await startChoice(apps, { gatewayTimeoutMs: 300 });
  const { no, path } = await openCheckout(app);
  app.gateway.answer = ({ path: p }) => (p === '/v2/checkout/orders' ? new Response('x', { status: 502 }) : null);
  expect((await chooseWay(app, path, 'paypal/checkout')).status).toBe(502);
  app.gateway.answer = null;
  await chooseWay(app, path, 'ecpay/atm');
  expect((await app.find(no)).gateway).toBe('ecpay');
  app.clock.advance(MINUTE);
  await app.check();
  expect((await app.find(no)).gateway).toBe('ecpay');
});

test('a second payment through a superseded Stripe intent, its event lost, is found or impossible', async () => {
  const { app, no, intent } = await changeFromStripe('ecpay/atm');
  await app.simulate(String((await app.find(no)).gateway_order_no), 'pay');
  expect((await app.find(no)).status).toBe('paid');
  const paid = await app.simulate(intent, 'pay', { callback: false });
  for (let day = 0; day < 10; day += 1) {
    app.clock.advance(DAY);
    await app.check();
  }
  expect(paid.paid === true && !((await app.find(no)).flags as string[]).includes('duplicate')).toBe(false);
});

test('the payer cannot pay another way while PayPal holds his money', async () => {
  const { app, no, path, shop, tradeNo } = await choosePaypal();
  await shop.arrange(tradeNo, 'pending', { reason: 'ECHECK' });
  await shop.approve(tradeNo);
  await shop.handleReturn(shop.wayBack(tradeNo));
  await chooseWay(app, path, 'ecpay/atm');
  const { gateway } = await app.find(no);
  expect(gateway).toBe('paypal');
});
