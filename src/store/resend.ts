import type { Database } from 'bun:sqlite';

export interface Resent {
  readonly webhookId: string;
  /** It is on its way to the shop at this very moment: nothing had to be changed. */
  readonly underWay: boolean;
}

const FIND = `SELECT id, webhook_id AS webhookId, leased FROM outbox WHERE payment_id = ? AND event = 'payment.paid'
   AND about = ''`;

/**
 * Makes the notification of a payment due at once, as if it were new: should the shop not take it, it is tried again over
 * the next days. Null when none was ever written.
 */
export function resendNotification(db: Database, paymentId: number, now: number): Resent | null {
  const row = db.query<{ id: number; webhookId: string; leased: number }, [number]>(FIND).get(paymentId);
  if (!row) return null;
  if (row.leased === 0) {
    db.query("UPDATE outbox SET state = 'pending', tries = 0, due_at = ?, updated_at = ? WHERE id = ?").run(
      now,
      now,
      row.id,
    );
  }
  return { webhookId: row.webhookId, underWay: row.leased === 1 };
}
