import { describe, expect, test } from 'bun:test';
import { MAX_REFUNDS, type ReportedRefund } from '../../../src/core/refund.ts';
import { present } from '../../support/parts.ts';
import { addProject, applyFacts, newAttempt, openPayment, paid } from '../../support/payments.ts';
import { bindRefunds, opened, openRefunds } from '../../support/refunds.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

async function start(t: TestStore, events?: string) {
  return openRefunds(t, await addProject(t, 'shop', events));
}

const reported = (refundNo: string | null, amount: number, more: Partial<ReportedRefund> = {}): ReportedRefund => ({
  refundNo,
  gatewayRefundNo: `re_${refundNo ?? 'desk'}`,
  amount,
  status: 'succeeded',
  ...more,
});

describe('opening', () => {
  test('takes all that is left when no amount is given, and counts what is under way', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    expect(await r.make(30_000)).toMatchObject({ amount: 30_000, status: 'unknown', source: 'api' });
    expect((await r.make(null)).amount).toBe(68_000);
    expect(await r.open()).toBe('exceeds');
    expect(await r.open({ amount: 1 })).toBe('exceeds');
    expect((await r.read()).refunded).toBe(0);
  });

  test('twenty at a time never take more than was paid', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const results = await Promise.all(Array.from({ length: 20 }, () => r.open({ amount: 10_000 })));
    expect(results.filter((result) => result === 'exceeds')).toHaveLength(11);
    const made = results.filter((result) => typeof result !== 'string').map(({ refund }) => refund);
    await Promise.all(made.map((refund) => r.answer(refund)));
    expect((await r.read()).refunded).toBe(90_000);
    expect(await r.checkAt()).not.toBeNull();
    t.clock.advance(MINUTE);
    await r.look(made.map(({ refundNo, amount }) => reported(refundNo, amount)));
    expect([await r.checkAt(), (await r.read()).refunded, (await r.list()).length]).toEqual([null, 90_000, 9]);
  });

  test('a failed one gives its amount back', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.answer(await r.make(null), { status: 'failed', gatewayRefundNo: null, message: 'no' });
    expect((await r.make(null)).amount).toBe(98_000);
  });

  test('is for paid payments only, and for paid attempts', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const pending = bindRefunds(t, await openPayment(t, project, { merchantOrderNo: 'UNPAID' }));
    expect(await pending.open()).toBe('not_paid');
    const r = await openRefunds(t, project);
    const other = await openPayment(t, project, { merchantOrderNo: 'OTHER' });
    expect(await r.open({ attemptId: other.attempt.id })).toBe('not_paid');
  });

  test(`an attempt is paid back in ${MAX_REFUNDS} parts at most`, async () => {
    await using t = await openTestStore();
    const r = await start(t);
    for (let n = 0; n < MAX_REFUNDS; n += 1) await r.make(1);
    expect(await r.open({ amount: 1 })).toBe('too_many');
    const [first] = await r.list();
    await r.answer(present(first), { status: 'failed', gatewayRefundNo: null });
    expect(await r.open({ amount: 1 })).toMatchObject({ created: true });
  });

  describe('again by the same request', () => {
    const keyed = { isRepeatable: true, makeRefundNo: (n: number) => `RF-KEY-${n}` };

    test('finds the refund that it made before, whatever became of it', async () => {
      await using t = await openTestStore();
      const r = await start(t);
      const first = await r.make(10_000, keyed);
      expect(opened(await r.open({ amount: 10_000, ...keyed }))).toEqual({ refund: first, created: false });
      await r.answer(first);
      expect(opened(await r.open({ amount: 10_000, ...keyed }))).toMatchObject({
        refund: { status: 'succeeded' },
        created: false,
      });
      expect(await r.list()).toHaveLength(1);
    });

    test('tries anew after a failure, under the next number', async () => {
      await using t = await openTestStore();
      const r = await start(t);
      for (const number of ['RF-KEY-0', 'RF-KEY-1']) {
        const refund = await r.make(null, keyed);
        expect(refund.refundNo).toBe(number);
        await r.answer(refund, { status: 'failed', gatewayRefundNo: null });
      }
      expect((await r.make(null, keyed)).refundNo).toBe('RF-KEY-2');
    });

    test('with another amount or reason is another request', async () => {
      await using t = await openTestStore();
      const r = await start(t);
      await r.make(10_000, keyed);
      expect(await r.open({ amount: 9000, ...keyed })).toBe('other_request');
      expect(await r.open({ amount: 10_000, reason: 'x', ...keyed })).toBe('other_request');
      expect(await r.open({ ...keyed })).toMatchObject({ created: false });
    });

    test('of another payment is refused: nothing is told about that one', async () => {
      await using t = await openTestStore();
      const project = await addProject(t);
      await (await openRefunds(t, project, 'ONE')).make(10_000, keyed);
      expect(await (await openRefunds(t, project, 'TWO')).open({ amount: 10_000, ...keyed })).toBe('other_request');
    });
  });
});

describe('an answer', () => {
  test('settles: sum, timeline, notification', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const before = (await r.read()).revision;
    const refund = await r.make(30_000, { reason: 'returned' });
    const settled = await r.answer(refund, { gatewayRefundNo: 're_9', message: 'ok' });
    expect(settled).toMatchObject({ status: 'succeeded', gatewayRefundNo: 're_9', message: 'ok' });
    expect(await r.read()).toMatchObject({ refunded: 30_000, flags: [], status: 'paid' });
    expect((await r.read()).revision).toBeGreaterThan(before);
    expect(await r.events()).toEqual(['refund.created api', 'refund.settled succeeded']);
    expect(await r.notified()).toEqual([
      {
        event: 'payment.refunded',
        refund_no: refund.refundNo,
        amount: 300,
        amount_decimal: '300.00',
        status: 'succeeded',
      },
    ]);
    expect(await r.checkAt()).toBeNull();
  });

  test('that comes twice counts once', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.answer(refund);
    await r.answer(refund);
    expect([(await r.read()).refunded, (await r.notified()).length, (await r.events()).length]).toEqual([30_000, 1, 2]);
  });

  test('of a refusal is told to nobody but the caller', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.answer(await r.make(null), { status: 'failed', gatewayRefundNo: null, message: 'balance' });
    expect(await r.list()).toMatchObject([{ status: 'failed', message: 'balance' }]);
    expect([(await r.read()).flags, await r.notified(), await r.checkAt()]).toEqual([[], [], null]);
  });

  test('“pending” is asked about until the gateway is through', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.answer(refund, { status: 'pending' });
    expect([(await r.read()).refunded, await r.checkAt()]).toEqual([0, t.clock.now() + 9 * SECOND]);
    t.clock.advance(9 * SECOND);
    await r.look([reported(refund.refundNo, 30_000, { status: 'pending' })]);
    expect(await r.checkAt()).toBe(t.clock.now() + MINUTE);
    t.clock.advance(MINUTE);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect([(await r.read()).refunded, await r.checkAt()]).toEqual([30_000, null]);
  });

  test('does not undo what the list has told meanwhile', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(await r.answer(refund, { status: 'pending' })).toMatchObject({ status: 'succeeded' });
    expect(await r.answer(refund, { status: 'failed', gatewayRefundNo: null })).toMatchObject({ status: 'succeeded' });
    expect((await r.read()).refunded).toBe(30_000);
  });

  test('does not cancel a look that a callback has asked for', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.hear('charge.refunded');
    await r.answer(refund);
    expect(await r.checkAt()).toBe(t.clock.now());
    await r.look([reported(refund.refundNo, 30_000), reported(null, 500)]);
    expect((await r.read()).refunded).toBe(30_500);
  });
});

test('a look that a callback has asked for is not put off by a refund that begins', async () => {
  await using t = await openTestStore();
  const r = await start(t);
  await r.hear('charge.refunded');
  await r.make(30_000);
  expect(await r.checkAt()).toBe(t.clock.now());
});

describe('a refund made at the gateway’s own desk', () => {
  test('is written down, counted, put before a person, and told to the shop', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.hear('charge.refunded');
    await r.look([reported(null, 5000)]);
    expect(await r.list()).toMatchObject([
      { source: 'gateway', amount: 5000, status: 'succeeded', gatewayRefundNo: 're_desk', reason: '' },
    ]);
    expect(await r.read()).toMatchObject({ refunded: 5000, flags: ['attention'], status: 'paid' });
    expect(await r.events()).toEqual(['refund.created gateway', 'refund.settled succeeded']);
    expect(await r.notified()).toMatchObject([
      { event: 'payment.attention', amount: 50, status: 'succeeded' },
      { event: 'payment.refunded', amount: 50 },
    ]);
    await r.look([reported(null, 5000)]);
    expect([(await r.list()).length, (await r.read()).refunded, (await r.notified()).length]).toEqual([1, 5000, 2]);
    expect((await r.make(null)).amount).toBe(93_000);
  });

  test('is told to nobody who did not ask for it', async () => {
    await using t = await openTestStore();
    const r = await start(t, 'payment.paid');
    await r.look([reported(null, 5000)]);
    expect([(await r.read()).refunded, await r.notified()]).toEqual([5000, []]);
  });

  test('that is pending counts when the gateway is through', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.look([reported(null, 5000, { status: 'pending' })]);
    expect((await r.read()).refunded).toBe(0);
    expect(await r.notified()).toMatchObject([{ event: 'payment.attention', status: 'pending' }]);
    await r.look([reported(null, 5000)]);
    expect([(await r.read()).refunded, (await r.notified()).length]).toEqual([5000, 2]);
  });
});

test('a refund that comes back from the bank is taken off again, and a person is told', async () => {
  await using t = await openTestStore();
  const r = await start(t);
  const refund = await r.make(30_000);
  await r.answer(refund);
  await r.hear('refund.failed');
  await r.look([reported(refund.refundNo, 30_000, { status: 'failed' })]);
  expect(await r.list()).toMatchObject([{ status: 'failed' }]);
  expect(await r.read()).toMatchObject({ refunded: 0, flags: ['attention'] });
  expect(await r.events()).toEqual(['refund.created api', 'refund.settled succeeded', 'refund.settled failed']);
  expect(await r.notified()).toMatchObject([
    { event: 'payment.refunded', status: 'succeeded' },
    { event: 'payment.attention', status: 'failed' },
  ]);
  await r.look([reported(refund.refundNo, 30_000)]);
  expect((await r.read()).refunded).toBe(0);
});

describe('a payment that was paid twice', () => {
  async function payTwice(t: TestStore) {
    const project = await addProject(t);
    const first = await openPayment(t, project);
    const attempt = present(await t.store.openAttempt(first.payment.id, newAttempt(t, project), t.clock.now()));
    await applyFacts(t, first.attempt.id, [paid({ tradeNo: 'T1' })]);
    await applyFacts(t, attempt.id, [paid({ tradeNo: 'T2' })]);
    return { r: bindRefunds(t, first), second: bindRefunds(t, { ...first, attempt }) };
  }

  test('can be paid back once for each, and only what went back of its own money is its loss', async () => {
    await using t = await openTestStore();
    const { r, second } = await payTwice(t);
    expect((await r.read()).flags).toContain('duplicate');
    await second.answer(await second.make(null));
    expect([(await r.read()).refunded, await second.open({ amount: 1 })]).toEqual([0, 'exceeds']);
    await r.answer(await r.make(null));
    expect([(await r.read()).refunded, await r.open({ amount: 1 })]).toEqual([98_000, 'exceeds']);
  });

  test('takes each gateway’s list for its own attempt', async () => {
    await using t = await openTestStore();
    const { r, second } = await payTwice(t);
    await second.look([reported(null, 98_000)]);
    expect(await r.list()).toMatchObject([{ attemptId: second.attempt.id, amount: 98_000 }]);
    expect((await r.read()).refunded).toBe(0);
    expect((await r.make(null)).amount).toBe(98_000);
  });
});
