import type { Row } from './kit.ts';

/** Counts and sums that the commands of one commit change. */

export type Count = Row<'paymentCounts'>;
export type Sum = Row<'paidSums'>;

export interface CounterChanges {
  readonly counts: Map<string, Count>;
  readonly sums: Map<string, Sum>;
}

export function createCounterChanges(): CounterChanges {
  return { counts: new Map(), sums: new Map() };
}
