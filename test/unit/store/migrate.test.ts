import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrateSqlite, readVersion } from '../../../src/store/engines/sqlite-migrate.ts';
import { openSqlite, openWriter } from '../../../src/store/engines/sqlite-open.ts';
import { createStore } from '../../../src/store/index.ts';
import { type Migration, readMigrations } from '../../../src/store/migrations.ts';
import { seedRandom } from '../../support/clock.ts';
import { migrationsOf } from '../../support/engines.ts';
import { makeFolder } from '../../support/store.ts';

/** How a schema is brought up to date, tried with small steps. */

const FIRST: Migration = { name: '0000_a.sql', sql: 'CREATE TABLE a (x); -- one\nCREATE TABLE b (y);' };
const SECOND: Migration = { name: '0001_b.sql', sql: 'ALTER TABLE a ADD COLUMN z; CREATE TABLE c (w);' };
const BROKEN: Migration = { name: '0001_x.sql', sql: 'CREATE TABLE c (w); INSERT INTO nowhere VALUES (1);' };

const tablesOf = (database: Database) =>
  database
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => row.name);

function openFile() {
  const folder = makeFolder();
  const path = folder.file('x.db');
  const database = openWriter(path);
  return {
    database,
    path,
    backups: folder.file('backups'),
    backup: (version: number) => folder.file(`backups/before-schema-${version}.db`),
    [Symbol.dispose]() {
      database.close();
      folder[Symbol.dispose]();
    },
  };
}

describe('migrations', () => {
  test('bring a new database to the newest schema, and do nothing the second time', async () => {
    using folder = makeFolder();
    const [path, backups] = [folder.file('x.db'), folder.file('backups')];
    const steps = migrationsOf('sqlite');
    const first = openSqlite(path, steps, backups);
    expect(first.migrated).toBe(steps.length);
    expect(tablesOf(first.writer)).toContain('payments');
    await first.engine.close();
    const second = openSqlite(path, steps, backups);
    expect(second.migrated).toBe(0);
    await second.engine.close();
    expect(existsSync(backups)).toBe(false);
  });

  test('keep what a database holds, and the program reads it', async () => {
    using folder = makeFolder();
    const [path, backups] = [folder.file('x.db'), folder.file('backups')];
    const steps = migrationsOf('sqlite');
    const before = openSqlite(path, steps, backups);
    const shop = await createStore(before.engine, seedRandom('before')).ensureProject('shop', new Uint8Array([1]), 5);
    await before.engine.close();
    const further = { name: '0001_more.sql', sql: 'ALTER TABLE projects ADD COLUMN more TEXT; CREATE TABLE more (x);' };
    const after = openSqlite(path, [...steps, further], backups);
    const store = createStore(after.engine, seedRandom('after'));
    expect([after.migrated, await store.findProjectByName('shop')]).toEqual([1, shop]);
    expect(after.writer.query('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(after.writer.query('PRAGMA foreign_key_check').all()).toEqual([]);
    await store.close();
    expect(readdirSync(backups)).toEqual([`before-schema-${steps.length + 1}.db`]);
  });

  test('apply only what is missing', () => {
    using file = openFile();
    migrateSqlite(file.database, [FIRST], null);
    file.database.run('INSERT INTO a (x) VALUES (1)');
    expect(migrateSqlite(file.database, [FIRST, SECOND], null)).toBe(1);
    expect(file.database.query('SELECT x, z FROM a').all()).toEqual([{ x: 1, z: null }]);
    expect(readVersion(file.database)).toBe(2);
  });

  test('a step whose second statement fails leaves version and schema as they were, and names itself', () => {
    using file = openFile();
    migrateSqlite(file.database, [FIRST], null);
    expect(() => migrateSqlite(file.database, [FIRST, BROKEN], null)).toThrow(/0001_x\.sql failed/);
    expect(readVersion(file.database)).toBe(1);
    expect(tablesOf(file.database)).toEqual(['a', 'b']);
    expect(file.database.inTransaction).toBe(false);
    migrateSqlite(file.database, [FIRST, SECOND], null);
    expect(tablesOf(file.database)).toEqual(['a', 'b', 'c']);
  });

  test('a step may rebuild a table that others refer to, and one that leaves a reference to nothing does not count', () => {
    using file = openFile();
    const { database } = file;
    const referring = 'CREATE TABLE p (id INTEGER PRIMARY KEY, x); CREATE TABLE c (p REFERENCES p (id));';
    const first: Migration = {
      name: '0000_p.sql',
      sql: `${referring} INSERT INTO p VALUES (1, 2); INSERT INTO c VALUES (1);`,
    };
    const rebuilt =
      'CREATE TABLE n (id INTEGER PRIMARY KEY, x, y); INSERT INTO n SELECT id, x, 3 FROM p; DROP TABLE p;';
    const second: Migration = { name: '0001_n.sql', sql: `${rebuilt} ALTER TABLE n RENAME TO p;` };
    migrateSqlite(database, [first, second], null);
    expect(database.query('SELECT p.*, c.p FROM p JOIN c ON c.p = p.id').all()).toEqual([{ id: 1, x: 2, y: 3, p: 1 }]);
    const third: Migration = { name: '0002_x.sql', sql: 'DELETE FROM p;' };
    expect(() => migrateSqlite(database, [first, second, third], null)).toThrow(/0002_x\.sql failed/);
    expect([readVersion(database), database.query('SELECT count(*) AS found FROM p').get()]).toEqual([2, { found: 1 }]);
    expect(() => database.run('DELETE FROM p')).toThrow(/FOREIGN KEY/);
  });

  test('of several steps the sound ones before a broken one stay', () => {
    using file = openFile();
    expect(() => migrateSqlite(file.database, [FIRST, BROKEN, SECOND], null)).toThrow(/0001_x\.sql failed/);
    expect([readVersion(file.database), tablesOf(file.database)]).toEqual([1, ['a', 'b']]);
  });

  test('a database of a newer version is refused and not touched', () => {
    using file = openFile();
    migrateSqlite(file.database, [FIRST, SECOND], null);
    const open = () => openSqlite(file.path, [FIRST], file.backups);
    expect(open).toThrow(/schema 2, this PayCore knows 1/);
    expect([readVersion(file.database), existsSync(file.backups)]).toEqual([2, false]);
  });

  test('an existing database is copied before it changes, with its rows and its old schema', () => {
    using file = openFile();
    migrateSqlite(file.database, [FIRST], file.backups);
    file.database.run('INSERT INTO a (x) VALUES (7)');
    migrateSqlite(file.database, [FIRST, SECOND], file.backups);
    const backup = new Database(file.backup(2), { readonly: true });
    expect(backup.query('SELECT * FROM a').all()).toEqual([{ x: 7 }]);
    expect(readVersion(backup)).toBe(1);
    backup.close();
  });

  test('an unfinished or older copy never passes for the backup of today', () => {
    using file = openFile();
    migrateSqlite(file.database, [FIRST], null);
    file.database.run('INSERT INTO a (x) VALUES (1)');
    expect(() => migrateSqlite(file.database, [FIRST, BROKEN], file.backups)).toThrow();
    writeFileSync(file.backup(2), 'cut short');
    file.database.run('INSERT INTO a (x) VALUES (2)');
    migrateSqlite(file.database, [FIRST, SECOND], file.backups);
    const backup = new Database(file.backup(2), { readonly: true });
    expect(backup.query('SELECT x FROM a ORDER BY x').all()).toEqual([{ x: 1 }, { x: 2 }]);
    backup.close();
    expect(readdirSync(file.backups).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  test('two connections that both saw the old version apply each step once', () => {
    using file = openFile();
    const two = openWriter(file.path);
    migrateSqlite(file.database, [FIRST], null);
    // The second reads the version before the first has migrated, as two processes that start together do.
    const query = two.query.bind(two);
    let asked = 0;
    two.query = ((sql: string) => {
      if (sql === 'PRAGMA user_version' && asked++ === 0) {
        const stale = query('SELECT 1 AS user_version');
        migrateSqlite(file.database, [FIRST, SECOND], null);
        return stale;
      }
      return query(sql);
    }) as typeof two.query;
    migrateSqlite(two, [FIRST, SECOND], null);
    expect(asked).toBeGreaterThan(1);
    expect(readVersion(file.database)).toBe(2);
    expect(tablesOf(two)).toEqual(['a', 'b', 'c']);
    two.close();
  });

  test('two processes that open a new file at once both find the schema, each step applied once', async () => {
    using folder = makeFolder();
    const opener = join(import.meta.dir, '../../support/writer.ts');
    const children = ['one', 'two'].map((name) =>
      Bun.spawn([process.execPath, opener, folder.file('x.db'), name, '1'], { stdin: 'pipe', stdout: 'pipe' }),
    );
    for (const { stdin } of children) {
      stdin.write('go\n');
      stdin.end();
    }
    expect(await Promise.all(children.map(({ exited }) => exited))).toEqual([0, 0]);
    const after = openSqlite(folder.file('x.db'), migrationsOf('sqlite'), null);
    expect(after.migrated).toBe(0);
    await after.engine.close();
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
