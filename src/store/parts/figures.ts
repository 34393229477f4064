import type { Bound } from '../bind.ts';
import * as deltas from '../figure-deltas.ts';
import type { StatsScope } from '../queries/counters.ts';
import * as figures from '../queries/figures.ts';

/** Figures of the desk's overview; bounds are whole quarters of an hour, the upper one left out. */
export interface FiguresStore {
  /** Paid amounts by gateway, method and currency. */
  sumByMethod(scope: StatsScope, from: number, to: number): Promise<readonly figures.MethodTotal[]>;
  /** What became of the payments that were made in that time, by status. */
  countOutcomes(scope: StatsScope, from: number, to: number): Promise<Readonly<Record<string, number>>>;
  /** Changes of figures wait to be added to them. */
  hasFigureDeltas(): Promise<boolean>;
  /** Adds the oldest of them; how many that were. Several processes may do it at once. */
  foldFigures(limit: number): Promise<number>;
}

export function figuresStore({ query, command }: Bound): FiguresStore {
  return {
    sumByMethod: query(figures.sumByMethod),
    countOutcomes: query(figures.countOutcomes),
    hasFigureDeltas: query(deltas.hasFigureDeltas),
    foldFigures: command(deltas.foldFigures),
  };
}
