import { eq, sql } from 'drizzle-orm';
import type { Actor } from '../../../core/actor.ts';
import { advances, isUnsettled, type Refund, type RefundStatus } from '../../../core/refund.ts';
import { listRefundsOf } from '../../queries/refunds.ts';
import { statement } from '../../statement.ts';
import { findRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { recordEvent } from '../events.ts';
import type { Telling } from '../notifications.ts';
import { closeOfPayment } from '../troubles.ts';
import { flagRefund, tellOfRefund } from './tell.ts';

/** What a gateway's word changes about a refund. The payment is locked already. */

export interface RefundChange extends Telling {
  /** Who says so, when it is not the gateway. */
  readonly by?: Actor;
}

/** What a gateway said about a refund. */
export interface RefundWord {
  readonly status: Exclude<RefundStatus, 'unknown'>;
  /** Null: it named none, or it refused. */
  readonly gatewayRefundNo: string | null;
  readonly message: string;
  /** What whoever asked was answered with, where the call has come to nothing: who waits for it elsewhere is told the same. */
  readonly told?: RefundFailure;
}

/** `code`: the gateway's own, when it has said no. */
export interface RefundFailure {
  readonly error_code: string;
  readonly code?: string;
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
  if (moves && !isUnsettled(next)) {
    await recordSettled(tx, next, change, word.told);
    await closeOfPayment(tx, 'refund_unknown', next.paymentId, next.refundNo, change.now);
  }
  if (moves && (status === 'succeeded' || refund.status === 'succeeded')) {
    await countRefunded(tx, next, change);
    if (status === 'succeeded') await tellOfRefund(tx, next, change);
    if (status === 'succeeded') await closeWhenPaidBack(tx, next, change.now);
  }
  return next;
}

/** A refund made without us: a person has to know of it, and when it is over already, it counts. */
export async function takeInForeign(tx: Tx, refund: Refund, change: RefundChange): Promise<void> {
  if (!isUnsettled(refund)) {
    await recordSettled(tx, refund, change);
    await countRefunded(tx, refund, change);
  }
  await flagRefund(tx, refund, change);
  if (refund.status === 'succeeded') await tellOfRefund(tx, refund, change);
}

/** The payment's sum follows. */
async function countRefunded(tx: Tx, { paymentId }: Refund, { now }: RefundChange): Promise<void> {
  await tx.run(COUNT_REFUNDED, { paymentId, now });
}

/** Money that was too much, or came too late, needs nobody once all of it has gone back. */
async function closeWhenPaidBack(tx: Tx, { paymentId, attemptId }: Refund, now: number): Promise<void> {
  const payment = await findRow(tx, 'payments', { id: paymentId });
  const attempt = await findRow(tx, 'attempts', { id: attemptId });
  if (!payment || !attempt || !payment.flags.some((flag) => flag === 'duplicate' || flag === 'late')) return;
  const gone = (await listRefundsOf(tx, paymentId, attemptId)).filter(({ status }) => status === 'succeeded');
  if (gone.reduce((sum, { amount }) => sum + amount, 0) < payment.amount) return;
  await closeOfPayment(tx, 'duplicate', paymentId, attempt.gatewayTradeNo ?? '', now);
  if (attemptId === payment.attemptId) await closeOfPayment(tx, 'late', paymentId, '', now);
}

function recordSettled(tx: Tx, refund: Refund, { now: at, by }: RefundChange, told?: RefundFailure): Promise<void> {
  const { paymentId, attemptId, refundNo: refund_no, status, amount, message, source } = refund;
  const data = { refund_no, status, amount, message, source, ...told, ...(by ? { by } : {}) };
  return recordEvent(tx, { paymentId, attemptId, type: 'refund.settled', data, at });
}
