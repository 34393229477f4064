import type { LoadResult } from './load.ts';
import { readUsage, type Usage, usagePer } from './usage.ts';

/** One comparison: the same requests to several servers in turns, the order changing every round. */

export const SIDES = ['PayCore', 'group', 'single'] as const;
export type SideName = (typeof SIDES)[number];

export interface Turn extends LoadResult {
  readonly count: number;
  readonly usage: Usage;
}

/** Medians of the rounds. */
export interface Figures {
  /** Requests a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the server, for each request. */
  readonly usage: Usage;
  /** The load generator's share of a core. */
  readonly loadBusy: number;
}

export type Sides = Partial<Record<SideName, (round: number) => Promise<Turn>>>;

export interface Comparison {
  readonly figures: Partial<Record<SideName, Figures>>;
  /** PayCore's rate over the other's, each round by itself: what disturbs the machine for a while disturbs both. */
  readonly ratios: Partial<Record<SideName, number>>;
}

/** One server's turn: `send`, and what the process used of the machine meanwhile. */
export async function measureTurn(pid: number, count: number, send: () => Promise<LoadResult>): Promise<Turn> {
  const before = readUsage(pid);
  const result = await send();
  return { ...result, count, usage: usagePer(before, readUsage(pid), count) };
}

export async function inTurns(rounds: number, sides: Sides): Promise<Comparison> {
  const names = SIDES.filter((name) => sides[name] !== undefined);
  const turns = new Map<SideName, Turn[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of rotate(names, round)) {
      const turn = await sides[name]?.(round);
      if (turn) turns.get(name)?.push(turn);
    }
  }
  const mine = turns.get('PayCore') ?? [];
  const others = names.filter((name) => name !== 'PayCore');
  return {
    figures: Object.fromEntries(names.map((name) => [name, summarize(turns.get(name) ?? [])])),
    ratios: Object.fromEntries(
      others.map((name) => [name, median(mine.map((turn, at) => rateOf(turn) / rateOf(turns.get(name)?.[at])))]),
    ),
  };
}

function rotate<T>(values: readonly T[], by: number): readonly T[] {
  const at = by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

const rateOf = (turn: Turn | undefined): number => (turn ? turn.count / turn.seconds : Number.NaN);

function summarize(turns: readonly Turn[]): Figures {
  const middle = (read: (turn: Turn) => number) => median(turns.map(read));
  return {
    rate: middle(rateOf),
    p50: middle((turn) => turn.p50),
    p99: middle((turn) => turn.p99),
    loadBusy: middle((turn) => turn.busy),
    usage: {
      cpuMicros: middle((turn) => turn.usage.cpuMicros),
      written: middle((turn) => turn.usage.written),
      handed: middle((turn) => turn.usage.handed),
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
