import { describe, expect, test } from 'bun:test';
import { CALL_LIMIT } from '../../../src/core/checks.ts';
import { MAX_REFUNDS, type ReportedRefund } from '../../../src/core/refund.ts';
import { present } from '../../support/parts.ts';
import { addProject, applyFacts, newAttempt, openPayment, paid } from '../../support/payments.ts';
import { bindRefunds, opened, openRefunds } from '../../support/refunds.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

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
    using t = openTestStore();
    const r = await start(t);
    expect(await r.make(30_000)).toMatchObject({ amount: 30_000, status: 'unknown', source: 'api' });
    expect((await r.make(null)).amount).toBe(68_000);
    expect(await r.open()).toBe('exceeds');
    expect(await r.open({ amount: 1 })).toBe('exceeds');
    expect(r.read().refunded).toBe(0);
  });

  test('twenty at a time never take more than was paid', async () => {
    using t = openTestStore();
    const r = await start(t);
    const results = await Promise.all(Array.from({ length: 20 }, () => r.open({ amount: 10_000 })));
    expect(results.filter((result) => result === 'exceeds')).toHaveLength(11);
    const made = results.filter((result) => typeof result !== 'string').map(({ refund }) => refund);
    await Promise.all(made.map((refund) => r.answer(refund)));
    expect(r.read().refunded).toBe(90_000);
    expect(r.checkAt()).not.toBeNull();
    t.clock.advance(MINUTE);
    await r.look(made.map(({ refundNo, amount }) => reported(refundNo, amount)));
    expect([r.checkAt(), r.read().refunded, r.list().length]).toEqual([null, 90_000, 9]);
  });

  test('a failed one gives its amount back', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.answer(await r.make(null), { status: 'failed', gatewayRefundNo: null, message: 'no' });
    expect((await r.make(null)).amount).toBe(98_000);
  });

  test('is for paid payments only, and for paid attempts', async () => {
    using t = openTestStore();
    const project = await addProject(t);
    const pending = bindRefunds(t, await openPayment(t, project, { merchantOrderNo: 'UNPAID' }));
    expect(await pending.open()).toBe('not_paid');
    const r = await openRefunds(t, project);
    const other = await openPayment(t, project, { merchantOrderNo: 'OTHER' });
    expect(await r.open({ attemptId: other.attempt.id })).toBe('not_paid');
  });

  test(`an attempt is paid back in ${MAX_REFUNDS} parts at most`, async () => {
    using t = openTestStore();
    const r = await start(t);
    for (let n = 0; n < MAX_REFUNDS; n += 1) await r.make(1);
    expect(await r.open({ amount: 1 })).toBe('too_many');
    const [first] = r.list();
    await r.answer(present(first), { status: 'failed', gatewayRefundNo: null });
    expect(await r.open({ amount: 1 })).toMatchObject({ created: true });
  });

  describe('again by the same request', () => {
    const keyed = { isRepeatable: true, makeRefundNo: (n: number) => `RF-KEY-${n}` };

    test('finds the refund that it made before, whatever became of it', async () => {
      using t = openTestStore();
      const r = await start(t);
      const first = await r.make(10_000, keyed);
      expect(opened(await r.open({ amount: 10_000, ...keyed }))).toEqual({ refund: first, created: false });
      await r.answer(first);
      expect(opened(await r.open({ amount: 10_000, ...keyed }))).toMatchObject({
        refund: { status: 'succeeded' },
        created: false,
      });
      expect(r.list()).toHaveLength(1);
    });

    test('tries anew after a failure, under the next number', async () => {
      using t = openTestStore();
      const r = await start(t);
      for (const number of ['RF-KEY-0', 'RF-KEY-1']) {
        const refund = await r.make(null, keyed);
        expect(refund.refundNo).toBe(number);
        await r.answer(refund, { status: 'failed', gatewayRefundNo: null });
      }
      expect((await r.make(null, keyed)).refundNo).toBe('RF-KEY-2');
    });

    test('with another amount or reason is another request', async () => {
      using t = openTestStore();
      const r = await start(t);
      await r.make(10_000, keyed);
      expect(await r.open({ amount: 9000, ...keyed })).toBe('other_request');
      expect(await r.open({ amount: 10_000, reason: 'x', ...keyed })).toBe('other_request');
      expect(await r.open({ ...keyed })).toMatchObject({ created: false });
    });

    test('of another payment is refused: nothing is told about that one', async () => {
      using t = openTestStore();
      const project = await addProject(t);
      await (await openRefunds(t, project, 'ONE')).make(10_000, keyed);
      expect(await (await openRefunds(t, project, 'TWO')).open({ amount: 10_000, ...keyed })).toBe('other_request');
    });
  });
});

describe('an answer', () => {
  test('settles: sum, timeline, notification', async () => {
    using t = openTestStore();
    const r = await start(t);
    const before = r.read().revision;
    const refund = await r.make(30_000, { reason: 'returned' });
    const settled = await r.answer(refund, { gatewayRefundNo: 're_9', message: 'ok' });
    expect(settled).toMatchObject({ status: 'succeeded', gatewayRefundNo: 're_9', message: 'ok' });
    expect(r.read()).toMatchObject({ refunded: 30_000, flags: [], status: 'paid' });
    expect(r.read().revision).toBeGreaterThan(before);
    expect(r.events()).toEqual(['refund.created api', 'refund.settled succeeded']);
    expect(r.notified()).toEqual([
      {
        event: 'payment.refunded',
        refund_no: refund.refundNo,
        amount: 300,
        amount_decimal: '300.00',
        status: 'succeeded',
      },
    ]);
    expect(r.checkAt()).toBeNull();
  });

  test('that comes twice counts once', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.answer(refund);
    await r.answer(refund);
    expect([r.read().refunded, r.notified().length, r.events().length]).toEqual([30_000, 1, 2]);
  });

  test('of a refusal is told to nobody but the caller', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.answer(await r.make(null), { status: 'failed', gatewayRefundNo: null, message: 'balance' });
    expect(r.list()).toMatchObject([{ status: 'failed', message: 'balance' }]);
    expect([r.read().flags, r.notified(), r.checkAt()]).toEqual([[], [], null]);
  });

  test('“pending” is asked about until the gateway is through', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.answer(refund, { status: 'pending' });
    expect([r.read().refunded, r.checkAt()]).toEqual([0, t.clock.now() + 9 * SECOND]);
    t.clock.advance(9 * SECOND);
    await r.look([reported(refund.refundNo, 30_000, { status: 'pending' })]);
    expect(r.checkAt()).toBe(t.clock.now() + MINUTE);
    t.clock.advance(MINUTE);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect([r.read().refunded, r.checkAt()]).toEqual([30_000, null]);
  });

  test('does not undo what the list has told meanwhile', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(await r.answer(refund, { status: 'pending' })).toMatchObject({ status: 'succeeded' });
    expect(await r.answer(refund, { status: 'failed', gatewayRefundNo: null })).toMatchObject({ status: 'succeeded' });
    expect(r.read().refunded).toBe(30_000);
  });

  test('does not cancel a look that a callback has asked for', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    await r.hear('charge.refunded');
    await r.answer(refund);
    expect(r.checkAt()).toBe(t.clock.now());
    await r.look([reported(refund.refundNo, 30_000), reported(null, 500)]);
    expect(r.read().refunded).toBe(30_500);
  });
});

test('a look that a callback has asked for is not put off by a refund that begins', async () => {
  using t = openTestStore();
  const r = await start(t);
  await r.hear('charge.refunded');
  await r.make(30_000);
  expect(r.checkAt()).toBe(t.clock.now());
});

describe('a lost answer', () => {
  test('is asked about in 9 s, and settled by what the gateway lists', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    t.clock.advance(30 * SECOND);
    await r.lose(refund);
    expect(r.checkAt()).toBe(t.clock.now() + 9 * SECOND);
    t.clock.advance(9 * SECOND);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(r.list()).toMatchObject([{ status: 'succeeded', gatewayRefundNo: `re_${refund.refundNo}` }]);
    expect([r.read().refunded, r.read().flags, r.checkAt()]).toEqual([30_000, [], null]);
  });

  test('of one that never arrived fails after two looks that were certainly late enough', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    t.clock.advance(CALL_LIMIT - 1);
    await r.lose(refund);
    for (let n = 0; n < 5; n += 1) await r.look([]);
    expect(r.list()).toMatchObject([{ status: 'unknown', missing: 0 }]);
    t.clock.advance(1);
    // The same instant asked several times is one answer.
    for (let n = 0; n < 5; n += 1) await r.look([]);
    expect(r.list()).toMatchObject([{ status: 'unknown', missing: 1 }]);
    t.clock.advance(MINUTE);
    // What was asked before proves nothing now.
    await r.learn([], t.clock.now() - 45 * SECOND);
    expect(r.list()).toMatchObject([{ status: 'unknown', missing: 1 }]);
    await r.look([]);
    expect(r.list()).toMatchObject([{ status: 'failed', message: 'The gateway never received it.' }]);
    expect(r.read()).toMatchObject({ flags: ['attention'], refunded: 0 });
    expect(r.notified()).toMatchObject([{ event: 'payment.attention', status: 'failed' }]);
    expect((await r.make(null)).amount).toBe(98_000);
  });

  test('that turns up after it was given up counts', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    for (let n = 0; n < 2; n += 1) {
      t.clock.advance(CALL_LIMIT);
      await r.look([]);
    }
    expect(r.list()).toMatchObject([{ status: 'failed' }]);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(r.list()).toMatchObject([{ status: 'succeeded' }]);
    expect(r.read().refunded).toBe(30_000);
  });

  test('of a process that died is asked about when its call is certainly over', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.make(30_000);
    expect(r.checkAt()).toBe(t.clock.now() + CALL_LIMIT);
    expect(await t.store.claimRefundLooks(t.clock.now() + CALL_LIMIT - 1, 9, DAY)).toEqual([]);
    t.clock.advance(CALL_LIMIT);
    expect(await t.store.claimRefundLooks(t.clock.now(), 9, DAY)).toEqual([r.payment.id]);
    expect(await t.store.claimRefundLooks(t.clock.now(), 9, DAY)).toEqual([]);
  });

  test('at a gateway that cannot be asked stays unknown, and a person is told once', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.lose(await r.make(30_000));
    t.clock.advance(9 * SECOND);
    await r.look(null);
    // The call might just be slow to end.
    expect([r.read().flags, r.checkAt()]).toEqual([[], t.clock.now() + CALL_LIMIT - 9 * SECOND]);
    t.clock.advance(CALL_LIMIT);
    await r.look(null);
    expect(r.list()).toMatchObject([{ status: 'unknown' }]);
    expect([r.read().flags, r.checkAt()]).toEqual([['attention'], null]);
    await r.look(null);
    expect(r.notified()).toMatchObject([{ event: 'payment.attention', status: 'unknown' }]);
    expect(await r.open({ amount: 98_000 })).toBe('exceeds');
  });
});

describe('looks', () => {
  test('that fail come again, ever later, and after six hours a person is told', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.lose(await r.make(null));
    const waits: number[] = [];
    const long: boolean[] = [];
    for (let n = 0; n < 6; n += 1) {
      const at = present(r.checkAt());
      waits.push((at - t.clock.now()) / SECOND);
      t.clock.set(at);
      long.push(await t.store.postponeRefundLook(r.payment.id, at, 0));
    }
    expect(waits).toEqual([9, 60, 300, 3600, 21_600, 86_400]);
    expect(long).toEqual([false, false, false, false, true, true]);
    await t.store.postponeRefundLook(r.payment.id, t.clock.now(), t.clock.now() + 2 * DAY);
    expect(r.checkAt()).toBe(t.clock.now() + 2 * DAY);
  });

  test('that were asked for while one was under way are made all the same', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.hear('one');
    await t.store.claimRefundLooks(t.clock.now(), 9, DAY);
    const askedAt = t.clock.now();
    t.clock.advance(SECOND);
    await r.hear('two');
    t.clock.advance(SECOND);
    await r.learn([], askedAt);
    expect(r.checkAt()).toBe(askedAt + SECOND);
  });

  test('that people cause do not put off those of the schedule', async () => {
    using t = openTestStore();
    const r = await start(t);
    const refund = await r.make(10_000);
    await r.lose(refund);
    const planned = r.checkAt();
    for (let n = 0; n < 5; n += 1) await r.learn([], t.clock.now(), false);
    expect(r.checkAt()).toBe(planned);
    await r.learn([reported(refund.refundNo, 10_000)], t.clock.now(), false);
    expect([r.checkAt(), r.read().refunded]).toEqual([null, 10_000]);
  });

  test('begin anew for each refund, though an older one is only asked about daily', async () => {
    using t = openTestStore();
    const r = await start(t);
    const slow = await r.make(10_000);
    await r.answer(slow, { status: 'pending' });
    for (let n = 0; n < 8; n += 1) {
      t.clock.set(present(r.checkAt()));
      await r.look([reported(slow.refundNo, 10_000, { status: 'pending' })]);
    }
    expect(r.checkAt()).toBe(t.clock.now() + DAY);
    t.clock.advance(DAY - 5 * SECOND);
    const fresh = await r.make(20_000);
    await r.lose(fresh);
    t.clock.advance(5 * SECOND);
    await r.look([reported(slow.refundNo, 10_000, { status: 'pending' })]);
    expect(r.checkAt()).toBe(t.clock.now() + MINUTE);
  });
});

describe('a refund made at the gateway’s own desk', () => {
  test('is written down, counted, put before a person, and told to the shop', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.hear('charge.refunded');
    await r.look([reported(null, 5000)]);
    expect(r.list()).toMatchObject([
      { source: 'gateway', amount: 5000, status: 'succeeded', gatewayRefundNo: 're_desk', reason: '' },
    ]);
    expect(r.read()).toMatchObject({ refunded: 5000, flags: ['attention'], status: 'paid' });
    expect(r.events()).toEqual(['refund.created gateway', 'refund.settled succeeded']);
    expect(r.notified()).toMatchObject([{ event: 'payment.refunded', amount: 50 }]);
    await r.look([reported(null, 5000)]);
    expect([r.list().length, r.read().refunded, r.notified().length]).toEqual([1, 5000, 1]);
    expect((await r.make(null)).amount).toBe(93_000);
  });

  test('is told to nobody who did not ask for it', async () => {
    using t = openTestStore();
    const r = await start(t, 'payment.paid');
    await r.look([reported(null, 5000)]);
    expect([r.read().refunded, r.notified()]).toEqual([5000, []]);
  });

  test('that is pending counts when the gateway is through', async () => {
    using t = openTestStore();
    const r = await start(t);
    await r.look([reported(null, 5000, { status: 'pending' })]);
    expect([r.read().refunded, r.notified()]).toEqual([0, []]);
    await r.look([reported(null, 5000)]);
    expect([r.read().refunded, r.notified().length]).toEqual([5000, 1]);
  });
});

test('a refund that comes back from the bank is taken off again, and a person is told', async () => {
  using t = openTestStore();
  const r = await start(t);
  const refund = await r.make(30_000);
  await r.answer(refund);
  await r.hear('refund.failed');
  await r.look([reported(refund.refundNo, 30_000, { status: 'failed' })]);
  expect(r.list()).toMatchObject([{ status: 'failed' }]);
  expect(r.read()).toMatchObject({ refunded: 0, flags: ['attention'] });
  expect(r.events()).toEqual(['refund.created api', 'refund.settled succeeded', 'refund.settled failed']);
  expect(r.notified()).toMatchObject([
    { event: 'payment.refunded', status: 'succeeded' },
    { event: 'payment.attention', status: 'failed' },
  ]);
  await r.look([reported(refund.refundNo, 30_000)]);
  expect(r.read().refunded).toBe(0);
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
    using t = openTestStore();
    const { r, second } = await payTwice(t);
    expect(r.read().flags).toContain('duplicate');
    await second.answer(await second.make(null));
    expect([r.read().refunded, await second.open({ amount: 1 })]).toEqual([0, 'exceeds']);
    await r.answer(await r.make(null));
    expect([r.read().refunded, await r.open({ amount: 1 })]).toEqual([98_000, 'exceeds']);
  });

  test('takes each gateway’s list for its own attempt', async () => {
    using t = openTestStore();
    const { r, second } = await payTwice(t);
    await second.look([reported(null, 98_000)]);
    expect(r.list()).toMatchObject([{ attemptId: second.attempt.id, amount: 98_000 }]);
    expect(r.read().refunded).toBe(0);
    expect((await r.make(null)).amount).toBe(98_000);
  });
});
