import { Database } from 'bun:sqlite';
import { connect, openPostgres } from '../../../src/store/engines/postgres-open.ts';
import { migrateSqlite } from '../../../src/store/engines/sqlite-migrate.ts';
import { openWriter } from '../../../src/store/engines/sqlite-open.ts';
import { dropPlace, type EngineName, makeEmptyPlace, migrationsOf } from '../../support/engines.ts';

/** A database of the first schema, where a payment whose payer had not chosen yet had an empty set of credentials. */

type Value = string | number | boolean | Uint8Array | null;
type Rows = readonly Readonly<Record<string, unknown>>[];

export interface Old {
  readonly place: string;
  all(sql: string): Promise<Rows>;
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

const places: string[] = [];

export async function dropOld(): Promise<void> {
  for (const place of places.splice(0)) await dropPlace(place);
}

export async function openOld(engine: EngineName, folder: string): Promise<Old> {
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

export async function fill(old: Old, engine: EngineName): Promise<void> {
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
    ...{
      flags: '',
      order_data: '{"itemName":"手沖 \\"x\\"","buyerName":"王 小明","buyerEmail":"Ming@Example.com"}',
      created_at: 8,
      updated_at: 9,
    },
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
    instructions: '{"type":"cvs","paymentCode":"LLL 26-0622"}',
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

export async function dump({ all }: Pick<Old, 'all'>): Promise<Readonly<Record<string, Rows>>> {
  const rows = await Promise.all(
    TABLES.map(async (table) => [table, [...(await all(`SELECT * FROM ${table} ORDER BY id`))]]),
  );
  return Object.fromEntries(rows);
}

/** What a database holds, opened by this version or by hand. */
export async function read(engine: EngineName, place: string): Promise<Readonly<Record<string, Rows>>> {
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
