import { type Column, getTableColumns, sql } from 'drizzle-orm';
import type { Engine } from '../../src/store/engines/engine.ts';
import { type FigureTable, whole } from '../../src/store/figure-deltas.ts';
import type { Row, TableName } from '../../src/store/kit.ts';
import { statement } from '../../src/store/statement.ts';
import { findRows } from '../../src/store/table.ts';

/** What tests see of the tables behind the store's back, on both engines. */

export type PaymentRecord = Row<'payments'>;
export type AttemptRecord = Row<'attempts'>;
export type RefundRecord = Row<'refunds'>;
export type EventRecord = Row<'events'>;

/** A notification; `leased`: somebody is sending it. */
export interface OutboxRecord extends Row<'outbox'> {
  readonly leased: boolean;
}

/** A callback as it came: it stands with the event that it caused. */
export interface InboxRecord {
  readonly id: number;
  readonly attemptId: number;
  readonly body: Uint8Array;
  readonly outcome: string;
  readonly seen: number;
}

const NAMES = {
  projects: 'projects',
  credentials: 'credentials',
  payments: 'payments',
  attempts: 'attempts',
  refunds: 'refunds',
  unmatchedCallbacks: 'unmatchedCallbacks',
  outbox: 'outbox',
  events: 'events',
  links: 'links',
  counts: 'paymentCounts',
  sums: 'paidSums',
  methodSums: 'methodSums',
  outcomes: 'outcomeCounts',
  troubles: 'troubles',
  audit: 'audit',
} as const satisfies Record<string, TableName>;

/** Figures with the changes that wait to be added to them. */
function sumsOf(name: FigureTable) {
  return statement((kit, _: object) => {
    const columns: Readonly<Record<string, Column>> = getTableColumns(kit.t[name]);
    const isFigure = (column: string) => column === 'count' || column === 'amount';
    const fields = Object.entries(columns).map(
      ([column, of]) => [column, isFigure(column) ? sql`sum(${of})`.mapWith(Number) : of] as const,
    );
    const groups = Object.entries(columns).flatMap(([column, of]) => (isFigure(column) ? [] : [of]));
    return kit.db
      .select(Object.fromEntries(fields) as never)
      .from(whole(kit, name).from)
      .groupBy(...(groups as never[]));
  });
}

const SUMS = {
  paymentCounts: sumsOf('paymentCounts'),
  paidSums: sumsOf('paidSums'),
  methodSums: sumsOf('methodSums'),
  outcomeCounts: sumsOf('outcomeCounts'),
};

type Known<Name extends TableName> = Readonly<Partial<Row<Name>>>;

/** Each function gives all rows of its table in the order they were written, or those whose columns are as told. */
export function createReader(connect: () => Engine, readBytes: () => Promise<string> = notHere) {
  const list =
    <Name extends TableName>(name: Name) =>
    async (known: Known<Name> = {} as Known<Name>): Promise<readonly Row<Name>[]> =>
      (await findRows(connect().reader, name, known)).sort(inOrder);

  const sums =
    <Name extends FigureTable>(name: Name) =>
    async (): Promise<readonly Row<Name>[]> => {
      const rows = (await connect().reader.all(SUMS[name], {})) as unknown as Row<Name>[];
      return rows.sort(inOrder);
    };

  const outbox = list('outbox');
  const events = list('events');

  return {
    projects: list('projects'),
    credentials: list('credentials'),
    payments: list('payments'),
    attempts: list('attempts'),
    refunds: list('refunds'),
    unmatchedCallbacks: list('unmatchedCallbacks'),
    events,
    links: list('links'),
    counts: sums('paymentCounts'),
    sums: sums('paidSums'),
    methodSums: sums('methodSums'),
    outcomes: sums('outcomeCounts'),
    troubles: list('troubles'),
    audit: list('audit'),
    outbox: async (known: Known<'outbox'> = {}): Promise<readonly OutboxRecord[]> =>
      (await outbox(known)).map((row) => ({ ...row, leased: row.leasedBy !== null })),
    inbox: async (known: Known<'events'> = {}): Promise<readonly InboxRecord[]> =>
      (await events(known)).flatMap(({ id, attemptId, body, outcome, seen }) =>
        attemptId === null || body === null || outcome === null ? [] : [{ id, attemptId, body, outcome, seen }],
      ),

    async payment(paymentNo: string): Promise<PaymentRecord> {
      const [payment] = await this.payments({ paymentNo });
      if (!payment) throw new Error(`no payment ${paymentNo}`);
      return payment;
    },
    /** Tries of one payment, the first one first. */
    async attemptsOf(paymentNo: string): Promise<readonly AttemptRecord[]> {
      return this.attempts({ paymentId: (await this.payment(paymentNo)).id });
    },
    async count(of: keyof typeof NAMES | 'inbox'): Promise<number> {
      return of === 'inbox' ? (await this.inbox()).length : (await findRows(connect().reader, NAMES[of], {})).length;
    },
    /** Every byte that the database keeps, as text in which a secret can be looked for. */
    dump: readBytes,
  };
}

export type Reader = ReturnType<typeof createReader>;

function notHere(): Promise<string> {
  return Promise.reject(new Error('the bytes of this database are not in a file'));
}

/** By id; tables without one by their columns. */
function inOrder(a: object, b: object): number {
  const [first, second] = [a, b] as readonly { readonly id?: number }[];
  if (first?.id !== undefined && second?.id !== undefined) return first.id - second.id;
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
