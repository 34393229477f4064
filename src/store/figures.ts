import type { Database } from 'bun:sqlite';
import type { Payment } from '../core/payment.ts';
import { MINUTE } from '../core/time.ts';

/**
 * Counts and sums that are kept beside the payments, so that nobody waits for a count. Whatever writes a payment's status
 * tells these functions in the same transaction. What was paid is never unpaid, and amounts do not change.
 */
type Counted = Pick<Payment, 'projectId' | 'keyKind' | 'livemode' | 'status' | 'amount' | 'currency' | 'paidAt'>;

/** The length of time by which paid amounts are summed: every zone in use is a multiple of it off UTC. */
export const QUARTER = 15 * MINUTE;

const COUNT = `INSERT INTO payment_counts (project_id, key_kind, livemode, status, count) VALUES (?, ?, ?, ?, 1)
   ON CONFLICT DO UPDATE SET count = count + 1`;
const RECOUNT = `INSERT INTO payment_counts (project_id, key_kind, livemode, status, count)
   VALUES (?1, ?2, ?3, ?4, 1), (?1, ?2, ?3, ?5, -1) ON CONFLICT DO UPDATE SET count = count + excluded.count`;
const SUM = `INSERT INTO paid_sums (project_id, key_kind, livemode, quarter, currency, amount, count)
   VALUES (?, ?, ?, ?, ?, ?, 1)
   ON CONFLICT DO UPDATE SET amount = amount + excluded.amount, count = count + 1`;

/** A payment that was not there before. */
export function countPayment(db: Database, payment: Counted): void {
  const { projectId, keyKind, livemode, status } = payment;
  db.query(COUNT).run(projectId, keyKind, livemode ? 1 : 0, status);
  if (status === 'paid') sumMoney(db, payment);
}

/** A payment as it is now; `before` is the status that it had. */
export function recountPayment(db: Database, payment: Counted, before: Payment['status']): void {
  const { projectId, keyKind, livemode, status } = payment;
  if (status === before) return;
  db.query(RECOUNT).run(projectId, keyKind, livemode ? 1 : 0, status, before);
  if (status === 'paid') sumMoney(db, payment);
}

function sumMoney(db: Database, { projectId, keyKind, livemode, paidAt, currency, amount }: Counted): void {
  if (paidAt === null) return;
  const quarter = Math.floor(paidAt / QUARTER);
  db.query(SUM).run(projectId, keyKind, livemode ? 1 : 0, quarter, currency, amount);
}
