import type { Database } from 'bun:sqlite';
import { buildNotification } from '../core/notification.ts';
import { addEvent } from './events.ts';
import { addNotification } from './outbox.ts';
import { findPaymentById } from './payments.ts';
import { wantsEvent } from './projects.ts';

/** Payments whose payer never chose, or chose nothing that can still be paid, at the end of their time. */

const ALIVE = `EXISTS (SELECT 1 FROM attempts WHERE payment_id = payments.id AND status IN ('open', 'unknown', 'under_review'))`;

/** What can still be paid is left to its attempts; they end the payment with their own time. */
export function closePayments(db: Database, now: number, limit: number, makeWebhookId: () => string): number {
  const due = db
    .query<{ id: number; alive: number }, [number, number]>(
      `SELECT id, ${ALIVE} AS alive FROM payments WHERE close_at <= ? ORDER BY close_at LIMIT ?`,
    )
    .all(now, limit);
  for (const { id, alive } of due) {
    db.query('UPDATE payments SET close_at = NULL WHERE id = ?').run(id);
    if (alive === 0) expire(db, id, now, makeWebhookId);
  }
  return due.length;
}

function expire(db: Database, id: number, now: number, makeWebhookId: () => string): void {
  const result = db
    .query(
      `UPDATE payments SET status = 'expired', reason = 'EXPIRED', holds_order = NULL, revision = revision + 1,
         updated_at = ? WHERE id = ? AND status = 'pending'`,
    )
    .run(now, id);
  const payment = result.changes > 0 ? findPaymentById(db, id) : null;
  if (!payment) return;
  addEvent(db, { paymentId: id, attemptId: null, type: 'payment.expired', data: { flags: payment.flags }, at: now });
  const url = payment.order.payokUrl;
  if (url === undefined || !wantsEvent(db, payment.projectId, 'payment.expired')) return;
  const body = buildNotification('payment.expired', payment, null);
  addNotification(db, { payment, effect: { event: 'payment.expired' }, url, body, now, webhookId: makeWebhookId() });
}

export function findNextClosing(db: Database): number | null {
  return (
    db.query<{ due: number | null }, []>('SELECT min(close_at) AS due FROM payments WHERE close_at IS NOT NULL').get()
      ?.due ?? null
  );
}
