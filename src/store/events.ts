import type { Database } from 'bun:sqlite';

export type EventType =
  | 'payment.created'
  | 'attempt.opened'
  | 'attempt.ended'
  | 'gateway.request'
  | 'callback.accepted'
  | 'callback.refused'
  | 'sync'
  | 'payment.paid'
  | 'payment.expired'
  | 'payment.failed'
  | 'refund.created'
  | 'refund.settled'
  | 'notification.delivered'
  | 'notification.failed';

export interface NewEvent {
  readonly paymentId: number;
  readonly attemptId: number | null;
  readonly type: EventType;
  /** Small and without secrets: it is shown to the merchant as it is. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** A timeline grows no longer than this; callbacks could otherwise be repeated without end. */
const MAX_EVENTS_PER_PAYMENT = 2000;

const INSERT_EVENT = `INSERT INTO events (payment_id, attempt_id, type, data, at) SELECT ?, ?, ?, ?, ?
     WHERE (SELECT count(*) FROM (SELECT 1 FROM events WHERE payment_id = ? LIMIT ${MAX_EVENTS_PER_PAYMENT})) < ${MAX_EVENTS_PER_PAYMENT}`;

export function addEvent(db: Database, event: NewEvent): void {
  db.query(INSERT_EVENT).run(
    event.paymentId,
    event.attemptId,
    event.type,
    JSON.stringify(event.data),
    event.at,
    event.paymentId,
  );
}

export interface TimelineEvent {
  readonly type: EventType;
  readonly attemptId: number | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export function listEvents(db: Database, paymentId: number): readonly TimelineEvent[] {
  return db
    .query<{ type: EventType; attempt_id: number | null; data: string; at: number }, [number]>(
      'SELECT type, attempt_id, data, at FROM events WHERE payment_id = ? ORDER BY id',
    )
    .all(paymentId)
    .map((row) => ({ type: row.type, attemptId: row.attempt_id, data: JSON.parse(row.data), at: row.at }));
}
