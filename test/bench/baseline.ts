/**
 * What PayCore is measured against: the same answers written by hand over Bun.serve and bun:sqlite, without anything a
 * payment service needs beyond them. `bun baseline.ts DATABASE single|group`: `single` makes one durable commit per
 * callback, `group` lets the callbacks that wait share one.
 */
import { Database } from 'bun:sqlite';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { checkMacValue } from '../binary/support/ecpay.ts';
import type { FilledPayment } from './fill.ts';

export type Commit = 'single' | 'group';

const MAX_BATCH = 256;

export function openBaseline(path: string): Database {
  const db = new Database(path, { create: true, strict: true });
  db.run('PRAGMA busy_timeout = 5000');
  db.run('PRAGMA journal_mode = WAL');
  db.run('PRAGMA synchronous = FULL');
  db.run(`CREATE TABLE IF NOT EXISTS payments (
    id INTEGER PRIMARY KEY, payment_no TEXT NOT NULL UNIQUE, order_no TEXT NOT NULL UNIQUE, merchant_order_no TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL, trade_no TEXT, token TEXT NOT NULL,
    code TEXT NOT NULL, expire_at TEXT NOT NULL, payok_url TEXT NOT NULL, paid_at INTEGER, created_at INTEGER NOT NULL)`);
  db.run(
    'CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, order_no TEXT NOT NULL, body TEXT NOT NULL, received_at INTEGER NOT NULL)',
  );
  db.run(`CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, webhook_id TEXT NOT NULL, payment_id INTEGER NOT NULL UNIQUE, url TEXT NOT NULL,
    body TEXT NOT NULL, due_at INTEGER NOT NULL)`);
  return db;
}

export function fillBaseline(path: string, payments: readonly FilledPayment[]): void {
  const db = openBaseline(path);
  const insert = db.prepare(INSERT);
  db.transaction(() => {
    for (const one of payments) {
      const order = `ORDER-${one.orderNo}`;
      insert.run(one.paymentNo, one.orderNo, order, one.amount, one.token, one.code, one.payokUrl, Date.now());
    }
  })();
  // All of it in the one file, which is copied.
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

const INSERT = `INSERT INTO payments (payment_no, order_no, merchant_order_no, amount, currency, status, token,
  code, expire_at, payok_url, created_at) VALUES (?, ?, ?, ?, 'TWD', 'pending', ?, ?, '2026-06-28 23:59:59', ?, ?)`;

interface Row {
  id: number;
  payment_no: string;
  merchant_order_no: string;
  amount: number;
  currency: string;
  status: string;
  trade_no: string | null;
  token: string;
  code: string;
  expire_at: string;
  payok_url: string;
  paid_at: number | null;
  created_at: number;
}

interface Change {
  readonly row: Row;
  readonly tradeNo: string;
  readonly body: string;
  readonly notice: string;
}

/** What one callback changes, in one transaction, and when that is on the disk. */
function makeApply(db: Database, commit: Commit): (change: Change) => void | Promise<void> {
  const keep = db.prepare('INSERT INTO inbox (order_no, body, received_at) VALUES (?, ?, ?)');
  const settle = db.prepare(
    "UPDATE payments SET status = 'paid', trade_no = ?, paid_at = ? WHERE id = ? AND status = 'pending'",
  );
  const announce = db.prepare(
    'INSERT INTO outbox (webhook_id, payment_id, url, body, due_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (payment_id) DO NOTHING',
  );
  const write = ({ row, tradeNo, body, notice }: Change) => {
    const now = Date.now();
    keep.run(row.payment_no, body, now);
    if (settle.run(tradeNo, now, row.id).changes > 0) {
      announce.run(`msg_${randomBytes(12).toString('hex')}`, row.id, row.payok_url, notice, now);
    }
  };
  const writeAll = db.transaction((changes: readonly Change[]) => changes.forEach(write));
  return commit === 'single' ? (change) => writeAll.immediate([change]) : shareCommits(writeAll.immediate);
}

function shareCommits(writeAll: (changes: readonly Change[]) => void): (change: Change) => Promise<void> {
  let waiting: { change: Change; resolve(): void; reject(error: unknown): void }[] = [];
  const flush = () => {
    const batch = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(MAX_BATCH);
    if (waiting.length > 0) setImmediate(flush);
    try {
      writeAll(batch.map(({ change }) => change));
    } catch (error) {
      for (const one of batch) one.reject(error);
      return;
    }
    for (const one of batch) one.resolve();
  };
  return (change) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ change, resolve, reject });
    });
}

function serve(db: Database, commit: Commit) {
  const findByOrder = db.prepare<Row, [string]>('SELECT * FROM payments WHERE order_no = ?');
  const findByNo = db.prepare<Row, [string]>('SELECT * FROM payments WHERE payment_no = ?');
  const insert = db.prepare<Row, (string | number)[]>(`${INSERT} RETURNING *`);
  const apply = makeApply(db, commit);

  async function receive(request: Request): Promise<Response> {
    const body = await request.text();
    const fields = Object.fromEntries(new URLSearchParams(body));
    const given = Buffer.from(fields.CheckMacValue ?? '');
    const right = Buffer.from(checkMacValue(fields));
    if (given.length !== right.length || !timingSafeEqual(given, right))
      return new Response('0|CheckMacValue', { status: 400 });
    const row = findByOrder.get(fields.MerchantTradeNo ?? '');
    if (!row) return new Response('0|not found', { status: 400 });
    if (Number(fields.TradeAmt) !== row.amount) return new Response('0|amount', { status: 400 });
    const notice = JSON.stringify({ event: 'payment.paid', ...show({ ...row, status: 'paid' }) });
    await apply({ row, tradeNo: fields.TradeNo ?? '', body, notice });
    return new Response('1|OK');
  }

  async function create(request: Request): Promise<Response> {
    const { merchant_order_no: order, amount, payok_url: url }: Record<string, unknown> = await request.json();
    if (typeof order !== 'string' || order === '' || typeof url !== 'string' || !Number.isSafeInteger(amount))
      return Response.json({ success: false }, { status: 422 });
    const [no, token] = [randomBytes(10).toString('hex'), randomBytes(24).toString('base64url')];
    const row = insert.get(`PAY${no}`, no, order, Number(amount), token, '', url, Date.now());
    return row
      ? Response.json(
          { success: true, data: { ...show(row), payment_url: `/pay/${row.payment_no}?token=${token}` } },
          { status: 201 },
        )
      : new Response('{}', { status: 500 });
  }

  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    development: false,
    reusePort: false,
    routes: {
      '/callback': { POST: receive },
      '/payments': { POST: create },
      '/payments/:no': (request) => {
        const row = findByNo.get(request.params.no);
        return row ? Response.json({ success: true, data: show(row) }) : new Response('{}', { status: 404 });
      },
      '/pay/:no': (request) => {
        const row = findByNo.get(request.params.no);
        const token = new URL(request.url).searchParams.get('token') ?? '';
        if (!row || hash(row.token) !== hash(token)) return new Response('not found', { status: 404 });
        return new Response(page(row), { headers: { 'content-type': 'text/html; charset=utf-8' } });
      },
    },
  });
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function show(row: Row) {
  return {
    payment_no: row.payment_no,
    merchant_order_no: row.merchant_order_no,
    gateway: 'ecpay',
    method: 'cvs',
    amount: row.amount,
    currency: row.currency,
    status: row.status,
    payment_info: { payment_code: row.code, expire_at: row.expire_at },
    gateway_trade_no: row.trade_no,
    paid_at: row.paid_at === null ? null : new Date(row.paid_at).toISOString(),
    created_at: new Date(row.created_at).toISOString(),
  };
}

function page(row: Row): string {
  return `<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>超商代碼 NT$${row.amount}</title><link rel="stylesheet" href="/page.css"><script type="module" src="/page.js"></script></head>
<body><main data-payment-no="${row.payment_no}" data-status="${row.status}"><h1>超商代碼繳費</h1><p class="amount">NT$${row.amount}</p>
<p>訂單 ${row.merchant_order_no}</p><p>繳費期限 ${row.expire_at}</p><dl><dt>繳費代碼</dt><dd>${row.code}</dd></dl>
<button data-copy="${row.code}">複製代碼</button><ol><li>到 7-11、全家、萊爾富或 OK 的多媒體機。</li><li>輸入上面的代碼，列印繳費單。</li>
<li>拿繳費單到櫃檯付款。</li></ol></main></body></html>`;
}

if (import.meta.main) {
  const server = serve(openBaseline(process.argv[2] ?? ''), process.argv[3] === 'group' ? 'group' : 'single');
  console.log(`listening ${server.port}`);
}
