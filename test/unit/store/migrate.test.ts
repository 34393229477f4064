import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { openDatabase } from '../../../src/store/db.ts';
import { type Migration, migrate, readMigrations, readVersion } from '../../../src/store/migrate.ts';
import { MIGRATIONS, makeFolder } from '../../support/store.ts';

const FIRST: Migration = { name: '0000_a.sql', sql: 'CREATE TABLE a (x); -- one\nCREATE TABLE b (y);' };
const SECOND: Migration = { name: '0001_b.sql', sql: 'ALTER TABLE a ADD COLUMN z; CREATE TABLE c (w);' };
const BROKEN: Migration = { name: '0001_x.sql', sql: 'CREATE TABLE c (w); INSERT INTO nowhere VALUES (1);' };

const tablesOf = (database: ReturnType<typeof openDatabase>) =>
  database
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => row.name);

describe('migrations', () => {
  test('bring a new database to the newest schema, and do nothing the second time', () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('x.db'));
    expect(migrate(database, MIGRATIONS, folder.file('backups'))).toBe(MIGRATIONS.length);
    expect(migrate(database, MIGRATIONS, folder.file('backups'))).toBe(0);
    expect(tablesOf(database)).toContain('payments');
    expect(existsSync(folder.file('backups'))).toBe(false);
    database.close();
  });

  test('apply only what is missing', () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('x.db'));
    migrate(database, [FIRST], null);
    database.run('INSERT INTO a (x) VALUES (1)');
    expect(migrate(database, [FIRST, SECOND], null)).toBe(1);
    expect(database.query('SELECT x, z FROM a').all()).toEqual([{ x: 1, z: null }]);
    expect(readVersion(database)).toBe(2);
    database.close();
  });

  test('a step whose second statement fails leaves version and schema as they were, and names itself', () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('x.db'));
    migrate(database, [FIRST], null);
    expect(() => migrate(database, [FIRST, BROKEN], null)).toThrow(/0001_x\.sql failed/);
    expect(readVersion(database)).toBe(1);
    expect(tablesOf(database)).toEqual(['a', 'b']);
    expect(database.inTransaction).toBe(false);
    migrate(database, [FIRST, SECOND], null);
    expect(tablesOf(database)).toEqual(['a', 'b', 'c']);
    database.close();
  });

  test('a database of a newer version is refused and not touched', () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('x.db'));
    migrate(database, [FIRST, SECOND], null);
    expect(() => migrate(database, [FIRST], folder.file('backups'))).toThrow(/schema 2, this PayCore knows 1/);
    expect(readVersion(database)).toBe(2);
    database.close();
  });

  test('an existing database is copied before it changes, with its rows and its old schema', () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('x.db'));
    migrate(database, [FIRST], folder.file('backups'));
    database.run('INSERT INTO a (x) VALUES (7)');
    migrate(database, [FIRST, SECOND], folder.file('backups'));
    const backup = openDatabase(folder.file('backups/before-schema-2.db'));
    expect(backup.query('SELECT * FROM a').all()).toEqual([{ x: 7 }]);
    expect(readVersion(backup)).toBe(1);
    backup.close();
    database.close();
  });

  test('an unfinished or older copy never passes for the backup of today', () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('x.db'));
    migrate(database, [FIRST], null);
    database.run('INSERT INTO a (x) VALUES (1)');
    expect(() => migrate(database, [FIRST, BROKEN], folder.file('backups'))).toThrow();
    writeFileSync(folder.file('backups/before-schema-2.db'), 'cut short');
    database.run('INSERT INTO a (x) VALUES (2)');
    migrate(database, [FIRST, SECOND], folder.file('backups'));
    const backup = openDatabase(folder.file('backups/before-schema-2.db'));
    expect(backup.query('SELECT x FROM a ORDER BY x').all()).toEqual([{ x: 1 }, { x: 2 }]);
    backup.close();
    expect(readdirSync(folder.file('backups')).filter((name) => name.includes('unfinished'))).toEqual([]);
    database.close();
  });

  test('two connections that both saw the old version apply each step once', () => {
    using folder = makeFolder();
    const one = openDatabase(folder.file('x.db'));
    const two = openDatabase(folder.file('x.db'));
    migrate(one, [FIRST], null);
    // The second reads the version before the first has migrated, as two processes that start together do.
    const query = two.query.bind(two);
    let asked = 0;
    two.query = ((sql: string) => {
      if (sql === 'PRAGMA user_version' && asked++ === 0) {
        const stale = query('SELECT 1 AS user_version');
        migrate(one, [FIRST, SECOND], null);
        return stale;
      }
      return query(sql);
    }) as typeof two.query;
    migrate(two, [FIRST, SECOND], null);
    expect(readVersion(one)).toBe(2);
    expect(tablesOf(two)).toEqual(['a', 'b', 'c']);
    one.close();
    two.close();
  });

  test('files are read in order, others are left alone, and a gap in the numbers is an error', () => {
    using folder = makeFolder();
    writeFileSync(folder.file('0001_second.sql'), 'B');
    writeFileSync(folder.file('0000_first.sql'), 'A');
    writeFileSync(folder.file('README.md'), 'no');
    expect(readMigrations(folder.path)).toEqual([
      { name: '0000_first.sql', sql: 'A' },
      { name: '0001_second.sql', sql: 'B' },
    ]);
    writeFileSync(folder.file('0003_fourth.sql'), 'D');
    expect(() => readMigrations(folder.path)).toThrow(
      /migration 2 is missing: expected 0002_\*\.sql, found 0003_fourth/,
    );
  });
});
