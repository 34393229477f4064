import type { Database } from 'bun:sqlite';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LEAVE_RETRY_MS, type Leave, type Migration, requireKnownSchema, SchemaInUse } from '../migrations.ts';

/** Never under a server that runs: throws SchemaInUse when the schema has to change and leave is not given. */
export function migrateWithLeave(
  db: Database,
  migrations: readonly Migration[],
  backupFolder: string | null,
  leave: Leave,
): number {
  for (let waited = 0; ; waited += LEAVE_RETRY_MS) {
    const version = readVersion(db);
    requireKnownSchema(version, migrations.length);
    if (version === migrations.length) return 0;
    const given = leave.ask();
    if (given) {
      try {
        return migrateSqlite(db, migrations, backupFolder);
      } finally {
        given.release();
      }
    }
    if (waited >= leave.patienceMs) throw new SchemaInUse(version, migrations.length);
    Bun.sleepSync(LEAVE_RETRY_MS);
  }
}

/**
 * Brings the schema up to date, forward only. Each step and its version number are one transaction, so a step is there
 * wholly or not at all. An existing database is first copied to `backupFolder`. Throws when the database was written by
 * a newer PayCore.
 */
export function migrateSqlite(db: Database, migrations: readonly Migration[], backupFolder: string | null): number {
  const version = readVersion(db);
  requireKnownSchema(version, migrations.length);
  if (version === migrations.length) return 0;
  if (version > 0 && backupFolder) backUp(db, backupFolder, version);
  withoutReferences(db, () => {
    migrations.slice(version).forEach((migration, index) => {
      applyStep(db, migration, version + index);
    });
  });
  return migrations.length - version;
}

/**
 * A table is changed by copying it, dropping it and giving the copy its name: while references were enforced, the rows
 * that refer to it would forbid that. Every step is asked for broken ones before it counts. Only outside a transaction
 * can they be switched.
 */
function withoutReferences(db: Database, work: () => void): void {
  const before = db.query<{ foreign_keys: number }, []>('PRAGMA foreign_keys').get()?.foreign_keys ?? 0;
  db.run('PRAGMA foreign_keys = OFF');
  try {
    work();
  } finally {
    db.run(`PRAGMA foreign_keys = ${before}`);
  }
}

export function readVersion(db: Database): number {
  return db.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version ?? 0;
}

/** The version is read again inside the transaction: another process may have migrated in between. */
function applyStep(db: Database, migration: Migration, from: number): void {
  db.run('BEGIN IMMEDIATE');
  try {
    if (readVersion(db) === from) {
      db.run(migration.sql);
      requireReferences(db);
      db.run(`PRAGMA user_version = ${from + 1}`);
    }
    db.run('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.run('ROLLBACK');
    throw new Error(`migration ${migration.name} failed, the database is as it was`, { cause: error });
  }
}

function requireReferences(db: Database): void {
  const [broken] = db.query<{ table: string; parent: string }, []>('PRAGMA foreign_key_check').all();
  if (broken) throw new Error(`a row of ${broken.table} refers to one of ${broken.parent} that is not there`);
}

/** Written beside and then renamed: a copy that was cut short must not pass for a backup, nor an old one for today's. */
function backUp(db: Database, folder: string, version: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `before-schema-${version + 1}.db`);
  const unfinished = `${path}.${process.pid}.unfinished`;
  rmSync(unfinished, { force: true });
  db.query('VACUUM INTO ?').run(unfinished);
  renameSync(unfinished, path);
}
