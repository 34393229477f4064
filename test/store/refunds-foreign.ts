import { expect, test } from 'bun:test';
import { DAY, SECOND } from '../../src/core/time.ts';
import { findRows } from '../../src/store/table.ts';
import { present } from '../support/parts.ts';
import type { OpenEngine } from './open.ts';
import { bind, payBack, payOne, reported } from './refunds-support.ts';
import { makeWorld } from './world.ts';

/** Refunds that a gateway made without us. */

export function describeForeign(open: OpenEngine): void {
  test('is written down once, counted, put before a person, and told to the shop', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    await Promise.all([1, 2, 3].map(() => r.learn([reported(null, 5000)])));
    const [refund, ...more] = await r.list();
    expect(more).toEqual([]);
    expect(refund).toMatchObject({ source: 'gateway', amount: 5000, status: 'succeeded', gatewayRefundNo: 're_desk' });
    expect(refund?.reason).toBe('');
    expect(await r.read()).toMatchObject({ refunded: 5000, flags: ['attention'], status: 'paid' });
    expect(await r.events()).toEqual(['refund.created gateway', 'refund.settled succeeded']);
    expect(await r.told()).toMatchObject([
      { event: 'payment.attention', about: `${refund?.refundNo} succeeded`, amount: 50 },
      { event: 'payment.refunded', about: refund?.refundNo, amount: 50 },
    ]);
    expect((await r.make(null)).amount).toBe(93_000);
  });

  test('that the bank takes its time over is asked about from then on, though only a caller had asked', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    await r.learn([reported(null, 5000, { status: 'pending' })], w.clock.now(), false);
    expect(await r.checkAt()).toBe(w.clock.now() + 9 * SECOND);
  });

  test('is told to nobody who did not ask for it', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine, ['payment.paid']));
    await r.look([reported(null, 5000)]);
    expect([(await r.read()).refunded, await r.told()]).toEqual([5000, []]);
  });

  test('that comes back from the bank is taken off again, and is another piece of news', async () => {
    await using engine = await open();
    const { w, r, refund } = await payBack(engine, 30_000);
    await r.answer(refund);
    w.clock.advance(DAY);
    await r.look([reported(refund.refundNo, 30_000, { status: 'failed' })]);
    expect(await r.list()).toMatchObject([{ status: 'failed' }]);
    expect(await r.read()).toMatchObject({ refunded: 0, flags: ['attention'] });
    expect(await r.events()).toEqual(['refund.created api', 'refund.settled succeeded', 'refund.settled failed']);
    expect((await r.told()).map(({ event, about }) => [event, about])).toEqual([
      ['payment.refunded', refund.refundNo],
      ['payment.attention', `${refund.refundNo} failed`],
    ]);
    // An older list does not take that back.
    await r.look([reported(refund.refundNo, 30_000)]);
    expect((await r.read()).refunded).toBe(0);
  });

  test('is told of once more when it has another trouble', async () => {
    await using engine = await open();
    const { w, r, refund } = await payBack(engine, 30_000);
    const desk = await payOne(w);
    for (const status of ['pending', 'failed', 'failed'] as const) await desk.look([reported(null, 5000, { status })]);
    expect((await desk.told()).map(({ event, status }) => [event, status])).toEqual([
      ['payment.attention', 'pending'],
      ['payment.attention', 'failed'],
    ]);
    // Nobody can tell what became of this one, until somebody can.
    await r.lose(refund);
    w.clock.advance(DAY);
    await r.look(null);
    await r.look([reported(refund.refundNo, 30_000, { status: 'failed' })]);
    expect((await r.told()).map(({ event, status }) => [event, status])).toEqual([
      ['payment.attention', 'unknown'],
      ['payment.attention', 'failed'],
    ]);
  });

  test('that is pending counts when the gateway is through', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    await r.look([reported(null, 5000, { status: 'pending' })]);
    expect((await r.read()).refunded).toBe(0);
    expect(await r.told()).toMatchObject([{ event: 'payment.attention', status: 'pending' }]);
    await r.look([reported(null, 5000)]);
    expect([(await r.read()).refunded, (await r.told()).length]).toEqual([5000, 2]);
  });

  test('of an order that was paid twice belongs to the attempt whose gateway lists it', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const second = { status: 'paid', gatewayTradeNo: 'SECOND' } as const;
    const again = bind(w, r.payment, await w.addAttempt(r.payment, second));
    await again.look([reported(null, 98_000)]);
    expect(await r.list()).toMatchObject([{ attemptId: again.attempt.id, amount: 98_000 }]);
    // What a person is told names the money that it is about.
    const told = await findRows(engine.reader, 'outbox', { paymentId: r.payment.id, event: 'payment.attention' });
    expect(told.map(({ body }) => JSON.parse(body).gateway_trade_no)).toEqual(['SECOND']);
    expect((await r.read()).refunded).toBe(0);
    expect((await r.make(null)).amount).toBe(98_000);
  });
}

/** A list in which one refund stands as it was before it came back, beside another that took its place meanwhile. */
export function describeOvertaken(open: OpenEngine): void {
  const DESK = reported(null, 10_000);

  for (const isAnswered of [true, false]) {
    test(`is not believed when it no longer fits: ours took its place (${isAnswered ? '' : 'not '}answered)`, async () => {
      await using engine = await open();
      const w = await makeWorld(engine);
      const r = await payOne(w);
      await r.hear();
      const askedAt = w.clock.now();
      const ours = await r.make(null);
      if (isAnswered) await r.answer(ours);
      await r.learn([DESK], askedAt);
      expect(await r.list()).toMatchObject([{ amount: 98_000 }]);
      if (!isAnswered) await r.answer(ours);
      w.clock.set(present(await r.checkAt()));
      await r.look([{ ...DESK, status: 'failed' }, reported(ours.refundNo, 98_000)]);
      expect([(await r.read()).refunded, (await r.list()).length, await r.checkAt()]).toEqual([98_000, 1, null]);
    });
  }

  test('is believed when the gateway says it again of a later time, whatever the sum', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const ours = await r.make(null);
    await r.answer(ours);
    const list = [DESK, reported(ours.refundNo, 98_000)];
    await r.learn(list);
    expect(await r.list()).toHaveLength(1);
    w.clock.set(present(await r.checkAt()));
    await r.look(list);
    expect([(await r.list()).length, await r.checkAt()]).toEqual([2, null]);
  });
}
