import { describe, expect, test } from 'bun:test';
import { DAY, MINUTE } from '../../../src/core/time.ts';
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

const PROXIED = { env: { PAYCORE_TRUSTED_PROXIES: '127.0.0.1,::1' } };
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const FLOODER = '203.0.113.9';

describe('callbacks that prove nothing', () => {
  const startHinting = async () => {
    const app = await start(PROXIED);
    const shop = createShop(app);
    const { no, tradeNo } = await shop.sell({ gateway_credentials: { ...OURS, environment: 'sandbox' } });
    const hint = (address = FLOODER, n = Math.random()) =>
      app.callback(
        JSON.stringify({ event_type: 'X', resource: { custom_id: no }, n }),
        'application/json',
        'paypal',
        from(address),
      );
    const looks = () => shop.calls(`/v2/checkout/orders/${tradeNo}`).length;
    return { app, shop, no, tradeNo, hint, looks };
  };

  test('make us call the gateway twenty times a minute at most, by sender', async () => {
    const { app, hint, looks } = await startHinting();
    for (let n = 0; n < 30; n += 1) await hint();
    expect(looks()).toBe(20);
    await hint('203.0.113.10');
    expect(looks()).toBe(21);
    app.clock.advance(MINUTE);
    for (let n = 0; n < 30; n += 1) await hint();
    expect(looks()).toBe(41);
  });

  test('make us ask again when the same bytes led to "unpaid" before, and never again once they led to the payment', async () => {
    const { app, shop, no, tradeNo, hint, looks } = await startHinting();
    await hint(FLOODER, 1);
    await hint(FLOODER, 1);
    expect([looks(), (await app.find(no)).status]).toEqual([2, 'pending']);
    await shop.approve(tradeNo);
    expect((await hint(FLOODER, 1)).status).toBe(200);
    expect((await app.find(no)).status).toBe('paid');
    const asked = looks();
    expect((await hint(FLOODER, 1)).status).toBe(200);
    expect(looks()).toBe(asked);
  });
});

test('callbacks of one sender that turn out to prove nothing make us call no more than sixty times a minute for a project', async () => {
  const app = await start(PROXIED);
  const shop = createShop(app);
  const sold = [await shop.sell(), await shop.sell(), await shop.sell(), await shop.sell()];
  const headers = Object.fromEntries(
    ['auth-algo', 'cert-url', 'transmission-id', 'transmission-sig', 'transmission-time'].map((h) => [
      `paypal-${h}`,
      'x',
    ]),
  );
  const forge = ({ no }: (typeof sold)[number], address = FLOODER) =>
    app.callback(JSON.stringify({ event_type: 'X', resource: { custom_id: no } }), 'application/json', 'paypal', {
      headers: { ...headers, 'x-forwarded-for': address },
    });
  const calls = () => shop.calls('/v1/notifications/verify-webhook-signature').length;
  for (const one of sold) for (let n = 0; n < 20; n += 1) expect((await forge(one)).status).toBe(400);
  expect(calls()).toBe(60);
  const [first] = sold;
  if (first) await forge(first, '203.0.113.10');
  expect(calls()).toBe(61);
  // What one project's cost keeps nobody's callbacks to another from being looked at.
  await forge(await shop.sell({}, { 'x-api-key': app.keys.other.api_key }));
  expect(calls()).toBe(62);
});

test('of the callbacks of one address that belong to nobody thirty a minute are kept', async () => {
  const app = await start(PROXIED);
  const stray = (n: number, address = FLOODER) =>
    app.callback(`MerchantTradeNo=NOBODY${n}`, 'application/x-www-form-urlencoded', 'ecpay', from(address));
  const kept = () => app.rows.count('unmatchedCallbacks');
  for (let n = 0; n < 40; n += 1) expect((await stray(n)).status).toBe(400);
  expect(await kept()).toBe(30);
  await stray(40, '203.0.113.10');
  expect(await kept()).toBe(31);
  app.clock.advance(MINUTE);
  for (let n = 0; n < 40; n += 1) await stray(n);
  expect(await kept()).toBe(61);
  // The rest of the table is for others.
  for (let minutes = 0; minutes < 4; minutes += 1) {
    app.clock.advance(MINUTE);
    for (let n = 0; n < 30; n += 1) await stray(n);
  }
  expect(await kept()).toBe(101);
});

test('refused callbacks of one address are told five times a minute, then counted', async () => {
  const app = await start(PROXIED);
  const stray = (address = FLOODER) =>
    app.callback('MerchantTradeNo=NOBODY', 'application/x-www-form-urlencoded', 'ecpay', from(address));
  const lines = () =>
    app.log.map((line) => JSON.parse(line)).filter(({ msg }) => /^callbacks? refused$/.test(String(msg)));
  for (let n = 0; n < 50; n += 1) await stray();
  expect(lines()).toHaveLength(5);
  await stray('203.0.113.10');
  expect(lines()).toHaveLength(6);
  app.clock.advance(MINUTE);
  await stray('203.0.113.11');
  expect(lines().slice(6)).toMatchObject([{ address: FLOODER, repeated: 45 }, { address: '203.0.113.11' }]);
  app.clock.advance(MINUTE);
  for (let n = 0; n < 80; n += 1) await stray(`203.0.114.${n}`);
  expect(lines().slice(8)).toHaveLength(60);
});

test('the gateway’s number of another payment opens no page and asks nothing', async () => {
  const app = await start();
  const shop = createShop(app);
  const [mine, theirs] = [await shop.sell(), await shop.sell()];
  app.gateway.received.length = 0;
  const answer = await app.request(`/en/payment/paypal/return/${theirs.no}?token=${mine.tradeNo}`);
  const text = await answer.text();
  const secretOf = ({ data }: typeof mine) => String(new URL(String(data.payment_url)).searchParams.get('token'));
  for (const one of [mine, theirs]) expect(text).not.toContain(secretOf(one));
  expect(text).not.toContain('data-payment-no');
  expect(app.gateway.received).toEqual([]);
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
