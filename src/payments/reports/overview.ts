import { formatDecimal, minorToMajor } from '../../core/money.ts';
import { showAmount } from '../../core/notification.ts';
import { type KeyKind, type Payment, UNCHOSEN } from '../../core/payment.ts';
import { formatInstant, SECOND } from '../../core/time.ts';
import { startOfPeriods } from '../../core/zone.ts';
import type { Deps } from '../../deps.ts';
import type { OverviewData } from '../../http/schema/overview.ts';
import type { CurrencySum, StatsScope } from '../../store/queries/counters.ts';
import { createCache } from './cache.ts';
import { endOfQuarter } from './periods.ts';

const CACHE_MS = 10 * SECOND;
const RECENT = 10;

type Parts = Pick<Deps, 'store' | 'clock' | 'config'>;
/** One project's with one kind of key. */
type Scope = { readonly projectId: number; readonly kind: KeyKind };

/** Today's and this month's figures of one project, or of the whole shop front. Kept for ten seconds. */
export function createOverview(deps: Parts) {
  const cache = createCache<OverviewData>(deps.clock, CACHE_MS);

  return function overview(scope: Scope | null, timezone: string): Promise<OverviewData> {
    const isShown = scope !== null || deps.config.publicHome;
    return cache.get(JSON.stringify([scope?.projectId ?? null, scope?.kind ?? null, timezone]), async () =>
      isShown ? compute(deps, scope, timezone, deps.clock.now()) : hide(deps, timezone),
    );
  };
}

async function compute(deps: Parts, scope: Scope | null, timezone: string, now: number): Promise<OverviewData> {
  const stats: StatsScope = scope
    ? { projectId: scope.projectId, keyKind: scope.kind }
    : { projectId: null, keyKind: 'live' };
  const { day, month } = startOfPeriods(now, timezone);
  const end = endOfQuarter(now);
  const [today, thisMonth, counts, recent] = await Promise.all([
    deps.store.sumPaid(stats, day, end),
    deps.store.sumPaid(stats, month, end),
    deps.store.countByStatus(stats),
    deps.store.listRecent(stats, RECENT),
  ]);
  const main = deps.config.currency;
  return {
    public: deps.config.publicHome,
    timezone,
    currency: main,
    today_amount: amountOf(today, main),
    month_amount: amountOf(thisMonth, main),
    today_count: countOf(today),
    month_count: countOf(thisMonth),
    by_currency: byCurrency(today, thisMonth, main),
    counts: {
      pending: counts.pending ?? 0,
      paid: counts.paid ?? 0,
      failed: counts.failed ?? 0,
      expired: counts.expired ?? 0,
    },
    recent_transactions: recent.map((payment) => describe(payment, scope === null)),
  };
}

/** A shop's turnover is not everybody's: the same shape without a figure. */
export const HIDDEN_FIGURES = {
  today_amount: null,
  month_amount: null,
  today_count: null,
  month_count: null,
  by_currency: {},
  counts: { pending: null, paid: null, failed: null, expired: null },
  recent_transactions: [],
};

function hide(deps: Parts, timezone: string): OverviewData {
  return {
    public: false,
    timezone,
    currency: deps.config.currency,
    ...HIDDEN_FIGURES,
  };
}

function amountOf(sums: readonly CurrencySum[], currency: string): number {
  const sum = sums.find((one) => one.currency === currency);
  return sum ? minorToMajor(sum.amount, currency) : 0;
}

function countOf(sums: readonly CurrencySum[]): number {
  return sums.reduce((total, sum) => total + sum.count, 0);
}

function byCurrency(
  today: readonly CurrencySum[],
  month: readonly CurrencySum[],
  main: string,
): OverviewData['by_currency'] {
  const currencies = [...new Set([main, ...month.map((sum) => sum.currency), ...today.map((sum) => sum.currency)])];
  return Object.fromEntries(
    currencies.map((currency) => [
      currency,
      {
        today_amount: amountOf(today, currency),
        month_amount: amountOf(month, currency),
        today_count: today.find((sum) => sum.currency === currency)?.count ?? 0,
        month_count: month.find((sum) => sum.currency === currency)?.count ?? 0,
      },
    ]),
  );
}

function describe(payment: Payment, masked: boolean): OverviewData['recent_transactions'][number] {
  return {
    payment_no: masked ? mask(payment.paymentNo) : payment.paymentNo,
    merchant_order_no: masked ? mask(payment.merchantOrderNo) : payment.merchantOrderNo,
    gateway: payment.gateway === UNCHOSEN ? null : payment.gateway,
    method: payment.method,
    amount: showAmount(payment),
    amount_decimal: formatDecimal(payment.amount, payment.currency),
    currency: payment.currency,
    status: payment.status,
    paid_at: payment.paidAt === null ? null : formatInstant(payment.paidAt),
    created_at: formatInstant(payment.createdAt),
  };
}

/** At most the first and last two characters stay, and never more than a third of a short number. */
function mask(text: string): string {
  const letters = [...text];
  if (letters.length < 12) return '*'.repeat(letters.length);
  return `${letters.slice(0, 2).join('')}${'*'.repeat(letters.length - 4)}${letters.slice(-2).join('')}`;
}
