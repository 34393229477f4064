import type { Deps } from '../../deps.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';

/** What the payer's wallet reads off the page, as long as it is there to be paid with. */
export async function findShownCode(
  { store }: Pick<Deps, 'store'>,
  { payment, attempt }: PaymentWithAttempt,
): Promise<string | null> {
  if (payment.status !== 'pending') return null;
  const { instructions = null } = (await store.findMoving(payment.id)) ?? attempt ?? {};
  return instructions?.type === 'qr' ? instructions.data : null;
}
