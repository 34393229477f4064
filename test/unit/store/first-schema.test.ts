import { afterEach, describe, expect, test } from 'bun:test';
import { createStore } from '../../../src/store/index.ts';
import { listDeskPayments } from '../../../src/store/queries/desk/payments.ts';
import { listDeskRefunds } from '../../../src/store/queries/desk/refunds.ts';
import { seedRandom } from '../../support/clock.ts';
import { ENGINES, openDatabaseAt } from '../../support/engines.ts';
import { present } from '../../support/parts.ts';
import { makeFolder } from '../../support/store.ts';
import { dropOld, dump, fill, openOld, read } from './first-schema-support.ts';

afterEach(dropOld);

describe.each(ENGINES)('a database of the first schema on %s', (engine) => {
  test('keeps every row; who has not chosen has no credentials, the empty sets are gone, and shops have an origin', async () => {
    using folder = makeFolder();
    const old = await openOld(engine, folder.path);
    await fill(old, engine);
    const before = await dump(old);
    await old.close();
    const opened = await openDatabaseAt(old.place);
    await opened.engine.close();
    const after = await read(engine, old.place);
    const { payments = [], credentials = [], outbox = [], ...others } = before;
    expect(payments.map(({ credential_id }) => credential_id)).toEqual([2, 1, 1, 2]);
    // Columns that have come since are in no old row.
    expect(after.payments).toMatchObject(
      payments.map((row) => (row.credential_id === 1 ? { ...row, credential_id: null } : row)),
    );
    expect(after.credentials).toMatchObject(credentials.filter(({ gateway }) => gateway !== 'checkout'));
    expect(after.outbox).toEqual(outbox.map((row) => ({ ...row, target: `1 ${new URL(String(row.url)).origin}` })));
    expect(after).toMatchObject(others);
  });

  test('is read and written by the program of today', async () => {
    using folder = makeFolder();
    const old = await openOld(engine, folder.path);
    await fill(old, engine);
    await old.close();
    const opened = await openDatabaseAt(old.place);
    const store = createStore(opened.engine, seedRandom('after'));
    const { payment } = present(await store.findPayment('PAY2'));
    expect(payment).toMatchObject({
      credentialId: null,
      gateway: 'checkout',
      isCheckout: true,
      order: { itemName: '手沖 "x"' },
    });
    const way = { gateway: 'ecpay', method: 'cvs', mode: 'background', credentialId: 2, attemptId: null };
    expect(await store.selectMethod(payment.id, way, 30)).toBe(true);
    expect(present(await store.findPayment('PAY2')).payment).toMatchObject({ credentialId: 2, gateway: 'ecpay' });
    expect((await store.listCredentials(1, 10)).map(({ gateway }) => gateway)).toEqual(['ecpay']);
    await opened.engine.close();
  });

  test('its payments are found by name, e-mail, code and the gateway’s number, and its refunds in their project', async () => {
    using folder = makeFolder();
    const old = await openOld(engine, folder.path);
    await fill(old, engine);
    await old.close();
    const { engine: opened } = await openDatabaseAt(old.place);
    const scope = { projectId: null, keyKind: 'test', filter: {}, before: null, limit: 10 } as const;
    const find = async (search: string) =>
      (await listDeskPayments(opened.reader, { ...scope, search })).payments.map(({ payment }) => payment.paymentNo);
    for (const text of ['王小明', 'ming@example.com'])
      expect((await find(text)).sort()).toEqual(['PAY1', 'PAY2', 'PAY5', 'PAY9']);
    expect((await find('lll260622')).sort()).toEqual(['PAY1', 'PAY9']);
    expect(await find('t2')).toEqual(['PAY9']);
    expect((await listDeskRefunds(opened.reader, scope)).refunds.map(({ payment }) => payment.paymentNo)).toEqual([
      'PAY9',
    ]);
    await opened.close();
  });

  test('an empty set that an attempt refers to stays, since nothing may refer to nothing', async () => {
    using folder = makeFolder();
    const old = await openOld(engine, folder.path);
    await fill(old, engine);
    await old.run('UPDATE attempts SET credential_id = 3 WHERE id = 1');
    await old.close();
    const opened = await openDatabaseAt(old.place);
    await opened.engine.close();
    expect((await read(engine, old.place)).credentials?.map(({ id }) => id)).toEqual([2, 3]);
  });

  test('what has brought money has proved itself, and nothing else has', async () => {
    using folder = makeFolder();
    const old = await openOld(engine, folder.path);
    await fill(old, engine);
    await old.run("UPDATE attempts SET status = 'open'");
    await old.run("UPDATE attempts SET status = 'paid' WHERE id = 1");
    await old.close();
    const opened = await openDatabaseAt(old.place);
    await opened.engine.close();
    const { credentials = [], attempts = [] } = await read(engine, old.place);
    const of = attempts.find(({ id }) => id === 1)?.credential_id;
    expect(credentials.filter(({ proved }) => Boolean(proved)).map(({ id }) => id)).toEqual([of]);
  });

  test('a card call whose outcome is unknown is money that may be moving, and nothing else is', async () => {
    using folder = makeFolder();
    const old = await openOld(engine, folder.path);
    await fill(old, engine);
    await old.run("UPDATE attempts SET status = 'unknown', used = true WHERE id = 1");
    await old.run("UPDATE attempts SET status = 'unknown' WHERE id = 2");
    await old.close();
    const opened = await openDatabaseAt(old.place);
    await opened.engine.close();
    const { attempts = [] } = await read(engine, old.place);
    expect(attempts.map(({ id, moving_since }) => [id, moving_since === null ? null : Number(moving_since)])).toEqual([
      [1, 9],
      [2, null],
    ]);
  });
});

test('SQLite finds the file whole, every reference in it, and holds them from then on', async () => {
  using folder = makeFolder();
  const old = await openOld('sqlite', folder.path);
  await fill(old, 'sqlite');
  await old.close();
  const { engine, writer } = await openDatabaseAt(old.place);
  const db = present(writer);
  expect(db.query('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(db.query('PRAGMA foreign_key_check').all()).toEqual([]);
  expect(db.query('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
  expect(() => db.run('UPDATE payments SET credential_id = 77')).toThrow(/FOREIGN KEY/);
  expect(() => db.run('DELETE FROM payments WHERE id = 9')).toThrow(/FOREIGN KEY/);
  expect(() => db.run("UPDATE payments SET amount = 'much'")).toThrow(/cannot store TEXT/);
  expect(() => db.run('UPDATE payments SET amount = 0')).toThrow(/payments_amount/);
  expect(() => db.run("UPDATE payments SET merchant_order_no = 'A' WHERE id = 2")).toThrow(/UNIQUE/);
  expect(db.query("SELECT name FROM sqlite_master WHERE sql LIKE '%\\_\\_new%' ESCAPE '\\'").all()).toEqual([]);
  await engine.close();
});
