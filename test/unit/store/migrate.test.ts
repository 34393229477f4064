import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createDb, openDatabase } from '../../../src/store/db.ts';
import { createStore } from '../../../src/store/index.ts';
import { type Migration, migrate, readMigrations, readVersion } from '../../../src/store/migrate.ts';
import { sumPaid } from '../../../src/store/stats.ts';
import { present, seededRandom } from '../../support/parts.ts';
import { MIGRATIONS, makeFolder } from '../../support/store.ts';

const FIRST: Migration = { name: '0000_a.sql', sql: 'CREATE TABLE a (x); -- one\nCREATE TABLE b (y);' };
const SECOND: Migration = { name: '0001_b.sql', sql: 'ALTER TABLE a ADD COLUMN z; CREATE TABLE c (w);' };
const BROKEN: Migration = { name: '0001_x.sql', sql: 'CREATE TABLE c (w); INSERT INTO nowhere VALUES (1);' };

const tablesOf = (database: ReturnType<typeof openDatabase>) =>
  database
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => row.name);

/** A payment with a replaced and a current attempt, as the first version wrote them. */
function fillFirstSchema(database: ReturnType<typeof openDatabase>): void {
  database.run(`
    INSERT INTO projects (id, name, notification_secret, created_at) VALUES (1, 'shop', x'01', 1);
    INSERT INTO credentials (id, project_id, gateway, merchant_id, environment, fingerprint, sealed, created_at)
      VALUES (1, 1, 'ecpay', '3002607', 'stage', x'02', x'03', 1);
    INSERT INTO payments (id, payment_no, project_id, livemode, key_kind, merchant_order_no, gateway, method, mode,
        environment, amount, currency, unit, status, holds_order, order_json, credential_id, attempt_id, created_at, updated_at)
      VALUES (1, 'PAY202606220001ABCDEFGH', 1, 0, 'test', 'ORDER-1', 'ecpay', 'atm', 'background',
        'stage', 98000, 'TWD', 'major', 'pending', 1, '{}', 1, 1, 1, 1);
    INSERT INTO attempts (id, payment_id, gateway, gateway_order_no, gateway_trade_no, credential_id, status, deadline,
        created_at, updated_at)
      VALUES (1, 1, 'ecpay', 'PC1', 'T1', 1, 'open', 9, 1, 1), (2, 1, 'ecpay', 'PC2', NULL, 1, 'ended', 9, 1, 1);
  `);
}

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

  test('keep what a database of the first schema holds, and the program reads it', async () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('x.db'));
    migrate(database, MIGRATIONS.slice(0, 1), null);
    fillFirstSchema(database);
    migrate(database, MIGRATIONS, folder.file('backups'));
    const store = createStore(createDb(database), seededRandom('migrate'));
    const found = present(await store.findByGatewayTradeNo('ecpay', 'T1'));
    expect(found.payment).toMatchObject({ paymentNo: 'PAY202606220001ABCDEFGH', amount: 98_000, status: 'pending' });
    expect(found.attempt).toMatchObject({ gatewayOrderNo: 'PC1', status: 'open', declines: 0, locale: null });
    expect((await store.findByGatewayOrderNo('ecpay', 'PC2'))?.attempt).toMatchObject({
      gatewayTradeNo: null,
      declines: 0,
    });
    expect(database.query('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(database.query('PRAGMA foreign_key_check').all()).toEqual([]);
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

const PAID_AT = Date.UTC(2026, 5, 22, 7, 30);

test('the figures of what is there already are counted by their migration', async () => {
  using folder = makeFolder();
  const database = openDatabase(folder.file('paycore.db'));
  const step = MIGRATIONS.findIndex(({ name }) => name.includes('figures'));
  migrate(database, MIGRATIONS.slice(0, step), null);
  database.run("INSERT INTO projects (id, name, notification_secret, created_at) VALUES (1, 'old', x'00', 0)");
  database.run(`INSERT INTO credentials (id, project_id, gateway, merchant_id, environment, fingerprint, sealed, created_at)
    VALUES (1, 1, 'ecpay', '1', 'stage', x'00', x'00', 0)`);
  for (const [index, status] of ['paid', 'paid', 'pending'].entries()) {
    database.run(`INSERT INTO payments (payment_no, project_id, livemode, key_kind, merchant_order_no, gateway, method, mode,
      environment, amount, currency, unit, status, order_json, credential_id, paid_at, created_at, updated_at)
      VALUES ('P${index}', 1, 0, 'test', 'O${index}', 'ecpay', 'atm', 'background', 'stage', 98000, 'TWD', 'major',
      '${status}', '{}', 1, ${status === 'paid' ? PAID_AT : 'NULL'}, ${PAID_AT}, ${PAID_AT})`);
  }
  migrate(database, MIGRATIONS, null);
  expect(await sumPaid(database, { projectId: 1, keyKind: 'test' }, 0, 2 ** 50)).toEqual([
    { currency: 'TWD', amount: 196_000, count: 2 },
  ]);
  expect(database.query('SELECT status, count FROM payment_counts ORDER BY status').all()).toEqual([
    { status: 'paid', count: 2 },
    { status: 'pending', count: 1 },
  ]);
  database.close();
});
