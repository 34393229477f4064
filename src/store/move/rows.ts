import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { Kit, TableName } from '../kit.ts';
import { type Statement, statement, type Values } from '../statement.ts';
import type { Reader, Tx } from '../tx.ts';
import type { CarriedTable } from './tables.ts';

/**
 * Rows as they are stored, read in the order of their key and written as they were read: what a column makes of a text is
 * left out, so that JSON stays the very text it was.
 */

export type RawValue = string | number | boolean | Uint8Array | null;
export type RawRow = Readonly<Record<string, RawValue>>;
/** Values of the key, in its order. */
export type Key = readonly RawValue[];

const columnsOf = (kit: Kit, name: TableName) => getTableColumns(kit.t[name]) as unknown as Record<string, Column>;

export const keyOf = ({ key }: CarriedTable, row: RawRow): Key => key.map((name) => row[name] ?? null);

const LIMIT = ' limit';
const list = (parts: readonly SQL[]): SQL => sql`(${sql.join([...parts], sql`, `)})`;

function pageStatement({ name, columns, key, flags }: CarriedTable, isFirst: boolean): Statement<Values, RawRow> {
  return statement((kit, p: Values) => {
    const own = columnsOf(kit, name);
    const selection = columns.map((column) => [column, flags.has(column) ? own[column] : sql`${own[column]}`]);
    const keys = key.map((column) => sql`${own[column]}`);
    const after = key.map((column) =>
      flags.has(column) ? sql`${sql.param(p[column], own[column])}` : sql`${p[column]}`,
    );
    return kit.db
      .select(Object.fromEntries(selection) as never)
      .from(kit.t[name] as never)
      .where(isFirst ? undefined : sql`${list(keys)} > ${list(after)}`)
      .orderBy(...keys)
      .limit(p[LIMIT] as never) as never;
  }) as unknown as Statement<Values, RawRow>;
}

/** Rows of one statement, and of one write when they are short. */
const PAGE = 500;
const pages = new Map<TableName, readonly [first: Statement<Values, RawRow>, next: Statement<Values, RawRow>]>();

function pagesOf(table: CarriedTable) {
  const known = pages.get(table.name) ?? ([pageStatement(table, true), pageStatement(table, false)] as const);
  pages.set(table.name, known);
  return known;
}

/** The rows behind a key, a page at a time. */
export async function* readPages(on: Reader, table: CarriedTable, after: Key | null = null) {
  const [first, next] = pagesOf(table);
  for (let last = after; ; ) {
    const values = Object.fromEntries(table.key.map((name, at) => [name, last?.[at] ?? null]));
    const rows = await on.all(last === null ? first : next, { ...values, [LIMIT]: PAGE });
    const end = rows.at(-1);
    if (!end) return;
    yield rows;
    if (rows.length < PAGE) return;
    last = keyOf(table, end);
  }
}

/** So few shapes that each is prepared once. */
const SIZES = [500, 25, 1] as const;
const inserts = new Map<string, Statement<Values, never>>();

function insertOf({ name, columns, flags }: CarriedTable, size: number): Statement<Values, never> {
  const shape = `${size} ${name}`;
  const known = inserts.get(shape);
  if (known) return known;
  // Values are known by their places: names of so many would cost more than the writing.
  const made = statement((kit, p: Values) => {
    const row = (at: number) =>
      columns.map((column, place) => {
        const value = p[at * columns.length + place];
        return [column, flags.has(column) ? value : sql`${value}`];
      });
    const rows = Array.from({ length: size }, (_, at) => Object.fromEntries(row(at)));
    return kit.db.insert(kit.t[name] as never).values(rows as never) as never;
  }) as unknown as Statement<Values, never>;
  inserts.set(shape, made);
  return made;
}

export async function insertRawRows(tx: Tx, table: CarriedTable, rows: readonly RawRow[]): Promise<void> {
  let at = 0;
  for (const size of SIZES) {
    for (; rows.length - at >= size; at += size) {
      const values: RawValue[] = [];
      for (const row of rows.slice(at, at + size)) {
        for (const column of table.columns) values.push(row[column] ?? null);
      }
      await tx.run(insertOf(table, size), values as unknown as Values);
    }
  }
}

const emptied = new Map<TableName, Statement<Values, never>>();

export async function emptyTable(tx: Tx, { name }: Pick<CarriedTable, 'name'>): Promise<void> {
  const made =
    emptied.get(name) ??
    (statement(({ db, t }, _: Values) => db.delete(t[name] as never) as never) as Statement<Values, never>);
  emptied.set(name, made);
  await tx.run(made, {});
}
