import { connect } from '../../src/store/engines/postgres-open.ts';
import { makeFolder } from '../binary/support/binary.ts';
import { serve } from '../binary/support/parties.ts';
import { poll } from '../binary/support/process.ts';
import { CALLBACK_PATH, callbackJob, type PayablePayment, paidBody } from './callbacks.ts';
import type { FilledPayment, FillJob } from './fill.ts';
import { runScript } from './script.ts';
import { load } from './servers.ts';
import type { CountingShop } from './shops.ts';

/**
 * A PostgreSQL with very many payments: some thousands come to be as they do in a shop, the rest are copies of them, row by
 * row, with numbers of their own. The kept figures (counts and sums) are those of the originals.
 */
export interface ManyJob {
  readonly at: string;
  readonly env: Readonly<Record<string, string>>;
  readonly project: string;
  readonly shop: CountingShop;
  /** Paid ones that the shop has been told of. */
  readonly paid: number;
  /** That wait for their callback. */
  readonly pending: number;
  readonly say: (text: string) => void;
}

export interface Many {
  /** Each may be paid once. */
  readonly pending: readonly PayablePayment[];
  /** From all over the table. */
  readonly some: readonly string[];
  /** Of the whole database. */
  readonly bytes: number;
}

const ORIGINALS = { paid: 2000, pending: 500 } as const;
const WRITERS = 16;
const SAMPLES = 5000;

export async function fillMany(job: ManyJob): Promise<Many> {
  const { at, say } = job;
  say(`${ORIGINALS.paid + ORIGINALS.pending} payments as they come to be`);
  await makeOriginals(job);
  say(`copies of them, up to ${job.paid} paid and ${job.pending} pending`);
  const client = connect(at, { hasTime: true });
  try {
    for (const status of ['paid', 'pending'] as const) {
      const copies = Math.max(0, Math.ceil(job[status] / ORIGINALS[status]) - 1);
      for (const table of TABLES) await client.unsafe(copyOf(table, status, copies));
    }
    for (const { name } of TABLES.filter(({ own }) => own === 'id'))
      await client.unsafe(`SELECT setval(pg_get_serial_sequence('${name}', 'id'), (SELECT max(id) FROM ${name}))`);
    say('VACUUM ANALYZE');
    await client.unsafe('VACUUM ANALYZE');
    const [size] = await client.unsafe<{ bytes: number }[]>('SELECT pg_database_size(current_database()) AS bytes');
    return { pending: await listPending(client), some: await listSome(client), bytes: Number(size?.bytes) };
  } finally {
    await client.end();
  }
}

async function makeOriginals({ env, project, shop }: ManyJob): Promise<void> {
  const out = `${makeFolder('many')}/payments.json`;
  const count = ORIGINALS.paid + ORIGINALS.pending;
  const dataDir = makeFolder('filler');
  const job: FillJob = { dataDir, project, count, payokUrls: [shop.url], out, env, writers: WRITERS };
  await runScript('fill.ts', job);
  const payments: readonly FilledPayment[] = await Bun.file(out).json();
  const { port, process } = await serve(makeFolder('payer'), env);
  const bodies = payments.slice(0, ORIGINALS.paid).map(paidBody);
  await load(callbackJob({ port, path: CALLBACK_PATH, inFlight: WRITERS }, bodies));
  await poll('told', () => (shop.heard() >= ORIGINALS.paid ? true : null), 120_000);
  await process.kill('SIGTERM');
}

/** Beyond every id of an original. */
const STEP = 100_000;

interface Table {
  readonly name: string;
  /** Column with its own id, and those with an id of a payment or an attempt. */
  readonly own: 'id' | null;
  readonly ids: readonly string[];
  /** Numbers that nobody else may have: their last six letters are those of the copy. */
  readonly numbers?: readonly string[];
  /** Names of which the same is true: the copy's number stands behind. */
  readonly names?: readonly string[];
  /** Found by its payment. */
  readonly payment: 'id' | 'payment_id';
}

const TABLES: readonly Table[] = [
  {
    ...{ name: 'payments', own: 'id', ids: ['attempt_id'], payment: 'id' },
    numbers: ['payment_no'],
    names: ['merchant_order_no'],
  },
  { name: 'attempts', own: 'id', ids: ['payment_id'], numbers: ['gateway_order_no'], payment: 'payment_id' },
  { name: 'events', own: 'id', ids: ['payment_id', 'attempt_id'], payment: 'payment_id' },
  { name: 'outbox', own: 'id', ids: ['payment_id'], numbers: ['webhook_id'], payment: 'payment_id' },
  { name: 'search_terms', own: null, ids: ['payment_id'], payment: 'payment_id' },
];

/** A statement that makes the copies; its columns are read by the server itself. */
function copyOf(table: Table, status: string, copies: number): string {
  const { name, own, ids, numbers = [], names = [], payment } = table;
  const quote = (columns: readonly string[]) => ['', ...columns].map((column) => `'${column}'`).join(', ');
  const letters = "translate(lpad(to_hex(copy), 6, '0'), '0123456789abcdef', 'ABCDEFGHIJKLMNOP')";
  const offset = status === 'paid' ? 0 : 1_000_000_000;
  return `DO $$ DECLARE columns text; given text; BEGIN
    -- Rows come in any order, and refer to one another.
    PERFORM set_config('session_replication_role', 'replica', true);
    SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
      string_agg(CASE
        WHEN column_name IN (${quote([...ids, ...(own ? [own] : [])])}) THEN 'o.' || column_name || ' + ${offset} + copy * ${STEP}'
        WHEN column_name IN (${quote(names)}) THEN 'o.' || column_name || ' || ''-'' || copy'
        WHEN column_name IN (${quote(numbers)}) THEN
          'left(o.' || column_name || ', length(o.' || column_name || ') - 6) || ${letters.replaceAll("'", "''")}'
        ELSE 'o.' || quote_ident(column_name) END, ', ' ORDER BY ordinal_position)
      INTO columns, given FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${name}';
    EXECUTE 'INSERT INTO ${name} (' || columns || ') SELECT ' || given || ' FROM generate_series(1, ${copies}) AS copy, ${name} o
      WHERE o.${payment} IN (SELECT id FROM payments WHERE status = ''${status}'' AND id < ${STEP})';
  END $$`;
}

type Client = ReturnType<typeof connect>;

async function listPending(client: Client): Promise<Many['pending']> {
  const rows = await client.unsafe<{ no: string; order_no: string; amount: number; method: 'atm' | 'cvs' }[]>(
    `SELECT p.payment_no AS no, a.gateway_order_no AS order_no, p.amount / 100 AS amount, p.method
     FROM payments p JOIN attempts a ON a.id = p.attempt_id WHERE p.status = 'pending' ORDER BY md5(p.payment_no)`,
  );
  return rows.map(({ no, order_no, amount, method }) => ({ paymentNo: no, orderNo: order_no, amount, method }));
}

async function listSome(client: Client): Promise<readonly string[]> {
  const rows = await client.unsafe<{ no: string }[]>(
    `SELECT payment_no AS no FROM payments WHERE status = 'paid' ORDER BY random() LIMIT ${SAMPLES}`,
  );
  return rows.map(({ no }) => no);
}
