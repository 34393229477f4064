import type { Sql, TransactionSql } from 'postgres';
import { type Checked, concludeStorage, type Inspector } from '../integrity/check.ts';
import { readAddress } from './postgres-address.ts';
import { type Connection, openConnection } from './postgres-connection.ts';
import { readSchemaVersion } from './postgres-schema.ts';
import { inTransaction } from './postgres-transaction.ts';

type Ask = Connection['ask'];

/** Throws when no server answers there. */
export async function inspectPostgres(url: string): Promise<Inspector> {
  const connection = await openConnection(readAddress(url), { hasTime: true });
  return {
    ...inspectBy(connection.ask),
    checkStorage: async () => [await checkReferences(connection.ask), await checkIndexes(connection)],
    close: () => connection.end(),
  };
}

/** What can be seen through any client, also inside a transaction. */
export function inspectThrough(on: Sql | TransactionSql): Inspector {
  return inspectBy(async (text) => (await on.unsafe(text)) as never);
}

function inspectBy(ask: Ask): Inspector {
  return {
    engine: 'postgres',
    readVersion: () => readSchemaVersion(ask),
    all: async (sql) => [...(await ask(sql))] as never,
    checkStorage: async () => [await checkReferences(ask)],
    close: async () => {},
  };
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
async function checkReferences(ask: Ask): Promise<Checked> {
  const lost: object[] = [];
  for (const { name, child, column, parent, target } of await ask<Reference>(REFERENCES)) {
    const rows = await ask(`
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
async function checkIndexes(connection: Connection): Promise<Checked> {
  return concludeStorage('damaged_index', 'indexes that do not fit their table', await findDamagedIndexes(connection));
}

async function findDamagedIndexes(connection: Connection): Promise<readonly object[]> {
  const [can] = await connection.ask<{ able: boolean }>(`
    SELECT rolsuper AND EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck') AS able
    FROM pg_roles WHERE rolname = current_user`);
  if (!can?.able) return [];
  const takenBack = new Error('taken back');
  try {
    await inTransaction(connection, async (tx) => {
      await tx.ask('CREATE EXTENSION IF NOT EXISTS amcheck');
      await tx.ask(INDEXES);
      throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) return [{ message: (error as Error).message }];
  }
  return [];
}
