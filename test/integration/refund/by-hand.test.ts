import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { HOUR, SECOND } from '../../../src/core/time.ts';
import { settleRefund } from '../../../src/payments/refund/settle.ts';
import { rejection } from '../../support/parts.ts';
import { useRefunds } from './bench.ts';

/** Refunds whose outcome a person tells, and the commands of whoever runs PayCore. */

const { app, bench } = useRefunds();
const OPERATOR = { type: 'operator' } as const;

const settle = (refundNo: string, given: Readonly<Record<string, unknown>>) =>
  settleRefund(app.deps, refundNo, given, OPERATOR);

test('a gateway that lists its refunds gives each a number, which has to be told: it would be there twice', async () => {
  const sold = await bench.sellBy('stripe');
  await bench.break('stripe', 'lost');
  const refundNo = String((await bench.refund(sold.no)).json.error.refund_no);
  expect(await rejection(settle(refundNo, { outcome: 'paid_back' }))).toMatchObject({
    ...{ code: 'VALIDATION_FAILED', details: { fields: { gateway_refund_no: [expect.stringContaining('required')] } } },
  });
  const early = rejection(settle(refundNo, { outcome: 'not_paid_back' }));
  expect(await early).toMatchObject({ code: 'REFUND_IN_PROGRESS' });
  app.clock.advance(HOUR);
  const listed = await fetch(`${app.gateway.url}/simulator/orders/${sold.number}`);
  const { info } = (await listed.json()) as { info: Record<string, string> };
  const number =
    Object.values(info)
      .join(' ')
      .match(/re_\w+/)?.[0] ?? 're_seen';
  await settle(refundNo, { outcome: 'paid_back', gateway_refund_no: number });
  await bench.pass(HOUR);
  expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 98_000 });
  expect(await rejection(settle(refundNo, { outcome: 'not_paid_back' }))).toMatchObject({ code: 'REFUND_SETTLED' });
});

test('what is said of a refund is one of two words, and of one that there is', async () => {
  expect(await rejection(settle('RF-none', {}))).toMatchObject({ code: 'VALIDATION_FAILED' });
  expect(await rejection(settle('RF-none', { outcome: 'perhaps' }))).toMatchObject({ code: 'VALIDATION_FAILED' });
  expect(await rejection(settle('RF-none', { outcome: 'paid_back' }))).toMatchObject({ code: 'REFUND_NOT_FOUND' });
});

async function run(...args: readonly string[]) {
  const database = app.place.startsWith('postgres') ? { PAYCORE_DATABASE_URL: app.place } : {};
  const child = Bun.spawn([process.execPath, 'src/main.ts', ...args], {
    cwd: join(import.meta.dir, '../../..'),
    env: {
      ...{ PATH: process.env.PATH ?? '', PAYCORE_DATA_DIR: app.folder },
      ...{ PAYCORE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
      ...database,
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

test('commands list what needs a person, settle a refund, and report what came in, while the server runs', async () => {
  const sold = await bench.sellBy('ecpay');
  await bench.collect(sold);
  await bench.break('ecpay', 'lost', { seconds: 30 });
  const refundNo = String((await bench.refund(sold.no, { amount: 300 })).json.error.refund_no);
  for (const ms of [9 * SECOND, 41 * SECOND]) await bench.pass(ms);
  const [first] = JSON.parse((await run('attention', 'list', '--test', '--json')).out);
  expect(first).toMatchObject({
    ...{ kind: 'refund_unknown', next: 'settle-refund', payment_no: sold.no, data: { refund_no: refundNo } },
  });
  expect((await run('refund', 'settle', refundNo)).code).toBe(2);
  const settled = await run('refund', 'settle', refundNo, '--paid-back', '--note', 'seen', '--json');
  expect([settled.code, JSON.parse(settled.out)]).toEqual([
    0,
    { refund_no: refundNo, status: 'succeeded', amount: 30_000 },
  ]);
  expect((await run('attention', 'list', '--test')).out).toBe('Nothing needs you.\n');
  expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 300 });
  const { json } = await app.call(`/api/paycore/payments/${sold.no}/events?limit=100`);
  expect(json.data.events).toContainEqual(
    expect.objectContaining({ type: 'refund.settled', by: { type: 'operator', name: null } }),
  );
  // The command goes by the machine's own clock, which is not the test's.
  const report = JSON.parse((await run('report', '--test', '--json')).out);
  expect(report).toMatchObject({ project: null, livemode: false, timezone: 'Asia/Taipei', pending: 0 });
  expect(report.days).toHaveLength(30);
  expect((await run('report', '--project', 'nobody')).code).toBe(2);
});
