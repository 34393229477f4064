import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { HOUR } from '../../../src/core/time.ts';
import { makeCursor } from '../../../src/payments/reports/cursor.ts';
import { type Answer, STAGE, startApp, type TestApp } from '../../support/app.ts';

/** `GET /api/paycore/payments` over HTTP: what is listed, how it is narrowed, and what is refused. */

const PATH = '/api/paycore/payments';

let app: TestApp;
beforeAll(async () => {
  // 2026-06-22 15:30 in Taipei, and an hour between payments.
  app = await startApp();
  for (const [path, body] of [
    ['ecpay/atm', { merchant_order_no: 'A-001' }],
    ['ecpay/cvs', { merchant_order_no: 'A-002', amount: 500 }],
    ['ecpay/aio/credit', { merchant_order_no: 'B-003' }],
    ['ecpay/atm', { merchant_order_no: 'B-004' }],
  ] as const) {
    const { json } = await app.create(path, body);
    const orderNo = String(json.data.gateway_order_no);
    if (body.merchant_order_no === 'A-002') await app.simulate(orderNo, 'pay');
    if (body.merchant_order_no === 'B-004') await app.simulate(orderNo, 'forge', { kind: 'amount' });
    app.clock.advance(HOUR);
  }
  const live = { 'x-api-key': app.keys.live.api_key };
  await app.create('ecpay/atm', { merchant_order_no: 'LIVE-1', gateway_credentials: STAGE_OF_LIVE }, live);
  await app.create('ecpay/atm', { merchant_order_no: 'OTHER-1' }, { 'x-api-key': app.keys.other.api_key });
});
afterAll(() => app.stop());

const STAGE_OF_LIVE = { ...STAGE, environment: 'stage' };

const get = (query: string, key = app.keys.test.api_key) => app.call(PATH + query, undefined, { 'x-api-key': key });

async function list(query = '', key?: string): Promise<{ orders: unknown[]; next: string | null; answer: Answer }> {
  const answer = await get(query, key);
  expect(answer.status).toBe(200);
  const { payments, next_cursor } = answer.json.data as {
    payments: Record<string, unknown>[];
    next_cursor: string | null;
  };
  return { orders: payments.map(({ merchant_order_no }) => merchant_order_no), next: next_cursor, answer };
}

const ALL = ['B-004', 'B-003', 'A-002', 'A-001'];

describe('the list', () => {
  test('has the payments of this key, newest first, each as a query for it answers', async () => {
    const { orders, next, answer } = await list();
    expect(orders).toEqual(ALL);
    expect(next).toBeNull();
    const { payments } = answer.json.data as { payments: Record<string, unknown>[] };
    for (const payment of payments) expect(payment).toEqual(await app.find(String(payment.payment_no)));
    expect(payments[2]).toMatchObject({ status: 'paid', livemode: false, environment: 'stage', flags: [] });
    expect(payments[0]).toMatchObject({ status: 'pending', flags: ['mismatch', 'attention'] });
  });

  test('knows neither the payments of the other kind of key nor those of other projects', async () => {
    expect((await list('', app.keys.live.api_key)).orders).toEqual(['LIVE-1']);
    expect((await list('', app.keys.other.api_key)).orders).toEqual(['OTHER-1']);
    for (const number of ['LIVE', 'OTHER']) expect((await list(`?number=${number}`)).orders).toEqual([]);
  });

  test('comes in pages, each payment on one of them, also when payments are made in between', async () => {
    const first = await list('?limit=2');
    expect(first.orders).toEqual(['B-004', 'B-003']);
    const second = await list(`?limit=2&cursor=${first.next}`);
    expect(second.orders).toEqual(['A-002', 'A-001']);
    expect(second.next).toBeNull();
  });

  test('is cut by a cursor that says nothing to anybody, and the same place is written anew each time', async () => {
    const [one, other] = [await list('?limit=1'), await list('?limit=1')];
    expect(one.next).not.toBe(other.next);
    expect(Buffer.from(one.next ?? '', 'base64url').toString('latin1')).not.toContain('1782');
  });
});

describe('a filter', () => {
  test.each([
    ['status=pending', ['B-004', 'B-003', 'A-001']],
    ['status=paid', ['A-002']],
    ['status=failed', []],
    ['gateway=ecpay', ALL],
    ['gateway=stripe', []],
    ['gateway=no-such', []],
    ['method=atm', ['B-004', 'A-001']],
    ['method=credit', ['B-003']],
    ['flag=mismatch', ['B-004']],
    ['flag=attention&method=atm', ['B-004']],
    ['flag=attention&status=paid', []],
    ['flag=late', []],
    ['number=A-', ['A-002', 'A-001']],
    ['number=a-', []],
    ['search=a-00', ['A-002', 'A-001']],
    ['search=a-00&status=paid', ['A-002']],
    ['search=', ALL],
    ['number=%25', []],
    ['number=PAY20260622', ALL],
    ['status=pending&method=atm&number=B', ['B-004']],
    ['status=&limit=', ALL],
    ['no_such_filter=1', ALL],
  ])('%s', async (query, expected) => {
    expect((await list(`?${query}`)).orders).toEqual(expected);
  });

  test('by anything else that it is called finds it: its account, the gateway’s number of it', async () => {
    const { payments } = (await get('?number=A-001')).json.data as { payments: Record<string, unknown>[] };
    const { payment_info, gateway_trade_no } = payments[0] as Record<string, unknown>;
    const { virtual_account } = payment_info as Record<string, string>;
    for (const text of [virtual_account, gateway_trade_no]) {
      expect([text, (await list(`?search=${text}`)).orders]).toEqual([text, ['A-001']]);
    }
    expect((await list(`?search=${virtual_account}`, app.keys.live.api_key)).orders).toEqual([]);
  });

  test('by payment number finds that payment', async () => {
    const { payments } = (await get('?number=A-001')).json.data as { payments: Record<string, unknown>[] };
    expect((await list(`?number=${payments[0]?.payment_no}`)).orders).toEqual(['A-001']);
  });

  test.each([
    ['from=2026-06-22', ALL],
    ['from=2026-06-23', []],
    ['to=2026-06-21', []],
    ['to=2026-06-22', ALL],
    ['from=2026-06-22&to=2026-06-22', ALL],
    ['from=2026-06-22T16:30:00%2B08:00', ['B-004', 'B-003', 'A-002']],
    ['from=2026-06-22T16:30:00 08:00', ['B-004', 'B-003', 'A-002']],
    ['from=2026-06-22T08:30:00Z', ['B-004', 'B-003', 'A-002']],
    ['from=2026-06-22T08:30:00.001Z', ['B-004', 'B-003']],
    ['to=2026-06-22T08:30Z', ['A-001']],
    ['from=2026-06-22T16:30:00%2B08:00&to=2026-06-22T18:30:00%2B08:00', ['B-003', 'A-002']],
  ])('by time, days and instants: %s', async (query, expected) => {
    expect((await list(`?${query}`)).orders).toEqual(expected);
  });

  test('by day means days of Taipei, whatever the zone of the machine', async () => {
    const late = await startApp({ start: Date.UTC(2026, 5, 30, 15, 59, 59, 999) });
    await late.create('ecpay/atm', { merchant_order_no: 'LAST-OF-JUNE' });
    late.clock.advance(1);
    await late.create('ecpay/atm', { merchant_order_no: 'FIRST-OF-JULY' });
    const ask = async (query: string) => {
      const { payments } = (await late.call(`${PATH}?${query}`)).json.data as { payments: Record<string, unknown>[] };
      return payments.map(({ merchant_order_no }) => merchant_order_no);
    };
    expect(await ask('from=2026-06-30&to=2026-06-30')).toEqual(['LAST-OF-JUNE']);
    expect(await ask('from=2026-07-01')).toEqual(['FIRST-OF-JULY']);
    await late.stop();
  });
});

describe('refused is', () => {
  const TIME = 'a day (yyyy-mm-dd, Taipei) or an ISO 8601 instant with offset';
  test.each([
    ['status=refunded', 'status', 'The status field must be one of: pending, paid, failed, expired.'],
    ['flag=odd', 'flag', undefined],
    ['limit=0', 'limit', 'The limit field must be at least 1.'],
    ['limit=101', 'limit', 'The limit field must not be greater than 100.'],
    ['limit=1e2', 'limit', undefined],
    ['limit=-1', 'limit', undefined],
    ['from=yesterday', 'from', `The from field must be ${TIME}.`],
    ['from=2026-02-30', 'from', undefined],
    ['from=2026-02-30T00:00:00Z', 'from', undefined],
    ['from=2026-06-22T25:00:00Z', 'from', undefined],
    ['from=2026-06-22T00:00:00', 'from', undefined],
    ['from=1782113400000', 'from', undefined],
    ['to=2026-06-22%00', 'to', undefined],
    ['from=2026-06-23&to=2026-06-22', 'to', 'The to field must be later than from.'],
    ['from=2026-06-22T00:00:00Z&to=2026-06-22T00:00:00Z', 'to', undefined],
    [`number=${'9'.repeat(101)}`, 'number', undefined],
    ['number=A&search=A', 'search', undefined],
    ['status=paid&status=failed', 'status', 'The status field must be given once.'],
    ['limit=5&limit=100', 'limit', undefined],
  ])('%s', async (query, field, text) => {
    const { status, json } = await get(`?${query}`);
    expect([status, json.error.error_code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(Object.keys(json.error.fields ?? {})).toEqual([field]);
    if (text !== undefined) expect(json.error.fields?.[field]).toEqual([text]);
  });

  test('every bad field at once', async () => {
    const { json } = await get('?status=x&flag=y&limit=z&from=q');
    expect(Object.keys(json.error.fields ?? {}).sort()).toEqual(['flag', 'from', 'limit', 'status']);
  });

  test('a cursor that was not given out, was changed, is of another list, or of another project', async () => {
    const { next } = await list('?limit=1');
    const genuine = next ?? '';
    const middle = Math.floor(genuine.length / 2);
    const changed = `${genuine.slice(0, middle)}${genuine[middle] === 'A' ? 'B' : 'A'}${genuine.slice(middle + 1)}`;
    const events = makeCursor(app.deps, 'events PAY202606220001ABCDEFGH', [1]);
    const plain = Buffer.from('[1782113400000,1]').toString('base64url');
    const other = (await app.call(`${PATH}?limit=1`)).json.data.next_cursor;
    for (const cursor of ['x', '0', '%00', '[1,1]', plain, changed, genuine.slice(0, -2), events, 'A'.repeat(201)]) {
      const { status, json } = await get(`?cursor=${cursor}`);
      expect([cursor, status, Object.keys(json.error.fields ?? {})]).toEqual([cursor, 422, ['cursor']]);
    }
    for (const key of [app.keys.other.api_key, app.keys.live.api_key]) {
      expect((await get(`?cursor=${other}`, key)).status).toBe(422);
    }
    expect((await list(`?cursor=${genuine}`)).orders).toEqual(ALL.slice(1));
  });

  test('a request without a key, or with a wrong one', async () => {
    for (const key of ['', 'pc_test_wrong', `${app.keys.test.api_key}x`]) {
      const { status, json } = await get('', key);
      expect([status, json.error.error_code]).toEqual([401, 'API_KEY_INVALID']);
    }
    expect((await app.request(PATH, { method: 'DELETE' })).status).toBe(405);
  });
});
