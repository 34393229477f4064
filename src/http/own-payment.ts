import { PayCoreError } from '../core/errors.ts';
import { PAYMENT_NO } from '../core/ids.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../payments/caller.ts';
import type { PaymentWithAttempt } from '../store/queries/payments.ts';

/** A payment of the caller's project and kind of key; others do not exist for it. Throws PAYMENT_NOT_FOUND. */
export async function findOwn(
  deps: Pick<Deps, 'store'>,
  caller: Caller,
  paymentNo: string,
): Promise<PaymentWithAttempt> {
  const found = PAYMENT_NO.test(paymentNo) ? await deps.store.findPayment(paymentNo) : null;
  if (!found || found.payment.projectId !== caller.projectId || found.payment.keyKind !== caller.kind) {
    throw new PayCoreError('PAYMENT_NOT_FOUND');
  }
  return found;
}
