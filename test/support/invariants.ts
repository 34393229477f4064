import { Database } from 'bun:sqlite';
import type { Sql, TransactionSql } from 'postgres';
import { connect } from '../../src/store/engines/postgres-open.ts';
import { rulesOf } from './invariant-rules.ts';

/** A rule that does not hold, and the first rows that break it. */
export interface Broken {
  readonly rule: string;
  readonly rows: readonly unknown[];
}

const SHOWN = 5;

/** Looks through a ledger, a SQLite file or the address of a PostgreSQL database; nothing is wrong: nothing is given. */
export function checkInvariants(place: string): Promise<readonly Broken[]> {
  return place.startsWith('postgres') ? checkPostgres(place) : checkSqlite(place);
}

/** One line for each, as a report gives them. */
export function describeBroken(broken: readonly Broken[]): string[] {
  return broken.map(({ rule, rows }) => `${rule}: ${rows.map((row) => JSON.stringify(row)).join(' ')}`);
}

async function checkSqlite(path: string): Promise<readonly Broken[]> {
  const db = new Database(path, { readonly: true });
  try {
    return rulesOf('sqlite').flatMap(({ name, sql }) => report(name, allOrWhy(db, sql)));
  } finally {
    db.close(true);
  }
}

/** A file that is damaged refuses what touches the damage. */
function allOrWhy(db: Database, sql: string): readonly unknown[] {
  try {
    return db.query(sql).all();
  } catch (error) {
    return [{ message: (error as Error).message }];
  }
}

async function checkPostgres(url: string): Promise<readonly Broken[]> {
  const client = connect(url);
  try {
    return [...(await checkRows(client)), ...(await checkIndexes(client))];
  } finally {
    await client.end({ timeout: 1 });
  }
}

/** What can be seen through any connection, also inside a transaction. */
export async function checkRows(on: Sql | TransactionSql): Promise<readonly Broken[]> {
  const broken: Broken[] = [];
  for (const { name, sql } of rulesOf('postgres')) broken.push(...report(name, await on.unsafe(sql)));
  return [...broken, ...(await checkReferences(on))];
}

function report(rule: string, rows: readonly unknown[]): readonly Broken[] {
  return rows.length === 0 ? [] : [{ rule, rows: rows.slice(0, SHOWN).map((row) => ({ ...(row as object) })) }];
}

interface Reference {
  readonly name: string;
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  readonly target: string;
}

const REFERENCES = `
  SELECT con.conname AS name, con.conrelid::regclass::text AS child, own.attname AS "column",
    con.confrelid::regclass::text AS parent, other.attname AS target
  FROM pg_constraint con
    JOIN pg_attribute own ON own.attrelid = con.conrelid AND own.attnum = con.conkey[1]
    JOIN pg_attribute other ON other.attrelid = con.confrelid AND other.attnum = con.confkey[1]
  WHERE con.contype = 'f'`;

/** PostgreSQL keeps its references by triggers, which a restore or a superuser can be without. */
async function checkReferences(on: Sql | TransactionSql): Promise<readonly Broken[]> {
  const broken: object[] = [];
  for (const { name, child, column, parent, target } of await on.unsafe<Reference[]>(REFERENCES)) {
    const lost = await on.unsafe(`
      SELECT '${name}' AS name, c.${column} AS missing FROM ${child} c LEFT JOIN ${parent} p ON p.${target} = c.${column}
      WHERE c.${column} IS NOT NULL AND p.${target} IS NULL LIMIT ${SHOWN}`);
    broken.push(...lost);
  }
  return report('broken_reference', broken);
}

const INDEXES = `
  SELECT bt_index_check(i.indexrelid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace`;

/** The server's own check of its indexes, taken back with the extension it comes in; not every server or user has it. */
async function checkIndexes(client: Sql): Promise<readonly Broken[]> {
  const [can] = await client.unsafe<{ able: boolean }[]>(`
    SELECT rolsuper AND EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck') AS able
    FROM pg_roles WHERE rolname = current_user`);
  if (!can?.able) return [];
  const takenBack = new Error('taken back');
  try {
    await client.begin(async (tx) => {
      await tx.unsafe('CREATE EXTENSION IF NOT EXISTS amcheck');
      await tx.unsafe(INDEXES);
      throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) return report('damaged_index', [{ message: (error as Error).message }]);
  }
  return [];
}
