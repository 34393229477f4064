import { expect, test } from 'bun:test';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { inTurn, type OpenEngine } from './open.ts';
import { bind, payOne, reported } from './refunds-support.ts';
import { makeWorld } from './world.ts';

/** What becomes of a refund when its gateway answers, soon or late. */

export const describeAnswers = inTurn<OpenEngine>(describePrompt, describeLate);

function describePrompt(open: OpenEngine): void {
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
    await r.answer(refund);
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

function describeLate(open: OpenEngine): void {
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
    expect(await r.answer(refund, { status: 'pending' })).toMatchObject({ status: 'succeeded' });
    expect(await r.answer(refund, { status: 'failed', gatewayRefundNo: null })).toMatchObject({ status: 'succeeded' });
    expect([await r.checkAt(), (await r.read()).refunded]).toEqual([w.clock.now(), 30_000]);
    await r.look([reported(refund.refundNo, 30_000), reported(null, 500)]);
    expect((await r.read()).refunded).toBe(30_500);
  });

  test('does not put off a look that was asked for before the refund began', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    await r.hear();
    await r.make(30_000);
    expect(await r.checkAt()).toBe(w.clock.now());
  });

  test('counts as the payment’s loss only when its own money went back', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const again = bind(w, r.payment, await w.addAttempt(r.payment, { status: 'paid' }));
    await again.answer(await again.make(null));
    expect([(await r.read()).refunded, await again.open({ amount: 1 })]).toEqual([0, 'exceeds']);
    await r.answer(await r.make(null));
    expect([(await r.read()).refunded, await r.open({ amount: 1 })]).toEqual([98_000, 'exceeds']);
  });
}
