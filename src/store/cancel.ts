import type { Database } from 'bun:sqlite';
import type { Actor } from '../core/actor.ts';
import { applyFacts, type FactsOutcome } from './facts.ts';

export interface Cancellation {
  readonly paymentId: number;
  readonly by: Actor;
  readonly now: number;
  readonly makeWebhookId: () => string;
}

const ATTEMPTS = `SELECT id, status IN ('open', 'unknown', 'under_review') AS alive FROM attempts WHERE payment_id = ?
   ORDER BY id`;

/**
 * Ends a pending payment with all that is open of it, in one transaction: no attempt can be opened in between. One that is
 * over already stays as it is. Null when the payment has no attempt.
 */
export function cancelPayment(db: Database, input: Cancellation): FactsOutcome | null {
  const attempts = db.query<{ id: number; alive: number }, [number]>(ATTEMPTS).all(input.paymentId);
  const alive = attempts.filter((attempt) => attempt.alive === 1);
  // Where no attempt is left, and only the payer's choice keeps the payment open, the last one ends it.
  const ends = (alive.length > 0 ? alive : attempts.slice(-1)).map(({ id }) => end(db, id, input));
  db.query("UPDATE attempts SET check_at = NULL WHERE payment_id = ? AND status = 'ended'").run(input.paymentId);
  const last = ends.at(-1);
  return last ? { ...last, notified: ends.some(({ notified }) => notified) } : null;
}

function end(db: Database, attemptId: number, { by, now, makeWebhookId }: Cancellation): FactsOutcome {
  const facts = [{ type: 'ended', reason: 'CANCELLED' }] as const;
  return applyFacts(db, { attemptId, facts, source: null, by, now, mayChooseAgain: false, makeWebhookId });
}
