import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { connect, openPostgres } from '../../../src/store/engines/postgres-open.ts';
import { migrateSqlite } from '../../../src/store/engines/sqlite-migrate.ts';
import { openWriter } from '../../../src/store/engines/sqlite-open.ts';
import { createStore } from '../../../src/store/index.ts';
import { seedRandom } from '../../support/clock.ts';
import {
  dropPlace,
  ENGINES,
  type EngineName,
  makeEmptyPlace,
  migrationsOf,
  openDatabaseAt,
} from '../../support/engines.ts';
import { present } from '../../support/parts.ts';
import { makeFolder } from '../../support/store.ts';

/** A database of the first schema, where a payment whose payer had not chosen yet had an empty set of credentials. */

type Value = string | number | boolean | Uint8Array | null;
type Rows = readonly Readonly<Record<string, unknown>>[];

interface Old {
  readonly place: string;
  all(sql: string): Promise<Rows>;
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

const places: string[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await dropPlace(place);
});

async function openOld(engine: EngineName, folder: string): Promise<Old> {
  const place = await makeEmptyPlace(engine, folder);
  places.push(place);
  const first = migrationsOf(engine).slice(0, 1);
  if (engine === 'sqlite') {
    const db = openWriter(place);
    migrateSqlite(db, first, null);
    return {
      place,
      all: async (sql) => db.query<Rows[number], []>(sql).all(),
      run: async (sql) => void db.run(sql),
      close: async () => db.close(),
    };
  }
  const { engine: opened } = await openPostgres(place, first, { sleep: Bun.sleep, chance: Math.random });
  await opened.close();
  const client = connect(place);
  return {
    place,
    all: (sql) => client.unsafe(sql),
    run: async (sql) => void (await client.unsafe(sql)),
    close: () => client.end(),
  };
}

function literal(engine: EngineName, value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return engine === 'sqlite' ? String(Number(value)) : String(value);
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString('hex');
    return engine === 'sqlite' ? `x'${hex}'` : `'\\x${hex}'`;
  }
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

async function fill(old: Old, engine: EngineName): Promise<void> {
  const insert = (table: string, row: Readonly<Record<string, Value>>) =>
    old.run(
      `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row)
        .map((one) => literal(engine, one))
        .join(', ')})`,
    );
  const secret = new Uint8Array([1, 2, 3]);
  await insert('projects', {
    id: 1,
    name: 'shop',
    notification_secret: secret,
    limits: '{}',
    settings: '{}',
    events: '[]',
    created_at: 5,
  });
  const set = { project_id: 1, merchant_id: '', environment: 'sandbox', sealed: secret, created_at: 6 };
  const insertSet = (id: number, gateway: string, change: object = {}) =>
    insert('credentials', { ...set, id, gateway, fingerprint: new Uint8Array([id]), ...change });
  await insertSet(1, 'checkout');
  await insertSet(2, 'ecpay', { merchant_id: '3002607', current: true });
  await insertSet(3, 'checkout', { environment: 'production' });
  await insert('links', {
    id: 1,
    link_no: 'LNK1',
    project_id: 1,
    key_kind: 'test',
    title: '一杯',
    currency: 'TWD',
    is_single_use: true,
    order_data: '{}',
    created_at: 7,
  });
  const payment = {
    ...{
      project_id: 1,
      livemode: false,
      key_kind: 'test',
      environment: 'sandbox',
      amount: 98_000,
      currency: 'TWD',
      unit: 'major',
    },
    ...{ flags: '', order_data: '{"itemName":"手沖 \\"x\\""}', created_at: 8, updated_at: 9 },
  };
  const chosen = { gateway: 'ecpay', method: 'cvs', mode: 'background' };
  const unchosen = { gateway: 'checkout', method: 'checkout', mode: 'checkout', is_checkout: true, close_at: 99 };
  await insert('payments', {
    ...payment,
    ...chosen,
    id: 1,
    payment_no: 'PAY1',
    merchant_order_no: 'A',
    status: 'pending',
    credential_id: 2,
    attempt_id: 1,
  });
  await insert('payments', {
    ...payment,
    ...unchosen,
    id: 2,
    payment_no: 'PAY2',
    merchant_order_no: 'B',
    status: 'pending',
    credential_id: 1,
    link_id: 1,
    form_key: 'k',
  });
  await insert('payments', {
    ...payment,
    ...unchosen,
    id: 5,
    payment_no: 'PAY5',
    merchant_order_no: 'C',
    status: 'expired',
    reason: 'EXPIRED',
    credential_id: 1,
    holds_order: false,
  });
  await insert('payments', {
    ...payment,
    ...unchosen,
    ...chosen,
    id: 9,
    payment_no: 'PAY9',
    merchant_order_no: 'D',
    status: 'paid',
    credential_id: 2,
    attempt_id: 2,
    paid_at: 12,
    refunded: 100,
    flags: 'late',
  });
  const attempt = {
    ...chosen,
    credential_id: 2,
    deadline: 50,
    created_at: 8,
    updated_at: 9,
    instructions: '{"type":"cvs"}',
  };
  await insert('attempts', { ...attempt, id: 1, payment_id: 1, gateway_order_no: 'PC1', status: 'open', check_at: 20 });
  await insert('attempts', {
    ...attempt,
    id: 2,
    payment_id: 9,
    gateway_order_no: 'PC2',
    gateway_trade_no: 'T2',
    status: 'paid',
  });
  await insert('events', { id: 1, payment_id: 2, type: 'payment.created', data: '{}', at: 8 });
  await insert('events', {
    id: 2,
    payment_id: 9,
    attempt_id: 2,
    type: 'callback',
    data: '{}',
    at: 9,
    digest: secret,
    body: secret,
  });
  const shop = { payment_id: 9, project_id: 1, body: '{}', state: 'pending', due_at: 9, created_at: 9, updated_at: 9 };
  for (const [at, [url, target]] of ADDRESSES.entries()) {
    const known = { id: at + 1, webhook_id: `msg_${at}`, event: 'payment.paid', about: `${at}`, url, target };
    await insert('outbox', { ...shop, ...known });
  }
  await insert('refunds', {
    id: 1,
    refund_no: 'RF1',
    payment_id: 9,
    attempt_id: 2,
    credential_id: 2,
    amount: 100,
    status: 'succeeded',
    source: 'api',
    created_at: 9,
    updated_at: 9,
  });
}

/** Addresses of shops, and what stood for them: the host, with its port where that is not the usual one. */
const ADDRESSES = [
  ['https://shop.example', 'shop.example'],
  ['HTTPS://Shop.example:8443/payok?x=1', 'shop.example:8443'],
  ['http://192.168.1.5:8080/payok', '192.168.1.5:8080'],
] as const;

const TABLES = ['projects', 'credentials', 'links', 'payments', 'attempts', 'events', 'outbox', 'refunds'] as const;

async function dump({ all }: Pick<Old, 'all'>): Promise<Readonly<Record<string, Rows>>> {
  const rows = await Promise.all(
    TABLES.map(async (table) => [table, [...(await all(`SELECT * FROM ${table} ORDER BY id`))]]),
  );
  return Object.fromEntries(rows);
}

/** What a database holds, opened by this version or by hand. */
async function read(engine: EngineName, place: string): Promise<Readonly<Record<string, Rows>>> {
  if (engine === 'sqlite') {
    using db = new Database(place, { readonly: true });
    return await dump({ all: async (sql) => db.query<Rows[number], []>(sql).all() });
  }
  const client = connect(place);
  try {
    return await dump({ all: (sql) => client.unsafe(sql) });
  } finally {
    await client.end();
  }
}

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
    expect(after.outbox).toHaveLength(outbox.length);
    expect(after.outbox).toMatchObject(
      outbox.map((row) => ({ ...row, target: `1 ${new URL(String(row.url)).origin}`, key_kind: 'test' })),
    );
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
