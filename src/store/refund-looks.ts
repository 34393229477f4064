import type { Database } from 'bun:sqlite';
import { CALL_LIMIT } from '../core/checks.ts';
import { isRefundWaitLong, planRefundCheck, type Refund } from '../core/refund.ts';

/**
 * When a payment's gateway is asked about its refunds: `payments.refund_check_at`, and `refund_checks` counts the
 * questions since something happened. Whoever plans must not put off what somebody else has asked for meanwhile.
 */
interface Plan {
  readonly checkAt: number | null;
  readonly checks: number;
}

function readPlan(db: Database, paymentId: number): Plan {
  const row = db
    .query<Plan, [number]>('SELECT refund_check_at AS checkAt, refund_checks AS checks FROM payments WHERE id = ?')
    .get(paymentId);
  return row ?? { checkAt: null, checks: 0 };
}

function writePlan(db: Database, paymentId: number, { checkAt, checks }: Plan): void {
  db.query('UPDATE payments SET refund_check_at = ?, refund_checks = ? WHERE id = ?').run(checkAt, checks, paymentId);
}

/** When a call that dies with the process is asked about. */
function guardOf({ createdAt }: Pick<Refund, 'createdAt'>): number {
  return createdAt + CALL_LIMIT;
}

/** An earlier look stays where it is; the questions begin anew. */
function bringForward(db: Database, paymentId: number, checkAt: number, checks: number): void {
  const before = readPlan(db, paymentId).checkAt ?? checkAt;
  writePlan(db, paymentId, { checkAt: Math.min(before, checkAt), checks });
}

/** A gateway tells of a refund: it is asked at once. */
export function requestRefundLook(db: Database, paymentId: number, now: number): void {
  writePlan(db, paymentId, { checkAt: now, checks: 0 });
}

export function beginRefundCall(db: Database, refund: Pick<Refund, 'paymentId' | 'createdAt'>): void {
  bringForward(db, refund.paymentId, guardOf(refund), 0);
}

/** The call was answered. Its own guard is taken back, a look that something else has asked for stays. */
export function endRefundCall(
  db: Database,
  refund: Pick<Refund, 'paymentId' | 'createdAt'>,
  isOpen: boolean,
  now: number,
): void {
  const { checkAt } = readPlan(db, refund.paymentId);
  if (checkAt !== null && checkAt !== guardOf(refund)) return;
  writePlan(
    db,
    refund.paymentId,
    isOpen ? { checkAt: planRefundCheck(0, now), checks: 1 } : { checkAt: null, checks: 0 },
  );
}

export function loseRefundCall(db: Database, paymentId: number, now: number): void {
  bringForward(db, paymentId, planRefundCheck(0, now) ?? now, 1);
}

/**
 * The gateway was asked. `next`: when to ask again, after so many questions; null when nothing is in doubt. Only a look of
 * the schedule moves the schedule on: those that people cause come on top of it.
 */
export function endRefundLook(
  db: Database,
  { paymentId, now, isScheduled }: { readonly paymentId: number; readonly now: number; readonly isScheduled: boolean },
  next: (checks: number) => number | null,
): void {
  const { checkAt, checks } = readPlan(db, paymentId);
  // Due already: asked for while this look was under way, so there may be something that it did not see.
  if (checkAt !== null && checkAt <= now) return;
  const planned = next(checks);
  if (isScheduled || planned === null || checkAt === null) {
    writePlan(db, paymentId, { checkAt: planned, checks: checks + 1 });
  }
}

/** The gateway could not be asked. True when that has gone on for long. */
export function postponeRefundLook(db: Database, paymentId: number, now: number, notBefore: number): boolean {
  const { checks } = readPlan(db, paymentId);
  const planned = planRefundCheck(checks, now);
  writePlan(db, paymentId, { checkAt: planned === null ? null : Math.max(planned, notBefore), checks: checks + 1 });
  return isRefundWaitLong(checks);
}

/** Payments whose refunds are to be asked about; each is put off, so that one whose look dies comes again. */
export function claimRefundLooks(db: Database, now: number, limit: number, leaseMs: number): readonly number[] {
  return db
    .query<{ id: number }, [number, number, number]>(
      `UPDATE payments SET refund_check_at = ? WHERE id IN
         (SELECT id FROM payments WHERE refund_check_at <= ? ORDER BY refund_check_at LIMIT ?) RETURNING id`,
    )
    .all(now + leaseMs, now, limit)
    .map((row) => row.id);
}

export function findNextRefundLook(db: Database): number | null {
  return (
    db
      .query<{ due: number | null }, []>(
        'SELECT min(refund_check_at) AS due FROM payments WHERE refund_check_at IS NOT NULL',
      )
      .get()?.due ?? null
  );
}
