import { describe, expect, test } from 'bun:test';
import { startApp, type TestApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';

/** `GET /api/paycore/payments/{no}/events` over HTTP. */

interface Shown {
  readonly type: string;
  readonly at: string;
  readonly by: { readonly type: string; readonly name: string | null };
  readonly gateway_order_no: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

const app = useApp({}, 'file');

const pathOf = (paymentNo: unknown) => `/api/paycore/payments/${paymentNo}/events`;

async function read(paymentNo: unknown, query = ''): Promise<{ events: readonly Shown[]; next: string | null }> {
  const { status, json } = await app.call(pathOf(paymentNo) + query);
  expect(status).toBe(200);
  return { events: json.data.events as Shown[], next: json.data.next_cursor as string | null };
}

const hintOf = ({ keys }: TestApp) => `${keys.test.api_key.slice(0, 12)}…`;
const tell = ({ type, by }: Shown) => [type, by.type, by.name];

describe('the timeline', () => {
  test('tells what happened to a payment and by whom, in order, with the number of the try', async () => {
    const { json } = await app.create('ecpay/atm');
    const orderNo = String(json.data.gateway_order_no);
    await app.simulate(orderNo, 'forge', { kind: 'amount' });
    app.clock.advance(60_000);
    await app.simulate(orderNo, 'pay');
    await app.deliver();
    const { events, next } = await read(json.data.payment_no);
    expect(events.map(tell)).toEqual([
      ['payment.created', 'api_key', hintOf(app)],
      ['attempt.opened', 'api_key', null],
      ['gateway.request', 'paycore', null],
      ['callback.refused', 'gateway', 'ecpay'],
      ['callback.accepted', 'gateway', 'ecpay'],
      ['payment.paid', 'gateway', 'ecpay'],
      ['notification.delivered', 'paycore', null],
    ]);
    expect(next).toBeNull();
    expect(events[0]).toMatchObject({ at: '2026-06-22T15:30:00+08:00', gateway_order_no: null });
    expect(events[4]).toMatchObject({ at: '2026-06-22T15:31:00+08:00', gateway_order_no: orderNo });
    expect(events[6]?.data).toMatchObject({ event: 'payment.paid', try: 1, status: 204 });
  });

  test('tells the payer’s tries from the shop’s', async () => {
    const { json } = await app.create('ecpay/aio');
    const { pathname, search } = new URL(String(json.data.payment_url));
    app.clock.advance(1000);
    await app.request(`${pathname}/go${search}`, { method: 'POST' });
    const { events } = await read(json.data.payment_no);
    expect(events.filter(({ type }) => type === 'attempt.opened').map(({ by }) => by.type)).toEqual([
      'api_key',
      'payer',
    ]);
  });

  test('names the key that cancelled, by its first letters', async () => {
    const { json } = await app.create('ecpay/atm');
    await app.call(`/api/paycore/payments/${json.data.payment_no}/cancel`, {});
    const { events } = await read(json.data.payment_no);
    const hint = hintOf(app);
    expect(events.slice(-2).map(tell)).toEqual([
      ['attempt.ended', 'api_key', hint],
      ['payment.failed', 'api_key', hint],
    ]);
    expect(events.at(-1)?.data).toEqual({ flags: [], reason: 'CANCELLED' });
  });

  test('lays an unreachable gateway and an expiry at nobody’s door', async () => {
    const own = await startApp({ env: { PAYCORE_ECPAY_ECPAYMENT_URL: 'http://127.0.0.1:9' } });
    const order = { merchant_order_no: 'UNREACHED' };
    expect((await own.create('ecpay/atm', order)).status).toBe(502);
    const { payments } = (await own.call('/api/paycore/payments')).json.data as { payments: { payment_no: string }[] };
    const { json } = await own.call(pathOf(payments[0]?.payment_no));
    const events = json.data.events as Shown[];
    expect(events.slice(-2).map(tell)).toEqual([
      ['attempt.ended', 'paycore', null],
      ['payment.failed', 'paycore', null],
    ]);
    await own.stop();
  });

  test('comes in pages from the first event on, and goes on where it stopped', async () => {
    const { json } = await app.create('ecpay/atm');
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    const whole = await read(json.data.payment_no);
    const pages: Shown[] = [];
    let query = '?limit=2';
    for (let next: string | null = ''; next !== null; query = `?limit=2&cursor=${next}`) {
      const page: Awaited<ReturnType<typeof read>> = await read(json.data.payment_no, query);
      expect(page.events.length).toBeLessThanOrEqual(2);
      pages.push(...page.events);
      next = page.next;
    }
    expect(pages).toEqual([...whole.events]);
    const exact = await read(json.data.payment_no, `?limit=${whole.events.length}`);
    expect([exact.events.length, exact.next]).toEqual([whole.events.length, null]);
  });

  test('holds no secret, whatever the request brought', async () => {
    const { json } = await app.create('ecpay/atm');
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    const { text } = await app.call(pathOf(json.data.payment_no));
    for (const secret of ['pwFHCqoQZGmho4w6', 'EkRm7iFT261dpevs', app.keys.test.api_key, 'CheckMacValue']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('refused is', () => {
  test('what is not there or not this key’s', async () => {
    const { json } = await app.create('ecpay/atm');
    const path = pathOf(json.data.payment_no);
    for (const key of [app.keys.live.api_key, app.keys.other.api_key]) {
      const { status, json: body } = await app.call(path, undefined, { 'x-api-key': key });
      expect([status, body.error.error_code]).toEqual([404, 'PAYMENT_NOT_FOUND']);
    }
    for (const no of ['PAY202606220001ABCDEFGH', 'x', '..%2f..', '%00', '1 OR 1=1']) {
      expect((await app.call(pathOf(no))).status).toBe(404);
    }
    expect((await app.call(path, undefined, { 'x-api-key': '' })).status).toBe(401);
  });

  test('a page that is too long, and a cursor of another payment', async () => {
    const [one, other] = [await app.create('ecpay/atm'), await app.create('ecpay/atm')];
    const { next } = await read(one.json.data.payment_no, '?limit=1');
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=1', `cursor=${next}x`, 'limit=1&limit=2']) {
      expect((await app.call(`${pathOf(one.json.data.payment_no)}?${query}`)).status).toBe(422);
    }
    expect((await app.call(`${pathOf(other.json.data.payment_no)}?cursor=${next}`)).status).toBe(422);
  });
});
