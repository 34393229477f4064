import { afterEach, describe, expect, test } from 'bun:test';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { readCredentials, storeCredential } from '../../src/payments/secrets.ts';
import { createShop } from '../gateways/paypal-shop.ts';
import { type AppOptions, STAGE, startApp, type TestApp } from '../support/app.ts';
import { registerStripe, SIMULATED } from '../support/orders.ts';

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});
async function start(options: AppOptions = {}): Promise<TestApp> {
  const app = await startApp(options);
  apps.push(app);
  return app;
}
async function equip(app: TestApp) {
  await registerStripe(app);
  const project = app.deps.store.findProjectByName('shop');
  for (const gateway of GATEWAYS) {
    const given = gateway.id === 'ecpay' ? STAGE : SIMULATED[gateway.id];
    const { secrets, environment } = readCredentials(app.deps, gateway, 'test', given);
    const id = await storeCredential(app.deps, project?.id ?? 0, gateway, secrets, environment);
    await app.deps.store.makeCurrentCredential(id);
  }
}
async function checkout(app: TestApp, no: string) {
  const { json } = await app.call('/api/paycore/checkout', {
    merchant_order_no: no,
    amount: 980,
    payok_url: `${app.shop.url}/payok`,
  });
  return { no: String(json.data.payment_no), path: String(json.data.payment_url).slice(app.url.length) };
}
const choose = (app: TestApp, path: string, route: string) =>
  app.request(path.replace('?', '/choose?'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ route }).toString(),
  });

describe('6 a checkout whose payer looked at another way meanwhile', () => {
  test('is captured when he comes back from PayPal', async () => {
    const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
    await equip(app);
    const shop = createShop(app);
    const { no, path } = await checkout(app, 'TABS-1');
    await choose(app, path, 'paypal/checkout');
    const tradeNo = String((await app.find(no)).gateway_trade_no);
    const back = shop.wayBack(tradeNo);
    await shop.arrange(tradeNo, 'completed');
    await choose(app, path, 'ecpay/atm');
    await shop.approve(tradeNo);
    await shop.comeBack(back);
    expect((await app.find(no)).status).toBe('paid');
  });
  test('is paid by the event of Stripe, although SmilePay was looked at (test key)', async () => {
    const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
    await equip(app);
    const { no, path } = await checkout(app, 'TABS-2');
    await choose(app, path, 'stripe/credit');
    const intent = String((await app.find(no)).gateway_trade_no);
    await choose(app, path, 'smilepay/atm');
    await app.simulate(intent, 'pay');
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
  });
});

describe('7 cancel against capture', () => {
  test('nothing is captured after the shop was told CANCELLED', async () => {
    const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
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
    const page = shop.comeBack(shop.wayBack(tradeNo));
    await asked;
    const { json } = await app.call(`/api/paycore/payments/${no}/cancel`, {});
    expect(json.data.reason).toBe('CANCELLED');
    release();
    await page;
    expect(shop.captures(tradeNo)).toHaveLength(0);
  });
});

describe('9 an unproved flood about one payment', () => {
  test('does not refuse the genuine webhook', async () => {
    const app = await start();
    const shop = createShop(app);
    const { no, tradeNo } = await shop.sell();
    for (let n = 0; n < 30; n += 1)
      await app.callback(
        JSON.stringify({ event_type: 'X', resource: { custom_id: no }, n }),
        'application/json',
        'paypal',
        {
          headers: Object.fromEntries(
            ['auth-algo', 'cert-url', 'transmission-id', 'transmission-sig', 'transmission-time'].map((h) => [
              `paypal-${h}`,
              'x',
            ]),
          ),
        },
      );
    await app.simulate(tradeNo, 'pay');
    expect((await app.find(no)).status).toBe('paid');
  });
});
