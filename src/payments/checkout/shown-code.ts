import { isAlive } from '../../core/attempt.ts';
import type { Deps } from '../../deps.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';

/** What the payer's wallet reads off the page, as long as it is there to be paid with: what is over or in hand is not paid again. */
export async function findShownCode(
  { store }: Pick<Deps, 'store'>,
  { payment, attempt }: PaymentWithAttempt,
): Promise<string | null> {
  if (payment.status !== 'pending' || !attempt || !isAlive(attempt)) return null;
  const { instructions } = attempt;
  return instructions?.type === 'qr' && !(await store.findMoving(payment.id)) ? instructions.data : null;
}
