import type { NotificationEvent } from '../../core/payment.ts';
import type { Row } from '../kit.ts';
import type { OutboxState } from '../schema/values.ts';
import type { Reader } from '../tx.ts';
import {
  BY_ID,
  BY_WEBHOOK_ID,
  COUNT_DEAD,
  type DeliveryRange,
  type DeliverySource,
  floorOf,
  listUnanswered,
  placesOf,
  TRIES,
  UNDER_WAY,
  WAITING,
} from './delivery-statements.ts';
import type { Position } from './list-statements.ts';

/**
 * Notifications as a desk lists them, newest first: of each project a stretch of one index, merged. Where the index does
 * not answer all that is asked only so many rows are gone through: a page may be short, or empty, and still have a next one.
 */
export interface DeliveryQuery {
  readonly projectIds: readonly number[];
  readonly keyKinds: readonly Row<'outbox'>['keyKind'][];
  readonly state?: OutboxState;
  readonly event?: NotificationEvent;
  /** Made at or after; 0: all. */
  readonly since: number;
  /** Only those before this one in the list's order. */
  readonly before: Position | null;
  readonly limit: number;
}

export interface ListedDelivery extends Omit<Row<'outbox'>, 'body' | 'target' | 'leasedBy' | 'updatedAt'> {
  readonly paymentNo: string;
  readonly merchantOrderNo: string;
}

export interface DeliveryPage {
  readonly deliveries: readonly ListedDelivery[];
  /** `before` of the next page; null: this was the last one. */
  readonly next: Position | null;
}

/** How much is done for one page. */
export interface DeliveryEffort {
  /** Rows that are gone through in search of those that fit. */
  readonly scanned: number;
  /** Of so many that wait at most every one is looked at; they stand in the order in which they are due. */
  readonly sorted: number;
}

const EFFORT: DeliveryEffort = { scanned: 20_000, sorted: 2000 };
const END: Position = { at: Number.MAX_SAFE_INTEGER, id: 0 };

export async function listDeliveries(on: Reader, query: DeliveryQuery, effort = EFFORT): Promise<DeliveryPage> {
  const waiting = query.state === 'pending' ? await findWaiting(on, query, effort.sorted) : null;
  const { places, floor } = waiting ? { places: waiting, floor: null } : await findPlaces(on, query, effort.scanned);
  const page = places.slice(0, query.limit);
  const rows = page.length === 0 ? [] : await on.all(BY_ID, { ids: JSON.stringify(page.map(({ id }) => id)) });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    deliveries: page.flatMap(({ id }) => byId.get(id) ?? []),
    next: places.length > query.limit ? (page.at(-1) ?? null) : floor,
  };
}

const newestFirst = (a: Position, b: Position): number => b.at - a.at || b.id - a.id;

/** Null: there are too many to look at each. */
async function findWaiting(on: Reader, query: DeliveryQuery, most: number): Promise<readonly Position[] | null> {
  const all = [...(await on.all(WAITING, { most })), ...(await on.all(UNDER_WAY, { most }))];
  if (all.length >= most) return null;
  const { projectIds, keyKinds, event, since, before } = query;
  return all
    .filter((one) => projectIds.includes(one.projectId) && keyKinds.includes(one.keyKind) && one.at >= since)
    .filter((one) => event === undefined || one.event === event)
    .filter((one) => before === null || newestFirst(before, one) < 0)
    .sort(newestFirst);
}

async function findPlaces(on: Reader, query: DeliveryQuery, scanned: number) {
  const source = chooseSource(query);
  const ranges = listGroups(query).map((group) => rangeOf(query, group));
  const asked = listUnanswered(source, { state: query.state, event: query.event });
  const share = Math.ceil(scanned / Math.max(1, ranges.length));
  const floors =
    asked.length === 0 ? [] : await Promise.all(ranges.map((range) => findFloor(on, source, range, share)));
  const [floor = null] = floors.flatMap((one) => one ?? []).sort(newestFirst);
  const most = query.limit + 1;
  const found = await Promise.all(
    ranges.map((range) =>
      on.all(placesOf(source, asked), { ...range, ...(floor ? { lowAt: floor.at, lowId: floor.id } : {}), most }),
    ),
  );
  return { places: found.flat().sort(newestFirst).slice(0, most), floor };
}

function findFloor(on: Reader, source: DeliverySource, range: DeliveryRange, share: number): Promise<Position | null> {
  return on.get(floorOf(source), { ...range, skipped: share - 1 });
}

/** The usual event is nearly all there is, and so is what was delivered: neither is worth an index. */
function chooseSource({ state, event }: DeliveryQuery): DeliverySource {
  if (event !== undefined && event !== 'payment.paid') return 'event';
  return state === 'dead' ? 'dead' : 'time';
}

function rangeOf({ since, before, state, event }: DeliveryQuery, group: Group): DeliveryRange {
  const high = before ?? END;
  return { ...group, lowAt: since, lowId: 0, highAt: high.at, highId: high.id, state, event };
}

export type DeadCount = Pick<DeliveryQuery, 'projectIds' | 'keyKinds' | 'since'>;

type Group = Pick<Row<'outbox'>, 'projectId' | 'keyKind'>;

function listGroups({ projectIds, keyKinds }: Pick<DeliveryQuery, 'projectIds' | 'keyKinds'>): readonly Group[] {
  return projectIds.flatMap((projectId) => keyKinds.map((keyKind) => ({ projectId, keyKind })));
}

/** How many were given up, counted up to `most`. */
export async function countDead(on: Reader, wanted: DeadCount, most: number): Promise<number> {
  let found = 0;
  for (const group of listGroups(wanted)) {
    if (found >= most) break;
    found += (await on.get(COUNT_DEAD, { ...group, since: wanted.since, most: most - found }))?.found ?? 0;
  }
  return found;
}

export type Delivery = ListedDelivery & Pick<Row<'outbox'>, 'body'>;

export function findDelivery(on: Reader, webhookId: string): Promise<Delivery | null> {
  return on.get(BY_WEBHOOK_ID, { webhookId });
}

export type DeliveryTry = Pick<Row<'events'>, 'type' | 'data' | 'at'>;

/** How tries to notify about a payment went, the last ones first. */
export function listTries(on: Reader, paymentId: number, most: number): Promise<readonly DeliveryTry[]> {
  return on.all(TRIES, { paymentId, most });
}
