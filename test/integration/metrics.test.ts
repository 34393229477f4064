import { afterEach, describe, expect, test } from 'bun:test';
import { HOUR, SECOND } from '../../src/core/time.ts';
import { createMetrics } from '../../src/metrics/index.ts';
import { seedRandom, startApp, type TestApp } from '../support/app.ts';
import { readSamples } from '../support/samples.ts';
import { serveAt, serveFor } from '../support/served.ts';

/** `GET /metrics`, over HTTP. */

const TOKEN = 'a-long-random-text';
const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

async function start(env: Readonly<Record<string, string>> = { PAYCORE_METRICS_TOKEN: TOKEN }): Promise<TestApp> {
  const app = await startApp({ env });
  apps.push(app);
  return app;
}

const ask = (app: TestApp, authorization?: string) =>
  app.request('/metrics', authorization === undefined ? {} : { headers: { authorization } });

async function scrape(app: TestApp): Promise<{ readonly text: string; readonly samples: ReadonlyMap<string, number> }> {
  const response = await ask(app, `Bearer ${TOKEN}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const text = await response.text();
  return { text, samples: readSamples(text) };
}

describe('who may read', () => {
  test('without a token in the configuration there is no such route', async () => {
    const app = await start({});
    const [closed, unknown] = await Promise.all([ask(app, `Bearer ${TOKEN}`), app.request('/no-such-route')]);
    expect(closed.status).toBe(404);
    expect(await closed.json()).toEqual(await unknown.json());
  });

  test('no token or another one is refused with a sentence, and so is an API key', async () => {
    const app = await start();
    for (const given of [
      undefined,
      '',
      'Bearer',
      `Bearer ${TOKEN}x`,
      `Basic ${TOKEN}`,
      `Bearer ${app.keys.live.api_key}`,
    ]) {
      const response = await ask(app, given);
      expect([given, response.status]).toEqual([given, 401]);
      expect(response.headers.get('www-authenticate')).toStartWith('Bearer');
      expect(await response.text()).toContain('PAYCORE_METRICS_TOKEN');
    }
    expect((await ask(app, `bearer ${TOKEN}`)).status).toBe(200);
  });

  test('who guesses is told to wait, and the right token is taken all the same', async () => {
    const app = await start();
    const statuses = new Set<number>();
    for (let n = 0; n < 61; n += 1) statuses.add((await ask(app, `Bearer wrong${n}`)).status);
    expect([...statuses]).toEqual([401, 429]);
    await scrape(app);
  });
});

describe('what is read', () => {
  test('is what happened: requests, calls, callbacks, commits and deliveries', async () => {
    const app = await start();
    expect((await app.create('smilepay/atm')).status).toBe(422);
    const made = await app.create('ecpay/atm');
    expect(made.status).toBe(201);
    await app.simulate(String(made.json.data.gateway_order_no), 'pay');
    await app.callback('MerchantTradeNo=NOBODY&RtnCode=1', 'application/x-www-form-urlencoded');
    await app.deliver();
    await app.find(String(made.json.data.payment_no));
    app.shop.answer = () => new Response(null, { status: 500 });
    const second = await app.create('ecpay/cvs');
    await app.simulate(String(second.json.data.gateway_order_no), 'pay');
    await app.deliver();
    const { samples } = await scrape(app);
    const value = (name: string) => samples.get(name) ?? 0;
    const requests = (route: string, method: string, status: string) =>
      value(`paycore_http_requests_total{route="${route}",method="${method}",status="${status}"}`);
    expect(requests('/api/paycore/pay/ecpay/atm', 'POST', '2xx')).toBe(1);
    expect(requests('/api/paycore/pay/smilepay/atm', 'POST', '4xx')).toBe(1);
    expect(requests('/api/paycore/payments/:paymentNo', 'GET', '2xx')).toBe(1);
    expect(value('paycore_http_request_duration_seconds_count{route="/api/paycore/payments/:paymentNo"}')).toBe(1);
    expect(value('paycore_gateway_calls_total{gateway="ecpay",outcome="ok"}')).toBe(2);
    expect(value('paycore_gateway_call_duration_seconds_count{gateway="ecpay"}')).toBe(2);
    expect(value('paycore_callbacks_total{gateway="ecpay",result="accepted"}')).toBeGreaterThanOrEqual(2);
    expect(value('paycore_callbacks_total{gateway="ecpay",result="unmatched"}')).toBe(1);
    expect(value('paycore_deliveries_total{outcome="delivered"}')).toBe(1);
    expect(value('paycore_deliveries_total{outcome="retry"}')).toBe(1);
    expect(value('paycore_commit_duration_seconds_count{result="committed"}')).toBeGreaterThan(5);
    expect(value('paycore_commits_under_way')).toBe(0);
    expect(value(`paycore_info{version="0.1.0",engine="${app.engine.name}"}`)).toBe(1);
  });

  test('is what waits, by the database, and how long it has waited', async () => {
    const app = await start();
    app.shop.answer = () => new Response(null, { status: 500 });
    const made = await app.create('ecpay/atm');
    await app.simulate(String(made.json.data.gateway_order_no), 'pay');
    await app.deliver();
    app.clock.advance(HOUR);
    const { samples } = await scrape(app);
    expect(samples.get('paycore_notifications{state="pending"}')).toBe(1);
    expect(samples.get('paycore_notifications{state="sending"}')).toBe(0);
    expect(samples.get('paycore_notifications_oldest_seconds')).toBeGreaterThanOrEqual(3600);
    const lag = samples.get('paycore_due_lag_seconds{work="notifications"}') ?? 0;
    expect([lag > 3000, lag < 3600]).toEqual([true, true]);
    expect(samples.get('paycore_due_lag_seconds{work="figures"}')).toBe(0);
    expect(samples.get('paycore_database_up')).toBe(1);
    expect(samples.get('paycore_database_size_bytes')).toBeGreaterThan(100_000);
    expect(samples.get('paycore_work_waiting{work="notifications"}')).toBe(0);
    expect(samples.get('paycore_process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect(samples.get('paycore_process_start_time_seconds')).toBeGreaterThan(1_600_000_000);
    app.shop.answer = null;
    await app.deliver();
    app.clock.advance(6 * SECOND);
    expect((await scrape(app)).samples.get('paycore_notifications{state="pending"}')).toBe(0);
  });

  test('names no payment, shop, address, key or secret', async () => {
    const app = await start();
    const made = await app.create('ecpay/atm', { merchant_order_no: 'SECRET-ORDER' });
    await app.simulate(String(made.json.data.gateway_order_no), 'pay');
    await app.deliver();
    await app.request(`/zh-tw/pay/${made.json.data.payment_no}?token=SECRET-TOKEN`);
    const { text } = await scrape(app);
    const hidden = [made.json.data.payment_no, made.json.data.gateway_order_no, 'SECRET', TOKEN, app.keys.test.api_key];
    for (const one of [...hidden, '127.0.0.1', 'http:', 'pc_', 'whsec_']) expect(text).not.toContain(String(one));
  });

  test('has no more names after 10,000 paths that nobody knows, whatever they begin with', async () => {
    const app = await start();
    const metrics = createMetrics();
    const { routes } = await app.createTwin({ metrics }).open();
    const handle = metrics.watchRequests(() => new Response(null, { status: 404 }), routes);
    const random = seedRandom(7);
    const beginnings = [
      '',
      'api/',
      'api/paycore/',
      'api/paycore/payments/',
      'admin/',
      'assets/',
      'zh-tw/',
      'zh-tw/pay/',
    ];
    const send = (from: number, to: number) => {
      for (let n = from; n < to; n += 1) {
        const path = beginnings[n % beginnings.length] + Buffer.from(random(12)).toString('base64url');
        handle(new Request(`http://x/${path}?q=${n}`, { method: n % 3 === 0 ? `M${n}` : 'GET' }));
      }
    };
    const count = async () => readSamples(await metrics.read()).size;
    send(0, 200);
    const before = await count();
    send(200, 10_000);
    expect(await count()).toBe(before);
    metrics.stop();
  });
});

test('a server that was given a token counts from its start, commits included', async () => {
  const served = await serveFor({ PAYCORE_METRICS_TOKEN: TOKEN });
  try {
    const { request } = serveAt(served);
    expect((await request('/metrics')).status).toBe(401);
    const samples = readSamples(
      await (await request('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })).text(),
    );
    expect(samples.get('paycore_commit_duration_seconds_count{result="committed"}')).toBeGreaterThan(0);
    expect(samples.get('paycore_http_requests_total{route="/metrics",method="GET",status="4xx"}')).toBe(1);
  } finally {
    await served.stop();
  }
});
