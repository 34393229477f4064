import { sql } from 'drizzle-orm';
import type { Payment } from '../core/payment.ts';
import { MINUTE } from '../core/time.ts';
import type { Count, CounterChanges, Sum } from './counter-changes.ts';
import { statement } from './statement.ts';
import type { Tx } from './tx.ts';

/**
 * Counts and sums that are kept beside the payments, so that nobody waits for a count. Whatever writes a payment's status
 * tells these functions in the same transaction; what all commands of a commit have told is written once. What was paid
 * is never unpaid, and amounts do not change.
 */
type Counted = Pick<Payment, 'projectId' | 'keyKind' | 'livemode' | 'status' | 'amount' | 'currency' | 'paidAt'>;

/** The length of time by which paid amounts are summed: every zone in use is a multiple of it off UTC. */
export const QUARTER = 15 * MINUTE;

/** A payment that was not there before. */
export function countPayment({ counters }: Tx, payment: Counted): void {
  addCount(counters, payment, payment.status, 1);
  if (payment.status === 'paid') addSum(counters, payment);
}

/** An unpaid payment that is not there any more. */
export function discountPayment({ counters }: Tx, payment: Counted): void {
  addCount(counters, payment, payment.status, -1);
}

/** A payment as it is now; `before` is the status that it had. */
export function recountPayment({ counters }: Tx, payment: Counted, before: Payment['status']): void {
  if (payment.status === before) return;
  addCount(counters, payment, payment.status, 1);
  addCount(counters, payment, before, -1);
  if (payment.status === 'paid') addSum(counters, payment);
}

function addCount({ counts }: CounterChanges, of: Counted, status: Payment['status'], by: number): void {
  const { projectId, keyKind, livemode } = of;
  const key = `${projectId} ${keyKind} ${livemode} ${status}`;
  const before = counts.get(key);
  counts.set(key, { projectId, keyKind, livemode, status, count: (before?.count ?? 0) + by });
}

function addSum({ sums }: CounterChanges, { projectId, keyKind, livemode, paidAt, currency, amount }: Counted): void {
  if (paidAt === null) return;
  const quarter = Math.floor(paidAt / QUARTER);
  const key = `${projectId} ${keyKind} ${livemode} ${quarter} ${currency}`;
  const before = sums.get(key);
  sums.set(key, {
    ...{ projectId, keyKind, livemode, quarter, currency },
    amount: (before?.amount ?? 0) + amount,
    count: (before?.count ?? 0) + 1,
  });
}

/** Adds what a command has counted to what others of the same commit have. */
export function mergeCounters(into: CounterChanges, from: CounterChanges): void {
  for (const [key, one] of from.counts) {
    const before = into.counts.get(key);
    into.counts.set(key, before ? { ...one, count: before.count + one.count } : one);
  }
  for (const [key, one] of from.sums) {
    const before = into.sums.get(key);
    into.sums.set(key, before ? { ...one, amount: before.amount + one.amount, count: before.count + one.count } : one);
  }
}

const ADD_COUNT = statement(({ db, t }, p: Count) =>
  db
    .insert(t.paymentCounts)
    .values({ ...takeCount(p) })
    .onConflictDoUpdate({
      target: [t.paymentCounts.projectId, t.paymentCounts.keyKind, t.paymentCounts.livemode, t.paymentCounts.status],
      set: { count: sql`${t.paymentCounts.count} + excluded.count` },
    }),
);

const ADD_SUM = statement(({ db, t }, p: Sum) =>
  db
    .insert(t.paidSums)
    .values({ ...takeSum(p) })
    .onConflictDoUpdate({
      target: [t.paidSums.projectId, t.paidSums.keyKind, t.paidSums.livemode, t.paidSums.quarter, t.paidSums.currency],
      set: { amount: sql`${t.paidSums.amount} + excluded.amount`, count: sql`${t.paidSums.count} + excluded.count` },
    }),
);

// Placeholders cannot be spread: they are made one by one as they are asked for.
const takeCount = ({ projectId, keyKind, livemode, status, count }: Count): Count => ({
  ...{ projectId, keyKind, livemode, status, count },
});
const takeSum = ({ projectId, keyKind, livemode, quarter, currency, amount, count }: Sum): Sum => ({
  ...{ projectId, keyKind, livemode, quarter, currency, amount, count },
});

/** Writes the changes, always in the same order: two processes that change the same rows must not wait for each other. */
export async function writeCounters(tx: Tx, { counts, sums }: CounterChanges): Promise<void> {
  for (const [, one] of inOrder(counts)) if (one.count !== 0) await tx.run(ADD_COUNT, one);
  for (const [, one] of inOrder(sums)) await tx.run(ADD_SUM, one);
}

function inOrder<T>(changes: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
}
