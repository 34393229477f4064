import { afterEach, describe, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import { OURS } from '../gateways/paypal-callbacks.ts';
import { createShop } from '../gateways/paypal-shop.ts';
import { type AppOptions, startApp, type TestApp } from '../support/app.ts';

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});
async function start(options: AppOptions = {}): Promise<TestApp> {
  const app = await startApp(options);
  apps.push(app);
  return app;
}

describe('1 a stranger who knows only payment_no', () => {
  test('gets no page token from the return route (PayPal without webhook_id)', async () => {
    const app = await start();
    const shop = createShop(app);
    const { no, data } = await shop.sell({ gateway_credentials: { ...OURS, environment: 'sandbox' } });
    const forged = JSON.stringify({ event_type: 'X', resource: { custom_id: no } });
    const answer = await app.request(`/en/payment/paypal/return/${no}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: forged,
    });
    const token = new URL(String(data.payment_url)).searchParams.get('token');
    expect(answer.headers.get('location')).not.toContain(String(token));
  });
});

describe('3 an eCheck that clears after some days', () => {
  test('is not expired while PayPal has the money under review', async () => {
    const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
    const shop = createShop(app);
    const { no, tradeNo, data } = await shop.sell();
    await shop.arrange(tradeNo, 'pending', { reason: 'ECHECK' });
    await shop.approve(tradeNo);
    await shop.comeBack(shop.wayBack(tradeNo));
    expect((await app.find(no)).flags).toEqual(['under_review']);
    app.clock.advance(DAY + HOUR + MINUTE);
    await app.check();
    const after = await app.find(no);
    expect(after.status).toBe('pending');
    const again = await shop.create({ merchant_order_no: data.merchant_order_no });
    expect(again.json.data.payment_no).toBe(no);
  });
});

describe('5 unproved callbacks', () => {
  test('are not kept for ever, in full length', async () => {
    const app = await start({ env: { PAYCORE_RATE_LIMIT: '' } });
    const shop = createShop(app);
    const { no } = await shop.sell({ gateway_credentials: { ...OURS, environment: 'sandbox' } });
    for (let n = 0; n < 20; n += 1) {
      const body = JSON.stringify({ event_type: 'X', resource: { custom_id: no }, n, pad: 'x'.repeat(250_000) });
      await app.callback(body, 'application/json', 'paypal');
    }
    app.clock.advance(3 * DAY);
    await app.deps.store.prune(app.clock.now() - DAY, app.clock.now() - DAY);
    const later = app.sql
      .query<{ n: number; bytes: number }, []>('SELECT count(*) AS n, sum(length(body)) AS bytes FROM inbox')
      .get();
    expect(later?.bytes ?? 0).toBeLessThan(20 * 64 * 1024);
  });
});
