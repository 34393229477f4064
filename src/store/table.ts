import { getTableColumns, type SQL } from 'drizzle-orm';
import { hasSame, type Kit, type Row, type TableName } from './kit.ts';
import type { NewRow } from './schema/rows.ts';
import { type Statement, statement, type Values } from './statement.ts';
import type { Reader, Tx } from './tx.ts';

/**
 * The statements that nearly every command needs: a row by what is known of it, a new row, some columns of a row. One is
 * made for each shape (table and columns) that is asked for, and kept; callers name their columns in the code, so there
 * are only so many.
 */
const kept = new Map<string, Statement<Values, never>>();

function keep(shape: string, make: () => Statement<never, unknown>): Statement<Values, never> {
  const known = kept.get(shape);
  if (known) return known;
  const made = make() as unknown as Statement<Values, never>;
  kept.set(shape, made);
  return made;
}

type Columns = Readonly<Record<string, never>>;

function columnsOf(kit: Kit, name: TableName): Columns {
  return getTableColumns(kit.t[name]) as unknown as Columns;
}

function matches(kit: Kit, name: TableName, keys: readonly string[], values: Values): SQL | undefined {
  return hasSame(columnsOf(kit, name), values, ...keys);
}

function pick(keys: readonly string[], values: Values): never {
  return Object.fromEntries(keys.map((key) => [key, values[key]])) as never;
}

type Known<Name extends TableName> = Readonly<Partial<Row<Name>>>;

function selectBy(name: TableName, keys: readonly string[], isLocked: boolean): Statement<Values, never> {
  return keep(`${isLocked ? 'lock' : 'find'} ${name} ${keys.join(' ')}`, () =>
    statement((kit, p: Values) => {
      const query = kit.db
        .select()
        .from(kit.t[name] as never)
        .where(matches(kit, name, keys, p));
      return (isLocked ? kit.locked(query) : query) as never;
    }),
  );
}

/** The row in which these columns have these values; null when there is none. */
export function findRow<Name extends TableName>(on: Reader, name: Name, known: Known<Name>): Promise<Row<Name> | null> {
  return on.get(selectBy(name, Object.keys(known), false), known);
}

/** Every such row, in no order. */
export function findRows<Name extends TableName>(on: Reader, name: Name, known: Known<Name>): Promise<Row<Name>[]> {
  return on.all(selectBy(name, Object.keys(known), false), known);
}

/** A row that is read in order to be changed. */
export function lockRow<Name extends TableName>(tx: Tx, name: Name, known: Known<Name>): Promise<Row<Name> | null> {
  return tx.get(selectBy(name, Object.keys(known), true), known);
}

type WithId = { [Name in TableName]: Row<Name> extends { id: number } ? Name : never }[TableName];

/** Inserts a row and gives it as it is stored. */
export async function insertRow<Name extends WithId>(tx: Tx, name: Name, row: NewRow<Name>): Promise<Row<Name>> {
  const stored = await tryInsertRow(tx, name, row);
  if (!stored) throw new Error(`no row came of an insert into ${name}`);
  return stored;
}

/** The same, but null when a row like it is there already. */
export async function tryInsertRow<Name extends WithId>(
  tx: Tx,
  name: Name,
  row: NewRow<Name>,
): Promise<Row<Name> | null> {
  const keys = namesOf(row);
  const made = keep(`insert ${name} ${keys.join(' ')}`, () =>
    statement((kit, p: Values) => {
      const query = kit.db.insert(kit.t[name] as never).values(pick(keys, p));
      return query.onConflictDoNothing().returning() as never;
    }),
  );
  return tx.get(made, row as Values);
}

/** Inserts a row; false when one like it is there already. */
export async function addRow<Name extends TableName>(tx: Tx, name: Name, row: NewRow<Name>): Promise<boolean> {
  const keys = namesOf(row);
  const made = keep(`add ${name} ${keys.join(' ')}`, () =>
    statement(
      (kit, p: Values) =>
        kit.db
          .insert(kit.t[name] as never)
          .values(pick(keys, p))
          .onConflictDoNothing() as never,
    ),
  );
  return (await tx.run(made, row as Values)) > 0;
}

/** Inserts several rows of the same columns in one statement; nothing is given back. */
export async function insertRows<Name extends TableName>(
  tx: Tx,
  name: Name,
  rows: readonly NewRow<Name>[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const keys = namesOf(first);
  const shape = `insert ${rows.length} ${name} ${keys.join(' ')}`;
  const made = keep(shape, () =>
    statement(
      (kit, p: Values) =>
        kit.db.insert(kit.t[name] as never).values(rows.map((_, at) => pick(keys, numbered(keys, p, at)))) as never,
    ),
  );
  const values: Record<string, unknown> = {};
  for (let at = 0; at < rows.length; at += 1) {
    for (const key of keys) values[key + at] = (rows[at] as Values)[key];
  }
  await tx.run(made, values);
}

/** The values of the row at this place, under the names of its columns. */
function numbered(keys: readonly string[], values: Values, at: number): Values {
  return Object.fromEntries(keys.map((key) => [key, values[key + at]]));
}

/** Writes these columns of the row and gives how many rows there were: 1 or 0. What is undefined stays as it is. */
export function patchRow<Name extends WithId>(
  tx: Tx,
  name: Name,
  id: number,
  change: Readonly<Partial<Omit<Row<Name>, 'id'>>>,
): Promise<number> {
  return patchRows(tx, name, { id } as unknown as Known<Name>, change as Readonly<Partial<Row<Name>>>);
}

/** The same for every row in which the known columns have these values; no column may be in both. */
export function patchRows<Name extends TableName>(
  tx: Tx,
  name: Name,
  known: Known<Name>,
  change: Readonly<Partial<Row<Name>>>,
): Promise<number> {
  const keys = namesOf(change);
  const by = Object.keys(known);
  if (keys.length === 0) return Promise.resolve(0);
  const made = keep(`patch ${name} ${keys.join(' ')} by ${by.join(' ')}`, () =>
    statement(
      (kit, p: Values) =>
        kit.db
          .update(kit.t[name] as never)
          .set(pick(keys, p))
          .where(matches(kit, name, by, p)) as never,
    ),
  );
  return tx.run(made, { ...known, ...change } as Values);
}

function namesOf(row: object): readonly string[] {
  const names = Object.keys(row);
  for (const name of names)
    if ((row as Values)[name] === undefined) return names.filter((one) => (row as Values)[one] !== undefined);
  return names;
}
