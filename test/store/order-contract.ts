import { expect, test } from 'bun:test';
import type { Fact } from '../../src/core/attempt.ts';
import { applyFacts, openPayment, paid, reload } from '../support/payments.ts';
import type { OpenTwo } from './open.ts';
import { start } from './payments-support.ts';

/** Gateways promise no order, and two processes hear them. */

export function describeOrder(open: OpenTwo): void {
  const REVIEW: Fact = { type: 'under_review' };
  const DECLINED: Fact = { type: 'declined', code: 'card_declined', message: 'No.' };
  const GONE: Fact = { type: 'ended', reason: 'GONE' };

  test('move nothing when they are not newer than what is known: the gateway is asked at once', async () => {
    await using t = await start(open);
    const { attempt, payment } = await openPayment(t.one, t.project);
    const heard = await applyFacts(t.one, attempt.id, [REVIEW], { saidAt: 5000 });
    expect(heard.attempt).toMatchObject({ status: 'under_review', heardAt: 5000 });
    t.one.clock.advance(1000);
    for (const saidAt of [4999, 5000]) {
      for (const fact of [DECLINED, GONE]) {
        const outcome = await applyFacts(t.two, attempt.id, [fact], { saidAt });
        expect(outcome).toMatchObject({ verdict: 'noted', reason: 'overtaken', notified: true });
        const { status, heardAt, checkAt, declines } = outcome.attempt;
        expect({ status, heardAt, checkAt, declines }).toEqual({
          ...{ status: 'under_review', heardAt: 5000, checkAt: t.one.clock.now(), declines: 0 },
        });
      }
    }
    expect((await reload(t.one, payment.paymentNo)).payment).toMatchObject({
      status: 'pending',
      flags: ['under_review'],
    });
    const newer = await applyFacts(t.two, attempt.id, [DECLINED], { saidAt: 5001 });
    expect(newer.attempt).toMatchObject({ status: 'open', heardAt: 5001, declines: 1 });
  });

  test('count as known also when they changed nothing', async () => {
    await using t = await start(open);
    const { attempt } = await openPayment(t.one, t.project);
    await applyFacts(t.one, attempt.id, [DECLINED], { saidAt: 5000 });
    expect((await applyFacts(t.two, attempt.id, [REVIEW], { saidAt: 4000 })).attempt.status).toBe('open');
    const review = await applyFacts(t.one, attempt.id, [REVIEW], { saidAt: 6000 });
    expect(review.attempt.status).toBe('under_review');
    await applyFacts(t.two, attempt.id, [REVIEW], { saidAt: 8000 });
    // One that is late, and says nothing new, takes nothing of that back.
    await applyFacts(t.two, attempt.id, [REVIEW], { saidAt: 6500 });
    expect((await applyFacts(t.one, attempt.id, [DECLINED], { saidAt: 7000 })).attempt.status).toBe('under_review');
  });

  test('about money count whenever they were said, and so does what tells no time', async () => {
    await using t = await start(open);
    const [first, second] = [
      await openPayment(t.one, t.project, { merchantOrderNo: 'A' }),
      await openPayment(t.one, t.project, { merchantOrderNo: 'B' }),
    ];
    await applyFacts(t.one, first.attempt.id, [REVIEW], { saidAt: 5000 });
    expect((await applyFacts(t.one, first.attempt.id, [paid()], { saidAt: 1 })).payment.status).toBe('paid');
    await applyFacts(t.one, second.attempt.id, [REVIEW], { saidAt: 5000 });
    for (const saidAt of [null, undefined]) {
      await applyFacts(t.one, second.attempt.id, [REVIEW]);
      const told = await applyFacts(t.two, second.attempt.id, [DECLINED], saidAt === null ? { saidAt } : {});
      expect(told.attempt).toMatchObject({ status: 'open', heardAt: 5000 });
    }
  });

  test('of an answer move nothing when anything was heard since its question', async () => {
    await using t = await start(open);
    const { attempt } = await openPayment(t.one, t.project);
    await applyFacts(t.one, attempt.id, [REVIEW], { saidAt: 5000 });
    const answer = { source: 'sync', saidAt: 9000 } as const;
    const late = await applyFacts(t.two, attempt.id, [DECLINED, GONE], { ...answer, heardBefore: null });
    expect(late).toMatchObject({ reason: 'overtaken', attempt: { status: 'under_review', heardAt: 5000 } });
    const fresh = await applyFacts(t.two, attempt.id, [DECLINED, GONE], { ...answer, heardBefore: 5000 });
    expect(fresh).toMatchObject({ verdict: 'applied', attempt: { status: 'ended', heardAt: 9000 } });
  });
}
