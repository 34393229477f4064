import type { ActorType } from '../../core/actor.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { TimelineEntry } from '../../store/queries/timeline.ts';

/** Who or what an entry of a timeline comes from, under a name that people know. */
export interface NamedActor {
  readonly type: ActorType;
  readonly name: string | null;
}

export type NameActor = (entry: TimelineEntry) => NamedActor;

/** Names those of a payment's entries; the keys among them are looked up once each. */
export async function nameActors(
  { store }: Pick<Deps, 'store'>,
  payment: Payment,
  entries: readonly TimelineEntry[],
): Promise<NameActor> {
  const ids = new Set(entries.flatMap(({ data }) => readKeyId(data.by) ?? []));
  const hints: Hints = new Map(
    await Promise.all([...ids].map(async (id) => [id, await store.findKeyHint(id)] as const)),
  );
  return (entry) =>
    readRecorded(hints, entry.data.by) ?? nameActor(guessActor(payment, entry), entry.gateway ?? payment.gateway);
}

/** Whoever was written down; null: nobody was. */
export async function nameRecorded({ store }: Pick<Deps, 'store'>, by: unknown): Promise<NamedActor | null> {
  const id = readKeyId(by);
  return readRecorded(new Map(id === null ? [] : [[id, await store.findKeyHint(id)]]), by);
}

/** First letters of API keys, by id. */
type Hints = ReadonlyMap<number, string | null>;

function readKeyId(by: unknown): number | null {
  const { type, id } = (by ?? {}) as { type?: unknown; id?: unknown };
  return type === 'api_key' && typeof id === 'number' ? id : null;
}

function readRecorded(hints: Hints, by: unknown): NamedActor | null {
  const { type, name } = (by ?? {}) as { type?: unknown; name?: unknown };
  if (type === 'payer' || type === 'operator') return nameActor(type, '');
  if (type === 'person') return { type, name: typeof name === 'string' ? name : null };
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
  'admin.sync': 'person',
  'admin.resend': 'person',
  'admin.cancel': 'person',
  'admin.refund': 'person',
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
