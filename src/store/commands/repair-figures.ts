import { foldFigures } from '../figure-deltas.ts';
import { FIGURE_REPAIRS, FIGURE_RULES, FIGURE_TABLES } from '../integrity/figures.ts';
import { countStatement, fixedStatement } from '../statement.ts';
import type { Tx } from '../tx.ts';

/** How many rows were wrong, by the name of their rule. */
export type RepairedFigures = Readonly<Record<string, number>>;

const FIGURES = Object.entries(FIGURE_RULES).map(([name, [, sql]]) => ({
  name,
  wrong: countStatement(sql),
  repairs: (FIGURE_REPAIRS[name] ?? []).map(fixedStatement),
}));

/** Changes of figures that are added to them at a time. */
const AT_ONCE = 5000;

/** Everybody else waits meanwhile: what they write in the middle of it would be counted twice, or not at all. */
export async function repairFigures(tx: Tx): Promise<RepairedFigures> {
  await tx.lockTables(FIGURE_TABLES);
  // What waits would be added to what is made anew, which has it already.
  while ((await foldFigures(tx, AT_ONCE)) === AT_ONCE);
  const repaired: Record<string, number> = {};
  for (const { name, wrong, repairs } of FIGURES) {
    const found = (await tx.get(wrong, {}))?.found ?? 0;
    if (found === 0) continue;
    for (const repair of repairs) await tx.run(repair, {});
    repaired[name] = found;
  }
  return repaired;
}
