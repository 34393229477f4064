import { expect, test } from 'bun:test';
import { DAY, HOUR } from '../../src/core/time.ts';
import { present } from '../support/parts.ts';
import { applyFacts, newAttempt, newPayment, openPayment, paid, reload } from '../support/payments.ts';
import { chapters, type OpenTwo } from './open.ts';
import { makeWebhookId, readFigures, share, start, type TwoProcesses, toldOf, typesOf } from './payments-support.ts';

/** How payments end that are not paid, and what happens when they are paid at that very moment. */

export const describeEndings = chapters<OpenTwo>({
  'cancelling a payment': describeCancelling,
  'the end of a payer’s time to choose': describeClosing,
  'a payment that a bank works on': describeHeld,
  'putting a payment before a person': describeReview,
});

const BY = { type: 'api_key', id: 1 } as const;
const range = (count: number) => Array.from({ length: count }, (_, index) => `ORDER-${index}`);

function describeCancelling(open: OpenTwo): void {
  const cancel = ({ both }: TwoProcesses, paymentId: number, which: 0 | 1 = 1) =>
    both[which].store.cancelPayment({ paymentId, by: BY, now: both[which].clock.now(), makeWebhookId });

  test('ends it with all that is open, and says so once, however many ask', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    const now = t.one.clock.now();
    const second = present(await t.two.store.openAttempt(payment.id, newAttempt(t.two, t.project), now));
    const cancelled = await Promise.all([cancel(t, payment.id, 0), cancel(t, payment.id), cancel(t, payment.id)]);
    expect(cancelled.filter(Boolean)).toHaveLength(1);
    expect((await reload(t.one, payment.paymentNo)).payment).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    for (const { id } of [attempt, second]) {
      // It can still be paid there: it is asked about once more.
      expect(await t.one.store.findAttempt(id)).toMatchObject({
        status: 'ended',
        endReason: 'CANCELLED',
        checkAt: now,
      });
    }
    expect(await toldOf(t.one, payment.id)).toEqual(['payment.failed']);
    const types = await typesOf(t.two, payment.id);
    expect(types.filter((type) => type === 'payment.failed')).toHaveLength(1);
  });

  test('and being paid at the same moment: either it was cancelled first and the money is late, or it was not', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of range(20)) {
      const { payment, attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      const [outcome, cancelled] = await Promise.all([
        applyFacts(t.one, attempt.id, [paid({ tradeNo: merchantOrderNo })]),
        cancel(t, payment.id),
      ]);
      const found = await reload(t.one, payment.paymentNo);
      expect(outcome.verdict).toBe('applied');
      expect(found.payment).toMatchObject({ status: 'paid', flags: cancelled ? ['late'] : [], reason: null });
      expect(found.attempt).toMatchObject({ status: 'paid', endReason: cancelled ? 'CANCELLED' : null });
      const told = cancelled ? ['payment.failed', 'payment.paid'] : ['payment.paid'];
      expect(await toldOf(t.two, payment.id)).toEqual(told);
    }
    expect((await readFigures(t.two, t.project)).kept).toEqual({ counts: { paid: 20 }, sum: 20 * 98_000 });
  });

  test('and a further attempt at the same moment: nothing stays open', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of range(10)) {
      const { payment } = await openPayment(t.one, t.project, { merchantOrderNo });
      await Promise.all([
        t.one.store.openAttempt(payment.id, newAttempt(t.one, t.project), t.one.clock.now()),
        cancel(t, payment.id),
      ]);
      const attempts = await t.two.rows.attempts({ paymentId: payment.id });
      expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set(['ended']));
      expect((await reload(t.two, payment.paymentNo)).payment.status).toBe('failed');
    }
  });

  test('leaves a paid one as it is', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    await applyFacts(t.one, attempt.id, [paid()]);
    const before = await reload(t.one, payment.paymentNo);
    expect([await cancel(t, payment.id), await cancel(t, 999_999)]).toEqual([false, false]);
    expect(await reload(t.one, payment.paymentNo)).toEqual(before);
  });

  test('of an attempt that expires while it is paid leaves it paid, and late or not as it came', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of range(10)) {
      const { payment, attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      const [ended] = await Promise.all([
        applyFacts(t.one, attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]),
        applyFacts(t.two, attempt.id, [paid()]),
      ]);
      const found = (await reload(t.one, payment.paymentNo)).payment;
      expect(found).toMatchObject({ status: 'paid', flags: ended.verdict === 'applied' ? ['late'] : [] });
    }
  });
}

function describeClosing(open: OpenTwo): void {
  const checkout = { isCheckout: true, gateway: 'checkout', method: 'checkout', mode: 'checkout' } as const;

  async function fill(t: TwoProcesses, count: number) {
    const closeAt = t.one.clock.now() + HOUR;
    return Promise.all(
      range(count).map(async (merchantOrderNo) => {
        const input = newPayment(t.one, t.project, { ...checkout, merchantOrderNo, closeAt });
        return (await t.one.store.openPayment(input, null)).payment;
      }),
    );
  }

  test('ends each payment once, though two look for them at the same moment', async () => {
    await using t = await start(open);
    const payments = await fill(t, 30);
    expect(await t.one.store.findNextClosing()).toBe(t.one.clock.now() + HOUR);
    t.one.clock.advance(HOUR);
    const now = t.one.clock.now();
    const gone = await share(t, 10, ({ store }) => store.closePayments(now, 7, makeWebhookId));
    for (const count of gone) expect(count).toBeLessThanOrEqual(7);
    while ((await t.two.store.closePayments(now, 7, makeWebhookId)) > 0);
    for (const { id } of payments) {
      expect(await typesOf(t.one, id)).toEqual(['payment.created', 'payment.expired']);
      expect(await toldOf(t.one, id)).toEqual(['payment.expired']);
    }
    const expired = await t.one.rows.payments({ status: 'expired', reason: 'EXPIRED', holdsOrder: false });
    expect([expired.length, await t.two.store.findNextClosing()]).toEqual([30, null]);
    expect((await readFigures(t.one, t.project)).kept).toEqual({ counts: { expired: 30 }, sum: 0 });
  });

  test('comes to the millisecond, the earliest first, and no more at a time than asked for', async () => {
    await using t = await start(open);
    await fill(t, 3);
    const at = t.one.clock.now() + HOUR;
    expect(await t.one.store.closePayments(at - 1, 9, makeWebhookId)).toBe(0);
    expect(await t.one.store.closePayments(at, 2, makeWebhookId)).toBe(2);
    expect(await t.two.store.closePayments(at, 9, makeWebhookId)).toBe(1);
  });

  test('leaves what can still be paid to its attempts', async () => {
    await using t = await start(open);
    const [payment] = await fill(t, 1);
    const { id } = present(payment);
    const now = t.one.clock.now();
    const attempt = present(await t.one.store.openAttempt(id, newAttempt(t.one, t.project), now));
    expect(await t.two.store.closePayments(now + HOUR, 9, makeWebhookId)).toBe(1);
    expect(await t.one.store.findPaymentById(id)).toMatchObject({ status: 'pending', closeAt: null });
    t.one.clock.advance(DAY);
    await applyFacts(t.one, attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    expect(await t.two.store.findPaymentById(id)).toMatchObject({ status: 'expired' });
  });

  test('and a choice at that very moment: the payment is over, or can be paid', async () => {
    await using t = await start(open);
    const payments = await fill(t, 10);
    t.one.clock.advance(HOUR);
    const now = t.one.clock.now();
    for (const { id } of payments) {
      const [, attempt] = await Promise.all([
        t.one.store.closePayments(now, 1, makeWebhookId),
        t.two.store.openAttempt(id, newAttempt(t.two, t.project), now),
      ]);
      const found = present(await t.one.store.findPaymentById(id));
      expect(found.status === 'pending').toBe(attempt !== null || found.closeAt !== null);
    }
  });
}

function describeReview(open: OpenTwo): void {
  test('flags it once and tells once for each reason, from however many sides', async () => {
    await using t = await start(open);
    const { payment } = await openPayment(t.one, t.project);
    const telling = { now: t.one.clock.now(), makeWebhookId };
    const told = await share(t, 12, ({ store }, index) =>
      store.flagForReview(payment.id, index % 3 === 0 ? 'this' : 'that', telling),
    );
    expect(told.filter(Boolean)).toHaveLength(2);
    const found = (await reload(t.two, payment.paymentNo)).payment;
    expect(found).toMatchObject({ status: 'pending', flags: ['attention'], revision: payment.revision + 1 });
    const rows = await t.one.rows.outbox({ paymentId: payment.id });
    expect(rows.map(({ event, about }) => `${event} ${about}`).sort()).toEqual([
      'payment.attention that',
      'payment.attention this',
    ]);
    expect(await t.one.store.flagForReview(999_999, 'nobody', telling)).toBe(false);
  });

  test('is done for a dispute that comes after another reason as well', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    await applyFacts(t.one, attempt.id, [paid()]);
    await t.one.store.flagForReview(payment.id, 'this', { now: t.one.clock.now(), makeWebhookId });
    const dispute = { type: 'disputed', code: 'charge.dispute.created', message: '' } as const;
    expect((await applyFacts(t.two, attempt.id, [dispute])).notified).toBe(true);
    expect((await reload(t.two, payment.paymentNo)).payment.flags).toEqual(['attention']);
    const abouts = (await t.one.rows.outbox({ paymentId: payment.id, event: 'payment.attention' })).map(
      ({ about }) => about,
    );
    expect(abouts).toEqual(['this', 'charge.dispute.created']);
  });

  test('takes nothing from what else happens to it at the same moment', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of range(10)) {
      const { payment, attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      await Promise.all([
        applyFacts(t.one, attempt.id, [paid()]),
        t.two.store.flagForReview(payment.id, 'this', { now: t.one.clock.now(), makeWebhookId }),
      ]);
      const found = (await reload(t.one, payment.paymentNo)).payment;
      expect(found).toMatchObject({ status: 'paid', flags: ['attention'], revision: payment.revision + 2 });
    }
  });
}

function describeHeld(open: OpenTwo): void {
  test('does not expire with another of its attempts, nor with the time to choose', async () => {
    await using t = await start(open);
    const closeAt = t.one.clock.now() + HOUR;
    const { payment, attempt } = await openPayment(t.one, t.project, { isCheckout: true, closeAt });
    const now = t.one.clock.now();
    const other = present(await t.one.store.openAttempt(payment.id, newAttempt(t.one, t.project), now));
    await applyFacts(t.two, attempt.id, [{ type: 'under_review' }]);
    t.one.clock.advance(5 * DAY);
    await applyFacts(t.one, other.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    await t.two.store.closePayments(t.one.clock.now(), 9, makeWebhookId);
    const found = await reload(t.one, payment.paymentNo);
    expect(found.payment).toMatchObject({ status: 'pending', flags: ['under_review'] });
    expect(await toldOf(t.one, payment.id)).toEqual([]);
    await applyFacts(t.one, attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    expect((await reload(t.one, payment.paymentNo)).payment).toMatchObject({ status: 'expired', flags: [] });
  });
}
