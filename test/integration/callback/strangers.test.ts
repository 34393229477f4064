import { describe, expect, test } from 'bun:test';
import { DAY } from '../../../src/core/time.ts';
import { OURS } from '../../gateways/paypal-callbacks.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { useApps } from '../../support/apps.ts';

/** People who know a payment number and nothing else, and send callbacks about it. */

const start = useApps();

describe('a stranger who knows only payment_no', () => {
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

describe('unproved callbacks', () => {
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
    const later = await app.rows.inbox();
    expect(later.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(20 * 64 * 1024);
  });
});

describe('an unproved flood about one payment', () => {
  test('does not refuse the genuine webhook', async () => {
    const app = await start({ env: { PAYCORE_TRUSTED_PROXIES: '127.0.0.1,::1' } });
    const shop = createShop(app);
    const { no, tradeNo } = await shop.sell();
    for (let n = 0; n < 30; n += 1)
      await app.callback(
        JSON.stringify({ event_type: 'X', resource: { custom_id: no }, n }),
        'application/json',
        'paypal',
        {
          headers: {
            'x-forwarded-for': '203.0.113.9',
            ...Object.fromEntries(
              ['auth-algo', 'cert-url', 'transmission-id', 'transmission-sig', 'transmission-time'].map((h) => [
                `paypal-${h}`,
                'x',
              ]),
            ),
          },
        },
      );
    await app.simulate(tradeNo, 'pay');
    expect((await app.find(no)).status).toBe('paid');
  });
});
