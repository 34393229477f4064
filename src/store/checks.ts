import type { Database } from 'bun:sqlite';
import type { Attempt } from '../core/attempt.ts';
import { ATTEMPT_COLUMNS, type AttemptRow, toAttempt } from './rows.ts';

/** Which attempts are looked at when, and which gateways rest. */

const ALIVE = "status IN ('open', 'unknown', 'under_review')";

/** How many more looks may begin: in all, of those not at an unknown outcome, and at each gateway. */
export interface CheckRoom {
  readonly total: number;
  readonly others: number;
  readonly perGateway: number;
  /** Looks under way by gateway. */
  readonly underWay: ReadonlyMap<string, number>;
}

/**
 * Takes due attempts, unknown outcomes first; each is put off by `leaseMs`, so that one whose check dies is looked at
 * again.
 */
export function claimChecks(db: Database, now: number, room: CheckRoom, leaseMs: number): readonly Attempt[] {
  const underWay = new Map(room.underWay);
  const claim = (which: string, limit: number): readonly Attempt[] => {
    const claimed: Attempt[] = [];
    for (const gateway of listDueGateways(db, now)) {
      const free = Math.min(limit - claimed.length, room.perGateway - (underWay.get(gateway) ?? 0));
      if (free <= 0) continue;
      const some = claimSome(db, which, gateway, { now, free, leaseMs });
      underWay.set(gateway, (underWay.get(gateway) ?? 0) + some.length);
      claimed.push(...some);
    }
    return claimed;
  };
  const unknown = claim("status = 'unknown'", room.total);
  return [...unknown, ...claim("status <> 'unknown'", Math.min(room.others, room.total - unknown.length))];
}

/** Those that have waited longest first. */
function listDueGateways(db: Database, now: number): readonly string[] {
  return db
    .query<{ gateway: string }, [number]>(
      'SELECT gateway FROM attempts WHERE check_at <= ? GROUP BY +gateway ORDER BY min(check_at)',
    )
    .all(now)
    .map(({ gateway }) => gateway);
}

/** `+gateway`: by the due rows, which are few, and not by the index of all orders a gateway ever had. */
function claimSome(
  db: Database,
  which: string,
  gateway: string,
  { now, free, leaseMs }: { readonly now: number; readonly free: number; readonly leaseMs: number },
): readonly Attempt[] {
  return db
    .query<AttemptRow, [number, number, string, number]>(
      `UPDATE attempts SET check_at = ? WHERE id IN
         (SELECT id FROM attempts WHERE check_at <= ? AND +gateway = ? AND ${which} ORDER BY check_at LIMIT ?)
       RETURNING ${ATTEMPT_COLUMNS}`,
    )
    .all(now + leaseMs, now, gateway, free)
    .map(toAttempt);
}

export interface CheckPlan {
  readonly attemptId: number;
  readonly checkAt: number | null;
  readonly checks: number;
  readonly missing: number;
}

/** Ended here, but not at the gateway (see `isLeft` in payments/settle.ts). */
const LEFT = "(status = 'ended' AND end_reason IN ('SUPERSEDED', 'CANCELLED'))";

/** What became paid or ended while it was looked at stays out of the schedule whatever the plan says. */
export function planCheck(db: Database, plan: CheckPlan, now: number): void {
  db.query(
    `UPDATE attempts SET check_at = :checkAt, checks = :checks, missing = :missing,
       updated_at = CASE WHEN missing <> :missing THEN :now ELSE updated_at END
     WHERE id = :attemptId AND (${ALIVE} OR ${LEFT})`,
  ).run({ ...plan, now });
}

/** What has ended for good is looked at then, or not at all any more; nothing for what is not in the schedule. */
export function planLastCheck(db: Database, attemptId: number, checkAt: number | null): void {
  db.query("UPDATE attempts SET check_at = ? WHERE id = ? AND status = 'ended' AND check_at IS NOT NULL").run(
    checkAt,
    attemptId,
  );
}

/** When the next look is due that there is room for: what has to wait for a place anyway must not keep anybody awake. */
export function findNextCheck(db: Database, room?: CheckRoom): number | null {
  if (room && room.total <= 0) return null;
  const full = [...(room?.underWay ?? [])]
    .filter(([, count]) => count >= (room?.perGateway ?? 0))
    .map(([name]) => name);
  return (
    db
      .query<{ due: number }, [string, number]>(
        `SELECT check_at AS due FROM attempts
         WHERE check_at IS NOT NULL AND gateway NOT IN (SELECT value FROM json_each(?)) AND (status = 'unknown' OR ?)
         ORDER BY check_at LIMIT 1`,
      )
      .get(JSON.stringify(full), room && room.others <= 0 ? 0 : 1)?.due ?? null
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
