import type { Actor } from '../../../core/actor.ts';
import type { Refund } from '../../../core/refund.ts';
import { findRow, tryInsertRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { recordEvent } from '../events.ts';

export type RefundRow = Pick<
  Refund,
  | 'refundNo'
  | 'paymentId'
  | 'attemptId'
  | 'credentialId'
  | 'amount'
  | 'reason'
  | 'status'
  | 'gatewayRefundNo'
  | 'source'
> & { readonly by?: Actor; readonly now: number };

/** Writes a refund down, on the timeline too; null when its number is taken. The payment is locked already. */
export async function insertRefund(tx: Tx, row: RefundRow): Promise<Refund | null> {
  const payment = await findRow(tx, 'payments', { id: row.paymentId });
  if (!payment) throw new Error(`the payment ${row.paymentId} of the refund ${row.refundNo} is not there`);
  const { projectId, keyKind } = payment;
  const refund = await tryInsertRow(tx, 'refunds', {
    projectId,
    keyKind,
    refundNo: row.refundNo,
    paymentId: row.paymentId,
    attemptId: row.attemptId,
    credentialId: row.credentialId,
    amount: row.amount,
    reason: row.reason,
    status: row.status,
    gatewayRefundNo: row.gatewayRefundNo,
    source: row.source,
    createdAt: row.now,
    updatedAt: row.now,
  });
  if (!refund) return null;
  const { paymentId, attemptId, refundNo: refund_no, amount, reason, source } = refund;
  const by = row.by ? { by: row.by } : {};
  const data = { refund_no, amount, reason, source, ...by };
  await recordEvent(tx, { paymentId, attemptId, type: 'refund.created', data, at: row.now });
  return refund;
}
