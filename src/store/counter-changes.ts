import type { Row } from './kit.ts';

/** Counts and sums that the commands of one commit change. */

export type Count = Row<'paymentCounts'>;
export type Sum = Row<'paidSums'>;
export type OutcomeCount = Row<'outcomeCounts'>;
/** The currency stands in the way too; the sums by currency are told of it as well. */
export type MethodSum = Row<'methodSums'> & Pick<Sum, 'currency'>;

export interface CounterChanges {
  readonly counts: Map<string, Count>;
  readonly sums: Map<string, Sum>;
  readonly methods: Map<string, MethodSum>;
  readonly outcomes: Map<string, OutcomeCount>;
}

export function createCounterChanges(): CounterChanges {
  return { counts: new Map(), sums: new Map(), methods: new Map(), outcomes: new Map() };
}

/** So many payments more, or fewer, that were made in a quarter of an hour and have this status. */
export function addOutcome({ counts, outcomes }: CounterChanges, one: OutcomeCount): void {
  const { projectId, keyKind, livemode, quarter, status, count } = one;
  add(counts, { projectId, keyKind, livemode, status, count });
  add(outcomes, { projectId, keyKind, livemode, quarter, status, count });
}

/** Money that was paid by one way in a quarter of an hour. */
export function addPaid({ sums, methods }: CounterChanges, one: MethodSum): void {
  const { projectId, keyKind, livemode, way, quarter, currency, amount, count } = one;
  add(sums, { projectId, keyKind, livemode, quarter, currency, amount, count });
  add(methods, { projectId, keyKind, livemode, way, quarter, currency, amount, count });
}

interface Figures {
  readonly amount?: number;
  readonly count: number;
}

/** Figures of one group, by all that is no figure. */
function add<T extends Figures>(into: Map<string, T>, one: T): void {
  addTo(into, keyOf(one), one);
}

function keyOf<T extends Figures>(one: T): string {
  const { amount: _, count: __, ...group } = one;
  return Object.values(group).join(' ');
}

function addTo<T extends Figures>(into: Map<string, T>, key: string, one: T): void {
  const before = into.get(key);
  if (!before) into.set(key, one);
  else {
    const amount = one.amount === undefined ? {} : { amount: (before.amount ?? 0) + one.amount };
    into.set(key, { ...before, ...amount, count: before.count + one.count });
  }
}

/** Adds what a command has counted to what others of the same commit have. */
export function mergeCounters(into: CounterChanges, from: CounterChanges): void {
  for (const [key, one] of from.counts) addTo(into.counts, key, one);
  for (const [key, one] of from.sums) addTo(into.sums, key, one);
  for (const [key, one] of from.methods) addTo(into.methods, key, one);
  for (const [key, one] of from.outcomes) addTo(into.outcomes, key, one);
}
