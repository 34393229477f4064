import { expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { present } from '../support/parts.ts';
import { applyFacts, openPayment, paid } from '../support/payments.ts';
import { wholeRefund } from '../support/refunds.ts';
import type { OpenTwo } from './open.ts';
import { start, type TwoProcesses } from './payments-support.ts';

/** What becomes of due times when the machine's clock is put back. */

const BACK = 2 * HOUR;
const TOLERANCE = 5 * SECOND;
const ACCOUNT = { gateway: 'ecpay', environment: 'stage', merchantId: '3002607' } as const;

/** Something of everything that waits for its time. */
async function fill(t: TwoProcesses) {
  const { one } = t;
  const now = one.clock.now();
  const open = await openPayment(
    one,
    t.project,
    { merchantOrderNo: 'OPEN', closeAt: now + HOUR },
    { checkAt: now + HOUR },
  );
  const lost = await openPayment(
    one,
    t.project,
    { merchantOrderNo: 'LOST' },
    { status: 'unknown', checkAt: now + 9 * SECOND },
  );
  const sold = await openPayment(one, t.project, { merchantOrderNo: 'SOLD' });
  await applyFacts(one, sold.attempt.id, [paid()]);
  const claim = {
    ...{ now, limit: 1, underWay: new Map<string, number>(), perTarget: 1, after: '', owner: 'one', leaseMs: MINUTE },
  };
  const [sent] = await one.store.claimDueNotifications(claim);
  const later = { outcome: 'retry', status: 500, reason: 'not now', dueAt: now + 5 * SECOND } as const;
  await one.store.finishDelivery(present(sent), later, now, 'one');
  await one.store.openRefund(wholeRefund(one, sold.attempt));
  await one.store.startCooldown(ACCOUNT, now + 30 * MINUTE, now);
  return { now, open, lost, sold };
}

const dueTimes = async ({ one }: TwoProcesses) => ({
  notifications: (await one.rows.outbox()).map(({ dueAt }) => dueAt),
  attempts: (await one.rows.attempts()).map(({ checkAt }) => checkAt),
  refunds: (await one.rows.payments()).map(({ refundCheckAt }) => refundCheckAt),
});

export function describeClock(open: OpenTwo): void {
  test('everything is due as long after now as it was before', async () => {
    await using t = await start(open);
    const { now, sold } = await fill(t);
    const before = await dueTimes(t);
    t.one.clock.jump(-BACK);
    await t.two.store.replan(t.one.clock.now(), BACK);
    const shift = (due: number | null) => due && due - BACK;
    expect(await dueTimes(t)).toEqual({
      notifications: before.notifications.map((due) => due - BACK),
      attempts: before.attempts.map(shift),
      refunds: before.refunds.map(shift),
    });
    expect(before).toMatchObject({ notifications: [now + 5 * SECOND], attempts: [now + HOUR, now + 9 * SECOND, null] });
    expect(before.refunds[2]).toBeGreaterThan(now);
    const [refund] = await t.one.store.listRefunds(sold.payment.id);
    expect(refund).toMatchObject({ createdAt: now - BACK, updatedAt: now - BACK });
    const isLeftAlone = async (at: number) => (await t.one.store.findCooldown(ACCOUNT, at)) !== null;
    const rested = t.one.clock.now() + 30 * MINUTE;
    expect([await isLeftAlone(rested - 1), await isLeftAlone(rested)]).toEqual([true, false]);
  });

  test('what is overdue by the clock as it is now stays so, and dates of the payer’s time stay', async () => {
    await using t = await start(open);
    const { now, open: waiting, lost } = await fill(t);
    t.one.clock.jump(-MINUTE);
    await t.two.store.replan(t.one.clock.now(), BACK);
    const due = await dueTimes(t);
    expect(due).toMatchObject({ notifications: [now - MINUTE], attempts: [now - MINUTE, now - MINUTE, null] });
    const payment = await t.one.store.findPaymentById(waiting.payment.id);
    expect(payment).toMatchObject({ closeAt: now + HOUR, createdAt: now });
    const attempt = await t.one.store.findAttempt(lost.attempt.id);
    // When its call began tells whether it may still be under way.
    expect(attempt).toMatchObject({ deadline: lost.attempt.deadline, createdAt: now, updatedAt: now - BACK });
  });

  test('of what is being sent the time of the next try moves, and the lease stays its owner’s', async () => {
    await using t = await start(open);
    const { now } = await fill(t);
    t.one.clock.advance(5 * SECOND);
    const claim = { limit: 1, underWay: new Map<string, number>(), perTarget: 1, after: '', leaseMs: MINUTE };
    const at = t.one.clock.now();
    const [sent] = await t.one.store.claimDueNotifications({ ...claim, now: at, owner: 'one' });
    await t.two.store.replan(at - BACK, BACK);
    expect(await t.one.rows.outbox()).toMatchObject([{ dueAt: now + 5 * SECOND - BACK, leasedUntil: at + MINUTE }]);
    expect(await t.one.store.finishDelivery(present(sent), { outcome: 'delivered', status: 200 }, at, 'one')).toBe(
      true,
    );
  });

  test('while nobody ran, the newest of what was written down tells by how much', async () => {
    await using t = await start(open);
    const { now } = await fill(t);
    const before = await dueTimes(t);
    expect(await t.two.store.replanAfterStop(now - TOLERANCE, TOLERANCE)).toBe(0);
    expect(await dueTimes(t)).toEqual(before);
    expect(await t.two.store.replanAfterStop(now - BACK, TOLERANCE)).toBe(BACK);
    expect(await dueTimes(t)).toMatchObject({ notifications: [now + 5 * SECOND - BACK] });
  });

  test('no attempt that can still be paid waits longer than any plan reaches', async () => {
    await using t = await start(open);
    const { now } = await fill(t);
    await t.one.tamper.setCheckAt(now + 40 * DAY);
    await t.two.store.replanAfterStop(now, TOLERANCE);
    expect((await dueTimes(t)).attempts).toEqual([now, now, now + 40 * DAY]);
    await t.one.tamper.setCheckAt(now + DAY);
    await t.two.store.replanAfterStop(now, TOLERANCE);
    expect((await dueTimes(t)).attempts).toEqual([now + DAY, now + DAY, now + DAY]);
  });

  test('a database without a payment begins as it is', async () => {
    await using t = await start(open);
    expect(await t.one.store.replanAfterStop(t.one.clock.now(), TOLERANCE)).toBe(0);
  });
}
