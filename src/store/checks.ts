import type { Database } from 'bun:sqlite';
import type { Attempt } from '../core/attempt.ts';
import { ATTEMPT_COLUMNS, type AttemptRow, toAttempt } from './rows.ts';

/** Which attempts are looked at when, and which gateways rest. */

const ALIVE = "status IN ('open', 'unknown', 'under_review')";

/**
 * Takes due attempts, unknown outcomes first; each is put off by `leaseMs`, so that one whose check dies is looked at
 * again. `limit.others` bounds what is not unknown.
 */
export function claimChecks(
  db: Database,
  now: number,
  limit: { readonly unknown: number; readonly others: number },
  leaseMs: number,
): readonly Attempt[] {
  const unknown = claimSome(db, "status = 'unknown'", now, limit.unknown, leaseMs);
  return [...unknown, ...claimSome(db, "status <> 'unknown'", now, Math.max(0, limit.others), leaseMs)];
}

function claimSome(db: Database, which: string, now: number, limit: number, leaseMs: number): readonly Attempt[] {
  return db
    .query<AttemptRow, [number, number, number]>(
      `UPDATE attempts SET check_at = ? WHERE id IN
         (SELECT id FROM attempts WHERE check_at <= ? AND ${which} ORDER BY check_at LIMIT ?)
       RETURNING ${ATTEMPT_COLUMNS}`,
    )
    .all(now + leaseMs, now, limit)
    .map(toAttempt);
}

export interface CheckPlan {
  readonly attemptId: number;
  readonly checkAt: number | null;
  readonly checks: number;
  readonly missing: number;
}

/** What became paid or ended while it was looked at stays out of the schedule whatever the plan says. */
export function planCheck(db: Database, plan: CheckPlan, now: number): void {
  db.query(
    `UPDATE attempts SET check_at = :checkAt, checks = :checks, missing = :missing,
       updated_at = CASE WHEN missing <> :missing THEN :now ELSE updated_at END
     WHERE id = :attemptId AND ${ALIVE}`,
  ).run({ ...plan, now });
}

export function findNextCheck(db: Database): number | null {
  return (
    db.query<{ due: number | null }, []>('SELECT min(check_at) AS due FROM attempts WHERE check_at IS NOT NULL').get()
      ?.due ?? null
  );
}

/** Every attempt of a payment, those with a number first, then the newest. */
export function listAttempts(db: Database, paymentId: number, limit: number): readonly Attempt[] {
  return db
    .query<AttemptRow, [number, number]>(
      `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE payment_id = ?
       ORDER BY ${ALIVE} DESC, instructions_json IS NOT NULL DESC, id DESC LIMIT ?`,
    )
    .all(paymentId, limit)
    .map(toAttempt);
}

/**
 * Marks that the gateway is about to be called with this number: it is spent, and its outcome unknown until something
 * is heard. False when the attempt is over or has been called already, or the payment is.
 */
export function beginCall(db: Database, attemptId: number, now: number, checkAt: number): boolean {
  const result = db
    .query(
      `UPDATE attempts SET status = 'unknown', spent = 1, checks = 0, missing = 0, check_at = ?, updated_at = ?
       WHERE id = ? AND status = 'open' AND spent = 0
         AND (SELECT status FROM payments WHERE id = attempts.payment_id) = 'pending'`,
    )
    .run(checkAt, now, attemptId);
  return result.changes > 0;
}

/** The account at a gateway that rests: stage and production do not know of each other. */
export interface RestKey {
  readonly gateway: string;
  readonly environment: string;
  readonly merchantId: string;
}

export function findRest(db: Database, { gateway, environment, merchantId }: RestKey, now: number): number | null {
  return (
    db
      .query<{ until: number }, [string, string, string, number]>(
        'SELECT until FROM gateway_rests WHERE gateway = ? AND environment = ? AND merchant_id = ? AND until > ?',
      )
      .get(gateway, environment, merchantId, now)?.until ?? null
  );
}

export function startRest(db: Database, { gateway, environment, merchantId }: RestKey, until: number): void {
  db.query(
    `INSERT INTO gateway_rests (gateway, environment, merchant_id, until) VALUES (?, ?, ?, ?)
     ON CONFLICT (gateway, environment, merchant_id) DO UPDATE SET until = max(until, excluded.until)`,
  ).run(gateway, environment, merchantId, until);
}
