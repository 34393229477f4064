import { PayCoreError } from '../core/errors.ts';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';

export interface ResentNotification {
  readonly payment_no: string;
  readonly event: 'payment.paid';
  readonly webhook_id: string;
  /** `sending`: it was on its way already when it was asked for. */
  readonly state: 'pending' | 'sending';
}

/**
 * Sends a payment's payok notification again, the same body under the same webhook-id, at once and then as often as a new
 * one. Throws PAYMENT_NOT_PAID, or NOTIFICATION_NOT_WANTED for a payment that was made without a payok_url.
 */
export async function resendNotification(
  deps: Pick<Deps, 'store' | 'clock' | 'wake'>,
  payment: Payment,
): Promise<ResentNotification> {
  const details = { payment_no: payment.paymentNo };
  if (payment.status !== 'paid') throw new PayCoreError('PAYMENT_NOT_PAID', { details });
  const sent = await deps.store.resendNotification(payment.id, deps.clock.now());
  if (!sent) throw new PayCoreError('NOTIFICATION_NOT_WANTED', { details });
  deps.wake();
  return {
    ...details,
    event: 'payment.paid',
    webhook_id: sent.webhookId,
    state: sent.underWay ? 'sending' : 'pending',
  };
}
