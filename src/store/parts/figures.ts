import type { Bound } from '../bind.ts';
import type { StatsScope } from '../queries/counters.ts';
import * as figures from '../queries/figures.ts';

/** Figures of the desk's overview; bounds are whole quarters of an hour, the upper one left out. */
export interface FiguresStore {
  /** Paid amounts by quarter of an hour and currency, oldest first. */
  listPaidQuarters(scope: StatsScope, from: number, to: number): Promise<readonly figures.QuarterSum[]>;
  /** Paid amounts by gateway, method and currency. */
  sumByMethod(scope: StatsScope, from: number, to: number): Promise<readonly figures.MethodTotal[]>;
  /** What became of the payments that were made in that time, by status. */
  countOutcomes(scope: StatsScope, from: number, to: number): Promise<Readonly<Record<string, number>>>;
}

export function figuresStore({ query }: Bound): FiguresStore {
  return {
    listPaidQuarters: query(figures.listPaidQuarters),
    sumByMethod: query(figures.sumByMethod),
    countOutcomes: query(figures.countOutcomes),
  };
}
