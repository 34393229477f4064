import type { Database } from 'bun:sqlite';
import type { Attempt } from '../core/attempt.ts';
import { addEvent } from './events.ts';
import { requestRefundLook } from './refund-looks.ts';

/** Callbacks as they came, one row for the same bytes. */

export interface CallbackRecord {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** SHA-256 of the body. */
  readonly digest: Uint8Array;
}

/**
 * What became of these very bytes when they came before, or null when they are new. Bytes that were rejected are judged
 * again, since the credentials that prove them may have been put right meanwhile; any others change nothing a second
 * time, only their counter grows.
 */
export function countAgain(db: Database, attempt: Attempt, callback: CallbackRecord): string | null {
  const row = db
    .query<{ outcome: string }, [number, Uint8Array]>(
      'UPDATE inbox SET seen = seen + 1 WHERE attempt_id = ? AND digest = ? RETURNING outcome',
    )
    .get(attempt.id, callback.digest);
  return row?.outcome ?? null;
}

/** These very bytes came before and were taken. */
export function hasCallback(db: Database, attemptId: number, digest: Uint8Array): boolean {
  const row = db
    .query<{ outcome: string }, [number, Uint8Array]>('SELECT outcome FROM inbox WHERE attempt_id = ? AND digest = ?')
    .get(attemptId, digest);
  return row !== null && row.outcome !== 'rejected';
}

/** Anybody can send what proves nothing: so many of an attempt are kept, and so much of each. */
const MAX_UNPROVED = 10;
const MAX_UNPROVED_BYTES = 16 * 1024;

export interface AskedCallback {
  readonly now: number;
  readonly isProved: boolean;
  /** The payment was paid before it came, and the gateway can be asked what went back. */
  readonly mayBeRefund: boolean;
}

/** A callback that made us ask the gateway, which then was the one to say what is true. */
export function keepAskedCallback(
  db: Database,
  attempt: Attempt,
  callback: CallbackRecord,
  { now, isProved, mayBeRefund }: AskedCallback,
): void {
  // What it said is not known: after the payment, it may have been that money went back.
  if (mayBeRefund) requestRefundLook(db, attempt.paymentId, now);
  if (countAgain(db, attempt, callback) !== null) return;
  if (!isProved && countAsked(db, attempt) >= MAX_UNPROVED) return;
  const body = isProved ? callback.body : callback.body.subarray(0, MAX_UNPROVED_BYTES);
  keepCallback(db, attempt, { ...callback, body }, 'asked', now);
  addEvent(db, {
    paymentId: attempt.paymentId,
    attemptId: attempt.id,
    type: 'callback.accepted',
    data: { fact: 'asked' },
    at: now,
  });
}

function countAsked(db: Database, attempt: Attempt): number {
  const sql = "SELECT count(*) AS count FROM inbox WHERE attempt_id = ? AND outcome = 'asked'";
  return db.query<{ count: number }, [number]>(sql).get(attempt.id)?.count ?? 0;
}

/** `verdict`: what it came to. */
export function keepCallback(
  db: Database,
  attempt: Attempt,
  callback: CallbackRecord,
  verdict: string,
  now: number,
): void {
  db.query(
    `INSERT INTO inbox (gateway, attempt_id, digest, content_type, body, outcome, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (attempt_id, digest) DO UPDATE SET outcome = excluded.outcome`,
  ).run(attempt.gateway, attempt.id, callback.digest, callback.contentType, callback.body, verdict, now);
}
