import type { Database } from 'bun:sqlite';
import type { EventType } from './events.ts';

/** What happened to a payment, page by page in the order in which it happened. */

export interface TimelineEntry {
  readonly id: number;
  readonly type: EventType;
  /** Gateway of the attempt it is about, and our number there. */
  readonly gateway: string | null;
  readonly gatewayOrderNo: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

interface Row extends Omit<TimelineEntry, 'data'> {
  readonly data: string;
}

const PAGE = `SELECT events.id, type, gateway, gateway_order_no AS gatewayOrderNo, data, at
   FROM events LEFT JOIN attempts ON attempts.id = events.attempt_id
   WHERE events.payment_id = ? AND events.id > ? ORDER BY events.id LIMIT ?`;

/** Entries after the one with the id `after`, 0 for the first of all. */
export function listTimeline(db: Database, paymentId: number, after: number, limit: number): readonly TimelineEntry[] {
  return db
    .query<Row, [number, number, number]>(PAGE)
    .all(paymentId, after, limit)
    .map((row) => ({ ...row, data: JSON.parse(row.data) }));
}

/** First letters of an API key, by which a person tells it from others. */
export function findKeyHint(db: Database, keyId: number): string | null {
  return db.query<{ hint: string }, [number]>('SELECT hint FROM api_keys WHERE id = ?').get(keyId)?.hint ?? null;
}
