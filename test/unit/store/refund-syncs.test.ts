import { describe, expect, test } from 'bun:test';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import type { ReportedRefund } from '../../../src/core/refund.ts';
import { present } from '../../support/parts.ts';
import { addProject } from '../../support/payments.ts';
import { openRefunds } from '../../support/refunds.ts';
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

describe('a lost answer', () => {
  test('is asked about in 9 s, and settled by what the gateway lists', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    t.clock.advance(30 * SECOND);
    await r.lose(refund);
    expect(await r.checkAt()).toBe(t.clock.now() + 9 * SECOND);
    expect(await r.list()).toMatchObject([{ status: 'unknown', message: 'no answer' }]);
    t.clock.advance(9 * SECOND);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(await r.list()).toMatchObject([
      { status: 'succeeded', gatewayRefundNo: `re_${refund.refundNo}`, message: '' },
    ]);
    expect([(await r.read()).refunded, (await r.read()).flags, await r.checkAt()]).toEqual([30_000, [], null]);
  });

  test('of one that never arrived fails after two looks that were certainly late enough', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    t.clock.advance(CALL_LIMIT - 1);
    await r.lose(refund);
    for (let n = 0; n < 5; n += 1) await r.look([]);
    expect(await r.list()).toMatchObject([{ status: 'unknown', notFoundCount: 0 }]);
    t.clock.advance(1);
    // The same instant asked several times is one answer.
    for (let n = 0; n < 5; n += 1) await r.look([]);
    expect(await r.list()).toMatchObject([{ status: 'unknown', notFoundCount: 1 }]);
    t.clock.advance(MINUTE);
    // What was asked before proves nothing now.
    await r.learn([], t.clock.now() - 45 * SECOND);
    expect(await r.list()).toMatchObject([{ status: 'unknown', notFoundCount: 1 }]);
    await r.look([]);
    expect(await r.list()).toMatchObject([{ status: 'failed', message: 'The gateway never received it.' }]);
    expect(await r.read()).toMatchObject({ flags: ['attention'], refunded: 0 });
    expect(await r.notified()).toMatchObject([{ event: 'payment.attention', status: 'failed' }]);
    expect((await r.make(null)).amount).toBe(98_000);
  });

  test('that turns up after it was given up counts', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(30_000);
    for (let n = 0; n < 2; n += 1) {
      t.clock.advance(CALL_LIMIT);
      await r.look([]);
    }
    expect(await r.list()).toMatchObject([{ status: 'failed' }]);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(await r.list()).toMatchObject([{ status: 'succeeded' }]);
    expect((await r.read()).refunded).toBe(30_000);
  });

  test('of a process that died is asked about when its call is certainly over', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.make(30_000);
    expect(await r.checkAt()).toBe(t.clock.now() + CALL_LIMIT);
    expect(await t.store.claimRefundSyncs(t.clock.now() + CALL_LIMIT - 1, 9, DAY)).toEqual([]);
    t.clock.advance(CALL_LIMIT);
    expect(await t.store.claimRefundSyncs(t.clock.now(), 9, DAY)).toEqual([r.payment.id]);
    expect(await t.store.claimRefundSyncs(t.clock.now(), 9, DAY)).toEqual([]);
  });

  test('at a gateway that cannot be asked stays unknown, and a person is told once', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.lose(await r.make(30_000));
    t.clock.advance(9 * SECOND);
    await r.look(null);
    // The call might just be slow to end.
    expect([(await r.read()).flags, await r.checkAt()]).toEqual([[], t.clock.now() + CALL_LIMIT - 9 * SECOND]);
    t.clock.advance(CALL_LIMIT);
    await r.look(null);
    expect(await r.list()).toMatchObject([{ status: 'unknown' }]);
    expect([(await r.read()).flags, await r.checkAt()]).toEqual([['attention'], null]);
    await r.look(null);
    expect(await r.notified()).toMatchObject([{ event: 'payment.attention', status: 'unknown' }]);
    expect(await r.open({ amount: 98_000 })).toBe('exceeds');
  });
});

describe('looks', () => {
  test('that fail come again, ever later, and after six hours a person is told', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.lose(await r.make(null));
    const waits: number[] = [];
    const long: boolean[] = [];
    for (let n = 0; n < 6; n += 1) {
      const at = present(await r.checkAt());
      waits.push((at - t.clock.now()) / SECOND);
      t.clock.set(at);
      long.push(await t.store.postponeRefundSync(r.payment.id, at, 0));
    }
    expect(waits).toEqual([9, 60, 300, 3600, 21_600, 86_400]);
    expect(long).toEqual([false, false, false, false, true, true]);
    await t.store.postponeRefundSync(r.payment.id, t.clock.now(), t.clock.now() + 2 * DAY);
    expect(await r.checkAt()).toBe(t.clock.now() + 2 * DAY);
  });

  test('that were asked for while one was under way are made all the same', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    await r.hear('one');
    await t.store.claimRefundSyncs(t.clock.now(), 9, DAY);
    const askedAt = t.clock.now();
    t.clock.advance(SECOND);
    await r.hear('two');
    t.clock.advance(SECOND);
    await r.learn([], askedAt);
    expect(await r.checkAt()).toBe(askedAt + SECOND);
  });

  test('that people cause do not put off those of the schedule', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const refund = await r.make(10_000);
    await r.lose(refund);
    const planned = await r.checkAt();
    for (let n = 0; n < 5; n += 1) await r.learn([], t.clock.now(), false);
    expect(await r.checkAt()).toBe(planned);
    await r.learn([reported(refund.refundNo, 10_000)], t.clock.now(), false);
    expect([await r.checkAt(), (await r.read()).refunded]).toEqual([null, 10_000]);
  });

  test('begin anew for each refund, though an older one is only asked about daily', async () => {
    await using t = await openTestStore();
    const r = await start(t);
    const slow = await r.make(10_000);
    await r.answer(slow, { status: 'pending' });
    for (let n = 0; n < 8; n += 1) {
      t.clock.set(present(await r.checkAt()));
      await r.look([reported(slow.refundNo, 10_000, { status: 'pending' })]);
    }
    expect(await r.checkAt()).toBe(t.clock.now() + DAY);
    t.clock.advance(DAY - 5 * SECOND);
    const fresh = await r.make(20_000);
    await r.lose(fresh);
    t.clock.advance(5 * SECOND);
    await r.look([reported(slow.refundNo, 10_000, { status: 'pending' })]);
    expect(await r.checkAt()).toBe(t.clock.now() + MINUTE);
  });
});
