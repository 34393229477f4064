import { afterEach, expect, test } from 'bun:test';
import { DAY, HOUR } from '../../src/core/time.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { bodyFor } from '../support/orders.ts';
import { present } from '../support/parts.ts';
import { createRefundBench } from './refund/bench.ts';

/** What a program does by itself: the scheduler of these tests runs the jobs that a server runs, all of them. */

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

async function start(): Promise<TestApp> {
  const app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  apps.push(app);
  return app;
}

/** Time goes by, and nobody calls. */
async function wait(app: TestApp, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += HOUR) {
    app.clock.advance(HOUR);
    await app.work();
    await app.program.settled();
  }
}

test('money whose callback was lost is found, and the shop is told', async () => {
  const app = await start();
  const { json } = await app.create('ecpay/cvs', bodyFor('ecpay/cvs'));
  await app.simulate(String(json.data.gateway_order_no), 'pay', { callback: false });
  expect((await app.find(String(json.data.payment_no))).status).toBe('pending');
  await wait(app, DAY);
  expect((await app.find(String(json.data.payment_no))).status).toBe('paid');
  expect(app.shop.received.map(({ body }) => JSON.parse(body).event)).toEqual(['payment.paid']);
});

test('a refund whose outcome is open is asked about until it is known', async () => {
  const app = await start();
  const bench = createRefundBench(app);
  const sold = await bench.sellBy('stripe');
  bench.interrupt('stripe', async (answer) =>
    Response.json({ ...((await answer.json()) as object), status: 'pending' }),
  );
  expect(await bench.outcome(sold.no, { amount: 30_000 })).toEqual([201, 30_000, 'pending']);
  await wait(app, DAY);
  expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 30_000 });
});

test('an order that no payer has chosen a method for is closed when its time is over', async () => {
  const app = await start();
  const { json } = await app.call('/api/paycore/checkout', { merchant_order_no: 'NOBODY-CAME', amount: 980 });
  const no = String(json.data.payment_no);
  await wait(app, HOUR);
  expect((await app.find(no)).status).toBe('pending');
  await wait(app, 3 * DAY);
  expect((await app.find(no)).status).toBe('expired');
});

test('a callback that belongs to nobody is kept for a day', async () => {
  const app = await start();
  await app.callback('MerchantTradeNo=NOBODYS', 'application/x-www-form-urlencoded');
  expect(await app.rows.count('unmatchedCallbacks')).toBe(1);
  await wait(app, DAY + 2 * HOUR);
  expect(await app.rows.count('unmatchedCallbacks')).toBe(0);
});

test('a job is known by its name, and each is in the scheduler', async () => {
  const app = await start();
  const names = Object.values(app.program.jobs).map(({ name }) => name);
  expect(names).toEqual([
    'clock',
    'notifications',
    'checks',
    'refunds',
    'closing',
    'alerts',
    'prune',
    'skew',
    'figures',
    'nodes',
  ]);
  for (const name of names) await app.program.scheduler.tick([name]);
  expect(present(await app.program.jobs.prune.nextDue())).toBe(app.clock.now() + HOUR);
});
