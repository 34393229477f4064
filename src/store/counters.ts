import { sql } from 'drizzle-orm';
import type { Payment } from '../core/payment.ts';
import { MINUTE } from '../core/time.ts';
import {
  addOutcome,
  addPaid,
  type Count,
  type CounterChanges,
  type MethodSum,
  type OutcomeCount,
  type Sum,
} from './counter-changes.ts';
import { statement } from './statement.ts';
import type { Tx } from './tx.ts';

/**
 * Counts and sums that are kept beside the payments, so that nobody waits for a count. Whatever writes a payment's status
 * tells these functions in the same transaction; what all commands of a commit have told is written once: into the figures
 * themselves where one process writes, as changes that wait where several do (`figure-deltas.ts`). What was paid is never
 * unpaid, and amounts do not change.
 */
type Counted = Pick<
  Payment,
  | 'projectId'
  | 'keyKind'
  | 'livemode'
  | 'status'
  | 'gateway'
  | 'method'
  | 'amount'
  | 'currency'
  | 'paidAt'
  | 'createdAt'
>;

/** The length of time by which figures are kept: every zone in use is a multiple of it off UTC. */
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

function addCount(counters: CounterChanges, of: Counted, status: Payment['status'], count: number): void {
  const { projectId, keyKind, livemode, createdAt } = of;
  addOutcome(counters, { projectId, keyKind, livemode, quarter: Math.floor(createdAt / QUARTER), status, count });
}

function addSum(counters: CounterChanges, payment: Counted): void {
  const { projectId, keyKind, livemode, paidAt, gateway, method, currency, amount } = payment;
  if (paidAt === null) return;
  const quarter = Math.floor(paidAt / QUARTER);
  const way = `${gateway}/${method}/${currency}`;
  addPaid(counters, { projectId, keyKind, livemode, way, quarter, currency, amount, count: 1 });
}

const ADD_COUNT = statement(({ db, t: { paymentCounts: to } }, p: Count) =>
  db
    .insert(to)
    .values(pick(p, 'projectId', 'keyKind', 'livemode', 'status', 'count'))
    .onConflictDoUpdate({
      target: [to.projectId, to.keyKind, to.livemode, to.status],
      set: { count: sql`${to.count} + excluded.count` },
    }),
);

const ADD_OUTCOME = statement(({ db, t: { outcomeCounts: to } }, p: OutcomeCount) =>
  db
    .insert(to)
    .values(pick(p, 'projectId', 'keyKind', 'livemode', 'quarter', 'status', 'count'))
    .onConflictDoUpdate({
      target: [to.projectId, to.keyKind, to.livemode, to.quarter, to.status],
      set: { count: sql`${to.count} + excluded.count` },
    }),
);

const ADD_SUM = statement(({ db, t: { paidSums: to } }, p: Sum) =>
  db
    .insert(to)
    .values(pick(p, 'projectId', 'keyKind', 'livemode', 'quarter', 'currency', 'amount', 'count'))
    .onConflictDoUpdate({
      target: [to.projectId, to.keyKind, to.livemode, to.quarter, to.currency],
      set: { amount: sql`${to.amount} + excluded.amount`, count: sql`${to.count} + excluded.count` },
    }),
);

const ADD_METHOD = statement(({ db, t: { methodSums: to } }, p: MethodSum) =>
  db
    .insert(to)
    .values(pick(p, 'projectId', 'keyKind', 'livemode', 'way', 'quarter', 'amount', 'count'))
    .onConflictDoUpdate({
      target: [to.projectId, to.keyKind, to.livemode, to.way, to.quarter],
      set: { amount: sql`${to.amount} + excluded.amount`, count: sql`${to.count} + excluded.count` },
    }),
);

/** Placeholders cannot be spread: they are made one by one as they are asked for. */
function pick<T, Name extends keyof T>(values: T, ...names: readonly Name[]): Pick<T, Name> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<T, Name>;
}

/** Writes the changes, always in the same order: two processes that change the same rows must not wait for each other. */
export async function writeCounters(tx: Tx, { counts, sums, methods, outcomes }: CounterChanges): Promise<void> {
  for (const [, one] of inOrder(counts)) if (one.count !== 0) await tx.run(ADD_COUNT, one);
  for (const [, one] of inOrder(sums)) await tx.run(ADD_SUM, one);
  for (const [, one] of inOrder(methods)) await tx.run(ADD_METHOD, one);
  for (const [, one] of inOrder(outcomes)) if (one.count !== 0) await tx.run(ADD_OUTCOME, one);
}

function inOrder<T>(changes: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
}
