import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { getTableColumns, is, SQL } from 'drizzle-orm';
import { getTableConfig, type SQLiteColumn, SQLiteSyncDialect, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { tables } from '../../../src/store/schema/sqlite/index.ts';
import { openTestStore } from '../../support/store.ts';

/** The tables as drizzle declares them, those that the migrations make, and those that drizzle-kit has on record. */

const DECLARED: readonly SQLiteTable[] = Object.values(tables);

interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly isRequired: number;
  readonly key: number;
  readonly preset: string | null;
}

const dialect = new SQLiteSyncDialect();
const textOf = (part: SQL): string => dialect.sqlToQuery(part.inlineParams()).sql;

function presetOf({ hasDefault, default: preset, mapToDriverValue }: SQLiteColumn): string | null {
  if (!hasDefault || preset === undefined) return null;
  if (is(preset, SQL)) return textOf(preset);
  const value: unknown = mapToDriverValue(preset);
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** SQLite calls false what drizzle-kit has written so. */
const plain = (preset: string | null): string | null => (preset === 'false' ? '0' : preset === 'true' ? '1' : preset);

/** A key of several columns, as PRAGMA table_info counts it. */
function keyOf(table: SQLiteTable, column: SQLiteColumn): number {
  if (column.primary) return 1;
  const { primaryKeys } = getTableConfig(table);
  return 1 + (primaryKeys[0]?.columns.findIndex(({ name }) => name === column.name) ?? -1);
}

function describeColumns(table: SQLiteTable): readonly ColumnInfo[] {
  return Object.values(getTableColumns(table)).map((column) => ({
    name: column.name,
    type: column.getSQLType().toUpperCase(),
    isRequired: Number(column.notNull),
    key: keyOf(table, column),
    preset: presetOf(column),
  }));
}

const byName = <T extends { readonly name: string }>(rows: readonly T[]) =>
  rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));

describe('the schema that the migrations make', () => {
  test('has the tables that drizzle declares, column by column, and no others', async () => {
    await using t = await openTestStore({ engine: 'sqlite' });
    const names = t.database
      .query<{ name: string }, []>("SELECT name FROM pragma_table_list WHERE schema = 'main'")
      .all();
    const made = names.map(({ name }) => name).filter((name) => !name.startsWith('sqlite_'));
    expect(made.sort()).toEqual(DECLARED.map((table) => getTableConfig(table).name).sort());
    for (const table of DECLARED) {
      const columns = t.database
        .query<ColumnInfo, [string]>(
          'SELECT name, upper(type) AS type, "notnull" AS isRequired, pk AS key, dflt_value AS preset FROM pragma_table_info(?)',
        )
        .all(getTableConfig(table).name)
        .map((column) => ({ ...column, preset: plain(column.preset) }));
      expect(byName(columns)).toEqual(byName(describeColumns(table)));
    }
  });

  test('has the indexes that drizzle declares, over the same columns, unique or not, of the same rows', async () => {
    await using t = await openTestStore({ engine: 'sqlite' });
    for (const table of DECLARED) {
      const { name, indexes } = getTableConfig(table);
      const made = t.database
        .query<{ name: string; isUnique: number; sql: string }, [string]>(
          `SELECT list.name, list."unique" AS isUnique, master.sql FROM pragma_index_list(?) AS list
            JOIN sqlite_master AS master ON master.name = list.name WHERE master.sql IS NOT NULL`,
        )
        .all(name)
        .map((index) => ({
          name: index.name,
          isUnique: index.isUnique === 1,
          columns: t.database
            .query<{ name: string }, [string]>('SELECT name FROM pragma_index_info(?) ORDER BY seqno')
            .all(index.name)
            .map((column) => column.name),
          where: / WHERE (.*)$/s.exec(index.sql)?.[1] ?? null,
        }));
      const uniqueColumns = Object.values(getTableColumns(table)).filter(({ isUnique }) => isUnique);
      const declared = [
        ...indexes.map(({ config: { name, unique, columns, where } }) => ({
          name,
          isUnique: unique,
          columns: columns.map((column) => ('name' in column ? String(column.name) : '')),
          where: where ? textOf(where) : null,
        })),
        ...uniqueColumns.map((column) => ({
          name: column.uniqueName ?? '',
          isUnique: true,
          columns: [column.name],
          where: null,
        })),
      ];
      expect(byName(made)).toEqual(byName(declared));
    }
  });

  test('keeps every table to its types: all are STRICT', async () => {
    await using t = await openTestStore({ engine: 'sqlite' });
    const loose = t.database
      .query<{ name: string }, []>(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(loose).toEqual([]);
  });

  test('keeps every reference and every condition that drizzle declares', async () => {
    await using t = await openTestStore({ engine: 'sqlite' });
    for (const table of DECLARED) {
      const { name, foreignKeys, checks } = getTableConfig(table);
      const made = t.database
        .query<{ column: string; table: string }, [string]>(
          'SELECT "from" AS "column", "table" FROM pragma_foreign_key_list(?) ORDER BY "from"',
        )
        .all(name);
      const declared = foreignKeys.map((key) => {
        const { columns, foreignTable } = key.reference();
        return { column: columns[0]?.name ?? '', table: getTableConfig(foreignTable).name };
      });
      expect(made).toEqual(declared.sort((a, b) => (a.column < b.column ? -1 : 1)));
      const text = t.database
        .query<{ sql: string }, [string]>('SELECT sql FROM sqlite_master WHERE name = ?')
        .get(name);
      for (const { name: condition, value } of checks) {
        expect(text?.sql).toContain(`CONSTRAINT "${condition}" CHECK(${textOf(value)})`);
      }
    }
  });
});

interface Snapshot {
  readonly tables: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly columns: Readonly<Record<string, { readonly type: string; readonly notNull: boolean }>>;
        readonly indexes: object;
      }
    >
  >;
}

test('what drizzle-kit has on record is what is declared, so that it would find nothing to do', () => {
  const folder = 'migrations/sqlite/meta';
  const newest =
    readdirSync(folder)
      .filter((name) => name.endsWith('_snapshot.json'))
      .sort()
      .at(-1) ?? '';
  const snapshot: Snapshot = JSON.parse(readFileSync(`${folder}/${newest}`, 'utf8'));
  expect(Object.keys(snapshot.tables).sort()).toEqual(DECLARED.map((table) => getTableConfig(table).name).sort());
  for (const table of DECLARED) {
    const recorded = snapshot.tables[getTableConfig(table).name];
    const columns = Object.entries(recorded?.columns ?? {}).map(([name, { type, notNull }]) => ({
      name,
      type,
      notNull,
    }));
    const declared = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      notNull: column.notNull,
    }));
    expect(byName(columns)).toEqual(byName(declared));
  }
});
