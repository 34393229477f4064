import { and, asc, desc, eq, min, sql } from 'drizzle-orm';
import type { Refund } from '../../core/refund.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

/** Refunds of a payment, and when the next look at some is due. */

/** Those that took money away are never more than MAX_REFUNDS an attempt; of the others the last ones are enough. */
const MOST = 500;

const OF_PAYMENT = statement(({ db, t: { refunds } }, p: { paymentId: number }) =>
  db
    .select()
    .from(refunds)
    .where(eq(refunds.paymentId, p.paymentId))
    .orderBy(sql`${refunds.status} = 'failed'`, desc(refunds.id))
    .limit(MOST),
);

const OF_ATTEMPT = statement(({ db, t: { refunds } }, p: { paymentId: number; attemptId: number }) =>
  db
    .select()
    .from(refunds)
    .where(and(eq(refunds.paymentId, p.paymentId), eq(refunds.attemptId, p.attemptId)))
    .orderBy(asc(refunds.id)),
);

const UNSETTLED = statement(({ db, t: { refunds } }, p: { paymentId: number }) =>
  db
    .select({ attemptId: refunds.attemptId, createdAt: refunds.createdAt })
    .from(refunds)
    .where(and(eq(refunds.paymentId, p.paymentId), sql`${refunds.status} IN ('unknown', 'pending')`)),
);

const NEXT_LOOK = statement(({ db, by, t: { payments } }, _: object) =>
  db
    .select({ dueAt: min(payments.refundCheckAt) })
    .from(by(payments, 'payments_refund_due'))
    .where(sql`${payments.refundCheckAt} IS NOT NULL`),
);

/** Oldest first; of many, the last ones. */
export async function listRefunds(on: Reader, paymentId: number): Promise<readonly Refund[]> {
  const refunds = await on.all(OF_PAYMENT, { paymentId });
  return refunds.sort((a, b) => a.id - b.id);
}

/** Those whose money comes out of this attempt, oldest first. */
export function listRefundsOf(on: Reader, paymentId: number, attemptId: number): Promise<readonly Refund[]> {
  return on.all(OF_ATTEMPT, { paymentId, attemptId });
}

/** Those that may still take money away, in no order. */
export function listUnsettledRefunds(
  on: Reader,
  paymentId: number,
): Promise<readonly Pick<Refund, 'attemptId' | 'createdAt'>[]> {
  return on.all(UNSETTLED, { paymentId });
}

/** When the next gateway is to be asked about refunds; null when none is. */
export async function findNextRefundSync(on: Reader): Promise<number | null> {
  return (await on.get(NEXT_LOOK, {}))?.dueAt ?? null;
}
