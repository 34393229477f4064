import type { Database } from 'bun:sqlite';
import type { KeyKind, Payment } from '../core/payment.ts';
import { QUARTER } from './figures.ts';
import { PAYMENT_COLUMNS, type PaymentRow, toPayment } from './rows.ts';

/** What the overview shows: figures that `figures.ts` keeps, and the newest payments. */

/** Whose money: one project's with one kind of key, or every project's live money. */
export interface StatsScope {
  readonly projectId: number | null;
  readonly keyKind: KeyKind;
}

export interface CurrencySum {
  readonly currency: string;
  readonly amount: number;
  readonly count: number;
}

const IN_SCOPE = 'project_id = :projectId AND key_kind = :keyKind AND livemode = :livemode';
const QUARTER_SUMS = `SELECT currency, sum(amount) AS amount, sum(count) AS count FROM paid_sums
   WHERE ${IN_SCOPE} AND quarter >= :from AND quarter < :to GROUP BY currency`;
const PAYMENT_SUMS = `SELECT currency, sum(amount) AS amount, count(*) AS count FROM payments INDEXED BY payments_by_paid
   WHERE ${IN_SCOPE} AND status = 'paid' AND paid_at >= :from AND paid_at < :to GROUP BY currency`;
const COUNTS = `SELECT status, count FROM payment_counts WHERE ${IN_SCOPE} AND count > 0`;
const NEWEST = `SELECT ${PAYMENT_COLUMNS} FROM payments INDEXED BY payments_by_project
   WHERE ${IN_SCOPE} AND status = :status ORDER BY created_at DESC, id DESC LIMIT :limit`;

type Values = Record<string, string | number>;

/** One set of values for each project of a scope. Live scopes are of real money only; a test key sees its test sums. */
function listScopes(db: Database, { projectId, keyKind }: StatsScope): readonly Values[] {
  const ids = projectId === null ? db.query<{ id: number }, []>('SELECT id FROM projects').all() : [{ id: projectId }];
  return ids.map(({ id }) => ({ projectId: id, keyKind, livemode: keyKind === 'live' ? 1 : 0 }));
}

/**
 * Paid amounts in minor units per currency, `from` ≤ time of payment < `to`. Whole quarters come from their sums; what is
 * left over at both ends is added up, so bounds that are whole quarters are the fast ones.
 */
export function sumPaid(db: Database, scope: StatsScope, from: number, to: number): readonly CurrencySum[] {
  const first = Math.ceil(from / QUARTER);
  const end = Math.max(first, Math.floor(to / QUARTER));
  const quarters = db.query<CurrencySum, Values>(QUARTER_SUMS);
  const payments = db.query<CurrencySum, Values>(PAYMENT_SUMS);
  const edges = [
    { from, to: Math.min(to, first * QUARTER) },
    { from: Math.max(from, end * QUARTER), to },
  ].filter((edge) => edge.from < edge.to);
  const sums = listScopes(db, scope).flatMap((values) => [
    ...quarters.all({ ...values, from: first, to: end }),
    ...edges.flatMap((edge) => payments.all({ ...values, ...edge })),
  ]);
  return addUp(sums);
}

function addUp(sums: readonly CurrencySum[]): readonly CurrencySum[] {
  const totals = new Map<string, CurrencySum>();
  for (const { currency, amount, count } of sums) {
    const before = totals.get(currency);
    totals.set(currency, { currency, amount: amount + (before?.amount ?? 0), count: count + (before?.count ?? 0) });
  }
  return [...totals.values()].filter(({ count }) => count > 0).sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

export function countByStatus(db: Database, scope: StatsScope): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const query = db.query<{ status: string; count: number }, Values>(COUNTS);
  for (const { status, count } of listScopes(db, scope).flatMap((values) => query.all(values))) {
    counts[status] = (counts[status] ?? 0) + count;
  }
  return counts;
}

const STATUSES = ['pending', 'paid', 'failed', 'expired'] as const;

/** The newest payments. Asked status by status, each answered by the last rows of one stretch of an index. */
export function listRecent(db: Database, scope: StatsScope, limit: number): readonly Payment[] {
  const query = db.query<PaymentRow, Values>(NEWEST);
  return listScopes(db, scope)
    .flatMap((values) => STATUSES.flatMap((status) => query.all({ ...values, status, limit })))
    .sort((a, b) => b.created_at - a.created_at || b.id - a.id)
    .slice(0, limit)
    .map(toPayment);
}
