import { entityKind, getTableName, SQL, Subquery, sql, type Table } from 'drizzle-orm';

/**
 * A piece of SQL that stands for a table. drizzle takes columns only from what it knows by a name: so this says that it is
 * a subquery, which has one.
 */
class TableLike extends SQL {
  static override readonly [entityKind]: string = Subquery[entityKind];
  declare readonly _: SQL['_'] & { readonly alias: string };

  constructor(name: string, { queryChunks }: SQL) {
    super(queryChunks);
    this._ = { alias: name } as typeof this._;
  }
}

/** The table, read in another way. Passes for it, but a select from it has to name its columns. */
export function readAs<T extends Table>(table: T, from: SQL): T {
  return new TableLike(getTableName(table), from) as unknown as T;
}

/** The table, read by this index. */
export function readByIndex<T extends Table>(table: T, index: string): T {
  return readAs(table, sql`${table} INDEXED BY ${sql.identifier(index)}`);
}

/** The table, made of this query. */
export function readFrom<T extends Table>(table: T, query: SQL): T {
  return readAs(table, sql`(${query}) AS ${sql.identifier(getTableName(table))}`);
}
