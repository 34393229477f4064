import type { Sql, TransactionSql } from 'postgres';
import { type Checked, concludeStorage, type Inspector } from '../integrity/check.ts';
import { connect, requireAnswer } from './postgres-open.ts';
import { readSchemaVersion } from './postgres-schema.ts';

/** Throws when no server answers there. */
export async function inspectPostgres(url: string): Promise<Inspector> {
  const client = connect(url, { isKept: true, hasTime: true });
  try {
    await requireAnswer(client);
  } catch (error) {
    await client.end({ timeout: 1 });
    throw error;
  }
  return {
    ...inspectThrough(client),
    checkStorage: async () => [await checkReferences(client), await checkIndexes(client)],
    close: () => client.end({ timeout: 1 }),
  };
}

/** What can be seen through any connection, also inside a transaction. */
export function inspectThrough(on: Sql | TransactionSql): Inspector {
  return {
    engine: 'postgres',
    readVersion: () => readSchemaVersion(on),
    all: (sql) => all(on, sql),
    checkStorage: async () => [await checkReferences(on)],
    close: async () => {},
  };
}

async function all<Row extends object>(on: Sql | TransactionSql, sql: string): Promise<readonly Row[]> {
  return [...(await on.unsafe<Row[]>(sql))];
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
async function checkReferences(on: Sql | TransactionSql): Promise<Checked> {
  const lost: object[] = [];
  for (const { name, child, column, parent, target } of await on.unsafe<Reference[]>(REFERENCES)) {
    const rows = await on.unsafe(`
      SELECT '${name}' AS name, c.${column} AS missing FROM ${child} c LEFT JOIN ${parent} p ON p.${target} = c.${column}
      WHERE c.${column} IS NOT NULL AND p.${target} IS NULL`);
    lost.push(...rows);
  }
  return concludeStorage('broken_reference', 'rows that refer to one that is not there', lost);
}

const INDEXES = `
  SELECT bt_index_check(i.indexrelid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace`;

/** The server's own check of its indexes, taken back with the extension it comes in; not every server or user has it. */
async function checkIndexes(client: Sql): Promise<Checked> {
  return concludeStorage('damaged_index', 'indexes that do not fit their table', await findDamagedIndexes(client));
}

async function findDamagedIndexes(client: Sql): Promise<readonly object[]> {
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
    if (error !== takenBack) return [{ message: (error as Error).message }];
  }
  return [];
}
