import type { Database } from 'bun:sqlite';
import { type PaymentFilter, STATUSES } from '../core/listing.ts';
import type { KeyKind } from '../core/payment.ts';
import { findAttempt, type PaymentWithAttempt } from './payments.ts';
import { PAYMENT_COLUMNS, type PaymentRow, toPayment } from './rows.ts';

/**
 * Pages of payments, newest first.
 *
 * A page is merged from stretches of one index: parts in which all but the time is equal, so that each of them is in
 * order. Of the indexes that a filter could use the one that leaves the fewest rows is taken, and the rest of the filter
 * is asked of those rows. When even those are very many, only so many are gone through for one page: it may then be short,
 * or empty, and still have a next one.
 */
export interface ListInput {
  readonly projectId: number;
  readonly keyKind: KeyKind;
  readonly filter: PaymentFilter;
  /** Only payments before this one in the list's order. */
  readonly before: Position | null;
  readonly limit: number;
}

/** Place of a payment in the list. */
export interface Position {
  /** When it was made, milliseconds since the epoch. */
  readonly at: number;
  readonly id: number;
}

export interface PaymentPage {
  readonly payments: readonly PaymentWithAttempt[];
  /** `before` of the next page; null: this was the last one. */
  readonly next: Position | null;
}

/** How much is done for one page. */
export interface Effort {
  /** An index that leaves fewer rows than this is as good as any. */
  readonly probed: number;
  /** Rows that are gone through in search of those that fit. */
  readonly scanned: number;
  /** Entries of the index by order number that are put in order; a number that more begin with is no search. */
  readonly sorted: number;
}

const EFFORT: Effort = { probed: 2000, scanned: 20_000, sorted: 100_000 };

type Values = Record<string, string | number>;

interface Condition {
  readonly where: string;
  readonly values: Values;
}

/** Some rows of the table, read by one index. */
interface Stretch extends Condition {
  readonly from: string;
}

const BEGINNING: Position = { at: 0, id: 0 };
const END: Position = { at: Number.MAX_SAFE_INTEGER, id: 0 };

const IN_RANGE = `project_id = :projectId AND key_kind = :keyKind
   AND (created_at, id) >= (:lowAt, :lowId) AND (created_at, id) < (:highAt, :highId)`;
const NEWEST_FIRST = 'ORDER BY created_at DESC, id DESC';

export function listPayments(db: Database, input: ListInput, effort = EFFORT): PaymentPage {
  const { filter, limit } = input;
  const range = rangeOf(input);
  const { stretches, isSmall } = chooseStretches(db, input, range, effort);
  const share = Math.ceil(effort.scanned / Math.max(1, stretches.length));
  const floor = isSmall || isAnswered(filter) ? null : findFloor(db, stretches, range, share);
  const found = readRows(db, stretches, { ...range, ...(floor ? namePosition('low', floor) : {}) }, filter, limit + 1);
  const page = found.slice(0, limit);
  return { payments: page.flatMap(({ id }) => readPayment(db, id)), next: found.length > limit ? last(page) : floor };
}

function last(page: readonly Position[]): Position | null {
  const position = page.at(-1);
  return position ? { at: position.at, id: position.id } : null;
}

function readPayment(db: Database, id: number): readonly PaymentWithAttempt[] {
  const row = db.query<PaymentRow, [number]>(`SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = ?`).get(id);
  if (!row) return [];
  return [{ payment: toPayment(row), attempt: row.attempt_id === null ? null : findAttempt(db, row.attempt_id) }];
}

/** The payments of one key between two positions, the lower one included. */
function rangeOf({ projectId, keyKind, filter, before }: ListInput): Values {
  const end = { at: filter.to ?? END.at, id: 0 };
  const high = before && compare(before, end) < 0 ? before : end;
  return {
    projectId,
    keyKind,
    ...namePosition('low', { ...BEGINNING, at: filter.from ?? BEGINNING.at }),
    ...namePosition('high', high),
  };
}

function namePosition(side: 'low' | 'high', { at, id }: Position): Values {
  return { [`${side}At`]: at, [`${side}Id`]: id };
}

function compare(a: Position, b: Position): number {
  return a.at - b.at || a.id - b.id;
}

/** One index knows all that is asked for. */
function isAnswered({ status, gateway, method, flag, number }: PaymentFilter): boolean {
  const asked = [status, gateway ?? method, flag, number].filter((value) => value !== undefined);
  return asked.length < 2 && number === undefined;
}

interface Choice {
  readonly stretches: readonly Stretch[];
  /** So few rows that every one of them can be looked at. */
  readonly isSmall: boolean;
}

/** The stretches that leave the fewest rows; they are counted only as far as it matters. */
function chooseStretches(db: Database, input: ListInput, range: Values, effort: Effort): Choice {
  const { number } = input.filter;
  const searched = number === undefined ? null : searchNumber(db, input, number, effort);
  if (searched) return { stretches: searched, isSmall: true };
  const [first, ...others] = listSources(db, input);
  if (!first) throw new Error('there is always the index by status');
  if (others.length === 0) return { stretches: first, isSmall: false };
  const counted = [first, ...others].map((stretches) => ({
    stretches,
    rows: countRows(db, stretches, range, effort.probed),
  }));
  const best = counted.reduce((a, b) => (b.rows < a.rows ? b : a));
  return { stretches: best.stretches, isSmall: best.rows < effort.probed };
}

/** What a filter can be read from. The first is the best guess where there is nothing between them. */
function listSources(db: Database, { projectId, keyKind, filter }: ListInput): readonly (readonly Stretch[])[] {
  const { status, gateway, method, flag } = filter;
  const key = { projectId, keyKind };
  const sources: (readonly Stretch[])[] = [];
  if (flag !== undefined) sources.push(readByFlag(db, key, flag));
  if (gateway !== undefined || method !== undefined) sources.push(readByMethod(db, key, filter));
  if (status !== undefined || sources.length === 0) sources.push(readByStatus(status));
  return sources;
}

const LIVEMODES = [0, 1] as const;

function readByStatus(status: string | undefined): readonly Stretch[] {
  return (status === undefined ? STATUSES : [status]).flatMap((one) =>
    LIVEMODES.map((livemode) => ({
      from: 'payments INDEXED BY payments_by_project',
      where: 'livemode = :ofMode AND status = :ofStatus',
      values: { ofMode: livemode, ofStatus: one },
    })),
  );
}

type Key = Pick<ListInput, 'projectId' | 'keyKind'>;
interface MethodRow {
  readonly gateway: string;
  readonly method: string;
}

// Two questions, since one for the next pair would go through every row of the pair before.
const NEXT_METHOD = `SELECT gateway, method FROM payments INDEXED BY payments_of_method
   WHERE project_id = :projectId AND key_kind = :keyKind AND gateway = :gateway AND method > :method
   ORDER BY method LIMIT 1`;
const NEXT_GATEWAY = `SELECT gateway, method FROM payments INDEXED BY payments_of_method
   WHERE project_id = :projectId AND key_kind = :keyKind AND gateway > :gateway ORDER BY gateway, method LIMIT 1`;

/** Every way to pay that this key has payments of, each found by one step in the index. */
function readByMethod(db: Database, key: Key, { gateway, method }: PaymentFilter): readonly Stretch[] {
  const nextMethod = db.query<MethodRow, Values>(NEXT_METHOD);
  const nextGateway = db.query<MethodRow, Values>(NEXT_GATEWAY);
  const after = (row: MethodRow) =>
    nextMethod.get({ ...key, ...row }) ?? nextGateway.get({ ...key, gateway: row.gateway });
  const stretches: Stretch[] = [];
  for (let row = after({ gateway: '', method: '' }); row; row = after(row)) {
    if ((gateway ?? row.gateway) !== row.gateway || (method ?? row.method) !== row.method) continue;
    stretches.push({
      from: 'payments INDEXED BY payments_of_method',
      where: 'gateway = :ofGateway AND method = :ofMethod',
      values: { ofGateway: row.gateway, ofMethod: row.method },
    });
  }
  return stretches;
}

const NEXT_FLAGS = `SELECT flags FROM payments INDEXED BY payments_flagged
   WHERE project_id = :projectId AND key_kind = :keyKind AND flags <> '' AND flags > :flags ORDER BY flags LIMIT 1`;

/** Every set of flags that has this one in it, found in the same way. */
function readByFlag(db: Database, key: Key, flag: string): readonly Stretch[] {
  const query = db.query<{ flags: string }, Values>(NEXT_FLAGS);
  const stretches: Stretch[] = [];
  for (let row = query.get({ ...key, flags: '' }); row; row = query.get({ ...key, flags: row.flags })) {
    if (!row.flags.split(',').includes(flag)) continue;
    stretches.push({
      from: 'payments INDEXED BY payments_flagged',
      where: "flags <> '' AND flags = :ofFlags",
      values: { ofFlags: row.flags },
    });
  }
  return stretches;
}

// No text in UTF-8 is as large as the byte FF.
const beginsWith = (column: string) => `${column} >= :number AND ${column} < :number || CAST(x'FF' AS TEXT)`;
const IS_ORDER_NO = beginsWith('merchant_order_no');
const IS_PAYMENT_NO = beginsWith('payment_no');
const ORDER_NOS = 'payments INDEXED BY payments_by_order';
const COUNT_ORDER_NOS = `SELECT count(*) AS rows FROM
   (SELECT 1 FROM ${ORDER_NOS} WHERE project_id = :projectId AND ${IS_ORDER_NO} LIMIT :most)`;
const PAYMENT_NOS = `SELECT id FROM payments WHERE ${IS_PAYMENT_NO} LIMIT :most`;

/** Payments by the start of a number, which stand in the order of that number; null: too many to be put in another. */
function searchNumber(
  db: Database,
  { projectId, filter }: ListInput,
  number: string,
  { scanned, sorted }: Effort,
): readonly Stretch[] | null {
  const { status, gateway, method, flag } = filter;
  // What the index does not know has to be looked up row by row.
  const most = (status ?? gateway ?? method ?? flag) === undefined ? sorted : scanned;
  const orders = db.query<{ rows: number }, Values>(COUNT_ORDER_NOS).get({ projectId, number, most })?.rows ?? 0;
  if (orders >= most) return null;
  const byOrder = { from: ORDER_NOS, where: IS_ORDER_NO, values: { number } };
  if (!isPaymentNo(number)) return [byOrder];
  const found = db.query<{ id: number }, Values>(PAYMENT_NOS).all({ number, most: scanned });
  if (found.length >= scanned) return null;
  const where = `id IN (SELECT value FROM json_each(:ids)) AND NOT (${IS_ORDER_NO})`;
  const ids = JSON.stringify(found.map(({ id }) => id));
  return [byOrder, { from: 'payments NOT INDEXED', where, values: { number, ids } }];
}

function isPaymentNo(number: string): boolean {
  return /^PAY\d/.test(number);
}

function countRows(db: Database, stretches: readonly Stretch[], range: Values, most: number): number {
  return stretches.reduce((sum, { from, where, values }) => {
    if (sum >= most) return sum;
    const sql = `SELECT count(*) AS rows FROM (SELECT 1 FROM ${from} WHERE ${where} AND ${IN_RANGE} LIMIT :most)`;
    return sum + (db.query<{ rows: number }, Values>(sql).get({ ...values, ...range, most: most - sum })?.rows ?? 0);
  }, 0);
}

/** Where to stop, so that no stretch has more than `share` rows above it; null: nothing is cut off. */
function findFloor(db: Database, stretches: readonly Stretch[], range: Values, share: number): Position | null {
  const floors = stretches.flatMap(({ from, where, values }) => {
    const sql = `SELECT created_at AS at, id FROM ${from} WHERE ${where} AND ${IN_RANGE} ${NEWEST_FIRST} LIMIT 1 OFFSET :share`;
    return db.query<Position, Values>(sql).get({ ...values, ...range, share: share - 1 }) ?? [];
  });
  return floors.sort(compare).at(-1) ?? null;
}

/** The newest rows of all stretches together that fit the whole filter. */
function readRows(
  db: Database,
  stretches: readonly Stretch[],
  range: Values,
  filter: PaymentFilter,
  most: number,
): readonly Position[] {
  const wanted = describeFilter(filter);
  const given: Values = Object.assign({}, ...wanted.map(({ values }) => values));
  const rows = stretches.flatMap(({ from, where, values }) => {
    const all = [where, IN_RANGE, ...wanted.map((one) => one.where)].join(' AND ');
    const sql = `SELECT created_at AS at, id FROM ${from} WHERE ${all} ${NEWEST_FIRST} LIMIT :most`;
    return db.query<Position, Values>(sql).all({ ...given, ...values, ...range, most });
  });
  return rows.sort((a, b) => compare(b, a)).slice(0, most);
}

/** Everything a filter asks for but the time; what the index has answered already is only asked once more. */
function describeFilter({ status, gateway, method, flag, number }: PaymentFilter): readonly Condition[] {
  const wanted: Condition[] = [];
  if (status !== undefined) wanted.push({ where: 'status = :status', values: { status } });
  if (gateway !== undefined) wanted.push({ where: 'gateway = :gateway', values: { gateway } });
  if (method !== undefined) wanted.push({ where: 'method = :method', values: { method } });
  if (flag !== undefined) {
    wanted.push({ where: "instr(',' || flags || ',', ',' || :flag || ',') > 0", values: { flag } });
  }
  if (number !== undefined) {
    const where = isPaymentNo(number) ? `(${IS_ORDER_NO} OR ${IS_PAYMENT_NO})` : IS_ORDER_NO;
    wanted.push({ where, values: { number } });
  }
  return wanted;
}
