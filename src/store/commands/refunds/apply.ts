import { eq, sql } from 'drizzle-orm';
import { advances, isUnsettled, type Refund, type RefundStatus } from '../../../core/refund.ts';
import { statement } from '../../statement.ts';
import { patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { recordEvent } from '../events.ts';
import type { Telling } from '../notifications.ts';
import { flagRefund, tellOfRefund } from './tell.ts';

/** What a gateway's word changes about a refund. The payment is locked already. */

export type RefundChange = Telling;

/** What a gateway said about a refund. */
export interface RefundWord {
  readonly status: Exclude<RefundStatus, 'unknown'>;
  /** Null: it named none, or it refused. */
  readonly gatewayRefundNo: string | null;
  readonly message: string;
}

/** What went back from a second payment of the same order is no loss to this one. */
const COUNT_REFUNDED = statement(({ db, t: { payments, refunds } }, p: { paymentId: number; now: number }) => {
  const paidBack = db
    .select({ amount: sql`coalesce(sum(${refunds.amount}), 0)` })
    .from(refunds)
    .where(
      sql`${refunds.paymentId} = ${payments.id} AND ${refunds.attemptId} = ${payments.attemptId}
        AND ${refunds.status} = 'succeeded'`,
    );
  return db
    .update(payments)
    .set({ refunded: sql`${paidBack}`, revision: sql`${payments.revision} + 1`, updatedAt: p.now })
    .where(eq(payments.id, p.paymentId));
});

/** Moves a refund on as far as a gateway's word goes. */
export async function applyWord(tx: Tx, refund: Refund, word: RefundWord, change: RefundChange): Promise<Refund> {
  const gatewayRefundNo = refund.gatewayRefundNo ?? word.gatewayRefundNo;
  const moves = advances(refund, word);
  if (!moves && gatewayRefundNo === refund.gatewayRefundNo) return refund;
  const { status, message } = moves ? word : refund;
  const changed = { status, gatewayRefundNo, message, notFoundCount: 0, updatedAt: change.now };
  await patchRow(tx, 'refunds', refund.id, changed);
  const next: Refund = { ...refund, ...changed };
  if (moves && !isUnsettled(next)) await recordSettled(tx, next, change.now);
  if (moves && (status === 'succeeded' || refund.status === 'succeeded')) {
    await countRefunded(tx, next, change);
    if (status === 'succeeded') await tellOfRefund(tx, next, change);
  }
  return next;
}

/** A refund made without us: a person has to know of it, and when it is over already, it counts. */
export async function takeInForeign(tx: Tx, refund: Refund, change: RefundChange): Promise<void> {
  if (!isUnsettled(refund)) {
    await recordSettled(tx, refund, change.now);
    await countRefunded(tx, refund, change);
  }
  await flagRefund(tx, refund, change);
  if (refund.status === 'succeeded') await tellOfRefund(tx, refund, change);
}

/** The payment's sum follows. */
async function countRefunded(tx: Tx, { paymentId }: Refund, { now }: RefundChange): Promise<void> {
  await tx.run(COUNT_REFUNDED, { paymentId, now });
}

function recordSettled(tx: Tx, refund: Refund, at: number): Promise<void> {
  const { paymentId, attemptId, refundNo: refund_no, status, amount, message, source } = refund;
  const data = { refund_no, status, amount, message, source };
  return recordEvent(tx, { paymentId, attemptId, type: 'refund.settled', data, at });
}
