import { afterEach, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
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
  await registerStripe(app);
  const project = app.deps.store.findProjectByName('shop');
  for (const gateway of GATEWAYS) {
    const given = gateway.id === 'ecpay' ? STAGE : SIMULATED[gateway.id];
    const { secrets, environment } = readCredentials(app.deps, gateway, 'test', given);
    const id = await storeCredential(app.deps, project?.id ?? 0, gateway, secrets, environment);
    await app.deps.store.makeCurrentCredential(id);
  }
  return app;
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

test('10 a lost PayPal order that is found again does not take the ATM number off the page', async () => {
  const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' }, gatewayTimeoutMs: 300 });
  const { no, path } = await checkout(app, 'FLIP');
  app.gateway.answer = ({ path: p }) => (p === '/v2/checkout/orders' ? new Response('x', { status: 502 }) : null);
  expect((await choose(app, path, 'paypal/checkout')).status).toBe(502);
  app.gateway.answer = null;
  await choose(app, path, 'ecpay/atm');
  expect((await app.find(no)).gateway).toBe('ecpay');
  app.clock.advance(MINUTE);
  await app.check();
  expect((await app.find(no)).gateway).toBe('ecpay');
});

test('11 money paid at Stripe after expiry, its event lost, is found or impossible', async () => {
  const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  const { json } = await app.create('stripe/credit', { amount: 98_000, gateway_credentials: SIMULATED.stripe });
  const no = String(json.data.payment_no);
  const intent = String(json.data.gateway_trade_no);
  app.clock.advance(DAY + HOUR + MINUTE);
  await app.check();
  expect((await app.find(no)).status).toBe('expired');
  const paid = await app.simulate(intent, 'pay', { callback: false });
  for (let day = 0; day < 10; day += 1) {
    app.clock.advance(DAY);
    await app.check();
  }
  expect(paid.paid === true && (await app.find(no)).status === 'expired').toBe(false);
});

test('12 a second payment through a superseded Stripe intent, its event lost, is found or impossible', async () => {
  const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  const { no, path } = await checkout(app, 'TWICE');
  await choose(app, path, 'stripe/credit');
  const intent = String((await app.find(no)).gateway_trade_no);
  await choose(app, path, 'ecpay/atm');
  await app.simulate(String((await app.find(no)).gateway_order_no), 'pay');
  expect((await app.find(no)).status).toBe('paid');
  const paid = await app.simulate(intent, 'pay', { callback: false });
  for (let day = 0; day < 10; day += 1) {
    app.clock.advance(DAY);
    await app.check();
  }
  expect(paid.paid === true && !((await app.find(no)).flags as string[]).includes('duplicate')).toBe(false);
});

test('13 the payer cannot pay another way while PayPal holds his money', async () => {
  const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  const shop = createShop(app);
  const { no, path } = await checkout(app, 'REVIEW');
  await choose(app, path, 'paypal/checkout');
  const tradeNo = String((await app.find(no)).gateway_trade_no);
  await shop.arrange(tradeNo, 'pending', { reason: 'ECHECK' });
  await shop.approve(tradeNo);
  await shop.comeBack(shop.wayBack(tradeNo));
  await choose(app, path, 'ecpay/atm');
  const { gateway } = await app.find(no);
  expect(gateway).toBe('paypal');
});
