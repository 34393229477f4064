import type { Engine } from '../engines/engine.ts';
import { foldFigures } from '../figure-deltas.ts';

const AT_ONCE = 1000;

/**
 * Changes of figures that wait are added to the figures: only those are read where one process writes alone. Gives how many
 * there were.
 */
export async function foldWaiting({ write }: Engine): Promise<number> {
  for (let all = 0; ; ) {
    const folded = await write((tx) => foldFigures(tx, AT_ONCE));
    all += folded;
    if (folded < AT_ONCE) return all;
  }
}
