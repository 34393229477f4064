import { type Column, getTableColumns, getTableName, type Table } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import type { TableName } from '../kit.ts';
import { tables } from '../schema/sqlite/index.ts';

/** Which tables are carried from one database to another, read from the schema: a new one is carried by itself. */

export interface CarriedTable {
  readonly name: TableName;
  /** As SQL says it. */
  readonly label: string;
  /** Names in the code, as all that follow. */
  readonly columns: readonly string[];
  /** What a row is known by, in the order of its index. */
  readonly key: readonly string[];
  /** Columns whose values the engines write differently; all others are carried as they are stored. */
  readonly flags: ReadonlySet<string>;
}

/** What is true of running processes only, and changes of figures, which are added to them before. */
export const LEFT_BEHIND = [
  'nodes',
  'claims',
  'queryTurns',
  'allowances',
  'insiteForms',
  'figureDeltas',
] as const satisfies readonly TableName[];

const NAMES = Object.keys(tables) as TableName[];

export const labelOf = (name: TableName): string => getTableName(tables[name]);

/** Those first that others refer to. */
export const CARRIED: readonly CarriedTable[] = inOrder(
  NAMES.filter((name) => !(LEFT_BEHIND as readonly TableName[]).includes(name)),
).map(describe);

function inOrder(names: readonly TableName[]): readonly TableName[] {
  const done = new Set<TableName>();
  const walk = (name: TableName): void => {
    if (done.has(name)) return;
    for (const parent of parentsOf(name)) walk(parent);
    done.add(name);
  };
  for (const name of names) walk(name);
  return [...done];
}

function parentsOf(name: TableName): readonly TableName[] {
  const parents = getTableConfig(tables[name]).foreignKeys.map((key) => key.reference().foreignTable as Table);
  return NAMES.filter((other) => other !== name && parents.includes(tables[other]));
}

function describe(name: TableName): CarriedTable {
  const columns = Object.entries(getTableColumns(tables[name])) as [string, Column][];
  const nameOf = (wanted: Column) => columns.find(([, column]) => column === wanted)?.[0] ?? '';
  const [together] = getTableConfig(tables[name]).primaryKeys;
  return {
    name,
    label: labelOf(name),
    columns: columns.map(([column]) => column),
    key: together
      ? together.columns.map((column) => nameOf(column as Column))
      : columns.filter(([, { primary }]) => primary).map(([column]) => column),
    flags: new Set(columns.filter(([, { dataType }]) => dataType === 'boolean').map(([column]) => column)),
  };
}
