/**
 * What PayCore is measured against: the same three answers written by hand over Bun.serve and bun:sqlite, without
 * anything a payment service needs beyond them. `bun baseline.ts DATABASE`; one durable commit per callback.
 */
import { Database } from 'bun:sqlite';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { checkMacValue } from '../binary/support/ecpay.ts';

export interface BaselinePayment {
  readonly paymentNo: string;
  readonly orderNo: string;
  readonly amount: number;
  readonly token: string;
  readonly code: string;
}

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

export function fillBaseline(db: Database, payments: readonly BaselinePayment[]): void {
  const insert =
    db.prepare(`INSERT INTO payments (payment_no, order_no, merchant_order_no, amount, currency, status, token,
    code, expire_at, payok_url, created_at) VALUES (?, ?, ?, ?, 'TWD', 'pending', ?, ?, '2026-06-28 23:59:59', 'http://127.0.0.1:9/payok', ?)`);
  db.transaction(() => {
    for (const one of payments) {
      insert.run(one.paymentNo, one.orderNo, `ORDER-${one.orderNo}`, one.amount, one.token, one.code, Date.now());
    }
  })();
}

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

function serve(db: Database) {
  const findByOrder = db.prepare<Row, [string]>('SELECT * FROM payments WHERE order_no = ?');
  const findByNo = db.prepare<Row, [string]>('SELECT * FROM payments WHERE payment_no = ?');
  const keep = db.prepare('INSERT INTO inbox (order_no, body, received_at) VALUES (?, ?, ?)');
  const settle = db.prepare(
    "UPDATE payments SET status = 'paid', trade_no = ?, paid_at = ? WHERE id = ? AND status = 'pending'",
  );
  const announce = db.prepare(
    'INSERT INTO outbox (webhook_id, payment_id, url, body, due_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (payment_id) DO NOTHING',
  );
  const apply = db.transaction((row: Row, tradeNo: string, body: string, notice: string) => {
    const now = Date.now();
    keep.run(row.payment_no, body, now);
    if (settle.run(tradeNo, now, row.id).changes > 0) {
      announce.run(`msg_${randomBytes(12).toString('hex')}`, row.id, row.payok_url, notice, now);
    }
  });

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
    apply.immediate(row, fields.TradeNo ?? '', body, notice);
    return new Response('1|OK');
  }

  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    development: false,
    reusePort: false,
    routes: {
      '/callback': { POST: receive },
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
  const server = serve(openBaseline(process.argv[2] ?? ''));
  console.log(`listening ${server.port}`);
}
