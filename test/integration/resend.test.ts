import { afterEach, describe, expect, test } from 'bun:test';
import { RETRY_DELAYS } from '../../src/core/notification-retry.ts';
import { type Answer, startApp, type TestApp } from '../support/app.ts';

/** `POST /api/paycore/payments/{no}/notifications` over HTTP. */

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

async function start(): Promise<TestApp> {
  const app = await startApp();
  apps.push(app);
  return app;
}

const resend = (app: TestApp, paymentNo: unknown, headers = {}): Promise<Answer> =>
  app.call(`/api/paycore/payments/${paymentNo}/notifications`, {}, headers);

async function pay(app: TestApp, body: object = {}): Promise<string> {
  const { json } = await app.create('ecpay/atm', body);
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  return String(json.data.payment_no);
}

/** How often the background work was told that something is due. */
function countWakes(app: TestApp): () => number {
  let wakes = 0;
  Object.assign(app.deps, { wake: () => void wakes++ });
  return () => wakes;
}

describe('sending the notification again', () => {
  test('sends the same body under the same webhook-id at once', async () => {
    const app = await start();
    const paymentNo = await pay(app);
    await app.deliver();
    app.clock.advance(3_600_000);
    const wakes = countWakes(app);
    const { status, json } = await resend(app, paymentNo);
    expect([status, wakes()]).toEqual([202, 1]);
    await app.deliver();
    const [first, second] = app.shop.received;
    expect(app.shop.received.length).toBe(2);
    expect(second?.body).toBe(first?.body ?? '');
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'] ?? '');
    expect(Number(second?.headers['webhook-timestamp'])).toBe(Math.floor(app.clock.now() / 1000));
    expect(json.data).toEqual({
      payment_no: paymentNo,
      event: 'payment.paid',
      webhook_id: first?.headers['webhook-id'],
      state: 'pending',
    });
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered' }]);
  });

  test('does not wait for the next try of one that the shop would not take', async () => {
    const app = await start();
    app.shop.answer = () => new Response('no', { status: 500 });
    const paymentNo = await pay(app);
    await app.deliver();
    expect((await app.rows.outbox())[0]?.dueAt).toBeGreaterThan(app.clock.now());
    app.shop.answer = null;
    await resend(app, paymentNo);
    await app.deliver();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered' }]);
  });

  test('raises a dead one, which then has all its tries again', async () => {
    const app = await start();
    app.shop.answer = () => new Response('no', { status: 500 });
    const paymentNo = await pay(app);
    const wear = async () => {
      for (let tries = 0; tries <= RETRY_DELAYS.length; tries += 1) {
        await app.deliver();
        app.clock.advance(2 * 86_400_000);
      }
    };
    await wear();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'dead', tries: 10 }]);
    await resend(app, paymentNo);
    await wear();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'dead', tries: 10 }]);
    expect(app.shop.received.length).toBe(20);
    app.shop.answer = null;
    await resend(app, paymentNo);
    await app.deliver();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered', tries: 1 }]);
  });

  test('leaves one alone that is on its way, and says so', async () => {
    const app = await start();
    app.shop.answer = () => new Response('no', { status: 500 });
    const paymentNo = await pay(app);
    await app.deliver();
    app.clock.advance(RETRY_DELAYS[0] ? 2 * RETRY_DELAYS[0] : 0);
    let answer = () => {};
    const arrived = new Promise<void>((seen) => {
      app.shop.answer = async () => {
        seen();
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return new Response(null, { status: 204 });
      };
    });
    await app.startDeliveries();
    await arrived;
    expect((await resend(app, paymentNo)).json.data.state).toBe('sending');
    answer();
    await app.deliver();
    expect(app.shop.received.length).toBe(2);
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered', tries: 2 }]);
  });

  test('twice before it is sent, sends it once', async () => {
    const app = await start();
    const paymentNo = await pay(app);
    await app.deliver();
    await Promise.all([resend(app, paymentNo), resend(app, paymentNo)]);
    await app.deliver();
    expect(app.shop.received.length).toBe(2);
  });

  test('also of a payment that was paid late, and of none of its other events', async () => {
    const app = await start();
    await app.tamper.setNotifyEvents('payment.paid,payment.expired');
    const { json } = await app.create('ecpay/atm');
    app.clock.advance(30 * 86_400_000);
    await app.check();
    expect((await resend(app, json.data.payment_no)).json.error.error_code).toBe('PAYMENT_NOT_PAID');
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    await app.deliver();
    app.shop.received.length = 0;
    await resend(app, json.data.payment_no);
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body).event)).toEqual(['payment.paid']);
  });
});

describe('refused is', () => {
  test('a payment that is not paid', async () => {
    const app = await start();
    const { json } = await app.create('ecpay/atm');
    const answer = await resend(app, json.data.payment_no);
    expect([answer.status, answer.json.error]).toEqual([
      409,
      { error_code: 'PAYMENT_NOT_PAID', payment_no: String(json.data.payment_no) },
    ]);
  });

  test('a payment without a payok_url', async () => {
    const app = await start();
    const paymentNo = await pay(app, { payok_url: undefined });
    const answer = await resend(app, paymentNo);
    expect([answer.status, answer.json.error.error_code]).toEqual([409, 'NOTIFICATION_NOT_WANTED']);
    expect(await app.rows.outbox()).toEqual([]);
  });

  test('what is not there or not this key’s', async () => {
    const app = await start();
    const paymentNo = await pay(app);
    await app.deliver();
    for (const key of [app.keys.live.api_key, app.keys.other.api_key]) {
      expect((await resend(app, paymentNo, { 'x-api-key': key })).status).toBe(404);
    }
    expect((await resend(app, paymentNo, { 'x-api-key': '' })).status).toBe(401);
    const path = `/api/paycore/payments/${paymentNo}/notifications`;
    expect((await app.call(path, 'a=1', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await app.call(path, '{')).status).toBe(400);
    await app.deliver();
    expect(app.shop.received.length).toBe(1);
  });
});
