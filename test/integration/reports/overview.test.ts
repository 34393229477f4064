import { describe, expect, test } from 'bun:test';
import type { TestApp } from '../../support/app.ts';
import { useApps } from '../../support/apps.ts';

const startWith = useApps();
const start = (env: Record<string, string> = {}) => startWith({ env });

const PATH = '/api/paycore/home/overview';

async function look(app: TestApp, query = '', headers: Record<string, string> = {}) {
  const { json, status } = await app.call(PATH + query, undefined, headers);
  expect(status).toBe(200);
  return json.data;
}

async function pay(app: TestApp, body: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const { json } = await app.create('ecpay/atm', body, headers);
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  return String(json.data.payment_no);
}

describe('the overview', () => {
  test('with a key shows that project’s figures of that kind of key', async () => {
    const app = await start();
    const paid = await pay(app, { amount: 700 });
    await app.create('ecpay/atm', { amount: 50 });
    const live = await app.create('ecpay/aio', { amount: 9 }, { 'x-api-key': app.keys.live.api_key });
    expect(live.json.data.livemode).toBe(false);
    const data = await look(app);
    expect(data).toMatchObject({
      today_amount: 700,
      month_amount: 700,
      today_count: 1,
      month_count: 1,
      currency: 'TWD',
      timezone: 'Asia/Taipei',
      by_currency: { TWD: { today_amount: 700, month_amount: 700, today_count: 1, month_count: 1 } },
      counts: { pending: 1, paid: 1, failed: 0, expired: 0 },
    });
    const recent = data.recent_transactions as Record<string, unknown>[];
    expect(recent.map(({ amount }) => amount)).toEqual([50, 700]);
    expect(recent[1]).toMatchObject({ payment_no: paid, status: 'paid', method: 'atm', currency: 'TWD' });
    expect(await look(app, '', { 'x-api-key': app.keys.other.api_key })).toMatchObject({ today_amount: 0 });
    expect((await app.call(PATH, undefined, { 'x-api-key': 'wrong' })).status).toBe(401);
  });

  test('is kept for ten seconds', async () => {
    const app = await start();
    expect((await look(app)).today_amount).toBe(0);
    await pay(app);
    expect((await look(app)).today_amount).toBe(0);
    app.clock.advance(10_001);
    expect((await look(app)).today_amount).toBe(980);
  });

  test('cuts the days in the time zone asked for, by query or header', async () => {
    const app = await start();
    await pay(app);
    // 15:30 in Taipei; twelve hours later it is the next day there, and still the same one in New York.
    app.clock.advance(12 * 3_600_000);
    expect(await look(app)).toMatchObject({ today_amount: 0, month_amount: 980 });
    expect(await look(app, '?timezone=America/New_York')).toMatchObject({
      today_amount: 980,
      timezone: 'America/New_York',
    });
    expect(await look(app, '', { 'x-paycore-timezone': 'America/New_York' })).toMatchObject({ today_amount: 980 });
    const { status, json } = await app.call(`${PATH}?timezone=Mars/Olympus`);
    expect([status, Object.keys(json.error.fields ?? {})]).toEqual([422, ['timezone']]);
  });

  test('without a key keeps the shape and tells nothing', async () => {
    const app = await start();
    await pay(app);
    const response = await app.request(PATH);
    const { data } = (await response.json()) as { data: unknown };
    expect(data).toEqual({
      public: false,
      timezone: 'Asia/Taipei',
      currency: 'TWD',
      today_amount: null,
      month_amount: null,
      today_count: null,
      month_count: null,
      by_currency: {},
      counts: { pending: null, paid: null, failed: null, expired: null },
      recent_transactions: [],
    });
  });

  test('without a key shows real money only, with masked numbers, once the merchant has switched it on', async () => {
    const app = await start({ PAYCORE_PUBLIC_HOME: 'on' });
    await pay(app);
    const live = { 'x-api-key': app.keys.live.api_key };
    const { STAGE } = await import('../../support/app.ts');
    const order = { merchant_order_no: 'SECRET-ORDER-12345', amount: 300 };
    const paid = await pay(app, { ...order, gateway_credentials: { ...STAGE, environment: 'production' } }, live);
    const response = await app.request(PATH);
    const text = await response.text();
    expect(JSON.parse(text).data).toMatchObject({ public: true, today_amount: 300, counts: { paid: 1 } });
    expect(text).not.toContain('SECRET-ORDER-12345');
    expect(text).not.toContain(paid);
  });
});
