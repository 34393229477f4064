import type { KeyKind } from '../../core/payment.ts';
import { SECOND } from '../../core/time.ts';
import { dateIn, startOfDays, startOfPeriods } from '../../core/zone.ts';
import type { Deps } from '../../deps.ts';
import type { CurrencySum, StatsScope } from '../../store/queries/counters.ts';
import type { MethodTotal, QuarterSum } from '../../store/queries/figures.ts';
import { createCache } from './cache.ts';
import { endOfQuarter } from './periods.ts';

/** What came in, as the merchant wants to know it every morning: in his zone, of one kind of money, of one shop or all. */

export interface ReportScope {
  /** Null: every project. */
  readonly projectId: number | null;
  /** Real money, or what test keys did. */
  readonly kind: KeyKind;
}

/** Amounts are in minor units, by currency: the main one first, then those that most payments came in. */
export interface Report {
  readonly timezone: string;
  /** Main currency of the shop. */
  readonly currency: string;
  /** Every currency that there is money in; the main one when there is none. */
  readonly currencies: readonly string[];
  readonly today: readonly CurrencySum[];
  readonly month: readonly CurrencySum[];
  /** Thirty days, the last of them today. */
  readonly days: readonly ReportDay[];
  /** In these days, the most first. */
  readonly methods: readonly MethodTotal[];
  /** What became of the payments that were made in these days. */
  readonly outcomes: Outcomes;
  /** Of those that are over, the part that was paid; null: none is over. */
  readonly successRate: number | null;
  /** Unpaid and not over, of any age. */
  readonly pending: number;
}

export interface ReportDay {
  /** `yyyy-mm-dd` */
  readonly date: string;
  readonly sums: readonly CurrencySum[];
}

export interface Outcomes {
  readonly paid: number;
  readonly failed: number;
  readonly expired: number;
  readonly pending: number;
}

export const REPORT_DAYS = 30;
const CACHE_MS = 10 * SECOND;

type Parts = Pick<Deps, 'store' | 'clock' | 'config'>;

/** Kept for ten seconds. */
export function createReport(deps: Parts) {
  const cache = createCache<Report>(deps.clock, CACHE_MS);

  return (scope: ReportScope): Promise<Report> =>
    cache.get(`${scope.projectId} ${scope.kind}`, () => compute(deps, scope, deps.clock.now()));
}

async function compute({ store, config }: Parts, { projectId, kind }: ReportScope, now: number): Promise<Report> {
  const scope: StatsScope = { projectId, keyKind: kind };
  const { timezone, currency } = config;
  const { day, month } = startOfPeriods(now, timezone);
  const starts = startOfDays(now, timezone, REPORT_DAYS);
  const [first = day] = starts;
  const end = endOfQuarter(now);
  const [today, thisMonth, quarters, methods, counted, counts] = await Promise.all([
    store.sumPaid(scope, day, end),
    store.sumPaid(scope, month, end),
    store.listPaidQuarters(scope, first, end),
    store.sumByMethod(scope, first, end),
    store.countOutcomes(scope, first, end),
    store.countByStatus(scope),
  ]);
  const outcomes = readOutcomes(counted);
  return {
    timezone,
    currency,
    currencies: orderCurrencies(currency, [...quarters, ...thisMonth]),
    today,
    month: thisMonth,
    days: shareOut(quarters, starts, timezone),
    methods: methods.toSorted((a, b) => b.amount - a.amount || (a.method < b.method ? -1 : 1)),
    outcomes,
    successRate: rateOf(outcomes),
    pending: counts.pending ?? 0,
  };
}

function readOutcomes({ paid = 0, failed = 0, expired = 0, pending = 0 }: Readonly<Record<string, number>>): Outcomes {
  return { paid, failed, expired, pending };
}

/** What still waits is neither: a number for the convenience store is good for days. */
export function rateOf({ paid, failed, expired }: Outcomes): number | null {
  const over = paid + failed + expired;
  return over === 0 ? null : paid / over;
}

function orderCurrencies(main: string, sums: readonly Pick<CurrencySum, 'currency' | 'count'>[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { currency, count } of sums) counts.set(currency, (counts.get(currency) ?? 0) + count);
  const others = [...counts].filter(([currency]) => currency !== main).sort(([, a], [, b]) => b - a);
  const isMainUsed = counts.has(main) || others.length === 0;
  return [...(isMainUsed ? [main] : []), ...others.map(([currency]) => currency)];
}

/** Quarters of an hour as days, which begin when the clocks of the zone say so. */
export function shareOut(
  quarters: readonly QuarterSum[],
  starts: readonly number[],
  timezone: string,
): readonly ReportDay[] {
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const own = quarters.filter(({ at }) => at >= start && at < end);
    return { date: dateIn(start, timezone), sums: addUp(own) };
  });
}

function addUp(sums: readonly CurrencySum[]): readonly CurrencySum[] {
  const totals = new Map<string, CurrencySum>();
  for (const { currency, amount, count } of sums) {
    const before = totals.get(currency) ?? { currency, amount: 0, count: 0 };
    totals.set(currency, { currency, amount: before.amount + amount, count: before.count + count });
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
