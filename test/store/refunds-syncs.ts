import { expect, test } from 'bun:test';
import { CALL_LIMIT } from '../../src/core/lifecycle/schedule.ts';
import { DAY, MINUTE, SECOND } from '../../src/core/time.ts';
import { claimRefundSyncs, type DueRefundSync, postponeRefundSync } from '../../src/store/commands/refunds/plan.ts';
import { findNextRefundSync } from '../../src/store/queries/refunds.ts';
import { present } from '../support/parts.ts';
import type { OpenEngine } from './open.ts';
import { LEASE, payBack, payOne, reported } from './refunds-support.ts';
import { makeWorld } from './world.ts';

/** What gateways tell of refunds when they are asked. */

const idsOf = (due: readonly DueRefundSync[]) => due.map(({ paymentId }) => paymentId);

export function describeLost(open: OpenEngine): void {
  test('is asked about in 9 s, and settled by what the gateway lists', async () => {
    await using engine = await open();
    const { w, r, refund } = await payBack(engine, 30_000);
    expect(await r.checkAt()).toBe(w.clock.now() + CALL_LIMIT);
    w.clock.advance(30 * SECOND);
    await r.lose(refund);
    expect(await r.checkAt()).toBe(w.clock.now() + 9 * SECOND);
    expect(await findNextRefundSync(engine.reader)).toBe(w.clock.now() + 9 * SECOND);
    expect(await r.list()).toMatchObject([{ status: 'unknown', message: 'no answer' }]);
    expect(await r.events()).toEqual(['refund.created api', 'gateway.request unknown']);
    w.clock.advance(9 * SECOND);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(await r.list()).toMatchObject([
      { status: 'succeeded', gatewayRefundNo: `re_${refund.refundNo}`, message: '' },
    ]);
    expect([(await r.read()).refunded, (await r.read()).flags, await r.checkAt()]).toEqual([30_000, [], null]);
  });

  test('that the list has told of meanwhile keeps what that said', async () => {
    await using engine = await open();
    const { w, r, refund } = await payBack(engine, 30_000);
    w.clock.advance(CALL_LIMIT);
    await r.look([reported(refund.refundNo, 30_000)]);
    await r.lose(refund);
    expect(await r.list()).toMatchObject([{ status: 'succeeded', message: '' }]);
  });

  test('of one that never arrived fails after two looks, a person and the shop are told, and it may turn up later', async () => {
    await using engine = await open();
    const { w, r, refund } = await payBack(engine, 30_000);
    w.clock.advance(CALL_LIMIT - 1);
    await r.lose(refund);
    for (let n = 0; n < 5; n += 1) await r.look([]);
    expect(await r.list()).toMatchObject([{ status: 'unknown', notFoundCount: 0 }]);
    w.clock.advance(1);
    // The same instant asked several times is one answer.
    for (let n = 0; n < 5; n += 1) await r.look([]);
    expect(await r.list()).toMatchObject([{ status: 'unknown', notFoundCount: 1 }]);
    w.clock.advance(MINUTE);
    // What was asked before proves nothing now.
    await r.learn([], w.clock.now() - 45 * SECOND);
    expect(await r.list()).toMatchObject([{ status: 'unknown', notFoundCount: 1 }]);
    await r.look([]);
    expect(await r.list()).toMatchObject([{ status: 'failed', message: 'The gateway never received it.' }]);
    expect(await r.read()).toMatchObject({ flags: ['attention'], refunded: 0 });
    expect(await r.told()).toMatchObject([
      { event: 'payment.attention', about: `${refund.refundNo} failed`, status: 'failed' },
    ]);
    await r.look([reported(refund.refundNo, 30_000)]);
    expect(await r.list()).toMatchObject([{ status: 'succeeded' }]);
    expect((await r.make(null)).amount).toBe(68_000);
    expect((await r.read()).refunded).toBe(30_000);
  });

  test('of a process that died is asked about once, when its call is certainly over', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    await r.make(30_000);
    const claim = async (now: number) => idsOf(await engine.write((tx) => claimRefundSyncs(tx, now, 9, DAY, 'one')));
    expect(await claim(w.clock.now() + CALL_LIMIT - 1)).toEqual([]);
    expect(await claim(w.clock.now() + CALL_LIMIT)).toEqual([r.payment.id]);
    expect(await claim(w.clock.now() + CALL_LIMIT)).toEqual([]);
  });

  test('at a gateway that cannot be asked stays unknown, and a person is told once', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    await r.lose(await r.make(30_000));
    w.clock.advance(9 * SECOND);
    await r.look(null);
    expect([(await r.read()).flags, await r.checkAt()]).toEqual([[], w.clock.now() + CALL_LIMIT - 9 * SECOND]);
    w.clock.advance(CALL_LIMIT);
    for (let n = 0; n < 2; n += 1) await r.look(null);
    expect([(await r.read()).flags, await r.checkAt()]).toEqual([['attention'], null]);
    expect(await r.told()).toMatchObject([{ event: 'payment.attention', status: 'unknown' }]);
    expect([(await r.list()).map(({ status }) => status), await r.open({ amount: 98_000 })]).toEqual([
      ['unknown'],
      'exceeds',
    ]);
  });
}

export function describeSyncs(open: OpenEngine): void {
  test('are taken once, also by several who ask at once, and come again when the one that took them dies', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const all = await Promise.all(Array.from({ length: 12 }, () => payOne(w)));
    await Promise.all(all.map((r) => r.hear()));
    const claim = async () => idsOf(await engine.write((tx) => claimRefundSyncs(tx, w.clock.now(), 5, LEASE, 'one')));
    const taken = (await Promise.all([claim(), claim(), claim(), claim()])).flat();
    expect(taken.sort((a, b) => a - b)).toEqual(all.map(({ payment }) => payment.id).sort((a, b) => a - b));
    expect(await claim()).toEqual([]);
    expect(await findNextRefundSync(engine.reader)).toBe(w.clock.now() + LEASE);
    w.clock.advance(LEASE);
    expect(await claim()).toHaveLength(5);
  });

  test('begin with those that have been due for longest, and name the account that was paid', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const [first, second] = [await payOne(w), await payOne(w)];
    await second.hear();
    w.clock.advance(SECOND);
    await first.hear();
    const claim = () => engine.write((tx) => claimRefundSyncs(tx, w.clock.now(), 1, LEASE, 'one'));
    const account = { gateway: 'stripe', credentialId: w.credential.id };
    expect(await claim()).toEqual([{ paymentId: second.payment.id, ...account }]);
    expect(await claim()).toEqual([{ paymentId: first.payment.id, ...account }]);
  });

  test('that fail come again, ever later, and after six hours a person is told', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    await r.lose(await r.make(null));
    const waits: number[] = [];
    const long: boolean[] = [];
    for (let n = 0; n < 6; n += 1) {
      const at = present(await r.checkAt());
      waits.push((at - w.clock.now()) / SECOND);
      w.clock.set(at);
      long.push(await engine.write((tx) => postponeRefundSync(tx, r.payment.id, at, 0)));
    }
    expect(waits).toEqual([9, 60, 300, 3600, 21_600, 86_400]);
    expect(long).toEqual([false, false, false, false, true, true]);
    const notBefore = w.clock.now() + 2 * DAY;
    await engine.write((tx) => postponeRefundSync(tx, r.payment.id, w.clock.now(), notBefore));
    expect(await r.checkAt()).toBe(notBefore);
  });

  test('that were asked for while one was under way are made all the same; those people cause put nothing off', async () => {
    await using engine = await open();
    const { w, r, refund } = await payBack(engine, 10_000);
    await r.lose(refund);
    const planned = await r.checkAt();
    for (let n = 0; n < 5; n += 1) await r.learn([], w.clock.now(), false);
    expect(await r.checkAt()).toBe(planned);
    await r.learn([reported(refund.refundNo, 10_000)], w.clock.now(), false);
    expect([await r.checkAt(), (await r.read()).refunded]).toEqual([null, 10_000]);
    await r.hear();
    await engine.write((tx) => claimRefundSyncs(tx, w.clock.now(), 9, DAY, 'one'));
    const askedAt = w.clock.now();
    w.clock.advance(SECOND);
    await r.hear();
    w.clock.advance(SECOND);
    await r.learn([], askedAt);
    expect(await r.checkAt()).toBe(askedAt + SECOND);
  });

  test('begin anew for each refund, though an older one is only asked about daily', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const r = await payOne(w);
    const slow = await r.make(10_000);
    await r.answer(slow, { status: 'pending' });
    for (let n = 0; n < 8; n += 1) {
      w.clock.set(present(await r.checkAt()));
      await r.look([reported(slow.refundNo, 10_000, { status: 'pending' })]);
    }
    expect(await r.checkAt()).toBe(w.clock.now() + DAY);
    w.clock.advance(DAY - 5 * SECOND);
    await r.lose(await r.make(20_000));
    w.clock.advance(5 * SECOND);
    await r.look([reported(slow.refundNo, 10_000, { status: 'pending' })]);
    expect(await r.checkAt()).toBe(w.clock.now() + MINUTE);
  });
}
