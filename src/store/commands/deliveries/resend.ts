import { lockRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { NO_LEASE } from './leases.ts';

export interface Resent {
  readonly webhookId: string;
  /** It is on its way to the shop at this very moment: nothing had to be changed. */
  readonly underWay: boolean;
}

/**
 * Makes the notification of a payment due at once, as if it were new: should the shop not take it, it is tried again over
 * the next days. Null when none was ever written.
 */
export async function resendNotification(tx: Tx, paymentId: number, now: number): Promise<Resent | null> {
  const row = await lockRow(tx, 'outbox', { paymentId, event: 'payment.paid', about: '' });
  if (!row) return null;
  const { id, webhookId, leasedUntil } = row;
  // Nobody sends what was leased to a process that is gone.
  const underWay = leasedUntil !== null && leasedUntil > now;
  if (!underWay) {
    const lease = leasedUntil === null ? {} : NO_LEASE;
    await patchRow(tx, 'outbox', id, { ...lease, state: 'pending', tries: 0, dueAt: now, updatedAt: now });
  }
  return { webhookId, underWay };
}
