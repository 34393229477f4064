import type { Database } from 'bun:sqlite';
import type { KeyKind, Payment } from '../core/payment.ts';
import { PAYMENT_COLUMNS, type PaymentRow, toPayment } from './rows.ts';

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

/** Live scopes count real money only; a test key sees its test sums. */
function scopeSql(scope: StatsScope): string {
  const project = scope.projectId === null ? '' : 'project_id = :projectId AND ';
  return `${project}key_kind = :keyKind AND livemode = ${scope.keyKind === 'live' ? 1 : 0}`;
}

function scopeValues(scope: StatsScope): Record<string, string | number> {
  return { keyKind: scope.keyKind, ...(scope.projectId === null ? {} : { projectId: scope.projectId }) };
}

/** Paid amounts in minor units per currency, `from` ≤ time of payment < `to`. */
export function sumPaid(db: Database, scope: StatsScope, from: number, to: number): readonly CurrencySum[] {
  return db
    .query<CurrencySum, Record<string, string | number>>(
      `SELECT currency, sum(amount) AS amount, count(*) AS count FROM payments
       WHERE ${scopeSql(scope)} AND status = 'paid' AND paid_at >= :from AND paid_at < :to
       GROUP BY currency ORDER BY currency`,
    )
    .all({ ...scopeValues(scope), from, to });
}

export function countByStatus(db: Database, scope: StatsScope): Readonly<Record<string, number>> {
  const rows = db
    .query<{ status: string; count: number }, Record<string, string | number>>(
      `SELECT status, count(*) AS count FROM payments WHERE ${scopeSql(scope)} GROUP BY status`,
    )
    .all(scopeValues(scope));
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}

const STATUSES = ['pending', 'paid', 'failed', 'expired'] as const;

/** The newest payments. Asked status by status, each answered by the last rows of one stretch of an index. */
export function listRecent(db: Database, scope: StatsScope, limit: number): readonly Payment[] {
  const query = db.query<PaymentRow, Record<string, string | number>>(
    `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE ${scopeSql(scope)} AND status = :status ORDER BY id DESC LIMIT :limit`,
  );
  return STATUSES.flatMap((status) => query.all({ ...scopeValues(scope), status, limit }))
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
    .map(toPayment);
}
