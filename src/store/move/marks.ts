import { eq, inArray } from 'drizzle-orm';
import { writeSetting } from '../commands/settings.ts';
import type { TableName } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader, Tx } from '../tx.ts';
import type { Key } from './rows.ts';

/**
 * What the two ends of a move say of it, in their settings. Money in two ledgers is the worst that can happen: so of two
 * databases with the same data at most one can be worked on at any moment.
 */
export interface Marks {
  /** Of a source, until somebody works on it again: what was copied by then may be old. */
  readonly moving_to: Leaving | null;
  /** Of a source whose data is at another place now. */
  readonly moved_to: Leaving | null;
  /** Of a target that is not whole yet. */
  readonly moving_from: Coming | null;
}
export type MarkName = keyof Marks;

export interface Leaving {
  /** Of the move. */
  readonly id: string;
  /** The target, as a person knows it. */
  readonly to: string;
  readonly at: number;
}

export interface Coming {
  readonly id: string;
  /** The source, as a person knows it, and the master key of its data: what it is recognised by. */
  readonly from: string;
  readonly keyId: string | null;
  /** Where the copying stands: this table has its rows up to this key, and those before it have all of theirs. */
  readonly table: TableName | null;
  readonly after: Key | null;
}

export const MARK_NAMES = ['moving_to', 'moved_to', 'moving_from'] as const satisfies readonly MarkName[];

export const NO_MARKS: Marks = { moving_to: null, moved_to: null, moving_from: null };

const READ = statement(({ db, t: { settings } }, _: object) =>
  db
    .select()
    .from(settings)
    .where(inArray(settings.name, [...MARK_NAMES])),
);

export async function readMarks(on: Reader): Promise<Marks> {
  return readMarkRows(await on.all(READ, {}));
}

export function readMarkRows(rows: readonly { readonly name: string; readonly value: string }[]): Marks {
  return { ...NO_MARKS, ...Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)])) };
}

export function writeMark<Name extends MarkName>(tx: Tx, name: Name, mark: NonNullable<Marks[Name]>): Promise<void> {
  return writeSetting(tx, name, JSON.stringify(mark));
}

const DROP = statement(({ db, t: { settings } }, p: { name: string }) =>
  db.delete(settings).where(eq(settings.name, p.name)),
);

export async function dropMark(tx: Tx, name: MarkName): Promise<void> {
  await tx.run(DROP, { name });
}

/** Marks are of one place, and stay there. */
export const isMark = (name: unknown): boolean => (MARK_NAMES as readonly unknown[]).includes(name);

export const halfOf = (name: string, { from }: Coming): string =>
  `${name} holds half of a move from ${from}, which was broken off: run that paycore move again, or empty it`;
