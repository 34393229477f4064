import type { Database } from 'bun:sqlite';
import type { Instructions } from '../../src/core/attempt.ts';
import type { Order } from '../../src/core/payment.ts';

/**
 * What tests see of the tables behind the store's back. Only this file and tamper.ts know the names of tables and
 * columns; tests know the records here.
 */

export interface ProjectRecord {
  readonly id: number;
  readonly name: string;
  readonly notificationSecret: Uint8Array;
  readonly previousSecret: Uint8Array | null;
  readonly notifyEvents: string;
}

export interface CredentialRecord {
  readonly id: number;
  readonly projectId: number;
  readonly gateway: string;
  readonly merchantId: string;
  readonly environment: string;
  readonly current: boolean;
}

export interface PaymentRecord {
  readonly id: number;
  readonly paymentNo: string;
  readonly projectId: number;
  readonly livemode: boolean;
  readonly keyKind: string;
  readonly merchantOrderNo: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: string;
  readonly reason: string | null;
  /** Whether it is the payment that its order number leads to. */
  readonly holdsOrder: boolean;
  readonly order: Order;
  readonly paidAt: number | null;
  readonly refundCheckAt: number | null;
  readonly refundTries: number;
}

export interface AttemptRecord {
  readonly id: number;
  readonly paymentId: number;
  readonly gatewayOrderNo: string;
  readonly gatewayTradeNo: string | null;
  readonly status: string;
  readonly endReason: string | null;
  readonly instructions: Instructions | null;
  readonly checkAt: number | null;
  readonly syncTries: number;
  readonly notFoundCount: number;
  readonly used: boolean;
}

export interface RefundRecord {
  readonly id: number;
  readonly refundNo: string;
  readonly paymentId: number;
  readonly credentialId: number;
  readonly amount: number;
  readonly status: string;
  readonly notFoundCount: number;
}

export interface InboxRecord {
  readonly id: number;
  readonly gateway: string;
  readonly attemptId: number;
  readonly body: Uint8Array;
  readonly outcome: string;
  readonly seen: number;
}

export interface UnmatchedRecord {
  readonly id: number;
  readonly gateway: string;
  readonly reason: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly receivedAt: number;
}

export interface OutboxRecord {
  readonly id: number;
  readonly paymentId: number;
  readonly event: string;
  readonly about: string;
  readonly url: string;
  readonly target: string;
  /** The text that is sent, as it is sent. */
  readonly body: string;
  readonly state: string;
  readonly tries: number;
  readonly dueAt: number;
  readonly leased: boolean;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

export interface EventRecord {
  readonly id: number;
  readonly paymentId: number;
  readonly attemptId: number | null;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface LinkRecord {
  readonly id: number;
  readonly linkNo: string;
  readonly paidCount: number;
  readonly paidAmount: number;
}

export interface CountRecord {
  readonly projectId: number;
  readonly keyKind: string;
  readonly livemode: boolean;
  readonly status: string;
  readonly count: number;
}

export interface SumRecord {
  readonly projectId: number;
  readonly keyKind: string;
  readonly livemode: boolean;
  readonly quarter: number;
  readonly currency: string;
  readonly amount: number;
  readonly count: number;
}

/** How a table's columns become a record, where lower_snake to camelCase is not all. */
interface Shape {
  readonly table: string;
  readonly order: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly json?: readonly string[];
}

const SHAPES = {
  projects: { table: 'projects', order: 'id' },
  credentials: { table: 'credentials', order: 'id', flags: ['current'] },
  payments: {
    table: 'payments',
    order: 'id',
    names: { order_json: 'order', refund_checks: 'refundTries' },
    flags: ['livemode', 'holds_order', 'is_checkout'],
    json: ['order_json'],
  },
  attempts: {
    table: 'attempts',
    order: 'id',
    names: { instructions_json: 'instructions', missing: 'notFoundCount', spent: 'used', checks: 'syncTries' },
    flags: ['spent'],
    json: ['instructions_json'],
  },
  refunds: { table: 'refunds', order: 'id', names: { missing: 'notFoundCount' } },
  inbox: { table: 'inbox', order: 'id' },
  unmatchedCallbacks: { table: 'strays', order: 'id' },
  outbox: { table: 'outbox', order: 'id', flags: ['leased'] },
  events: { table: 'events', order: 'id', json: ['data'] },
  links: { table: 'links', order: 'id', flags: ['single_use'], names: { order_json: 'order' }, json: ['order_json'] },
  counts: { table: 'payment_counts', order: 'project_id, key_kind, livemode, status', flags: ['livemode'] },
  sums: { table: 'paid_sums', order: 'project_id, key_kind, livemode, quarter, currency', flags: ['livemode'] },
} satisfies Record<string, Shape>;

type Row = Readonly<Record<string, unknown>>;
type Value = string | number;

/** Which rows: those whose fields are these. */
type Where<R> = { readonly [K in keyof R as R[K] extends Value ? K : never]?: R[K] };

/** Each function gives all rows of its table in the order they were written, or those it is told to. */
export function createReader(connect: () => Database) {
  const ask = async (sql: string, values: readonly Value[]): Promise<Row[]> =>
    connect()
      .query<Row, Value[]>(sql)
      .all(...values);

  const list =
    <R>(shape: Shape) =>
    async (where: Where<R> = {}): Promise<readonly R[]> => {
      const wanted: [string, Value][] = Object.entries(where);
      const filter = wanted.map(([name]) => `${columnOf(shape, name)} = ?`).join(' AND ');
      const rows = await ask(
        `SELECT * FROM ${shape.table} ${filter && `WHERE ${filter}`} ORDER BY ${shape.order}`,
        wanted.map(([, value]) => value),
      );
      return rows.map((row) => toRecord(shape, row) as R);
    };

  return {
    projects: list<ProjectRecord>(SHAPES.projects),
    credentials: list<CredentialRecord>(SHAPES.credentials),
    payments: list<PaymentRecord>(SHAPES.payments),
    attempts: list<AttemptRecord>(SHAPES.attempts),
    refunds: list<RefundRecord>(SHAPES.refunds),
    inbox: list<InboxRecord>(SHAPES.inbox),
    unmatchedCallbacks: list<UnmatchedRecord>(SHAPES.unmatchedCallbacks),
    outbox: list<OutboxRecord>(SHAPES.outbox),
    events: list<EventRecord>(SHAPES.events),
    links: list<LinkRecord>(SHAPES.links),
    counts: list<CountRecord>(SHAPES.counts),
    sums: list<SumRecord>(SHAPES.sums),

    async payment(paymentNo: string): Promise<PaymentRecord> {
      const [payment] = await this.payments({ paymentNo });
      if (!payment) throw new Error(`no payment ${paymentNo}`);
      return payment;
    },
    /** Tries of one payment, the first one first. */
    async attemptsOf(paymentNo: string): Promise<readonly AttemptRecord[]> {
      return this.attempts({ paymentId: (await this.payment(paymentNo)).id });
    },
    async count(of: keyof typeof SHAPES): Promise<number> {
      const [row] = await ask(`SELECT count(*) AS count FROM ${SHAPES[of].table}`, []);
      return Number(row?.count);
    },
    /** Every byte that the database keeps, as text in which a secret can be looked for. */
    async dump(): Promise<string> {
      const database = connect();
      const log = Bun.file(`${database.filename}-wal`);
      // What a log still holds is moved into the file, and the log is read before it is cut.
      const before = (await log.exists()) ? await log.bytes() : new Uint8Array();
      database.run('PRAGMA wal_checkpoint(TRUNCATE)');
      return Buffer.concat([before, await Bun.file(database.filename).bytes()]).toString('latin1');
    },
  };
}

export type Reader = ReturnType<typeof createReader>;

function toRecord({ names, flags, json }: Shape, row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const name = names?.[column] ?? camel(column);
      if (flags?.includes(column)) return [name, value === 1];
      if (json?.includes(column)) return [name, value === null ? null : JSON.parse(String(value))];
      return [name, value];
    }),
  );
}

function columnOf({ names = {} }: Shape, name: string): string {
  const renamed = Object.entries(names).find(([, record]) => record === name);
  return renamed ? renamed[0] : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camel(column: string): string {
  return column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
