import type { Database } from 'bun:sqlite';
import type { Payment } from '../core/payment.ts';
import type { Effect } from '../core/transition.ts';
import { addEvent } from './events.ts';

/** Notifications that wait to be sent. A row is written once; doubles are refused on insert, never on send. */

export interface NewNotification {
  readonly payment: Payment;
  readonly effect: Effect;
  readonly url: string;
  readonly body: string;
  readonly webhookId: string;
  readonly now: number;
}

/** False when this event of this payment has been written before. */
export function addNotification(db: Database, input: NewNotification): boolean {
  const result = db
    .query(
      `INSERT INTO outbox (webhook_id, payment_id, project_id, event, about, url, target, body, state, due_at,
         created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?) ON CONFLICT (payment_id, event, about) DO NOTHING`,
    )
    .run(
      input.webhookId,
      input.payment.id,
      input.payment.projectId,
      input.effect.event,
      input.effect.about ?? '',
      input.url,
      readTarget(input.url),
      input.body,
      input.now,
      input.now,
      input.now,
    );
  return result.changes > 0;
}

function readTarget(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return '';
  }
}

export interface DueNotification {
  readonly id: number;
  readonly webhookId: string;
  readonly paymentId: number;
  readonly projectId: number;
  readonly event: string;
  readonly url: string;
  readonly target: string;
  readonly body: string;
  readonly tries: number;
}

export interface ClaimInput {
  readonly now: number;
  readonly limit: number;
  /** Targets that have all the deliveries under way that they may have. */
  readonly busyTargets: readonly string[];
  readonly perTarget: number;
}

/** Takes due rows for sending: at most `perTarget` of one shop, so that a dead one cannot fill the batch. */
export function claimDue(db: Database, input: ClaimInput): readonly DueNotification[] {
  return db
    .query<DueNotification, [number, string, number, number]>(
      `UPDATE outbox SET leased = 1 WHERE id IN (
         SELECT id FROM (
           SELECT id, due_at, row_number() OVER (PARTITION BY target ORDER BY due_at, id) AS place
           FROM outbox WHERE state = 'pending' AND leased = 0 AND due_at <= ?
             AND target NOT IN (SELECT value FROM json_each(?)))
         WHERE place <= ? ORDER BY due_at, id LIMIT ?)
       RETURNING id, webhook_id AS webhookId, payment_id AS paymentId, project_id AS projectId, event, url, target,
         body, tries`,
    )
    .all(input.now, JSON.stringify(input.busyTargets), input.perTarget, input.limit);
}

export type DeliveryResult =
  | { readonly outcome: 'delivered'; readonly status: number }
  | { readonly outcome: 'retry'; readonly status: number | null; readonly reason: string; readonly dueAt: number }
  | { readonly outcome: 'dead'; readonly status: number | null; readonly reason: string };

/** Writes how one try went, gives the row back, and puts it on the payment's timeline. */
export function finishDelivery(db: Database, item: DueNotification, result: DeliveryResult, now: number): void {
  const state = result.outcome === 'retry' ? 'pending' : result.outcome;
  db.query(
    `UPDATE outbox SET state = ?, leased = 0, tries = tries + 1, due_at = coalesce(?, due_at), last_status = ?,
       last_error = ?, updated_at = ? WHERE id = ?`,
  ).run(
    state,
    result.outcome === 'retry' ? result.dueAt : null,
    result.status,
    result.outcome === 'delivered' ? null : result.reason,
    now,
    item.id,
  );
  addEvent(db, {
    paymentId: item.paymentId,
    attemptId: null,
    type: result.outcome === 'delivered' ? 'notification.delivered' : 'notification.failed',
    data: {
      event: item.event,
      try: item.tries + 1,
      status: result.status,
      ...(result.outcome === 'delivered' ? {} : { reason: result.reason, final: result.outcome === 'dead' }),
    },
    at: now,
  });
}

/** Leases of a process that is gone are void; only one process serves a database. */
export function releaseLeases(db: Database): void {
  db.query('UPDATE outbox SET leased = 0 WHERE leased = 1').run();
}

/** When the next row is due, or null when none waits. */
export function findNextDue(db: Database, busyTargets: readonly string[]): number | null {
  const row = db
    .query<{ due: number | null }, [string]>(
      `SELECT min(due_at) AS due FROM outbox WHERE state = 'pending' AND leased = 0
         AND target NOT IN (SELECT value FROM json_each(?))`,
    )
    .get(JSON.stringify(busyTargets));
  return row?.due ?? null;
}
