import type { Actor } from '../../../core/actor.ts';
import type { NotificationEvent } from '../../../core/payment.ts';
import { lockRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { recordDecision } from '../events.ts';
import { NO_LEASE } from './leases.ts';

export interface Resending {
  readonly by: Actor;
  /** One notification out of all that were written about the payment; that it was paid when left out. */
  readonly webhookId?: string;
}

export interface Resent {
  readonly event: NotificationEvent;
  readonly webhookId: string;
  /** It is on its way to the shop at this very moment: nothing had to be changed. */
  readonly underWay: boolean;
}

/**
 * Makes a notification of a payment due at once, as if it were new: should the shop not take it, it is tried again over
 * the next days. Null when none was ever written.
 */
export async function resendNotification(
  tx: Tx,
  paymentId: number,
  { by, webhookId: wanted }: Resending,
  now: number,
): Promise<Resent | null> {
  const which = wanted === undefined ? ({ event: 'payment.paid', about: '' } as const) : { webhookId: wanted };
  const row = await lockRow(tx, 'outbox', { paymentId, ...which });
  if (!row) return null;
  const { id, event, webhookId, leasedUntil } = row;
  // Nobody sends what was leased to a process that is gone.
  const underWay = leasedUntil !== null && leasedUntil > now;
  if (!underWay) {
    const lease = leasedUntil === null ? {} : NO_LEASE;
    await patchRow(tx, 'outbox', id, { ...lease, state: 'pending', tries: 0, dueAt: now, updatedAt: now });
  }
  const data = { event, webhook_id: webhookId };
  await recordDecision(tx, by, { paymentId, attemptId: null, type: 'admin.resend', data, at: now });
  return { event, webhookId, underWay };
}
