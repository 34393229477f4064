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
  /** Deliveries under way, by target. */
  readonly underWay: ReadonlyMap<string, number>;
  readonly perTarget: number;
  /** The target that was served last: the next ones come first, so that none is passed over for long. */
  readonly after: string;
}

/**
 * Takes due rows for sending, no more of one shop than it may have under way: a dead one cannot fill the batch. Goes from
 * target to target through the index, so that a long backlog costs nothing.
 */
export function claimDue(db: Database, input: ClaimInput): readonly DueNotification[] {
  const targets = listTargets(db);
  const turn = targets.findIndex((target) => target > input.after);
  const order = turn > 0 ? [...targets.slice(turn), ...targets.slice(0, turn)] : targets;
  const taken: DueNotification[] = [];
  for (const target of order) {
    const free = input.perTarget - (input.underWay.get(target) ?? 0);
    const left = Math.min(free, input.limit - taken.length);
    if (left > 0) taken.push(...claimOfTarget(db, target, input.now, left));
  }
  return taken;
}

function claimOfTarget(db: Database, target: string, now: number, limit: number): readonly DueNotification[] {
  return db
    .query<DueNotification, [string, number, number]>(
      `UPDATE outbox SET leased = 1 WHERE id IN (
         SELECT id FROM outbox WHERE state = 'pending' AND leased = 0 AND target = ? AND due_at <= ?
         ORDER BY due_at, id LIMIT ?)
       RETURNING id, webhook_id AS webhookId, payment_id AS paymentId, project_id AS projectId, event, url, target,
         body, tries`,
    )
    .all(target, now, limit);
}

/** Targets with something waiting, each found by one step in the index. */
function listTargets(db: Database): readonly string[] {
  const next = db.query<{ target: string | null }, [string]>(
    "SELECT min(target) AS target FROM outbox WHERE state = 'pending' AND leased = 0 AND target > ?",
  );
  const targets: string[] = [];
  for (let target = next.get('')?.target; target; target = next.get(target)?.target) targets.push(target);
  return targets;
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

/** When the next row is due of a target that may have one more delivery; null when none waits. */
export function findNextDue(db: Database, underWay: ReadonlyMap<string, number>, perTarget: number): number | null {
  const first = db.query<{ due: number | null }, [string]>(
    "SELECT min(due_at) AS due FROM outbox WHERE state = 'pending' AND leased = 0 AND target = ?",
  );
  const dues = listTargets(db)
    .filter((target) => (underWay.get(target) ?? 0) < perTarget)
    .map((target) => first.get(target)?.due ?? null)
    .filter((due): due is number => due !== null);
  return dues.length === 0 ? null : Math.min(...dues);
}
