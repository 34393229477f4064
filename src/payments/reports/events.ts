import type { ActorType } from '../../core/actor.ts';
import { failValidation } from '../../core/errors.ts';
import type { Payment } from '../../core/payment.ts';
import { readPageQuery } from '../../core/payment-query.ts';
import { formatInstant } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { EventData } from '../../http/schema/event.ts';
import type { TimelineEntry } from '../../store/queries/timeline.ts';
import { makeCursor, readCursor } from './cursor.ts';

export interface Timeline {
  readonly events: readonly EventData[];
  /** Null: nothing has happened since. */
  readonly next_cursor: string | null;
}

/** One page of what happened to a payment, in the order of happening. Throws VALIDATION_FAILED. */
export async function listEvents(deps: Deps, payment: Payment, query: URLSearchParams): Promise<Timeline> {
  const { limit, cursor, errors } = readPageQuery(query);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const list = `events ${payment.paymentNo}`;
  const [after = 0] = cursor === null ? [] : readCursor(deps, list, cursor);
  const entries = await deps.store.listTimeline(payment.id, after, limit + 1);
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  const hints = await findHints(deps, page);
  return {
    events: page.map((entry) => serializeEvent(hints, payment, entry)),
    next_cursor: last && entries.length > limit ? makeCursor(deps, list, [last.id]) : null,
  };
}

/** First letters of API keys, by id. */
type Hints = ReadonlyMap<number, string | null>;

/** Of the keys that are named; many entries name the same. */
async function findHints({ store }: Pick<Deps, 'store'>, entries: readonly TimelineEntry[]): Promise<Hints> {
  const ids = new Set(entries.flatMap(({ data }) => readKeyId(data.by) ?? []));
  return new Map(await Promise.all([...ids].map(async (id) => [id, await store.findKeyHint(id)] as const)));
}

function readKeyId(by: unknown): number | null {
  const { type, id } = (by ?? {}) as { type?: unknown; id?: unknown };
  return type === 'api_key' && typeof id === 'number' ? id : null;
}

function serializeEvent(hints: Hints, payment: Payment, entry: TimelineEntry): EventData {
  const { by, ...data } = entry.data;
  return {
    type: entry.type,
    at: formatInstant(entry.at),
    by: readRecorded(hints, by) ?? nameActor(guessActor(payment, entry), entry.gateway ?? payment.gateway),
    gateway_order_no: entry.gatewayOrderNo,
    data,
  };
}

interface NamedActor {
  readonly type: ActorType;
  readonly name: string | null;
}

function readRecorded(hints: Hints, by: unknown): NamedActor | null {
  const { type, name } = (by ?? {}) as { readonly type?: unknown; readonly name?: unknown };
  if (type === 'payer' || type === 'operator') return nameActor(type, '');
  if (type === 'person') return { type, name: String(name) };
  const id = readKeyId(by);
  if (id === null) return null;
  const hint = hints.get(id) ?? null;
  return { type: 'api_key', name: hint === null ? null : `${hint}…` };
}

function nameActor(type: ActorType, gateway: string): NamedActor {
  return { type, name: type === 'gateway' ? gateway : null };
}

/** Where nobody was written down, the kind of event says whose doing it is. */
const USUAL: Readonly<Record<TimelineEntry['type'], ActorType>> = {
  'payment.created': 'api_key',
  'attempt.opened': 'payer',
  'attempt.ended': 'gateway',
  'gateway.request': 'paycore',
  'callback.accepted': 'gateway',
  'callback.refused': 'gateway',
  sync: 'paycore',
  'payment.paid': 'gateway',
  'payment.expired': 'paycore',
  'payment.failed': 'gateway',
  'refund.created': 'api_key',
  'refund.settled': 'gateway',
  'notification.delivered': 'paycore',
  'notification.failed': 'paycore',
  'admin.handled': 'person',
};

/** Ends that PayCore comes to by itself. */
const OWN_ENDS: readonly unknown[] = ['EXPIRED', 'GATEWAY_UNREACHABLE', 'SUPERSEDED'];

function guessActor(payment: Payment, { type, data, at }: TimelineEntry): ActorType {
  if (type === 'attempt.opened' && at === payment.createdAt) return 'api_key';
  if (USUAL[type] === 'gateway' && OWN_ENDS.includes(data.reason)) return 'paycore';
  if (type === 'refund.created' && data.source === 'gateway') return 'gateway';
  return USUAL[type];
}
