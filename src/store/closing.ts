import type { Database } from 'bun:sqlite';
import type { Actor } from '../core/actor.ts';
import { buildNotification } from '../core/notification.ts';
import type { EndReason } from '../core/payment.ts';
import { addEvent } from './events.ts';
import { recountPayment } from './figures.ts';
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
    if (alive === 0) endPayment(db, id, { status: 'expired', reason: 'EXPIRED', now, makeWebhookId });
  }
  return due.length;
}

export interface Ending {
  readonly status: 'expired' | 'failed';
  readonly reason: EndReason;
  /** Who decided it, when somebody did. */
  readonly by?: Actor;
  readonly now: number;
  readonly makeWebhookId: () => string;
}

/** Ends a pending payment that has nothing open which could end it. True: the shop is to be told. */
export function endPayment(db: Database, id: number, { status, reason, by, now, makeWebhookId }: Ending): boolean {
  const result = db
    .query(
      `UPDATE payments SET status = ?, reason = ?, holds_order = NULL, close_at = NULL, revision = revision + 1,
         updated_at = ? WHERE id = ? AND status = 'pending'`,
    )
    .run(status, reason, now, id);
  const payment = result.changes > 0 ? findPaymentById(db, id) : null;
  if (!payment) return false;
  recountPayment(db, payment, 'pending');
  const event = `payment.${status}` as const;
  const data = { flags: payment.flags, reason, ...(by ? { by } : {}) };
  addEvent(db, { paymentId: id, attemptId: null, type: event, data, at: now });
  const url = payment.order.payokUrl;
  if (url === undefined || !wantsEvent(db, payment.projectId, event)) return false;
  const body = buildNotification(event, payment, null);
  return addNotification(db, { payment, effect: { event }, url, body, now, webhookId: makeWebhookId() });
}

export function findNextClosing(db: Database): number | null {
  return (
    db.query<{ due: number | null }, []>('SELECT min(close_at) AS due FROM payments WHERE close_at IS NOT NULL').get()
      ?.due ?? null
  );
}
