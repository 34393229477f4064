import { asc, inArray, sql } from 'drizzle-orm';
import { createCounterChanges } from '../counter-changes.ts';
import { writeCounters } from '../counters.ts';
import type { Engine } from '../engines/engine.ts';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Tx } from '../tx.ts';

/** Changes of figures that wait are added to the figures: only those are read where one process writes alone. */

const AT_ONCE = 1000;

/** Gives how many there were. */
export async function foldWaiting({ write }: Engine): Promise<number> {
  for (let all = 0; ; ) {
    const folded = await write((tx) => foldFigures(tx, AT_ONCE));
    if (folded === 0) return all;
    all += folded;
  }
}

const SOME = statement(({ db, t: { figureDeltas } }, p: { limit: number }) =>
  db.select().from(figureDeltas).orderBy(asc(figureDeltas.id)).limit(p.limit),
);
const DROP = statement(({ db, elements, t: { figureDeltas } }, p: { ids: string }) =>
  db.delete(figureDeltas).where(inArray(figureDeltas.id, elements(sql`${p.ids}`, 'number'))),
);

async function foldFigures(tx: Tx, limit: number): Promise<number> {
  const rows = await tx.all(SOME, { limit });
  for (const row of rows) await writeCounters(tx, changesOf(row));
  await tx.run(DROP, { ids: JSON.stringify(rows.map(({ id }) => id)) });
  return rows.length;
}

function changesOf({ id: _, figure, status, quarter, currency, way, ...row }: Row<'figureDeltas'>) {
  const changes = createCounterChanges();
  const at = quarter ?? 0;
  if (figure === 'payment_counts' && status) changes.counts.set('', { ...row, status });
  if (figure === 'outcome_counts' && status) changes.outcomes.set('', { ...row, quarter: at, status });
  if (figure === 'paid_sums') changes.sums.set('', { ...row, quarter: at, currency: currency ?? '' });
  if (figure === 'method_sums') changes.methods.set('', { ...row, quarter: at, way: way ?? '' });
  return changes;
}
