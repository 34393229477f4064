import fc from 'fast-check';
import type { KeyKind } from '../../src/core/payment.ts';
import { STATUSES } from '../../src/core/payment-query.ts';
import { QUARTER } from '../../src/store/counters.ts';
import type { CurrencySum } from '../../src/store/queries/counters.ts';
import { START } from './clock.ts';

/** Payments of two shops, of which figures are kept; what counting and adding up gives is known from a plain loop. */
export const PAID_ROW = {
  other: fc.boolean(),
  keyKind: fc.constantFrom<KeyKind>('test', 'live'),
  livemode: fc.boolean(),
  status: fc.constantFrom('paid' as const, ...STATUSES),
  amount: fc.integer({ min: 1, max: 1000 }),
  currency: fc.constantFrom('TWD', 'USD'),
  // About the borders of quarters, and away from them.
  paidAt: fc
    .integer({ min: -4, max: 4 })
    .chain((quarter) => fc.constantFrom(-1, 0, 1, 400_000).map((off) => START + quarter * QUARTER + off)),
};

interface Summed {
  readonly status: string;
  readonly paidAt: number | null;
  readonly currency: string;
  readonly amount: number;
}

export function sumNaively(rows: readonly Summed[], from: number, to: number): CurrencySum[] {
  const hits = rows.filter(
    ({ paidAt, status }) => status === 'paid' && paidAt !== null && paidAt >= from && paidAt < to,
  );
  return [...new Set(hits.map(({ currency }) => currency))].sort().map((currency) => {
    const own = hits.filter((row) => row.currency === currency);
    return { currency, amount: own.reduce((sum, { amount }) => sum + amount, 0), count: own.length };
  });
}
