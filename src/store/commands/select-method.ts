import { findMoving } from '../queries/payments.ts';
import { findRow, lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/** The method the payer has chosen, before anything is opened there; those chosen earlier are listened to all the same. */
export interface MethodSelection {
  readonly gateway: string;
  readonly method: string;
  readonly mode: string;
  readonly credentialId: number;
  /** An attempt by that method that can still be paid; null: there is none yet. */
  readonly attemptId: number | null;
}

/** False when the payment is over, or money may be moving. */
export async function selectMethod(
  tx: Tx,
  paymentId: number,
  selection: MethodSelection,
  now: number,
): Promise<boolean> {
  const payment = await lockRow(tx, 'payments', { id: paymentId });
  if (payment?.status !== 'pending' || !payment.isCheckout || (await findMoving(tx, paymentId))) return false;
  const credential = await findRow(tx, 'credentials', { id: selection.credentialId });
  await patchRow(tx, 'payments', paymentId, {
    ...selection,
    environment: credential?.environment ?? payment.environment,
    revision: payment.revision + 1,
    updatedAt: now,
  });
  return true;
}
