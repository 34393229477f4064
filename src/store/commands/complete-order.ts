import type { Order } from '../../core/payment.ts';
import { lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';
import { addOrderTerms } from './search-terms.ts';

/** What the payer has told of himself. What the order says already stays: a request that was made with it must stay the same. */
export async function completeOrder(tx: Tx, paymentId: number, details: Partial<Order>, now: number): Promise<void> {
  const payment = await lockRow(tx, 'payments', { id: paymentId });
  if (payment?.status !== 'pending') return;
  const order = { ...details, ...payment.order };
  await patchRow(tx, 'payments', paymentId, { order, revision: payment.revision + 1, updatedAt: now });
  await addOrderTerms(tx, payment, order);
}
