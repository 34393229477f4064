import type { Database } from 'bun:sqlite';
import { type PaymentFilter, STATUSES } from '../core/listing.ts';
import type { KeyKind, Payment } from '../core/payment.ts';
import { PAYMENT_COLUMNS, type PaymentRow, toPayment } from './rows.ts';

/**
 * Pages of payments, newest first. A page is merged from stretches of one index; what that index does not know is
 * filtered on the way, over so many rows and no more. A page may therefore be short and still have a next one.
 */
export interface ListInput {
  readonly projectId: number;
  readonly keyKind: KeyKind;
  readonly filter: PaymentFilter;
  /** Only payments with a smaller id. */
  readonly before: number | null;
  readonly limit: number;
  /** Every way to pay that there is. */
  readonly methods: readonly MethodName[];
}

export interface MethodName {
  readonly gateway: string;
  readonly method: string;
}

export interface PaymentPage {
  readonly payments: readonly Payment[];
  /** `before` of the next page; null: this was the last one. */
  readonly next: number | null;
}

type Values = Record<string, string | number>;

/** Equal columns of an index, so that its rows come in the order of their ids. */
interface Stretch {
  readonly index: string;
  readonly where: string;
  readonly values: Values;
}

/** As much of a payment as filters look at. */
interface LeanRow {
  readonly id: number;
  readonly key_kind: string;
  readonly project_id: number;
  readonly status: string;
  readonly gateway: string;
  readonly method: string;
  readonly flags: string;
  readonly merchant_order_no: string;
  readonly created_at: number;
}

const LEAN = 'id, key_kind, project_id, status, gateway, method, flags, merchant_order_no, created_at';

/** Rows of one stretch that are looked at in one go, and of all stretches for one page. */
const SCANNED_AT_ONCE = 1000;
const SCANNED_FOR_PAGE = 16_000;
/** A number that more numbers begin with is no search: the newest payments are gone through instead. */
const SEARCHED = 2000;
/** Payments that were made together may be stored in another order. */
const DISORDER = 1000;
const NO_END = Number.MAX_SAFE_INTEGER;

export function listPayments(db: Database, input: ListInput): PaymentPage {
  const { filter, limit } = input;
  const searched = filter.number === undefined ? null : searchNumbers(db, input, filter.number);
  if (searched) return cutPage(db, searched, limit, null);
  const stretches = chooseStretches(input);
  const [low, high] = boundIds(db, filter);
  const found: LeanRow[] = [];
  let before: number | null = Math.min(input.before ?? NO_END, high);
  for (let scanned = 0; before !== null && found.length <= limit && scanned < SCANNED_FOR_PAGE; ) {
    const part = readPart(db, input, stretches, { low, before });
    found.push(...part.rows.filter((row) => fits(row, input)));
    before = part.floor;
    scanned += SCANNED_AT_ONCE * stretches.length;
  }
  return cutPage(db, found, limit, before);
}

function cutPage(db: Database, found: readonly LeanRow[], limit: number, floor: number | null): PaymentPage {
  const page = found.slice(0, limit);
  const one = db.query<PaymentRow, [number]>(`SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = ?`);
  const payments = page.flatMap(({ id }) => one.get(id) ?? []).map(toPayment);
  return { payments, next: found.length > limit ? (page.at(-1)?.id ?? null) : floor };
}

interface Range {
  readonly low: number;
  readonly before: number;
}

interface Part {
  readonly rows: readonly LeanRow[];
  /** Everything from it upwards has been seen; null: everything there is. */
  readonly floor: number | null;
}

/** The next rows of every stretch, merged. Where one was cut off, the others may not go beyond. */
function readPart(db: Database, input: ListInput, stretches: readonly Stretch[], range: Range): Part {
  const read = stretches.map((stretch) => readStretch(db, input, stretch, range));
  const floors = read.flatMap((rows) => (rows.length < SCANNED_AT_ONCE ? [] : (rows.at(-1)?.id ?? [])));
  const floor = floors.length === 0 ? null : Math.max(...floors);
  const rows = read.flat().filter((row) => floor === null || row.id >= floor);
  return { rows: rows.sort((a, b) => b.id - a.id), floor };
}

function readStretch(db: Database, { projectId, keyKind }: ListInput, stretch: Stretch, { low, before }: Range) {
  return db
    .query<LeanRow, Values>(
      `SELECT ${LEAN} FROM payments INDEXED BY ${stretch.index}
       WHERE project_id = :projectId AND key_kind = :keyKind AND ${stretch.where} AND id >= :low AND id < :before
       ORDER BY id DESC LIMIT ${SCANNED_AT_ONCE}`,
    )
    .all({ ...stretch.values, projectId, keyKind, low, before });
}

/** Everything a filter asks for; what the index has answered already is only asked once more. */
function fits(row: LeanRow, { filter, projectId, keyKind, before }: ListInput): boolean {
  const { status, gateway, method, flag, number, from, to } = filter;
  return (
    row.project_id === projectId &&
    row.key_kind === keyKind &&
    (before === null || row.id < before) &&
    (status === undefined || row.status === status) &&
    (gateway === undefined || row.gateway === gateway) &&
    (method === undefined || row.method === method) &&
    (flag === undefined || row.flags.split(',').includes(flag)) &&
    (number === undefined || isPaymentNo(number) || row.merchant_order_no.startsWith(number)) &&
    (from === undefined || row.created_at >= from) &&
    (to === undefined || row.created_at < to)
  );
}

const LIVEMODES = [0, 1] as const;

/** The index that knows most about a filter. */
function chooseStretches({ filter, methods }: ListInput): readonly Stretch[] {
  const { status, gateway, method, flag } = filter;
  if (flag !== undefined) return [{ index: 'payments_flagged', where: "flags <> ''", values: {} }];
  if (gateway !== undefined || method !== undefined) {
    return methods
      .filter((one) => (gateway ?? one.gateway) === one.gateway && (method ?? one.method) === one.method)
      .map((one) => ({
        index: 'payments_of_method',
        where: 'gateway = :gateway AND method = :method',
        values: { gateway: one.gateway, method: one.method },
      }));
  }
  return (status === undefined ? STATUSES : [status]).flatMap((one) =>
    LIVEMODES.map((livemode) => ({
      index: 'payments_by_project',
      where: 'livemode = :livemode AND status = :status',
      values: { livemode, status: one },
    })),
  );
}

function isPaymentNo(number: string): boolean {
  return /^PAY\d/.test(number);
}

/** Payments whose number begins so, newest first; null when there are too many to be a search. */
function searchNumbers(db: Database, input: ListInput, number: string): readonly LeanRow[] | null {
  const range = { number, end: `${number}\u{10ffff}`, most: SEARCHED + 1 };
  const rows = isPaymentNo(number)
    ? db
        .query<LeanRow, Values>(
          `SELECT ${LEAN} FROM payments WHERE payment_no >= :number AND payment_no < :end ORDER BY payment_no LIMIT :most`,
        )
        .all(range)
    : db
        .query<LeanRow, Values>(
          `SELECT ${LEAN} FROM payments INDEXED BY payments_by_order WHERE project_id = :projectId
             AND merchant_order_no >= :number AND merchant_order_no < :end ORDER BY merchant_order_no LIMIT :most`,
        )
        .all({ ...range, projectId: input.projectId });
  if (rows.length > SEARCHED && !isPaymentNo(number)) return null;
  return rows.filter((row) => fits(row, input)).sort((a, b) => b.id - a.id);
}

/** Ids between which everything lies that was made in a stretch of time. */
function boundIds(db: Database, { from, to }: PaymentFilter): readonly [number, number] {
  const first = db.query<{ id: number }, [number]>(
    'SELECT id FROM payments INDEXED BY payments_of_time WHERE created_at >= ? ORDER BY created_at, id LIMIT 1',
  );
  const low = from === undefined ? 0 : (first.get(from)?.id ?? NO_END) - DISORDER;
  const end = to === undefined ? undefined : first.get(to)?.id;
  return [low, end === undefined ? NO_END : end + DISORDER];
}
