import type { PaymentFilter } from '../../core/payment-query.ts';
import type { Row } from '../kit.ts';
import type { Reader } from '../tx.ts';
import {
  ATTEMPTS_BY_ID,
  COUNT_STARTS,
  countIn,
  FLAG_SETS,
  floorOf,
  GATEWAYS_OF_METHOD,
  isPaymentNo,
  listUnanswered,
  METHODS_OF_GATEWAY,
  PAYMENTS_BY_ID,
  type Position,
  type Range,
  rowsOf,
  type SourceName,
} from './list-statements.ts';

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
  readonly keyKind: Row<'payments'>['keyKind'];
  readonly filter: PaymentFilter;
  /** Only payments before this one in the list's order. */
  readonly before: Position | null;
  readonly limit: number;
}

export type { Position };

export interface ListedPayment {
  readonly payment: Row<'payments'>;
  /** The current one. */
  readonly attempt: Row<'attempts'> | null;
}

export interface PaymentPage {
  readonly payments: readonly ListedPayment[];
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

export const EFFORT: Effort = { probed: 2000, scanned: 20_000, sorted: 100_000 };

/** Some rows of the table, read by one index; these values take the place of the filter's. */
interface Stretch {
  readonly source: SourceName;
  readonly values: Partial<Record<'gateway' | 'method' | 'flags', string>>;
}

const BEGINNING: Position = { at: 0, id: 0 };
const END: Position = { at: Number.MAX_SAFE_INTEGER, id: 0 };

export async function listPayments(on: Reader, input: ListInput, effort = EFFORT): Promise<PaymentPage> {
  const { page, next } = mergeFound([await findPositions(on, input, effort)], input.limit);
  return { payments: await readPayments(on, page), next };
}

/** The first of a stretch of the list, in its order. */
export interface Found {
  /** One more than the limit where there are so many. */
  readonly rows: readonly Position[];
  /** How far was looked, itself included; null: to the end. */
  readonly floor: Position | null;
}

/** One page out of what was found in several places. Nothing below the highest floor is shown: more may lie between. */
export function mergeFound(
  found: readonly Found[],
  limit: number,
): { readonly page: readonly Position[]; readonly next: Position | null } {
  const floor =
    found
      .flatMap((one) => one.floor ?? [])
      .sort(compare)
      .at(-1) ?? null;
  const rows = found
    .flatMap((one) => one.rows)
    .filter((row) => floor === null || compare(row, floor) >= 0)
    .sort((a, b) => compare(b, a));
  // Of a search the same payment may be found in two ways.
  const unique = rows.filter(({ id }, at) => rows[at - 1]?.id !== id);
  const page = unique.slice(0, limit);
  return { page, next: unique.length > limit ? (page.at(-1) ?? null) : floor };
}

export async function findPositions(on: Reader, input: ListInput, effort = EFFORT): Promise<Found> {
  const { filter } = input;
  // PostgreSQL takes no text with this sign in it, and none is stored on either engine.
  if (Object.values(filter).some((value) => String(value).includes('\0'))) return { rows: [], floor: null };
  const range = rangeOf(input);
  const { stretches, isSmall } = await chooseStretches(on, input, range, effort);
  const share = Math.ceil(effort.scanned / Math.max(1, stretches.length));
  const isAnswered = stretches.every(({ source }) => listUnanswered(source, filter).length === 0);
  const floor = isSmall || isAnswered ? null : await findFloor(on, stretches, range, share);
  const rows = await readRows(on, stretches, floor ? { ...range, lowAt: floor.at, lowId: floor.id } : range, input);
  return { rows, floor };
}

export async function readPayments(on: Reader, page: readonly Position[]): Promise<readonly ListedPayment[]> {
  if (page.length === 0) return [];
  const payments = await on.all(PAYMENTS_BY_ID, { ids: JSON.stringify(page.map(({ id }) => id)) });
  const attemptIds = payments.flatMap(({ attemptId }) => attemptId ?? []);
  const attempts = attemptIds.length === 0 ? [] : await on.all(ATTEMPTS_BY_ID, { ids: JSON.stringify(attemptIds) });
  const attemptById = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  return page.flatMap(({ id }) => {
    const payment = byId.get(id);
    return payment ? { payment, attempt: attemptById.get(payment.attemptId ?? 0) ?? null } : [];
  });
}

/** The payments of one key between two positions, the lower one included. */
function rangeOf({ projectId, keyKind, filter, before }: ListInput): Range {
  const end = { at: filter.to ?? END.at, id: 0 };
  const high = before && compare(before, end) < 0 ? before : end;
  const low = { ...BEGINNING, at: filter.from ?? BEGINNING.at };
  const { status, gateway, method, flag, number } = filter;
  return {
    ...{ projectId, keyKind, lowAt: low.at, lowId: low.id, highAt: high.at, highId: high.id },
    ...{ status, gateway, method, flag, number },
  };
}

export function compare(a: Position, b: Position): number {
  return a.at - b.at || a.id - b.id;
}

interface Choice {
  readonly stretches: readonly Stretch[];
  /** So few rows that every one of them can be looked at. */
  readonly isSmall: boolean;
}

/** The stretches that leave the fewest rows; they are counted only as far as it matters. */
async function chooseStretches(on: Reader, { filter }: ListInput, range: Range, effort: Effort): Promise<Choice> {
  const searched = filter.number === undefined ? null : await searchNumber(on, range, filter, effort);
  if (searched) return { stretches: searched, isSmall: true };
  const [first, ...others] = await listSources(on, range, filter);
  if (!first) throw new Error('there is always the index by time');
  if (others.length === 0) return { stretches: first, isSmall: false };
  let best = { stretches: first, rows: await countRows(on, first, range, effort.probed) };
  for (const stretches of others) {
    const rows = await countRows(on, stretches, range, effort.probed);
    if (rows < best.rows) best = { stretches, rows };
  }
  return { stretches: best.stretches, isSmall: best.rows < effort.probed };
}

/** What a filter can be read from. The first is the best guess where there is nothing between them. */
async function listSources(
  on: Reader,
  range: Range,
  { status, gateway, method, flag }: PaymentFilter,
): Promise<readonly (readonly Stretch[])[]> {
  const sources: (readonly Stretch[])[] = [];
  if (flag !== undefined) sources.push(await readByFlag(on, range, flag));
  if (gateway !== undefined || method !== undefined) sources.push(await readByMethod(on, range, { gateway, method }));
  // What is pending is in no index by status: it would have to be written again when it is paid.
  if (status !== undefined && status !== 'pending') sources.push([{ source: 'concluded', values: {} }]);
  return sources.length > 0 ? sources : [[{ source: 'time', values: {} }]];
}

/** Every way to pay that this key has payments of and that is asked for, each found by one step in the index. */
async function readByMethod(
  on: Reader,
  range: Range,
  { gateway, method }: { readonly gateway: string | undefined; readonly method: string | undefined },
): Promise<readonly Stretch[]> {
  const pairs =
    gateway === undefined
      ? (await on.all(GATEWAYS_OF_METHOD, range)).map(({ value }) => ({ gateway: value, method: method ?? '' }))
      : method === undefined
        ? (await on.all(METHODS_OF_GATEWAY, range)).map(({ value }) => ({ gateway, method: value }))
        : [{ gateway, method }];
  return pairs.map((values) => ({ source: 'method', values }));
}

/** Every set of flags that has this one in it, found in the same way. */
async function readByFlag(on: Reader, range: Range, flag: string): Promise<readonly Stretch[]> {
  const sets = await on.all(FLAG_SETS, range);
  return sets
    .filter(({ value }) => value.split(',').includes(flag))
    .map(({ value }) => ({ source: 'flags', values: { flags: value } }));
}

/** Payments by the start of a number, which stand in the order of that number; null: too many to be put in another. */
async function searchNumber(
  on: Reader,
  range: Range,
  { status, gateway, method, flag, number = '' }: PaymentFilter,
  { scanned, sorted }: Effort,
): Promise<readonly Stretch[] | null> {
  // What the index does not know has to be looked up row by row.
  const most = (status ?? gateway ?? method ?? flag) === undefined ? sorted : scanned;
  const hasRoom = async (source: 'orderNo' | 'paymentNo', room: number): Promise<boolean> => {
    const row = await on.get(COUNT_STARTS[source], { ...range, most: room });
    return (row?.found ?? 0) < room;
  };
  if (!(await hasRoom('orderNo', most))) return null;
  if (!isPaymentNo(number)) return [{ source: 'orderNo', values: {} }];
  if (!(await hasRoom('paymentNo', scanned))) return null;
  return [
    { source: 'orderNo', values: {} },
    { source: 'paymentNo', values: {} },
  ];
}

async function countRows(on: Reader, stretches: readonly Stretch[], range: Range, most: number): Promise<number> {
  let rows = 0;
  for (const { source, values } of stretches) {
    if (rows >= most) break;
    rows += (await on.get(countIn(source), { ...range, ...values, most: most - rows }))?.found ?? 0;
  }
  return rows;
}

/** Where to stop, so that no stretch has more than `share` rows above it; null: nothing is cut off. */
async function findFloor(
  on: Reader,
  stretches: readonly Stretch[],
  range: Range,
  share: number,
): Promise<Position | null> {
  const floors = await Promise.all(
    stretches.map(({ source, values }) => on.get(floorOf(source), { ...range, ...values, skipped: share - 1 })),
  );
  const known = floors.flatMap((floor) => floor ?? []);
  return known.sort(compare).at(-1) ?? null;
}

/** The newest rows of all stretches together that fit the whole filter. */
async function readRows(
  on: Reader,
  stretches: readonly Stretch[],
  range: Range,
  { filter, limit }: ListInput,
): Promise<readonly Position[]> {
  const most = limit + 1;
  const rows = await Promise.all(
    stretches.map(({ source, values }) => on.all(rowsOf(source, filter), { ...range, ...values, most })),
  );
  return rows
    .flat()
    .sort((a, b) => compare(b, a))
    .slice(0, most);
}
