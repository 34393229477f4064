import { and, eq, gt, inArray, isNotNull, max, type SQLWrapper, sql } from 'drizzle-orm';
import { ALIVE } from '../../core/attempt.ts';
import { HOUR } from '../../core/time.ts';
import type { Kit } from '../kit.ts';
import { isWaiting } from '../queries/deliveries.ts';
import { statement } from '../statement.ts';
import type { Tx } from '../tx.ts';

/**
 * Due times are instants, and the machine's clock may be put back: what was due in five seconds would then wait for hours.
 * What dates of the gateway's or of the payer's time (deadlines, the end of a choice) stays: the day it means is the same.
 */
interface Shift {
  readonly now: number;
  /** By how much the clock was put back, milliseconds. */
  readonly back: number;
}

/** As long after now as it was before, and not in the past: what is overdue has its turn all the same. */
const earlier = ({ greatest }: Kit, due: SQLWrapper, p: Shift) => greatest(sql`${due} - ${p.back}`, sql`${p.now}`);

/** What happened at an instant that is yet to come happened that much earlier, by the clock as it is now. */
const moved = (at: SQLWrapper, p: Shift) => sql`case when ${at} > ${p.now} then ${at} - ${p.back} else ${at} end`;

const SHIFT_WAITING = statement((kit, p: Shift) => {
  const { outbox } = kit.t;
  const later = kit.db
    .select({ id: outbox.id })
    .from(kit.by(outbox, 'outbox_due'))
    .where(and(isWaiting(kit), gt(outbox.dueAt, p.now)));
  return kit.db
    .update(outbox)
    .set({ dueAt: earlier(kit, outbox.dueAt, p) })
    .where(inArray(outbox.id, later));
});

/** Being sent now. The lease itself stays as its owner knows it. */
const SHIFT_LEASED = statement((kit, p: Shift) => {
  const { outbox } = kit.t;
  const leased = kit.db
    .select({ id: outbox.id })
    .from(kit.by(outbox, 'outbox_leased'))
    .where(sql`${outbox.leasedBy} IS NOT NULL`);
  return kit.db
    .update(outbox)
    .set({ dueAt: earlier(kit, outbox.dueAt, p) })
    .where(and(gt(outbox.dueAt, p.now), inArray(outbox.id, leased)));
});

const SHIFT_SYNCS = statement((kit, p: Shift) => {
  const { attempts } = kit.t;
  return kit.db
    .update(attempts)
    .set({
      checkAt: earlier(kit, attempts.checkAt, p),
      updatedAt: moved(attempts.updatedAt, p),
      movingSince: moved(attempts.movingSince, p),
    })
    .where(gt(attempts.checkAt, p.now));
});

/** Whether a call may still be under way is told by when it began. */
const SHIFT_REFUNDS = statement((kit, p: Shift) => {
  const { payments, refunds } = kit.t;
  const inDoubt = kit.db
    .select({ id: payments.id })
    .from(kit.by(payments, 'payments_refund_due'))
    .where(isNotNull(payments.refundCheckAt));
  return kit.db
    .update(refunds)
    .set({ createdAt: moved(refunds.createdAt, p), updatedAt: moved(refunds.updatedAt, p) })
    .where(and(eq(refunds.status, 'unknown'), inArray(refunds.paymentId, inDoubt)));
});

const SHIFT_REFUND_SYNCS = statement((kit, p: Shift) => {
  const { payments } = kit.t;
  return kit.db
    .update(payments)
    .set({ refundCheckAt: earlier(kit, payments.refundCheckAt, p) })
    .where(gt(payments.refundCheckAt, p.now));
});

const SHIFT_COOLDOWNS = statement((kit, p: Shift) => {
  const { cooldowns } = kit.t;
  return kit.db
    .update(cooldowns)
    .set({ until: earlier(kit, cooldowns.until, p) })
    .where(gt(cooldowns.until, p.now));
});

const SHIFT_TROUBLES = statement((kit, p: Shift) => {
  const { troubles } = kit.t;
  return kit.db
    .update(troubles)
    .set({ endsAt: earlier(kit, troubles.endsAt, p) })
    .where(gt(troubles.endsAt, p.now));
});

const SHIFT_ALERTS = statement((kit, p: Shift) => {
  const { alerts } = kit.t;
  return kit.db
    .update(alerts)
    .set({ dueAt: earlier(kit, alerts.dueAt, p), createdAt: moved(alerts.createdAt, p) })
    .where(and(eq(alerts.state, 'pending'), gt(alerts.dueAt, p.now)));
});

const SHIFT_ALERT_CHANNELS = statement((kit, p: Shift) => {
  const { alertChannels } = kit.t;
  return kit.db
    .update(alertChannels)
    .set({ notBefore: earlier(kit, alertChannels.notBefore, p) })
    .where(gt(alertChannels.notBefore, p.now));
});

/**
 * The clock was put back: what was planned by it is due as long after now as it was before. Where two processes on one
 * database both see it, things come too early by as much, and never too late.
 */
export async function replan(tx: Tx, now: number, back: number): Promise<void> {
  const shift: Shift = { now, back };
  const all = [
    ...[SHIFT_WAITING, SHIFT_LEASED, SHIFT_SYNCS, SHIFT_REFUNDS, SHIFT_REFUND_SYNCS, SHIFT_COOLDOWNS],
    ...[SHIFT_TROUBLES, SHIFT_ALERTS, SHIFT_ALERT_CHANNELS],
  ];
  for (const one of all) await tx.run(one, shift);
}

/** By its number: clocks go back, numbers do not. */
const NEWEST_EVENT = statement(({ db, t: { events } }, _: object) => {
  const newest = db.select({ id: max(events.id) }).from(events);
  return db
    .select({ at: events.at })
    .from(events)
    .where(eq(events.id, sql`(${newest})`));
});

/** Further than any plan about an attempt that can still be paid reaches. */
const LONGEST_PLAN = 29 * HOUR;

const PULL_IN = statement(({ db, t: { attempts } }, p: { now: number; latest: number }) =>
  db
    .update(attempts)
    .set({ checkAt: p.now })
    .where(and(gt(attempts.checkAt, p.latest), inArray(attempts.status, [...ALIVE]))),
);

/**
 * The clock may have been put back while nobody ran: what was written down last tells. An answer that says nothing new is
 * not written down, so questions that are further away than any plan reaches are put now. By how much it was put back; 0:
 * less than `tolerance`.
 */
export async function replanAfterStop(tx: Tx, now: number, tolerance: number): Promise<number> {
  const newest = (await tx.get(NEWEST_EVENT, {}))?.at ?? now;
  const back = newest - now > tolerance ? newest - now : 0;
  if (back > 0) await replan(tx, now, back);
  await tx.run(PULL_IN, { now, latest: now + LONGEST_PLAN });
  return back;
}
