import type { Actor } from '../core/actor.ts';
import { PayCoreError } from '../core/errors.ts';
import type { NotificationEvent, Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';

export interface ResentNotification<Event extends NotificationEvent = NotificationEvent> {
  readonly payment_no: string;
  readonly event: Event;
  readonly webhook_id: string;
  /** `sending`: it was on its way already when it was asked for. */
  readonly state: 'pending' | 'sending';
}

type Parts = Pick<Deps, 'store' | 'clock' | 'wake'>;

/**
 * Sends a payment's payok notification again, the same body under the same webhook-id, at once and then as often as a new
 * one. Throws PAYMENT_NOT_PAID, or NOTIFICATION_NOT_WANTED for a payment that was made without a payok_url.
 */
export async function resendNotification(
  deps: Parts,
  payment: Payment,
  by: Actor,
): Promise<ResentNotification<'payment.paid'>> {
  const details = { payment_no: payment.paymentNo };
  if (payment.status !== 'paid') throw new PayCoreError('PAYMENT_NOT_PAID', { details });
  return { ...(await resend(deps, payment, by)), event: 'payment.paid' };
}

/** The same for any notification that was written about it. Throws NOTIFICATION_NOT_WANTED for a webhook-id that is none. */
export function resendDelivery(
  deps: Parts,
  payment: Payment,
  webhookId: string,
  by: Actor,
): Promise<ResentNotification> {
  return resend(deps, payment, by, webhookId);
}

async function resend(deps: Parts, payment: Payment, by: Actor, webhookId?: string): Promise<ResentNotification> {
  const details = { payment_no: payment.paymentNo };
  const which = { by, ...(webhookId === undefined ? {} : { webhookId }) };
  const sent = await deps.store.resendNotification(payment.id, which, deps.clock.now());
  if (!sent) throw new PayCoreError('NOTIFICATION_NOT_WANTED', { details });
  deps.wake();
  return {
    ...details,
    event: sent.event,
    webhook_id: sent.webhookId,
    state: sent.underWay ? 'sending' : 'pending',
  };
}
