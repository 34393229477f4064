import type { Engine } from '../engines/engine.ts';
import type { Reader } from '../tx.ts';
import { type Coming, isMark, writeMark } from './marks.ts';
import { insertRawRows, keyOf, type RawRow, readPages } from './rows.ts';
import { CARRIED, type CarriedTable } from './tables.ts';

/** Rows and characters of one commit: what is held in memory at once. */
const MOST_ROWS = 5000;
const MOST_LETTERS = 8_000_000;

/** Told after each commit: rows of this table that came now. */
export type Told = (table: CarriedTable, rows: number) => Promise<void>;

/** Copies what is still missing. Each commit has rows and how far they go, so that it can be broken off at any moment. */
export async function copyRows(source: Reader, target: Engine, from: Coming, told: Told): Promise<void> {
  const begun = CARRIED.findIndex(({ name }) => name === from.table);
  for (const table of CARRIED.slice(Math.max(begun, 0))) {
    const after = table.name === from.table ? from.after : null;
    for await (const rows of readBatches(source, table, after)) {
      const mark: Coming = { ...from, table: table.name, after: keyOf(table, rows.at(-1) as RawRow) };
      await target.write(async (tx) => {
        await insertRawRows(
          tx,
          table,
          rows.filter((row) => !isOfThePlace(table, row)),
        );
        await writeMark(tx, 'moving_from', mark);
      });
      await told(table, rows.length);
    }
  }
}

/** What belongs to the place that the data is at, and not to the data. */
export function isOfThePlace({ name }: CarriedTable, row: RawRow): boolean {
  return name === 'settings' && isMark(row.name);
}

async function* readBatches(source: Reader, table: CarriedTable, after: Coming['after']) {
  let batch: RawRow[] = [];
  let letters = 0;
  for await (const page of readPages(source, table, after)) {
    batch.push(...page);
    letters += page.reduce((sum, row) => sum + lengthOf(row), 0);
    if (batch.length < MOST_ROWS && letters < MOST_LETTERS) continue;
    yield batch;
    batch = [];
    letters = 0;
  }
  if (batch.length > 0) yield batch;
}

function lengthOf(row: RawRow): number {
  let length = 0;
  for (const value of Object.values(row)) {
    if (typeof value === 'string' || value instanceof Uint8Array) length += value.length;
  }
  return length;
}
