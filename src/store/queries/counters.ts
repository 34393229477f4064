import { and, desc, eq, getTableColumns, gte, inArray, lt, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Payment } from '../../core/payment.ts';
import { QUARTER } from '../counters.ts';
import { whole } from '../figure-deltas.ts';
import type { Kit, Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

/** What the overview shows: figures that `counters.ts` keeps, and the newest payments. */

/** Whose money: one project's with one kind of key, or every project's live money. */
export interface StatsScope {
  readonly projectId: number | null;
  readonly keyKind: Payment['keyKind'];
}

export type CurrencySum = Pick<Row<'paidSums'>, 'currency' | 'amount' | 'count'>;

/** Live scopes are of real money only; a test key sees its test sums. */
export type Scope = Pick<Payment, 'projectId' | 'keyKind' | 'livemode'>;

export type Scoped = { readonly [Name in keyof Scope]: SQLiteColumn };

/** Of one project, or of all of them together. */
export type Whose = 'one' | 'all';

export function isInScope({ db, t: { projects } }: Kit, table: Scoped, scope: Scope, whose: Whose) {
  const isOf =
    whose === 'one'
      ? eq(table.projectId, scope.projectId)
      : inArray(table.projectId, db.select({ id: projects.id }).from(projects));
  return and(isOf, eq(table.keyKind, scope.keyKind), eq(table.livemode, scope.livemode));
}

export function readScope({ projectId, keyKind }: StatsScope): Scope {
  return { projectId: projectId ?? 0, keyKind, livemode: keyKind === 'live' };
}

export function whoseOf({ projectId }: StatsScope): Whose {
  return projectId === null ? 'all' : 'one';
}

export type Quarters = Scope & { readonly from: number; readonly to: number };

export function isInQuarters(kit: Kit, of: Scoped & { readonly quarter: SQLiteColumn }, p: Quarters, whose: Whose) {
  return and(isInScope(kit, of, p, whose), gte(of.quarter, p.from), lt(of.quarter, p.to));
}

function sumQuarters(whose: Whose) {
  return statement((kit, p: Quarters) => {
    const { paidSums } = kit.t;
    const { from, where } = whole(kit, 'paidSums', (of) => isInQuarters(kit, of, p, whose));
    return kit.db
      .select({
        currency: paidSums.currency,
        amount: sql`sum(${paidSums.amount})`.mapWith(Number),
        count: sql`sum(${paidSums.count})`.mapWith(Number),
      })
      .from(from)
      .where(where)
      .groupBy(paidSums.currency)
      .orderBy(paidSums.currency);
  });
}

const SUMS = { one: sumQuarters('one'), all: sumQuarters('all') };

/** Paid amounts in minor units per currency, `from` ≤ time of payment < `to`; both are bounds of quarters of an hour. */
export async function sumPaid(
  on: Reader,
  scope: StatsScope,
  from: number,
  to: number,
): Promise<readonly CurrencySum[]> {
  return on.all(SUMS[whoseOf(scope)], { ...readScope(scope), ...readQuarters(from, to) });
}

/** Bounds as numbers of quarters of an hour. */
export function readQuarters(from: number, to: number): { readonly from: number; readonly to: number } {
  if (from % QUARTER !== 0 || to % QUARTER !== 0) {
    throw new RangeError(`figures are kept by whole quarters of an hour, not from ${from} to ${to}`);
  }
  return { from: from / QUARTER, to: to / QUARTER };
}

function countStatuses(whose: Whose) {
  return statement((kit, p: Scope) => {
    const { paymentCounts } = kit.t;
    const { from, where } = whole(kit, 'paymentCounts', (of) => isInScope(kit, of, p, whose));
    return kit.db
      .select({ status: paymentCounts.status, count: sql`sum(${paymentCounts.count})`.mapWith(Number) })
      .from(from)
      .where(where)
      .groupBy(paymentCounts.status);
  });
}

const COUNTS = { one: countStatuses('one'), all: countStatuses('all') };

export async function countByStatus(on: Reader, scope: StatsScope): Promise<Readonly<Record<string, number>>> {
  const rows = await on.all(COUNTS[whoseOf(scope)], readScope(scope));
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ status, count }) => [status, count]));
}

const NEWEST = statement((kit, p: Scope & { limit: number }) => {
  const { payments } = kit.t;
  return kit.db
    .select(getTableColumns(payments))
    .from(kit.by(payments, 'payments_by_time'))
    .where(isInScope(kit, payments, p, 'one'))
    .orderBy(desc(payments.createdAt), desc(payments.id))
    .limit(p.limit);
});

const PROJECTS = statement(({ db, t: { projects } }, _: object) => db.select({ id: projects.id }).from(projects));

/** The newest payments. Asked project by project, each answered by the last rows of one stretch of an index. */
export async function listRecent(on: Reader, scope: StatsScope, limit: number): Promise<readonly Row<'payments'>[]> {
  const ids = scope.projectId === null ? await on.all(PROJECTS, {}) : [{ id: scope.projectId }];
  const newest = await Promise.all(ids.map(({ id }) => on.all(NEWEST, { ...readScope(scope), projectId: id, limit })));
  return newest
    .flat()
    .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
    .slice(0, limit);
}
