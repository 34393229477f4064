import { seedNumbers } from '../support/clock.ts';
import type { FilledPayment } from './fill.ts';

/**
 * Which payments each round pays. Every callback is the first of its payment, so nothing is handed out twice. Callbacks
 * in order of creation take whole stretches of the newest payments; callbacks in random order come from all over the
 * rest of the table.
 */
export type Order = 'random' | 'in order';

export interface Pool {
  take(order: Order, count: number): readonly FilledPayment[];
  /** Payments still to be had. */
  left(order: Order): number;
}

/** `share`: how much of the table is kept for callbacks in order of creation. */
export function makePool(payments: readonly FilledPayment[], share: number): Pool {
  const edge = Math.floor(payments.length * (1 - share));
  const rests: Record<Order, readonly FilledPayment[]> = {
    random: shuffle(payments.slice(0, edge), 7),
    'in order': payments.slice(edge),
  };
  return {
    left: (order) => rests[order].length,
    take(order, count) {
      if (rests[order].length < count) throw new Error(`too few rows: ${count} more payments are needed ${order}`);
      const taken = rests[order].slice(0, count);
      rests[order] = rests[order].slice(count);
      return taken;
    },
  };
}

/** The same order in every run. */
export function shuffle<T>(values: readonly T[], seed: number): readonly T[] {
  const draw = seedNumbers(seed);
  const mixed = values.map((value) => ({ value, key: draw() }));
  return mixed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
