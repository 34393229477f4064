import { asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { CALL_LIMIT } from '../../../core/lifecycle/schedule.ts';
import type { Payment } from '../../../core/payment.ts';
import { isRefundWaitLong, planRefundSync, type Refund } from '../../../core/refund.ts';
import { statement } from '../../statement.ts';
import { patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';

/**
 * When a payment's gateway is asked about its refunds: `refundCheckAt`, and `refundTries` counts the questions since
 * something happened. Whoever plans must not put off what somebody else has asked for meanwhile.
 */
interface Plan {
  readonly checkAt: number | null;
  readonly tries: number;
}

const PLAN = statement(({ db, locked, t: { payments } }, p: { paymentId: number }) =>
  locked(
    db
      .select({ checkAt: payments.refundCheckAt, tries: payments.refundTries })
      .from(payments)
      .where(eq(payments.id, p.paymentId)),
  ),
);

async function readPlan(tx: Tx, paymentId: number): Promise<Plan> {
  return (await tx.get(PLAN, { paymentId })) ?? { checkAt: null, tries: 0 };
}

async function writePlan(tx: Tx, paymentId: number, { checkAt, tries }: Plan): Promise<void> {
  await patchRow(tx, 'payments', paymentId, { refundCheckAt: checkAt, refundTries: tries, refundLookedBy: null });
}

/** When a call that dies with the process is asked about. */
function guardOf({ createdAt }: Pick<Refund, 'createdAt'>): number {
  return createdAt + CALL_LIMIT;
}

/** An earlier look stays where it is; the questions begin anew. */
async function bringForward(tx: Tx, paymentId: number, checkAt: number, tries: number): Promise<void> {
  const before = (await readPlan(tx, paymentId)).checkAt ?? checkAt;
  await writePlan(tx, paymentId, { checkAt: Math.min(before, checkAt), tries });
}

/** A gateway tells of a refund: it is asked at once. */
export function requestRefundSync(tx: Tx, paymentId: number, now: number): Promise<void> {
  return writePlan(tx, paymentId, { checkAt: now, tries: 0 });
}

export function beginRefundCall(tx: Tx, refund: Pick<Refund, 'paymentId' | 'createdAt'>): Promise<void> {
  return bringForward(tx, refund.paymentId, guardOf(refund), 0);
}

/** The call was answered. Its own guard is taken back, a look that something else has asked for stays. */
export async function endRefundCall(
  tx: Tx,
  refund: Pick<Refund, 'paymentId' | 'createdAt'>,
  isOpen: boolean,
  now: number,
): Promise<void> {
  const { checkAt } = await readPlan(tx, refund.paymentId);
  if (checkAt !== null && checkAt !== guardOf(refund)) return;
  const plan = isOpen ? { checkAt: planRefundSync(0, now), tries: 1 } : { checkAt: null, tries: 0 };
  await writePlan(tx, refund.paymentId, plan);
}

export function loseRefundCall(tx: Tx, paymentId: number, now: number): Promise<void> {
  return bringForward(tx, paymentId, planRefundSync(0, now) ?? now, 1);
}

/**
 * The gateway was asked. `next`: when to ask again, after so many questions; null when nothing is in doubt. Only a look of
 * the schedule moves the schedule on: those that people cause come on top of it.
 */
export async function endRefundSync(
  tx: Tx,
  { paymentId, now, isScheduled }: { readonly paymentId: number; readonly now: number; readonly isScheduled: boolean },
  next: (tries: number) => Promise<number | null>,
): Promise<void> {
  const { checkAt, tries } = await readPlan(tx, paymentId);
  // Due already: asked for while this look was under way, so there may be something that it did not see.
  if (checkAt !== null && checkAt <= now) return;
  const planned = await next(tries);
  if (isScheduled || planned === null || checkAt === null) {
    await writePlan(tx, paymentId, { checkAt: planned, tries: tries + 1 });
  }
}

/** The gateway could not be asked. True when that has gone on for long. */
export async function postponeRefundSync(tx: Tx, paymentId: number, now: number, notBefore: number): Promise<boolean> {
  const { tries } = await readPlan(tx, paymentId);
  const planned = planRefundSync(tries, now);
  const checkAt = planned === null ? null : Math.max(planned, notBefore);
  await writePlan(tx, paymentId, { checkAt, tries: tries + 1 });
  return isRefundWaitLong(tries);
}

interface Claim {
  readonly now: number;
  readonly until: number;
  readonly limit: number;
  readonly owner: string;
}

// Picked in a WITH, which is run once: as a plain IN (SELECT … LIMIT) PostgreSQL may run it again for every row.
const CLAIM = statement(({ db, by, claimed, t: { payments } }, p: Claim) => {
  const due = db.$with('due').as(
    claimed(
      db
        .select({ id: sql<number>`${payments.id}`.as('id') })
        .from(by(payments, 'payments_refund_due'))
        .where(lte(payments.refundCheckAt, p.now))
        .orderBy(asc(payments.refundCheckAt))
        .limit(p.limit),
    ),
  );
  return db
    .with(due)
    .update(payments)
    .set({ refundCheckAt: p.until, refundLookedBy: p.owner })
    .where(inArray(payments.id, db.select({ id: due.id }).from(due)))
    .returning({ paymentId: payments.id, gateway: payments.gateway, credentialId: payments.credentialId });
});

/** A payment whose refunds are to be asked about, and the account that it was paid to. */
export type DueRefundSync = Pick<Payment, 'gateway' | 'credentialId'> & { readonly paymentId: number };

/** Takes what is due; each is put off, so that one whose look dies comes again. */
export function claimRefundSyncs(
  tx: Tx,
  now: number,
  limit: number,
  leaseMs: number,
  owner: string,
): Promise<readonly DueRefundSync[]> {
  return tx.all(CLAIM, { now, until: now + leaseMs, limit, owner });
}
