import { and, desc, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { Refund } from '../../../core/refund.ts';
import type { Row, Tables } from '../../kit.ts';
import { type Statement, statement } from '../../statement.ts';
import type { Reader } from '../../tx.ts';
import { type Found, mergeFound, type Position } from '../list.ts';
import { listProjectIds } from './payments.ts';

/** Refunds of every payment, newest first. */

export interface RefundFilter {
  readonly status?: Refund['status'];
  readonly source?: Refund['source'];
  /** Made at or after. */
  readonly from?: number;
  /** Made before. */
  readonly to?: number;
}

export interface RefundListInput {
  /** Null: every project's. */
  readonly projectId: number | null;
  readonly keyKind: Row<'payments'>['keyKind'];
  readonly filter: RefundFilter;
  readonly before: Position | null;
  readonly limit: number;
}

export type RefundedPayment = Pick<
  Row<'payments'>,
  'id' | 'paymentNo' | 'merchantOrderNo' | 'projectId' | 'currency' | 'gateway' | 'method' | 'keyKind'
>;

export interface ListedRefund {
  readonly refund: Refund;
  readonly payment: RefundedPayment;
}

export interface RefundPage {
  readonly refunds: readonly ListedRefund[];
  /** `before` of the next page; null: this was the last one. */
  readonly next: Position | null;
}

/** Rows that are gone through for one page, in search of those that fit. */
const SCANNED = 20_000;

interface Range {
  readonly projectId: number;
  readonly keyKind: Row<'payments'>['keyKind'];
  readonly from: number;
  readonly lowAt: number;
  readonly lowId: number;
  readonly highAt: number;
  readonly highId: number;
  readonly status: string | undefined;
  readonly source: string | undefined;
}

function isInRange(refunds: Tables['refunds'], p: Range): SQL | undefined {
  return and(
    eq(refunds.projectId, p.projectId),
    eq(refunds.keyKind, p.keyKind),
    sql`(${refunds.createdAt}, ${refunds.id}) >= (${p.lowAt}, ${p.lowId})`,
    sql`(${refunds.createdAt}, ${refunds.id}) < (${p.highAt}, ${p.highId})`,
  );
}

type Asked = 'status' | 'source';

const rowsAsked = (asked: readonly Asked[]) =>
  statement(({ db, by, t: { refunds } }, p: Range & { most: number }) =>
    db
      .select({ at: refunds.createdAt, id: refunds.id })
      .from(by(refunds, 'refunds_by_time'))
      .where(and(isInRange(refunds, p), ...asked.map((name) => sql`${refunds[name]} = ${p[name]}`)))
      .orderBy(desc(refunds.createdAt), desc(refunds.id))
      .limit(p.most),
  );

const ROWS: Readonly<Record<string, Statement<Range & { most: number }, Position>>> = {
  '': rowsAsked([]),
  status: rowsAsked(['status']),
  source: rowsAsked(['source']),
  'status source': rowsAsked(['status', 'source']),
};

const FLOOR = statement(({ db, by, t: { refunds } }, p: Range & { skipped: number }) =>
  db
    .select({ at: refunds.createdAt, id: refunds.id })
    .from(by(refunds, 'refunds_by_time'))
    .where(isInRange(refunds, p))
    .orderBy(desc(refunds.createdAt), desc(refunds.id))
    .limit(1)
    .offset(p.skipped),
);

const BY_ID = statement(({ db, t: { refunds }, elements }, p: { ids: string }) =>
  db
    .select(getTableColumns(refunds))
    .from(refunds)
    .where(inArray(refunds.id, elements(sql`${p.ids}`, 'number'))),
);

const PAYMENTS = statement(({ db, t: { payments }, elements }, p: { ids: string }) =>
  db
    .select({
      ...{ id: payments.id, paymentNo: payments.paymentNo, merchantOrderNo: payments.merchantOrderNo },
      ...{ projectId: payments.projectId, keyKind: payments.keyKind, currency: payments.currency },
      ...{ gateway: payments.gateway, method: payments.method },
    })
    .from(payments)
    .where(inArray(payments.id, elements(sql`${p.ids}`, 'number'))),
);

export async function listDeskRefunds(on: Reader, input: RefundListInput, scanned = SCANNED): Promise<RefundPage> {
  const ids = await listProjectIds(on, input.projectId);
  const share = Math.ceil(scanned / Math.max(1, ids.length));
  const found = await Promise.all(ids.map((projectId) => findOf(on, input, projectId, share)));
  const { page, next } = mergeFound(found, input.limit);
  return { refunds: await readRefunds(on, page), next };
}

async function findOf(
  on: Reader,
  { keyKind, filter, before, limit }: RefundListInput,
  projectId: number,
  scanned: number,
): Promise<Found> {
  const end = filter.to ?? Number.MAX_SAFE_INTEGER;
  const high = before !== null && before.at < end ? before : { at: end, id: 0 };
  const { status, source, from = 0 } = filter;
  const range = {
    ...{ projectId, keyKind, from, status, source, lowAt: from, lowId: 0 },
    ...{ highAt: high.at, highId: high.id },
  };
  const asked = (['status', 'source'] as const).filter((name) => filter[name] !== undefined);
  const floor = asked.length === 0 ? null : await on.get(FLOOR, { ...range, skipped: scanned - 1 });
  const low = floor ? { lowAt: floor.at, lowId: floor.id } : {};
  const rows = ROWS[asked.join(' ')];
  if (!rows) throw new Error(`no statement asks refunds for ${asked.join(' and ')}`);
  return { rows: await on.all(rows, { ...range, ...low, most: limit + 1 }), floor };
}

async function readRefunds(on: Reader, page: readonly Position[]): Promise<readonly ListedRefund[]> {
  if (page.length === 0) return [];
  const refunds = await on.all(BY_ID, { ids: JSON.stringify(page.map(({ id }) => id)) });
  const paymentIds = [...new Set(refunds.map(({ paymentId }) => paymentId))];
  const payments = await on.all(PAYMENTS, { ids: JSON.stringify(paymentIds) });
  const refundById = new Map(refunds.map((refund) => [refund.id, refund]));
  const paymentById = new Map(payments.map((payment) => [payment.id, payment]));
  return page.flatMap(({ id }) => {
    const refund = refundById.get(id);
    const payment = refund && paymentById.get(refund.paymentId);
    return refund && payment ? { refund, payment } : [];
  });
}
