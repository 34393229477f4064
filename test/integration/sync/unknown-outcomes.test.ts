import { describe, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { useApp } from '../../support/apps.ts';
import { expectExpiry } from '../../support/outcomes.ts';

const app = useApp({ gatewayTimeoutMs: 300 });

/** Takes the request, lets the simulator act on it, and loses the answer on the way back. */
function loseAnswers(path: string, times: number): void {
  let left = times;
  app.gateway.answer = (request) => {
    if (request.path !== path || left-- <= 0) return null;
    // The order is made, but its answer never comes.
    void fetch(app.gateway.url + path, { method: 'POST', headers: request.headers, body: request.body });
    left -= 1;
    return new Promise(() => {});
  };
}

const count = (path: string) => app.gateway.received.filter((request) => request.path === path).length;
const GEN = '/1.0.0/Cashier/GenPaymentCode';

describe('an unknown outcome', () => {
  test('is settled by a query within ten seconds, and the number that was issued is found', async () => {
    loseAnswers(GEN, 1);
    const lost = await app.create('ecpay/cvs');
    expect(lost.status).toBe(504);
    expect(lost.json.error.error_code).toBe('PAYMENT_GATEWAY_TIMEOUT');
    const no = lost.json.error.payment_no ?? '';
    expect((await app.find(no)).status).toBe('pending');
    expect((await app.find(no)).payment_info).toEqual({});

    app.clock.advance(10 * SECOND);
    await app.check();
    const found = await app.find(no);
    expect(found.status).toBe('pending');
    expect((found.payment_info as { payment_code: string }).payment_code).toMatch(/^LLL\d{11}$/);
  });

  test('is settled first when the same create comes again, and nothing is issued twice', async () => {
    loseAnswers(GEN, 1);
    const lost = await app.create('ecpay/atm', { merchant_order_no: 'TWICE' });
    expect(lost.status).toBe(504);
    const before = count(GEN);
    const again = await app.create('ecpay/atm', { merchant_order_no: 'TWICE' });
    expect(again.status).toBe(200);
    expect(again.json.data.created).toBe(false);
    expect(again.json.data.payment_no).toBe(lost.json.error.payment_no);
    expect(again.json.data.payment_info).toMatchObject({ bank_code: expect.any(String) });
    expect(count(GEN)).toBe(before);
  });

  test('ends when the gateway says twice that it does not know the order, and the order is free again', async () => {
    app.gateway.answer = (request) => (request.path === GEN ? new Response('busy', { status: 500 }) : null);
    const lost = await app.create('ecpay/cvs', { merchant_order_no: 'FREE' });
    expect(lost.status).toBe(502);
    const no = lost.json.error.payment_no ?? '';
    app.clock.advance(10 * SECOND);
    await app.check();
    expect((await app.find(no)).status).toBe('pending');
    app.clock.advance(MINUTE);
    await app.check();
    expect((await app.find(no)).status).toBe('failed');

    app.gateway.answer = null;
    const next = await app.create('ecpay/cvs', { merchant_order_no: 'FREE' });
    expect(next.status).toBe(201);
    expect(next.json.data.payment_no).not.toBe(no);
  });

  test('stays unknown while the gateway is away, and is asked about at 10 s, 1 min, 5 min, 1 h and daily', async () => {
    app.gateway.answer = () => new Response('<html>maintenance</html>', { status: 200 });
    const lost = await app.create('ecpay/atm', { expire_days: 20 });
    const no = lost.json.error.payment_no ?? '';
    const seen: number[] = [];
    const start = app.clock.now();
    const asked = () => app.gateway.received.length;
    let before = asked();
    for (let second = 0; second < 6 * DAY; second += 5 * SECOND) {
      if (second > 2 * HOUR && second % HOUR !== 0) continue;
      app.clock.advance(start + second - app.clock.now());
      await app.check();
      if (asked() > before) seen.push(second);
      before = asked();
    }
    expect(seen.slice(0, 4)).toEqual([10 * SECOND, 70 * SECOND, 370 * SECOND, 3970 * SECOND]);
    expect(seen.length).toBe(9);
    expect((await app.find(no)).status).toBe('pending');
  });
});

describe('a payment whose callback never comes', () => {
  test('is found paid by sync', async () => {
    const made = await app.create('ecpay/cvs');
    const order = String(made.json.data.gateway_order_no);
    await app.simulate(order, 'pay', { callback: false });
    expect((await app.find(String(made.json.data.payment_no))).status).toBe('pending');
    const synced = await app.call(`/api/paycore/payments/${made.json.data.payment_no}/sync`, {});
    expect(synced.status).toBe(200);
    expect(synced.json.message).toBe('Payment synced');
    expect(synced.json.data.status).toBe('paid');
    expect(synced.json.data.sync).toMatchObject({ asked: true, result: 'paid' });
    await app.deliver();
    expect(app.shop.received.length).toBe(1);
  });

  test('is found paid by the scheduler', async () => {
    const made = await app.create('ecpay/atm');
    await app.simulate(String(made.json.data.gateway_order_no), 'pay', { callback: false });
    app.clock.advance(2 * HOUR);
    await app.check();
    expect((await app.find(String(made.json.data.payment_no))).status).toBe('paid');
  });

  test('is found paid at the cashier as well, on whichever attempt the money came', async () => {
    const made = await app.create('ecpay/aio/credit');
    const form = made.json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
    const url = new URL(String(made.json.data.payment_url));
    await app.request(`${url.pathname}/go${url.search}`, { method: 'POST' });
    await app.simulate(String(form.fields.MerchantTradeNo), 'pay', { callback: false });
    const synced = await app.call(`/api/paycore/payments/${made.json.data.payment_no}/sync`, {});
    expect(synced.json.data.status).toBe('paid');
  });
});

/** A payment of one day that nobody has paid so long. */
async function expireOne(route: string, wait: number) {
  const { json } = await app.create(route, { expire_days: 1 });
  const no = String(json.data.payment_no);
  app.clock.advance(wait);
  await app.check();
  expect((await app.find(no)).status).toBe('expired');
  return { no, orderNo: String(json.data.gateway_order_no) };
}

describe('what is over', () => {
  test('is still asked about by sync: late money whose callback was lost counts', async () => {
    const { no, orderNo } = await expireOne('ecpay/barcode', 10 * DAY);
    await app.simulate(orderNo, 'pay', { callback: false });
    const synced = await app.call(`/api/paycore/payments/${no}/sync`, {});
    expect(synced.json.data).toMatchObject({ status: 'paid', flags: ['late'], sync: { asked: true, result: 'paid' } });
  });

  test('is not expired by a gateway that cannot be asked, however long', async () => {
    const made = await app.create('ecpay/cvs', { expire_days: 1 });
    const no = String(made.json.data.payment_no);
    await app.simulate(String(made.json.data.gateway_order_no), 'pay', { callback: false });
    app.gateway.answer = () => new Response('down', { status: 503 });
    app.clock.advance(30 * DAY);
    await app.check();
    expect(await app.find(no)).toMatchObject({ status: 'pending', flags: ['attention'] });
    app.gateway.answer = null;
    app.clock.advance(DAY);
    await app.check();
    expect((await app.find(no)).status).toBe('paid');
  });

  test('a payment at the cashier is found by any of its attempts, the first of seven too', async () => {
    const made = await app.create('ecpay/aio/credit');
    const form = made.json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
    const url = new URL(String(made.json.data.payment_url));
    for (let n = 0; n < 6; n++) await app.request(`${url.pathname}/go${url.search}`, { method: 'POST' });
    await app.simulate(String(form.fields.MerchantTradeNo), 'pay', { callback: false });
    const synced = await app.call(`/api/paycore/payments/${made.json.data.payment_no}/sync`, {});
    expect(synced.json.data.status).toBe('paid');
  });

  test('live money that was only simulated is not made real by a query', async () => {
    const credentials = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' };
    const live = { 'x-api-key': app.keys.live.api_key };
    const made = await app.create('ecpay/aio/credit', { gateway_credentials: credentials }, live);
    const form = made.json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
    await app.simulate(String(form.fields.MerchantTradeNo), 'pay', { simulated: true });
    const path = `/api/paycore/payments/${made.json.data.payment_no}/sync`;
    const synced = await app.call(path, {}, live);
    expect(synced.json.data.status).toBe('pending');
    expect(synced.json.data.flags).toContain('simulated');
  });
});

describe('expiry', () => {
  const GRACE = { atm: DAY, cvs: DAY, barcode: 3 * DAY } as const;

  for (const method of ['atm', 'cvs', 'barcode'] as const) {
    test(`of ${method} comes at deadline and grace, not a second before`, async () => {
      const made = await app.create(`ecpay/${method}`, { expire_days: 2 });
      const no = String(made.json.data.payment_no);
      const info = made.json.data.payment_info as { ecpay?: { expire_at: string }; expire_at: string };
      const text = info.ecpay?.expire_at ?? info.expire_at;
      const deadline = Date.parse(`${text.replace(' ', 'T')}+08:00`);
      await expectExpiry(app, no, deadline + GRACE[method] - SECOND - app.clock.now(), SECOND);
    });
  }

  test('waits for the last question: a gateway that is away keeps the payment pending', async () => {
    const made = await app.create('ecpay/cvs', { expire_days: 1 });
    const no = String(made.json.data.payment_no);
    app.gateway.answer = () => new Response('down', { status: 503 });
    app.clock.advance(3 * DAY);
    await app.check();
    expect((await app.find(no)).status).toBe('pending');
    app.gateway.answer = null;
    app.clock.advance(HOUR);
    await app.check();
    expect((await app.find(no)).status).toBe('expired');
  });

  test('finds in its last question that the money has come', async () => {
    const made = await app.create('ecpay/cvs', { expire_days: 1 });
    await app.simulate(String(made.json.data.gateway_order_no), 'pay', { callback: false });
    app.clock.advance(3 * DAY);
    await app.check();
    expect((await app.find(String(made.json.data.payment_no))).status).toBe('paid');
  });

  test('is undone by late money: paid with flag late, and the shop is told', async () => {
    const { no, orderNo } = await expireOne('ecpay/cvs', 3 * DAY);
    await app.simulate(orderNo, 'pay');
    const paid = await app.find(no);
    expect(paid.status).toBe('paid');
    expect(paid.flags).toEqual(['late']);
    await app.deliver();
    expect(app.shop.received.length).toBe(1);
    expect(JSON.parse(app.shop.received[0]?.body ?? '{}')).toMatchObject({ status: 'paid', flags: ['late'] });
  });

  test('ends a cashier payment nobody took up, an hour after its day', async () => {
    const made = await app.create('ecpay/aio');
    const no = String(made.json.data.payment_no);
    await expectExpiry(app, no, DAY + HOUR - SECOND, SECOND);
  });
});

describe('politeness', () => {
  test('a 403 makes the merchant’s account rest for half an hour, also after a restart', async () => {
    const made = await app.create('ecpay/cvs');
    const path = `/api/paycore/payments/${made.json.data.payment_no}/sync`;
    app.gateway.answer = () => new Response('Forbidden', { status: 403 });
    const refused = await app.call(path, {});
    expect(refused.status).toBe(503);
    expect(refused.json.error.error_code).toBe('GATEWAY_RESTING');
    expect(Number(refused.headers.get('retry-after'))).toBe(30 * 60);
    app.gateway.answer = null;
    const asked = app.gateway.received.length;
    await app.restart();
    app.clock.advance(29 * MINUTE);
    expect((await app.call(path, {})).status).toBe(503);
    await app.check();
    expect(app.gateway.received.length).toBe(asked);
    app.clock.advance(MINUTE);
    expect((await app.call(path, {})).status).toBe(200);
  });

  test('opening the page asks at most once in ten seconds', async () => {
    const made = await app.create('ecpay/cvs');
    const url = new URL(String(made.json.data.payment_url));
    const open = () => app.request(url.pathname + url.search);
    app.clock.advance(MINUTE);
    const before = app.gateway.received.length;
    // One too many would come within the moment.
    const calls = async (count: number) => {
      while (app.gateway.received.length < before + count) await Bun.sleep(5);
      await Bun.sleep(50);
      return app.gateway.received.length - before;
    };
    for (let i = 0; i < 5; i++) expect((await open()).status).toBe(200);
    expect(await calls(1)).toBe(1);
    app.clock.advance(10 * SECOND);
    await open();
    expect(await calls(2)).toBe(2);
  });
});

describe('a clock that is wrong', () => {
  test('by more than a minute is told in the log and on /readyz', async () => {
    expect((await (await app.request('/readyz')).json()) as object).toMatchObject({ checks: { clock: { ok: true } } });
    app.gateway.answer = () =>
      new Response('x', { headers: { date: new Date(app.clock.now() - 11 * MINUTE).toUTCString() } });
    await app.create('ecpay/cvs');
    const ready = (await (await app.request('/readyz')).json()) as {
      checks: { clock: { warning?: boolean; detail: string } };
    };
    expect(ready.checks.clock.warning).toBe(true);
    expect(ready.checks.clock.detail).toContain('660 s ahead');
    expect(app.log.some((line) => line.includes('clock differs'))).toBe(true);
  });
});
