import { describe, expect, test } from 'bun:test';
import { MAX_REFUNDS } from '../../src/core/refund.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { present } from '../support/parts.ts';
import type { OpenEngine } from './open.ts';
import { bind, opened, payOne, reported } from './refunds-support.ts';
import { describeForeign, describeLost, describeSyncs } from './refunds-syncs.ts';
import { makeWorld } from './world.ts';

export function describeRefunds(open: OpenEngine): void {
  describe('opening a refund', () => {
    describeOpening(open);
    describeRepeats(open);
  });
  describe('the answer to a refund', () => {
    describeAnswers(open);
    describeLateAnswers(open);
  });
  describe('a lost answer', () => describeLost(open));
  describe('a refund made at the gateway’s own desk', () => describeForeign(open));
  describe('looks at refunds', () => describeSyncs(open));
}

function describeOpening(open: OpenEngine): void {
  test('takes all that is left when no amount is given, and counts what is under way', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    expect(await r.make(30_000)).toMatchObject({ amount: 30_000, status: 'unknown', source: 'api', notFoundCount: 0 });
    expect((await r.make(null)).amount).toBe(68_000);
    expect([await r.open(), await r.open({ amount: 1 })]).toEqual(['exceeds', 'exceeds']);
    expect(await r.events()).toEqual(['refund.created api', 'refund.created api']);
  });

  test('twenty at a time never take more than was paid', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const results = await Promise.all(Array.from({ length: 20 }, () => r.open({ amount: 10_000 })));
    expect(results.filter((result) => result === 'exceeds')).toHaveLength(11);
    const made = results.filter((result) => typeof result !== 'string').map(({ refund }) => refund);
    await Promise.all(made.map((refund) => r.answer(refund)));
    expect((await r.read()).refunded).toBe(90_000);
    w.clock.advance(MINUTE);
    await r.look(made.map(({ refundNo, amount }) => reported(refundNo, amount)));
    expect([await r.checkAt(), (await r.read()).refunded, (await r.list()).length]).toEqual([null, 90_000, 9]);
  });

  test('is for paid payments only, and for paid attempts', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const pending = await w.addPayment();
    const unpaid = await w.addAttempt(pending);
    const r = await payOne(w);
    expect(await bind(w, pending, unpaid).open()).toBe('not_paid');
    expect(await r.open({ attemptId: unpaid.id })).toBe('not_paid');
    expect(await r.open({ paymentId: 999_999 })).toBe('not_paid');
  });

  test(`pays an attempt back in ${MAX_REFUNDS} parts at most, and a failed one gives its amount back`, async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    for (let n = 0; n < MAX_REFUNDS; n += 1) await r.make(1);
    expect(await r.open({ amount: 1 })).toBe('too_many');
    const [first] = await r.list();
    await r.answer(present(first), { status: 'failed', gatewayRefundNo: null });
    expect((await r.make(null)).amount).toBe(98_000 - MAX_REFUNDS + 1);
  });
}

function describeRepeats(open: OpenEngine): void {
  const keyed = { isRepeatable: true, makeRefundNo: (n: number) => `RF-KEY-${n}` };

  test('again by the same request finds the refund that it made before, also when both come at once', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    const both = await Promise.all([1, 2].map(() => r.open({ amount: 10_000, ...keyed })));
    expect(both.map((one) => opened(one).created).sort()).toEqual([false, true]);
    const [first] = await r.list();
    await r.answer(present(first));
    expect(opened(await r.open({ ...keyed }))).toMatchObject({ refund: { status: 'succeeded' }, created: false });
    expect(await r.open({ amount: 9000, ...keyed })).toBe('other_request');
    expect(await r.open({ amount: 10_000, reason: 'x', ...keyed })).toBe('other_request');
  });

  test('for two payments at once under one number is one refund, and the other is told that it is another request', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const [one, two] = [await payOne(w), await payOne(w)];
    const results = await Promise.all([one, two].map((r) => r.open({ amount: 10_000, ...keyed })));
    expect(results.filter((result) => result === 'other_request')).toHaveLength(1);
    expect((await one.list()).length + (await two.list()).length).toBe(1);
  });

  test('tries anew after a failure, under the next number', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    await r.answer(await r.make(null, keyed), { status: 'failed', gatewayRefundNo: null });
    expect((await r.make(null, keyed)).refundNo).toBe('RF-KEY-1');
  });
}

function describeAnswers(open: OpenEngine): void {
  test('settles it: sum, timeline, notification, no further question', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    const { revision } = await r.read();
    const refund = await r.make(30_000);
    const settled = await r.answer(refund, { gatewayRefundNo: 're_9', message: 'ok' });
    expect(settled).toMatchObject({ status: 'succeeded', gatewayRefundNo: 're_9', message: 'ok' });
    expect(await r.list()).toEqual([settled]);
    expect(await r.read()).toMatchObject({ refunded: 30_000, flags: [], status: 'paid', refundCheckAt: null });
    expect((await r.read()).revision).toBe(revision + 1);
    expect(await r.events()).toEqual(['refund.created api', 'refund.settled succeeded']);
    expect(await r.told()).toEqual([
      {
        event: 'payment.refunded',
        about: refund.refundNo,
        refund_no: refund.refundNo,
        amount: 300,
        amount_decimal: '300.00',
        status: 'succeeded',
      },
    ]);
  });

  test('counts once when it comes twice, and at once', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    const refund = await r.make(30_000);
    await Promise.all([1, 2, 3].map(() => r.answer(refund)));
    expect([(await r.read()).refunded, (await r.told()).length, (await r.events()).length]).toEqual([30_000, 1, 2]);
  });

  test('and the gateway’s list may come at the same instant: the sum is right', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    const refunds = [await r.make(10_000), await r.make(20_000), await r.make(30_000)];
    const list = refunds.map(({ refundNo, amount }) => reported(refundNo, amount));
    await Promise.all([...refunds.map((refund) => r.answer(refund)), r.learn(list), r.learn(list)]);
    expect([(await r.read()).refunded, (await r.told()).length, (await r.events()).length]).toEqual([60_000, 3, 6]);
  });

  test('that is a refusal is told to nobody but the caller', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    await r.answer(await r.make(null), { status: 'failed', gatewayRefundNo: null, message: 'balance' });
    expect(await r.list()).toMatchObject([{ status: 'failed', message: 'balance' }]);
    expect([(await r.read()).flags, await r.told(), await r.checkAt()]).toEqual([[], [], null]);
  });
}

function describeLateAnswers(open: OpenEngine): void {
  test('“pending” is asked about until the gateway is through', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const refund = await r.make(30_000);
    await r.answer(refund, { status: 'pending' });
    expect([(await r.read()).refunded, await r.checkAt()]).toEqual([0, w.clock.now() + 9 * SECOND]);
    w.clock.advance(9 * SECOND);
    await r.look([reported(refund.refundNo, 30_000, { status: 'pending' })]);
    expect(await r.checkAt()).toBe(w.clock.now() + MINUTE);
    w.clock.advance(MINUTE);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect([(await r.read()).refunded, await r.checkAt()]).toEqual([30_000, null]);
  });

  test('does not undo what the list has told meanwhile, nor cancel a look that was asked for', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const refund = await r.make(30_000);
    await r.hear();
    await r.learn([reported(refund.refundNo, 30_000)]);
    expect(await r.answer(refund, { status: 'failed', gatewayRefundNo: null })).toMatchObject({ status: 'succeeded' });
    expect([await r.checkAt(), (await r.read()).refunded]).toEqual([w.clock.now(), 30_000]);
  });

  test('counts as the payment’s loss only when its own money went back', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const again = bind(w, r.payment, await w.addAttempt(r.payment, { status: 'paid' }));
    await again.answer(await again.make(null));
    expect([(await r.read()).refunded, await again.open({ amount: 1 })]).toEqual([0, 'exceeds']);
    await r.answer(await r.make(null));
    expect((await r.read()).refunded).toBe(98_000);
  });
}
