import { and, gte, lt, sql } from 'drizzle-orm';
import { QUARTER } from '../counters.ts';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';
import { isInScope, type Quarters, readQuarters, readScope, type StatsScope, type Whose, whoseOf } from './counters.ts';

/** What the desk's overview shows, out of the figures that `counters.ts` keeps: `from` ≤ instant < `to`, whole quarters. */

/** Paid in a quarter of an hour. */
export interface QuarterSum extends Pick<Row<'paidSums'>, 'currency' | 'amount' | 'count'> {
  /** When it began, milliseconds since the epoch. */
  readonly at: number;
}

export type MethodTotal = Pick<Row<'methodSums'>, 'gateway' | 'method' | 'currency' | 'amount' | 'count'>;

const total = (column: Parameters<typeof sql>[1]) => sql`sum(${column})`.mapWith(Number);

function sumQuarters(whose: Whose) {
  return statement((kit, p: Quarters) => {
    const { paidSums: of } = kit.t;
    return kit.db
      .select({ quarter: of.quarter, currency: of.currency, amount: total(of.amount), count: total(of.count) })
      .from(of)
      .where(and(isInScope(kit, of, p, whose), gte(of.quarter, p.from), lt(of.quarter, p.to)))
      .groupBy(of.quarter, of.currency)
      .orderBy(of.quarter, of.currency);
  });
}

function sumMethods(whose: Whose) {
  return statement((kit, p: Quarters) => {
    const { methodSums: of } = kit.t;
    return kit.db
      .select({
        gateway: of.gateway,
        method: of.method,
        currency: of.currency,
        amount: total(of.amount),
        count: total(of.count),
      })
      .from(of)
      .where(and(isInScope(kit, of, p, whose), gte(of.quarter, p.from), lt(of.quarter, p.to)))
      .groupBy(of.gateway, of.method, of.currency)
      .orderBy(of.gateway, of.method, of.currency);
  });
}

function countOutcomesOf(whose: Whose) {
  return statement((kit, p: Quarters) => {
    const { outcomeCounts: of } = kit.t;
    return kit.db
      .select({ status: of.status, count: total(of.count) })
      .from(of)
      .where(and(isInScope(kit, of, p, whose), gte(of.quarter, p.from), lt(of.quarter, p.to)))
      .groupBy(of.status);
  });
}

const QUARTERS = { one: sumQuarters('one'), all: sumQuarters('all') };
const METHODS = { one: sumMethods('one'), all: sumMethods('all') };
const OUTCOMES = { one: countOutcomesOf('one'), all: countOutcomesOf('all') };

/** Paid amounts by quarter of an hour and currency, oldest first. */
export async function listPaidQuarters(
  on: Reader,
  scope: StatsScope,
  from: number,
  to: number,
): Promise<readonly QuarterSum[]> {
  const rows = await on.all(QUARTERS[whoseOf(scope)], { ...readScope(scope), ...readQuarters(from, to) });
  return rows.map(({ quarter, ...sum }) => ({ ...sum, at: quarter * QUARTER }));
}

/** Paid amounts by the way that they came. */
export async function sumByMethod(
  on: Reader,
  scope: StatsScope,
  from: number,
  to: number,
): Promise<readonly MethodTotal[]> {
  return on.all(METHODS[whoseOf(scope)], { ...readScope(scope), ...readQuarters(from, to) });
}

/** What became of the payments that were made in that time. */
export async function countOutcomes(
  on: Reader,
  scope: StatsScope,
  from: number,
  to: number,
): Promise<Readonly<Record<string, number>>> {
  const rows = await on.all(OUTCOMES[whoseOf(scope)], { ...readScope(scope), ...readQuarters(from, to) });
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ status, count }) => [status, count]));
}
