import { findRow, lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/**
 * Marks that the gateway is about to be called with this number: it is used, and its outcome unknown until something is
 * heard. False when the attempt is over or has been called already, or the payment is.
 */
export async function beginCharge(tx: Tx, attemptId: number, now: number, checkAt: number): Promise<boolean> {
  const found = await findRow(tx, 'attempts', { id: attemptId });
  const payment = found && (await lockRow(tx, 'payments', { id: found.paymentId }));
  const attempt = await lockRow(tx, 'attempts', { id: attemptId });
  if (payment?.status !== 'pending' || attempt?.status !== 'open' || attempt.used) return false;
  const begun = { status: 'unknown', used: true, syncTries: 0, notFoundCount: 0, checkAt, updatedAt: now } as const;
  await patchRow(tx, 'attempts', attemptId, begun);
  await patchRow(tx, 'payments', payment.id, { revision: payment.revision + 1 });
  return true;
}
