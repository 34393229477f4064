import { afterEach, describe, expect, setSystemTime, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { RETRY_DELAYS } from '../../src/core/notification-retry.ts';
import { type AppOptions, type Received, startApp, type TestApp } from '../support/app.ts';

const apps: TestApp[] = [];
afterEach(async () => {
  setSystemTime();
  for (const app of apps.splice(0)) await app.stop();
});

async function start(options: AppOptions = {}): Promise<TestApp> {
  const app = await startApp(options);
  apps.push(app);
  return app;
}

async function pay(app: TestApp, body: object = {}): Promise<string> {
  const { json } = await app.create('ecpay/atm', body);
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  return String(json.data.payment_no);
}

function verify(app: TestApp, { body, headers }: Received): unknown {
  // The library looks at the clock of the machine.
  setSystemTime(app.clock.now());
  return new Webhook(app.keys.test.notification_secret).verify(body, headers as Record<string, string>);
}

/** Lets the clock stand at the moment the next try is due. */
async function skipToNext(app: TestApp): Promise<number> {
  const due = (await app.rows.outbox()).find(({ state }) => state === 'pending')?.dueAt ?? app.clock.now();
  const pause = due - app.clock.now();
  app.clock.advance(pause);
  return pause;
}

describe('a notification', () => {
  test('is signed as Standard Webhooks says; tries differ in time and signature only', async () => {
    const app = await start();
    app.shop.answer = () => new Response('not now', { status: 500 });
    const paymentNo = await pay(app);
    await app.deliver();
    await skipToNext(app);
    app.shop.answer = null;
    await app.deliver();
    const [first, second] = app.shop.received;
    if (!first || !second) throw new Error('expected two tries');
    expect(app.shop.received.length).toBe(2);
    expect([first.path, first.headers['content-type']]).toEqual(['/payok', 'application/json']);
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id'] ?? '');
    expect(second.headers['webhook-timestamp']).not.toBe(first.headers['webhook-timestamp']);
    expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
    expect(verify(app, first)).toMatchObject({ event: 'payment.paid', payment_no: paymentNo });
    expect(verify(app, second)).toMatchObject({ event: 'payment.paid', payment_no: paymentNo });
    expect(() => verify(app, { ...second, body: second.body.replace('980', '981') })).toThrow();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered', tries: 2, lastError: null }]);
  });

  test('is tried ten times over about four days, then it is dead and says why', async () => {
    const app = await start();
    app.shop.answer = () => new Response('no', { status: 503 });
    await pay(app);
    for (const delay of RETRY_DELAYS) {
      await app.deliver();
      const pause = await skipToNext(app);
      expect(pause).toBeGreaterThanOrEqual(delay * 0.8 - 1);
      expect(pause).toBeLessThanOrEqual(delay * 1.2 + 1);
      app.clock.advance(-1);
      await app.deliver();
      app.clock.advance(1);
    }
    await app.deliver();
    expect(app.shop.received.length).toBe(10);
    expect(await app.rows.outbox()).toMatchObject([
      { state: 'dead', tries: 10, lastError: 'the shop answered HTTP 503' },
    ]);
    app.clock.advance(10 * 86_400_000);
    await app.deliver();
    expect(app.shop.received.length).toBe(10);
  });

  test('waits as long as the shop asks when that is later, but never more than a day', async () => {
    const app = await start();
    const answers = ['3600', '1', new Date(app.clock.now() + 40 * 86_400_000).toUTCString()];
    app.shop.answer = () => {
      const retryAfter = answers.shift() ?? '0';
      return new Response('busy', { status: 429, headers: { 'retry-after': retryAfter } });
    };
    await pay(app);
    await app.deliver();
    expect(await skipToNext(app)).toBe(3_600_000);
    await app.deliver();
    expect(await skipToNext(app)).toBeGreaterThanOrEqual(240_000);
    await app.deliver();
    expect(await skipToNext(app)).toBe(86_400_000);
  });

  test('survives a crash: what was due or under way runs at once in the next process, with the same id', async () => {
    const app = await start();
    let seen = () => {};
    const underWay = new Promise<void>((resolve) => {
      seen = resolve;
    });
    app.shop.answer = () => {
      seen();
      return new Promise(() => {});
    };
    await pay(app);
    await app.startDeliveries();
    await underWay;
    app.shop.answer = null;
    await app.restart();
    await app.deliver();
    const ids = app.shop.received.map(({ headers }) => headers['webhook-id']);
    expect(ids.length).toBe(2);
    expect(new Set(ids).size).toBe(1);
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered' }]);
  });

  test('does not follow a redirect, and says so', async () => {
    const app = await start();
    app.shop.answer = ({ path }) => (path === '/payok' ? Response.redirect(`${app.shop.url}/elsewhere`, 307) : null);
    await pay(app);
    await app.deliver();
    expect(app.shop.received.map(({ path }) => path)).toEqual(['/payok']);
    expect((await app.rows.outbox())[0]).toMatchObject({ state: 'pending', tries: 1 });
    expect((await app.rows.outbox())[0]?.lastError).toContain('redirects are not followed');
  });

  test('to a name that resolves to a forbidden address is dead at once, with the reason', async () => {
    const app = await start({ lookup: async () => [{ address: '10.0.0.7', family: 4 }] });
    await pay(app, { payok_url: 'https://shop.example/payok' });
    await app.deliver();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'dead', tries: 1 }]);
    expect((await app.rows.outbox())[0]?.lastError).toContain('10.0.0.7');
    expect((await app.rows.outbox())[0]?.lastError).toContain('PAYCORE_NOTIFY_ALLOW');
  });

  test('that cannot be signed is tried again and shown, not kept for ever under way', async () => {
    const app = await start();
    await pay(app);
    await app.tamper.breakNotificationSecrets();
    await app.deliver();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'pending', tries: 1 }]);
    expect((await app.rows.outbox())[0]?.lastError).not.toBeNull();
  });

  test('that was delivered while the database could not be written is not lost', async () => {
    const app = await start();
    await pay(app);
    app.shop.answer = async () => {
      await app.tamper.refuseWrites();
      return null;
    };
    await app.deliver();
    await app.tamper.allowWrites();
    app.shop.answer = null;
    app.clock.advance(60_000);
    await app.deliver();
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered' }]);
    expect(new Set(app.shop.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('about anything but a payment is sent only when the project asks for it', async () => {
    const app = await start();
    const payTwice = async () => {
      const { json } = await app.create('ecpay/aio');
      const { pathname, search } = new URL(String(json.data.payment_url));
      const form = json.data.redirect_form as { action: string; fields: Record<string, string> };
      const page = await app.request(`${pathname}/go${search}`, { method: 'POST' });
      const second = /name="MerchantTradeNo" value="(\w+)"/.exec(await page.text())?.[1] ?? '';
      await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
      await app.simulate(String(json.data.gateway_order_no), 'pay');
      const again = await app.create('ecpay/aio', { merchant_order_no: json.data.merchant_order_no });
      expect(again.status).toBe(409);
      return { first: json.data, second };
    };
    await payTwice();
    expect((await app.rows.outbox()).map(({ event }) => event)).toEqual(['payment.paid']);
    await app.tamper.setNotifyEvents('payment.paid,payment.attention');
    const { json } = await app.create('ecpay/atm');
    await app.simulate(String(json.data.gateway_order_no), 'forge', { kind: 'amount' });
    expect((await app.rows.outbox()).map(({ event }) => event)).toEqual(['payment.paid', 'payment.attention']);
  });
});
