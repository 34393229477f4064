import type { Database } from 'bun:sqlite';
import type { Actor } from '../core/actor.ts';
import { endPayment } from './closing.ts';
import { applyFacts } from './facts.ts';
import { findPaymentById } from './payments.ts';

export interface Cancellation {
  readonly paymentId: number;
  readonly by: Actor;
  readonly now: number;
  readonly makeWebhookId: () => string;
}

const ALIVE =
  "SELECT id FROM attempts WHERE payment_id = ? AND status IN ('open', 'unknown', 'under_review') ORDER BY id";

/**
 * Ends a pending payment with all that is open of it, in one transaction: no attempt can be opened in between. One that is
 * over already stays as it is. True: the shop is to be told.
 */
export function cancelPayment(db: Database, input: Cancellation): boolean {
  const { paymentId, by, now, makeWebhookId } = input;
  if (findPaymentById(db, paymentId)?.status !== 'pending') return false;
  const alive = db.query<{ id: number }, [number]>(ALIVE).all(paymentId);
  const told = alive.map(({ id }) => end(db, id, input));
  // Where nothing was open, only the payer's choice kept the payment open.
  const ended = endPayment(db, paymentId, { status: 'failed', reason: 'CANCELLED', by, now, makeWebhookId });
  // Those that were cancelled here can still be paid there: they are looked at, the others no more.
  db.query(
    `UPDATE attempts SET check_at = CASE end_reason WHEN 'CANCELLED' THEN ? END WHERE payment_id = ? AND status = 'ended'`,
  ).run(now, paymentId);
  return ended || told.includes(true);
}

function end(db: Database, attemptId: number, { by, now, makeWebhookId }: Cancellation): boolean {
  const facts = [{ type: 'ended', reason: 'CANCELLED' }] as const;
  return applyFacts(db, { attemptId, facts, source: null, by, now, mayChooseAgain: false, makeWebhookId }).notified;
}
