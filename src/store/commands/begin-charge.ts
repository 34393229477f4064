import { type Charge, mayCharge } from '../../core/lifecycle/charge.ts';
import { CALL_LIMIT } from '../../core/lifecycle/schedule.ts';
import { findMoving } from '../queries/payments.ts';
import { findRow, lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';
import { isOrderHeldElsewhere } from './open-payment.ts';

/**
 * Marks that the gateway is about to be called for the payer's money: its outcome is unknown until something is heard, and
 * asked for when nothing is. False when the payment or the attempt is over, or money may be moving already, whoever moves it.
 */
export async function beginCharge(tx: Tx, attemptId: number, charge: Charge, now: number): Promise<boolean> {
  const found = await findRow(tx, 'attempts', { id: attemptId });
  const payment = found && (await lockRow(tx, 'payments', { id: found.paymentId }));
  const attempt = await lockRow(tx, 'attempts', { id: attemptId });
  if (payment?.status !== 'pending' || !attempt || !mayCharge(attempt, charge, now)) return false;
  const moving = await findMoving(tx, payment.id);
  if (moving && moving.id !== attemptId) return false;
  if (await isOrderHeldElsewhere(tx, payment)) return false;
  await patchRow(tx, 'attempts', attemptId, {
    status: 'unknown',
    movingSince: now,
    used: attempt.used || charge.usesNumber,
    syncTries: 0,
    notFoundCount: 0,
    checkAt: now + CALL_LIMIT,
    lookedBy: null,
    updatedAt: now,
  });
  await patchRow(tx, 'payments', payment.id, { revision: payment.revision + 1 });
  return true;
}
