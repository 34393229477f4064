import type { Reader } from '../tx.ts';
import { isOfThePlace } from './copy.ts';
import { keyOf, type RawRow, type RawValue, readPages } from './rows.ts';
import type { CarriedTable } from './tables.ts';

/** What came of comparing a table of both ends, row by row. */
export interface Compared {
  readonly table: string;
  readonly rows: number;
  /** Texts in which a sign was replaced that the target cannot hold. */
  readonly replaced: number;
  readonly differences: number;
  /** The first of them, for a person; without values, some of which are secret. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 5;
/** Rows that one end has and the other has not yet shown: more are no matter of order any more. */
const MOST_WAITING = 10_000;

/** What the engine of the target makes of a text. */
export type Spell = (text: string) => string;

/** PostgreSQL takes no text with this sign in it; its engine puts another in its place. */
export const SPELLINGS: Readonly<Record<'sqlite' | 'postgres', Spell>> = {
  sqlite: (text) => text,
  postgres: (text) => (text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text),
};

/**
 * Goes through both ends at once, in the order of the key. The engines may order some texts differently: a row that meets
 * another waits for its like.
 */
export async function compareTable(
  source: Reader,
  target: Reader,
  table: CarriedTable,
  spell: Spell,
): Promise<Compared> {
  const tally = createTally(table, spell);
  const [left, right] = [readRows(source, table), readRows(target, table)];
  for (;;) {
    const [a, b] = await Promise.all([left.next(), right.next()]);
    if (a.done && b.done) return tally.conclude();
    tally.meet(a.done ? null : a.value, b.done ? null : b.value);
  }
}

async function* readRows(on: Reader, table: CarriedTable): AsyncGenerator<RawRow, void> {
  for await (const page of readPages(on, table)) for (const row of page) if (!isOfThePlace(table, row)) yield row;
}

function createTally(table: CarriedTable, spell: Spell) {
  const waiting = { source: new Map<string, RawRow>(), target: new Map<string, RawRow>() };
  const examples: string[] = [];
  let [rows, replaced, differences] = [0, 0, 0];

  const differ = (key: string, how: string) => {
    differences += 1;
    if (examples.length < MOST_EXAMPLES) examples.push(`${table.label} ${key}: ${how}`);
  };
  const respell = (row: RawRow): RawRow => {
    let changed: Record<string, RawValue> | null = null;
    for (const column of table.columns) {
      const value = row[column];
      if (typeof value !== 'string') continue;
      const spelled = spell(value);
      if (spelled === value) continue;
      changed ??= { ...row };
      changed[column] = spelled;
      replaced += 1;
    }
    return changed ?? row;
  };
  const compare = (key: string, ours: RawRow, theirs: RawRow) => {
    const other = table.columns.filter((column) => !isSame(ours[column], theirs[column]));
    if (other.length > 0) differ(key, `another ${other.join(', ')}`);
  };
  /** Compared with its like, or kept until that comes. */
  const take = (end: 'source' | 'target', row: RawRow) => {
    const key = nameKey(table, row);
    const [own, others] = end === 'source' ? [waiting.source, waiting.target] : [waiting.target, waiting.source];
    const like = others.get(key);
    if (!like) {
      if (own.size >= MOST_WAITING) differ(key, `only in the ${end}`);
      else own.set(key, row);
      return;
    }
    others.delete(key);
    compare(key, end === 'source' ? row : like, end === 'source' ? like : row);
  };

  return {
    meet(ours: RawRow | null, theirs: RawRow | null): void {
      if (ours) {
        rows += 1;
        take('source', respell(ours));
      }
      if (theirs) take('target', theirs);
    },
    conclude(): Compared {
      for (const key of waiting.source.keys()) differ(key, 'only in the source');
      for (const key of waiting.target.keys()) differ(key, 'only in the target');
      return { table: table.label, rows, replaced, differences, examples };
    },
  };
}

const nameKey = (table: CarriedTable, row: RawRow): string => JSON.stringify(keyOf(table, row));

function isSame(a: RawValue | undefined, b: RawValue | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}
