import type { Row } from './kit.ts';

/** Counts and sums that the commands of one commit change. */

export type Count = Row<'paymentCounts'>;
export type Sum = Row<'paidSums'>;
export type MethodSum = Row<'methodSums'>;
export type OutcomeCount = Row<'outcomeCounts'>;

export interface CounterChanges {
  readonly counts: Map<string, Count>;
  readonly sums: Map<string, Sum>;
  readonly methods: Map<string, MethodSum>;
  readonly outcomes: Map<string, OutcomeCount>;
}

export function createCounterChanges(): CounterChanges {
  return { counts: new Map(), sums: new Map(), methods: new Map(), outcomes: new Map() };
}
