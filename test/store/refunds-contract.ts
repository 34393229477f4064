import { expect, test } from 'bun:test';
import { MAX_REFUNDS } from '../../src/core/refund.ts';
import { MINUTE } from '../../src/core/time.ts';
import { present } from '../support/parts.ts';
import { opened } from '../support/refunds.ts';
import { chapters, inTurn, type OpenEngine } from './open.ts';
import { describeAnswers } from './refunds-answers.ts';
import { describeForeign, describeOvertaken } from './refunds-foreign.ts';
import { bind, payOne, reported } from './refunds-support.ts';
import { describeLost, describeSyncs } from './refunds-syncs.ts';
import { makeWorld } from './world.ts';

export const describeRefunds = chapters<OpenEngine>({
  'opening a refund': inTurn(describeOpening, describeRepeats),
  'the answer to a refund': describeAnswers,
  'a lost answer': describeLost,
  'a refund made at the gateway’s own desk': inTurn(describeForeign, describeOvertaken),
  'looks at refunds': describeSyncs,
});

function describeOpening(open: OpenEngine): void {
  test('takes all that is left when no amount is given, and counts what is under way', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    expect(await r.make(30_000)).toMatchObject({ amount: 30_000, status: 'unknown', source: 'api', notFoundCount: 0 });
    expect((await r.make(null)).amount).toBe(68_000);
    expect([await r.open(), await r.open({ amount: 1 })]).toEqual(['exceeds', 'exceeds']);
    expect((await r.read()).refunded).toBe(0);
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
    expect(await r.checkAt()).not.toBeNull();
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
    const [first, ...more] = await r.list();
    expect(more).toEqual([]);
    expect(opened(await r.open({ amount: 10_000, ...keyed }))).toEqual({ refund: present(first), created: false });
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
    expect(await (await payOne(w)).open({ amount: 10_000, ...keyed })).toBe('other_request');
  });

  test('for the money of another attempt under one number is another request', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const again = bind(w, r.payment, await w.addAttempt(r.payment, { status: 'paid', gatewayTradeNo: 'T-AGAIN' }));
    await r.make(10_000, keyed);
    for (const amount of [10_000, null]) expect(await again.open({ amount, ...keyed })).toBe('other_request');
    expect(await r.list()).toHaveLength(1);
  });

  test('tries anew after a failure, under the next number', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    for (const number of ['RF-KEY-0', 'RF-KEY-1']) {
      const refund = await r.make(null, keyed);
      expect(refund).toMatchObject({ refundNo: number, amount: 98_000 });
      await r.answer(refund, { status: 'failed', gatewayRefundNo: null });
    }
    expect((await r.make(null, keyed)).refundNo).toBe('RF-KEY-2');
  });
}
