import { formatDecimal } from '../../../core/money.ts';
import { showAmount } from '../../../core/notification.ts';
import type { Payment } from '../../../core/payment.ts';
import { alertOfRefund, kindOfRefund } from '../../../core/payment-alerts.ts';
import type { Refund } from '../../../core/refund.ts';
import { findRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { flagForReview, notifyShop, type Telling } from '../notifications.ts';

/** What the shop hears of a refund. */

/** Money went back for good. */
export async function tellOfRefund(tx: Tx, refund: Refund, telling: Telling): Promise<void> {
  const payment = await findRow(tx, 'payments', { id: refund.paymentId });
  if (!payment) return;
  const attempt = await findRow(tx, 'attempts', { id: refund.attemptId });
  const effect = { event: 'payment.refunded', about: refund.refundNo, more: describe(refund, payment) } as const;
  await notifyShop(tx, payment, attempt, [effect], telling);
}

/** Something about a refund that a person has to look into. */
export async function flagRefund(tx: Tx, refund: Refund, telling: Telling): Promise<void> {
  const payment = await findRow(tx, 'payments', { id: refund.paymentId });
  if (!payment) return;
  // A refund that fails after it had succeeded is another piece of news about it.
  const about = `${refund.refundNo} ${refund.status}`;
  const trouble = { kind: kindOfRefund(refund), about: refund.refundNo, data: dataOf(refund) };
  const alert = alertOfRefund(payment, refund);
  const concern = { attemptId: refund.attemptId, more: describe(refund, payment), trouble, alert };
  await flagForReview(tx, payment.id, about, telling, concern);
}

function dataOf({ refundNo, amount, message }: Refund) {
  return { refund_no: refundNo, amount, message };
}

function describe({ refundNo, amount, status }: Refund, payment: Payment) {
  return {
    refund: {
      refund_no: refundNo,
      amount: showAmount({ ...payment, amount }),
      amount_decimal: formatDecimal(amount, payment.currency),
      status,
    },
  };
}
