import { eq } from 'drizzle-orm';
import type { Refund } from '../../../core/refund.ts';
import { statement } from '../../statement.ts';
import { findRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';

/**
 * Whoever changes refunds has locked their payment: its refunds are then nobody else's to change, and no sum of them can
 * be written twice.
 */
const BY_ID = statement(({ db, locked, t: { payments } }, p: { paymentId: number }) =>
  locked(db.select({ id: payments.id }).from(payments).where(eq(payments.id, p.paymentId))),
);

const BY_REFUND = statement(({ db, locked, t: { payments, refunds } }, p: { refundNo: string }) => {
  const paymentId = db.select({ id: refunds.paymentId }).from(refunds).where(eq(refunds.refundNo, p.refundNo));
  return locked(db.select({ id: payments.id }).from(payments).where(eq(payments.id, paymentId)));
});

export async function lockPayment(tx: Tx, paymentId: number): Promise<void> {
  await tx.get(BY_ID, { paymentId });
}

/** The refund as it is once its payment is locked. */
export async function lockRefund(tx: Tx, refundNo: string): Promise<Refund> {
  await tx.get(BY_REFUND, { refundNo });
  const refund = await findRow(tx, 'refunds', { refundNo });
  if (!refund) throw new Error(`refund ${refundNo} does not exist`);
  return refund;
}
