import { expect, test } from 'bun:test';
import { changeAlerts } from '../../../src/alerts/settings.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { START, type TestApp } from '../../support/app.ts';
import { useApps } from '../../support/apps.ts';
import { switchOn, useReceivers } from './bench.ts';

/** START is 15:30 in Taipei. */
const start = useApps();
const receivers = useReceivers();

const OFF = { email: { on: false }, webhook: { on: false } } as const;

async function wait(app: TestApp, ms: number): Promise<void> {
  app.clock.advance(ms);
  await app.tell();
}

/** Only the summary is wanted, at eight. */
async function begin(app: TestApp): Promise<void> {
  await switchOn(app, receivers);
  await changeAlerts(app.deps, { ...OFF, summary: { on: true, at: '08:00' } });
}

async function sell(app: TestApp, amount: number, key?: string): Promise<void> {
  const credentials = { environment: key ? 'production' : 'stage', merchant_id: '3002607' };
  const body = {
    ...{ amount, merchant_order_no: `S-${amount}-${key ? 'live' : 'test'}` },
    gateway_credentials: { hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs', ...credentials },
  };
  const made = await app.create('ecpay/atm', body, key ? { 'x-api-key': key } : {});
  expect(made.status).toBe(201);
  await app.simulate(String(made.json.data.gateway_order_no), 'pay');
}

test('comes once a day at its time with what came in the day before: live money alone, by shop and currency', async () => {
  const app = await start();
  await begin(app);
  await sell(app, 1200, app.keys.live.api_key);
  await sell(app, 34, app.keys.live.api_key);
  await sell(app, 555);
  await wait(app, 16 * HOUR);
  expect(receivers.mail.received).toEqual([]);
  await wait(app, 30 * MINUTE);
  const [mail, ...more] = receivers.mail.received;
  expect(more).toEqual([]);
  expect(mail?.subject).toBe('PayCore: 2026-06-22 收款摘要');
  expect(mail?.text).toContain('shop\n  TWD 1,234（2 筆）');
  expect(mail?.text).toContain('other shop\n  沒有收款');
  expect(mail?.text).not.toContain('555');
  for (let n = 0; n < 23; n += 1) await wait(app, HOUR);
  expect(receivers.mail.received.length).toBe(1);
  await wait(app, HOUR);
  expect(receivers.mail.received.map(({ subject }) => subject.slice(9, 19))).toEqual(['2026-06-22', '2026-06-23']);
  expect(receivers.mail.received[1]?.text).toContain('shop\n  沒有收款');
});

test('comes once although the program was started anew, and although two serve one database', async () => {
  const app = await start();
  await begin(app);
  const twin = app.createTwin({ processId: 'proc_twin' });
  app.clock.advance(17 * HOUR);
  await Promise.all([app.work(), twin.scheduler.tick(['alerts'])]);
  await Promise.all([app.program.settled(), twin.settled()]);
  await app.restart();
  await app.tell();
  await twin.scheduler.tick(['alerts']);
  await twin.settled();
  expect(receivers.mail.received.length).toBe(1);
});

test('that was missed comes late, the newest alone; one that nobody took is tried again', async () => {
  const app = await start();
  await begin(app);
  receivers.mail.answer.CONTENT = () => '452 disk full';
  await wait(app, 3 * DAY);
  receivers.mail.answer = {};
  await wait(app, MINUTE);
  expect(receivers.mail.received.map(({ subject }) => subject)).toEqual(['PayCore: 2026-06-24 收款摘要']);
});

test('asked for after its time of day begins tomorrow; before, today', async () => {
  const app = await start();
  await begin(app);
  await app.tell();
  expect(receivers.mail.received).toEqual([]);
  const other = await start({ start: START - 8 * HOUR });
  await begin(other);
  await wait(other, 30 * MINUTE);
  expect(receivers.mail.received.map(({ subject }) => subject)).toEqual(['PayCore: 2026-06-21 收款摘要']);
});

test('says what needs a person, as many as there are', async () => {
  const app = await start({ alerts: { countAttention: async () => [{ title: '退款結果不明', count: 2 }] } });
  await begin(app);
  await wait(app, 17 * HOUR);
  expect(receivers.mail.received[0]?.text).toContain(`需要處理\n  退款結果不明：2 件\n  ${app.url}/admin/attention`);
});

test('follows the days of the merchant’s zone', async () => {
  const app = await start({ env: { PAYCORE_TIMEZONE: 'America/New_York', PAYCORE_LOCALE: 'en' } });
  await begin(app);
  // 03:30 there.
  await wait(app, 4 * HOUR);
  expect(receivers.mail.received).toEqual([]);
  await wait(app, 30 * MINUTE);
  expect(receivers.mail.received.map(({ subject }) => subject)).toEqual(['PayCore: Summary of 2026-06-21']);
});
