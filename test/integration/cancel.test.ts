import { describe, expect, test } from 'bun:test';
import { DAY } from '../../src/core/time.ts';
import type { Answer, TestApp } from '../support/app.ts';
import { useApps } from '../support/apps.ts';
import { bodyFor, registerStripe } from '../support/orders.ts';

/** `POST /api/paycore/payments/{no}/cancel` over HTTP. */

const start = useApps();

const cancel = (app: TestApp, paymentNo: unknown, headers = {}): Promise<Answer> =>
  app.call(`/api/paycore/payments/${paymentNo}/cancel`, {}, headers);

async function create(app: TestApp, path: string, body: object = {}): Promise<Record<string, unknown>> {
  const { status, json } = await app.create(path, { ...bodyFor(path), ...body });
  expect(status).toBe(201);
  return json.data;
}

/** A shop of its own with one payment. */
async function begin(path: string, body: object = {}) {
  const app = await start();
  return { app, data: await create(app, path, body) };
}

/** What is told of a try; some of it may be anything. */
const attemptsOf = async (app: TestApp, paymentNo: unknown): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await app.rows.attemptsOf(String(paymentNo))).map(({ status, endReason, checkAt }) => ({
    status,
    endReason,
    checkAt,
  }));

/** Money came after all, and there is nothing left to ask. */
async function expectLate(app: TestApp, data: Record<string, unknown>): Promise<void> {
  expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'paid', flags: ['late'] });
  expect(await app.deps.store.findNextSync()).toBeNull();
}

/** A further try, as the payer's button opens one. */
async function pressGo(app: TestApp, data: Record<string, unknown>): Promise<void> {
  const { pathname, search } = new URL(String(data.payment_url));
  await app.request(`${pathname}/go${search}`, { method: 'POST' });
}

/** Somebody may still pay it: it is looked at once more. */
const ENDED = { status: 'ended', endReason: 'CANCELLED', checkAt: expect.any(Number) };

describe('cancelling', () => {
  test('ends a pending payment as failed, CANCELLED, and frees its order', async () => {
    const app = await start();
    const order = { merchant_order_no: 'CANCEL-ME' };
    const data = await create(app, 'ecpay/atm', order);
    let wakes = 0;
    Object.assign(app.deps, { wake: () => void wakes++ });
    const { status, json } = await cancel(app, data.payment_no);
    expect([status, json.message]).toEqual([200, 'Payment cancelled']);
    expect(wakes).toBeGreaterThan(0);
    expect(json.data).toMatchObject({ payment_no: data.payment_no, status: 'failed', reason: 'CANCELLED' });
    expect(await app.find(String(data.payment_no))).toEqual(json.data);
    expect(await attemptsOf(app, data.payment_no)).toEqual([ENDED]);
    const again = await create(app, 'ecpay/atm', order);
    expect(again).toMatchObject({ created: true, status: 'pending' });
    expect(again.payment_no).not.toBe(data.payment_no);
  });

  test('ends every try that is open, and no further one is opened', async () => {
    const { app, data } = await begin('ecpay/aio');
    await pressGo(app, data);
    await pressGo(app, data);
    expect((await cancel(app, data.payment_no)).json.data.status).toBe('failed');
    expect(await attemptsOf(app, data.payment_no)).toEqual([ENDED, ENDED, ENDED]);
    await pressGo(app, data);
    expect((await attemptsOf(app, data.payment_no)).length).toBe(3);
  });

  test('asks about a number a last time when nobody can pay it any more, and finds money whose callback was lost', async () => {
    const { app, data } = await begin('ecpay/atm');
    await cancel(app, data.payment_no);
    app.gateway.received.length = 0;
    await app.check();
    expect(app.gateway.received).toEqual([]);
    await app.simulate(String(data.gateway_order_no), 'pay', { callback: false });
    for (let day = 0; day < 6; day += 1) {
      app.clock.advance(DAY);
      await app.check();
    }
    await expectLate(app, data);
  });

  test('an order that its gateway can end is ended there as soon as it can be reached', async () => {
    const { app, data } = await begin('stripe/credit');
    app.gateway.answer = ({ path }) => (path.endsWith('/cancel') ? new Response('busy', { status: 500 }) : null);
    await cancel(app, data.payment_no);
    app.gateway.answer = null;
    app.gateway.received.length = 0;
    await app.check();
    expect(app.gateway.received.map(({ path }) => path)).toEqual([
      `/v1/payment_intents/${data.gateway_trade_no}/cancel`,
    ]);
    expect(await attemptsOf(app, data.payment_no)).toEqual([{ ...ENDED, checkAt: null }]);
  });

  test('what a bank is working on is refused: nobody can say that it will not be paid', async () => {
    const { app, data } = await begin('stripe/credit');
    const order = String(data.gateway_order_no);
    await app.simulate(order, 'processing', { callback: false });
    const { status, json } = await cancel(app, data.payment_no);
    const inProgress = { error_code: 'PAYMENT_IN_PROGRESS', payment_no: String(data.payment_no) };
    expect([status, json.error]).toEqual([409, inProgress]);
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'pending', flags: ['under_review'] });
    expect(await cancel(app, data.payment_no)).toMatchObject({ status: 409 });
    await app.simulate(order, 'pay', { callback: false });
    // Whoever cancels is told what the gateway says now.
    expect((await cancel(app, data.payment_no)).json.error.error_code).toBe('PAYMENT_ALREADY_PAID');
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'paid', flags: [] });
  });

  test('what a bank works on afterwards is asked about until it has said yes or no', async () => {
    const { app, data } = await begin('stripe/credit');
    const order = String(data.gateway_order_no);
    app.gateway.answer = ({ path }) => (path.endsWith('/cancel') ? new Response('busy', { status: 500 }) : null);
    expect((await cancel(app, data.payment_no)).json.data).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    app.gateway.answer = null;
    await app.simulate(order, 'processing', { callback: false });
    await app.check();
    await app.simulate(order, 'pay', { callback: false });
    app.clock.advance(DAY);
    await app.check();
    await expectLate(app, data);
  });

  test('ends a payment that only waits for the payer to choose again', async () => {
    const { app, data } = await begin('ecpay/aio');
    const attempt = (await app.deps.store.findPayment(String(data.payment_no)))?.attempt;
    await app.deps.store.applyFacts({
      attemptId: attempt?.id ?? 0,
      facts: [{ type: 'ended', reason: 'GONE' }],
      now: app.clock.now(),
      source: 'sync',
      mayChooseAgain: true,
      makeWebhookId: () => 'msg',
    });
    expect((await app.find(String(data.payment_no))).status).toBe('pending');
    const { json } = await cancel(app, data.payment_no);
    expect(json.data).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    expect(await attemptsOf(app, data.payment_no)).toEqual([{ ...ENDED, endReason: 'GONE', checkAt: null }]);
  });

  test('ends a checkout that nobody has chosen a method for, and tells the shop', async () => {
    const app = await start();
    await app.tamper.setNotifyEvents('payment.paid,payment.failed');
    const order = { merchant_order_no: 'NO-CHOICE', amount: 100, payok_url: `${app.shop.url}/payok` };
    const { json } = await app.call('/api/paycore/checkout', order);
    const { status, json: cancelled } = await cancel(app, json.data.payment_no);
    expect([status, cancelled.data.status, cancelled.data.reason]).toEqual([200, 'failed', 'CANCELLED']);
    app.clock.advance(10 * 86_400_000);
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body).event)).toEqual(['payment.failed']);
    expect((await app.find(String(json.data.payment_no))).status).toBe('failed');
  });

  test('tells the shop payment.failed, once, if it wants to know', async () => {
    const app = await start();
    const silent = await create(app, 'ecpay/atm');
    await cancel(app, silent.payment_no);
    expect(await app.rows.outbox()).toEqual([]);
    await app.tamper.setNotifyEvents('payment.paid,payment.failed');
    const data = await create(app, 'ecpay/aio');
    await pressGo(app, data);
    await Promise.all([cancel(app, data.payment_no), cancel(app, data.payment_no)]);
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'payment.failed', payment_no: data.payment_no, status: 'failed' },
    ]);
  });

  test('is shown to the payer', async () => {
    const { app, data } = await begin('ecpay/atm');
    await cancel(app, data.payment_no);
    const page = await (
      await app.request(new URL(String(data.payment_url)).pathname + new URL(String(data.payment_url)).search)
    ).text();
    expect(page).toContain('data-status="failed"');
    expect(page).not.toContain(String((data.payment_info as Record<string, unknown>).virtual_account));
  });

  test('keeps nothing from being counted: money that comes all the same is late', async () => {
    const { app, data } = await begin('ecpay/atm');
    await cancel(app, data.payment_no);
    await app.simulate(String(data.gateway_order_no), 'pay');
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'paid', flags: ['late'] });
    const { status, json } = await cancel(app, data.payment_no);
    expect([status, json.error]).toEqual([
      409,
      { error_code: 'PAYMENT_ALREADY_PAID', payment_no: String(data.payment_no) },
    ]);
  });
});

describe('of a payment that is over', () => {
  test('a paid one is refused and stays as it is', async () => {
    const { app, data } = await begin('ecpay/atm');
    await app.simulate(String(data.gateway_order_no), 'pay');
    const before = await app.find(String(data.payment_no));
    const { status, json } = await cancel(app, data.payment_no);
    expect([status, json.error.error_code]).toEqual([409, 'PAYMENT_ALREADY_PAID']);
    expect(await app.find(String(data.payment_no))).toEqual(before);
  });

  test('a cancelled one answers the same again and changes nothing', async () => {
    const { app, data } = await begin('ecpay/atm');
    const first = await cancel(app, data.payment_no);
    await app.check();
    const before = [await app.rows.count('events'), await attemptsOf(app, data.payment_no)];
    app.clock.advance(60_000);
    const second = await cancel(app, data.payment_no);
    expect([second.status, second.text]).toEqual([200, first.text]);
    expect([await app.rows.count('events'), await attemptsOf(app, data.payment_no)]).toEqual(before);
  });

  test('an expired one, and one that failed otherwise, answer as they are: nobody can pay them', async () => {
    const { app, data } = await begin('ecpay/atm');
    app.clock.advance(30 * 86_400_000);
    await app.check();
    const before = await app.find(String(data.payment_no));
    expect(before.status).toBe('expired');
    const { status, json } = await cancel(app, data.payment_no);
    expect([status, json.message, json.data]).toEqual([200, 'Payment was over already', before]);
  });

  test('the same Idempotency-Key gives the kept answer', async () => {
    const { app, data } = await begin('ecpay/atm');
    const headers = { 'idempotency-key': 'cancel-1' };
    const first = await cancel(app, data.payment_no, headers);
    const second = await cancel(app, data.payment_no, headers);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('at the gateway', () => {
  const CREATED = ['stripe/credit', 'stripe/paynow'] as const;

  test.each(CREATED)('an order of %s is ended there as well, and the payer can pay it no more', async (path) => {
    const app = await start();
    await registerStripe(app);
    const data = await create(app, path);
    expect((await cancel(app, data.payment_no)).json.data).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    await app.simulate(String(data.gateway_trade_no), 'pay');
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'failed', flags: [] });
  });

  test('one that is paid there, though nobody told us, is paid: cancelling is refused', async () => {
    const app = await start();
    await registerStripe(app);
    const data = await create(app, 'stripe/credit');
    const intent = String(data.gateway_trade_no);
    await app.catchCallbacks(intent, () => app.simulate(intent, 'pay'));
    expect((await app.find(String(data.payment_no))).status).toBe('pending');
    const { status, json } = await cancel(app, data.payment_no);
    expect([status, json.error.error_code, json.error.payment_no]).toEqual([
      409,
      'PAYMENT_ALREADY_PAID',
      String(data.payment_no),
    ]);
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'paid', flags: [] });
    expect(await app.rows.outbox()).toMatchObject([{ event: 'payment.paid' }]);
  });

  test('one that cannot be reached keeps nobody from cancelling', async () => {
    const app = await start();
    await registerStripe(app);
    const data = await create(app, 'stripe/credit');
    app.gateway.answer = () => new Response('down', { status: 503 });
    const { status, json } = await cancel(app, data.payment_no);
    expect([status, json.data.status, json.data.reason]).toEqual([200, 'failed', 'CANCELLED']);
    expect(app.log.join('\n')).toContain('order could not be cancelled at its gateway');
    app.gateway.answer = null;
    await app.simulate(String(data.gateway_trade_no), 'pay');
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'paid', flags: ['late'] });
  });

  test('while it is asked, the payer’s next try does not slip through', async () => {
    const app = await start();
    await registerStripe(app);
    const data = await create(app, 'stripe/paynow');
    const { pathname, search } = new URL(String(data.payment_url));
    await Promise.all([
      cancel(app, data.payment_no),
      app.request(`${pathname}/go${search}`, { method: 'POST' }),
      app.request(`${pathname}/go${search}`, { method: 'POST' }),
    ]);
    const statuses = (await attemptsOf(app, data.payment_no)).map(({ status }) => String(status));
    expect(new Set(statuses)).toEqual(new Set(['ended']));
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'failed' });
  });
});

describe('refused is', () => {
  test('what is not there or not this key’s, and nothing happens to it', async () => {
    const { app, data } = await begin('ecpay/atm');
    for (const key of [app.keys.live.api_key, app.keys.other.api_key]) {
      const { status, json } = await cancel(app, data.payment_no, { 'x-api-key': key });
      expect([status, json.error.error_code]).toEqual([404, 'PAYMENT_NOT_FOUND']);
    }
    expect((await cancel(app, data.payment_no, { 'x-api-key': '' })).status).toBe(401);
    expect((await cancel(app, 'PAY202606220001ABCDEFGH')).status).toBe(404);
    expect(await app.find(String(data.payment_no))).toMatchObject({ status: 'pending' });
  });

  test('what is no JSON', async () => {
    const app = await start();
    const { payment_no } = await create(app, 'ecpay/atm');
    const path = `/api/paycore/payments/${payment_no}/cancel`;
    expect((await app.call(path, '')).status).toBe(400);
    expect((await app.call(path, '[]')).status).toBe(400);
    expect((await app.call(path, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await app.find(String(payment_no))).status).toBe('pending');
  });

  test('everything while the database cannot be written, and then it is as it was', async () => {
    const app = await start();
    const { payment_no } = await create(app, 'ecpay/atm');
    await app.tamper.refuseWrites();
    expect((await cancel(app, payment_no)).status).toBe(503);
    await app.tamper.allowWrites();
    expect((await app.find(String(payment_no))).status).toBe('pending');
    expect((await cancel(app, payment_no)).status).toBe(200);
  });
});
