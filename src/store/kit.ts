import { and, type Column, eq, type SQL, sql } from 'drizzle-orm';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Row, TableName, Tables } from './schema/rows.ts';

/**
 * What statements are made of. The types are those of SQLite's half of drizzle; PostgreSQL's half is called in the same
 * way for all that is used here, and is cast to them once, where that engine makes its kit.
 */
export interface Kit extends Fragments {
  readonly db: BaseSQLiteDatabase<'async', void>;
  readonly t: Tables;
}

/** What the two engines say differently. */
export interface Fragments {
  /**
   * The table, read by this index: SQLite's planner would take another one. Passes for the table, but a select from it has
   * to name its columns.
   */
  readonly by: <Table extends Tables[TableName]>(table: Table, index: string) => Table;
  /** Changes of figures wait to be added to them, and count until then: see `figure-deltas.ts`. */
  readonly hasDeltas: boolean;
  /** The row is read in order to be changed: nobody else may change it meanwhile. Nothing on SQLite: one writes at a time. */
  readonly locked: <Query extends Lockable>(query: Query) => Query;
  /** Rows that another process has locked are passed over. */
  readonly claimed: <Query extends Lockable>(query: Query) => Query;
  /**
   * What time it is where several processes have to agree on it: by the clock of the database that they share. The instant
   * that is given is taken where one process alone writes, and in tests.
   */
  readonly clock: (given: SQL) => SQL;
  /** The greater of two values. */
  readonly greatest: (a: SQL | SQL.Aliased, b: SQL) => SQL;
  /** Greater than every text that begins with this one. */
  readonly afterPrefix: (text: SQL) => SQL;
  /** The elements of a JSON array of numbers or texts, given as text, as rows of one column. */
  readonly elements: (json: SQL, of: 'number' | 'text') => SQL;
}

/** A select that is not finished: both halves of drizzle have more methods than the type of either says. */
export type Lockable = object;

/**
 * A flag that is set, said as the engine's partial indexes say it: of a value that is bound SQLite cannot know that the
 * index holds all such rows.
 */
export function isSet(flag: Column): SQL {
  return sql`${flag} = ${sql.raw(String(flag.mapToDriverValue(true)))}`;
}

/** Of a row that has the given values in these columns. */
export function hasSame<Name extends string>(
  columns: Readonly<Record<Name, Column>>,
  values: Readonly<Record<Name, unknown>>,
  ...names: readonly Name[]
): SQL | undefined {
  return and(...names.map((name) => eq(columns[name], values[name])));
}

export type { Row, TableName, Tables };
