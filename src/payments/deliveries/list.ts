import { failValidation } from '../../core/errors.ts';
import type { Field } from '../../core/fields.ts';
import type { KeyKind, NotificationEvent } from '../../core/payment.ts';
import { PAGE_FIELDS, readPageQuery } from '../../core/payment-query.ts';
import { EVENTS } from '../../core/settings.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Delivery, DeliveryTry, ListedDelivery } from '../../store/queries/delivery-list.ts';
import type { OutboxState } from '../../store/schema/values.ts';
import { makeCursor, readCursor } from '../reports/cursor.ts';

/** Notifications to shops, and how they went. */

/** Whose. */
export interface DeliveryScope {
  /** Null: every project. */
  readonly projectId: number | null;
  /** Null: real money and tests. */
  readonly kind: KeyKind | null;
}

export function listKinds({ kind }: Pick<DeliveryScope, 'kind'>): readonly KeyKind[] {
  return kind === null ? ['live', 'test'] : [kind];
}

/** `waiting` may be under way at this moment. */
export type DeliveryState = 'waiting' | 'delivered' | 'dead';
export const DELIVERY_STATES: readonly DeliveryState[] = ['waiting', 'delivered', 'dead'];
const STORED: Readonly<Record<DeliveryState, OutboxState>> = {
  waiting: 'pending',
  delivered: 'delivered',
  dead: 'dead',
};

const MAX_DAYS = 3660;

/** Query of the list: checks are made from it. */
const FIELDS: readonly Field[] = [
  { name: 'state', type: 'string', oneOf: DELIVERY_STATES, description: 'Only notifications in this state.' },
  { name: 'event', type: 'string', oneOf: EVENTS, description: 'Only notifications of this event.' },
  { name: 'days', type: 'integer', min: 1, max: MAX_DAYS, description: 'Made within so many days.' },
  ...PAGE_FIELDS,
];

export interface DeliveryFilter {
  readonly state: DeliveryState | null;
  readonly event: NotificationEvent | null;
  readonly days: number | null;
}

export interface ShownDelivery extends Omit<ListedDelivery, 'state'> {
  readonly state: DeliveryState;
  readonly isUnderWay: boolean;
}

export interface DeliveryPage {
  readonly filter: DeliveryFilter;
  readonly deliveries: readonly ShownDelivery[];
  /** Null: this was the last page. A page may be empty and have a next one: only so many rows are gone through for one. */
  readonly nextCursor: string | null;
}

type Parts = Pick<Deps, 'store' | 'clock' | 'vault'>;

/** One page, newest first. Throws VALIDATION_FAILED with every bad field of the query. */
export async function listDeliveries(deps: Parts, scope: DeliveryScope, query: URLSearchParams): Promise<DeliveryPage> {
  const { values, limit, cursor, errors } = readPageQuery(query, FIELDS);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const filter = {
    state: (values.state as DeliveryState | undefined) ?? null,
    event: (values.event as NotificationEvent | undefined) ?? null,
    days: typeof values.days === 'number' ? values.days : null,
  };
  const { projectId, kind } = scope;
  const list = `deliveries ${projectId ?? 'all'} ${kind ?? 'all'}`;
  const [at = 0, id = 0] = cursor === null ? [] : readCursor(deps, list, cursor);
  const { deliveries, next } = await deps.store.listDeliveries({
    projectIds: await listProjectIds(deps, projectId),
    keyKinds: listKinds(scope),
    ...(filter.state ? { state: STORED[filter.state] } : {}),
    ...(filter.event ? { event: filter.event } : {}),
    since: filter.days === null ? 0 : deps.clock.now() - filter.days * DAY,
    before: cursor === null ? null : { at, id },
    limit,
  });
  return {
    filter,
    deliveries: deliveries.map((one) => show(deps, one)),
    nextCursor: next && makeCursor(deps, list, [next.at, next.id]),
  };
}

export async function listProjectIds(
  { store }: Pick<Deps, 'store'>,
  projectId: number | null,
): Promise<readonly number[]> {
  return projectId === null ? (await store.listProjects()).map(({ id }) => id) : [projectId];
}

const SHOWN = { pending: 'waiting', delivered: 'delivered', dead: 'dead' } as const;

function show<T extends ListedDelivery>({ clock }: Pick<Deps, 'clock'>, one: T) {
  const isUnderWay = one.leasedUntil !== null && one.leasedUntil > clock.now();
  return { ...one, state: SHOWN[one.state], isUnderWay };
}

/** Most tries that are shown of one notification. */
const TRIES = 50;

export interface DeliveryDetail extends Omit<Delivery, 'state'> {
  readonly state: DeliveryState;
  readonly isUnderWay: boolean;
  /** The last one first. */
  readonly history: readonly DeliveryTry[];
}

/** Null: there is none with this id. */
export async function findDelivery(
  deps: Pick<Deps, 'store' | 'clock'>,
  webhookId: string,
): Promise<DeliveryDetail | null> {
  // No id of ours is longer, and PostgreSQL takes no text with this sign in it.
  if (webhookId.length > 100 || webhookId.includes('\0')) return null;
  const found = await deps.store.findDelivery(webhookId);
  if (!found) return null;
  const tries = await deps.store.listTries(found.paymentId, TRIES);
  return { ...show(deps, found), history: tries.filter((one) => isAbout(one, found)) };
}

/** Tries from before the id was written down are told apart by their event alone. */
function isAbout({ data }: DeliveryTry, { webhookId, event }: Pick<Delivery, 'webhookId' | 'event'>): boolean {
  return data.webhook_id === undefined ? data.event === event : data.webhook_id === webhookId;
}
