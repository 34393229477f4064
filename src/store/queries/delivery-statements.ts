import { and, count, desc, eq, gte, inArray, type SQL, sql } from 'drizzle-orm';
import type { Kit, Row } from '../kit.ts';
import { type Statement, statement } from '../statement.ts';
import { isWaiting } from './deliveries.ts';

/** The statements that `delivery-list.ts` puts a page of notifications together with. */

/** The notifications of one project and kind of key between two places, the lower one included. */
export interface DeliveryRange extends Pick<Row<'outbox'>, 'projectId' | 'keyKind'> {
  readonly lowAt: number;
  readonly lowId: number;
  readonly highAt: number;
  readonly highId: number;
  readonly state: string | undefined;
  readonly event: string | undefined;
}

export type DeliveryAsked = 'state' | 'event';

/** An index, and what it answers by itself. */
interface Source {
  readonly index: string;
  readonly answers: readonly DeliveryAsked[];
  readonly where: (kit: Kit, p: DeliveryRange) => SQL | undefined;
}

/** The conditions of the partial indexes are repeated word for word: only then do both engines know that they apply. */
const SOURCES = {
  time: { index: 'outbox_by_time', answers: [], where: () => undefined },
  dead: { index: 'outbox_dead', answers: ['state'], where: ({ t: { outbox } }) => sql`${outbox.state} = 'dead'` },
  event: {
    index: 'outbox_of_event',
    answers: ['event'],
    where: ({ t: { outbox } }, p) => sql`${outbox.event} <> 'payment.paid' and ${outbox.event} = ${p.event}`,
  },
} as const satisfies Record<string, Source>;

export type DeliverySource = keyof typeof SOURCES;

/** What is asked for besides the time and what the index has answered. */
export function listUnanswered(
  source: DeliverySource,
  given: Pick<DeliveryRange, DeliveryAsked>,
): readonly DeliveryAsked[] {
  const { answers }: Source = SOURCES[source];
  return (['state', 'event'] as const).filter((name) => given[name] !== undefined && !answers.includes(name));
}

/** Given up, of one project and kind of key, made since a time. */
export function isGivenUp(
  { t: { outbox } }: Kit,
  p: Pick<Row<'outbox'>, 'projectId' | 'keyKind'> & { readonly since: number },
): SQL | undefined {
  return and(
    sql`${outbox.state} = 'dead'`,
    eq(outbox.projectId, p.projectId),
    eq(outbox.keyKind, p.keyKind),
    gte(outbox.createdAt, p.since),
  );
}

function isInRange({ t: { outbox } }: Kit, p: DeliveryRange): SQL | undefined {
  const { createdAt, id } = outbox;
  return and(
    eq(outbox.projectId, p.projectId),
    eq(outbox.keyKind, p.keyKind),
    sql`(${createdAt}, ${id}) >= (${p.lowAt}, ${p.lowId})`,
    sql`(${createdAt}, ${id}) < (${p.highAt}, ${p.highId})`,
  );
}

function selectPlaces(kit: Kit, p: DeliveryRange, name: DeliverySource, asked: readonly DeliveryAsked[] = []) {
  const { outbox } = kit.t;
  const { index, where }: Source = SOURCES[name];
  const wanted = asked.map((one) => sql`${outbox[one]} = ${p[one]}`);
  return kit.db
    .select({ at: outbox.createdAt, id: outbox.id })
    .from(kit.by(outbox, index))
    .where(and(where(kit, p), isInRange(kit, p), ...wanted))
    .orderBy(desc(outbox.createdAt), desc(outbox.id));
}

const made = new Map<string, unknown>();

/** Made when it is first asked for, and kept. */
function keep<Values extends object, Result>(
  key: string,
  make: () => Statement<Values, Result>,
): Statement<Values, Result> {
  const known = (made.get(key) as Statement<Values, Result> | undefined) ?? make();
  made.set(key, known);
  return known;
}

/** The place after `skipped` rows. */
export const floorOf = (source: DeliverySource) =>
  keep(`floor ${source}`, () =>
    statement((kit, p: DeliveryRange & { skipped: number }) => selectPlaces(kit, p, source).limit(1).offset(p.skipped)),
  );

/** The newest places that fit all that is asked. */
export const placesOf = (source: DeliverySource, asked: readonly DeliveryAsked[]) =>
  keep(`places ${source} ${asked.join(' ')}`, () =>
    statement((kit, p: DeliveryRange & { most: number }) => selectPlaces(kit, p, source, asked).limit(p.most)),
  );

const seen = ({ t: { outbox } }: Kit) => ({
  at: outbox.createdAt,
  id: outbox.id,
  projectId: outbox.projectId,
  keyKind: outbox.keyKind,
  event: outbox.event,
});

/** All that waits to be sent, of whatever project. */
export const WAITING = statement((kit, p: { most: number }) => {
  const { outbox } = kit.t;
  return kit.db.select(seen(kit)).from(kit.by(outbox, 'outbox_due')).where(isWaiting(kit)).limit(p.most);
});

/** All that is being sent. */
export const UNDER_WAY = statement((kit, p: { most: number }) => {
  const { outbox } = kit.t;
  return kit.db
    .select(seen(kit))
    .from(kit.by(outbox, 'outbox_leased'))
    .where(sql`${outbox.leasedBy} is not null`)
    .limit(p.most);
});

export const COUNT_DEAD = statement((kit, p: Parameters<typeof isGivenUp>[1] & { most: number }) => {
  const some = kit.db
    .select({ one: sql`1`.as('one') })
    .from(kit.by(kit.t.outbox, 'outbox_dead'))
    .where(isGivenUp(kit, p))
    .limit(p.most)
    .as('some');
  return kit.db.select({ found: count() }).from(some);
});

/** Asked of the payment one by one: this SQLite prepares a join anew for every value. */
function ofPayment<Name extends 'paymentNo' | 'merchantOrderNo'>({ db, t: { payments, outbox } }: Kit, name: Name) {
  const one = db
    .select({ [name]: payments[name] })
    .from(payments)
    .where(eq(payments.id, outbox.paymentId));
  return sql<string>`(${one})`;
}

/** All but the body, which may be long, and what is about the process that sends it. */
function listed(kit: Kit) {
  const { id, webhookId, paymentId, projectId, keyKind, event, about, url } = kit.t.outbox;
  const { state, tries, dueAt, leasedUntil, lastStatus, lastError, lastAnswer, createdAt } = kit.t.outbox;
  return {
    ...{ id, webhookId, paymentId, projectId, keyKind, event, about, url },
    ...{ state, tries, dueAt, leasedUntil, lastStatus, lastError, lastAnswer, createdAt },
    paymentNo: ofPayment(kit, 'paymentNo'),
    merchantOrderNo: ofPayment(kit, 'merchantOrderNo'),
  };
}

export const BY_ID = statement((kit, p: { ids: string }) =>
  kit.db
    .select(listed(kit))
    .from(kit.t.outbox)
    .where(inArray(kit.t.outbox.id, kit.elements(sql`${p.ids}`, 'number'))),
);

export const BY_WEBHOOK_ID = statement((kit, p: { webhookId: string }) =>
  kit.db
    .select({ ...listed(kit), body: kit.t.outbox.body })
    .from(kit.t.outbox)
    .where(eq(kit.t.outbox.webhookId, p.webhookId))
    .limit(1),
);

/** How tries to notify about a payment went, the last ones first. */
export const TRIES = statement(({ db, t: { events } }, p: { paymentId: number; most: number }) =>
  db
    .select({ type: events.type, data: events.data, at: events.at })
    .from(events)
    .where(
      and(eq(events.paymentId, p.paymentId), inArray(events.type, ['notification.delivered', 'notification.failed'])),
    )
    .orderBy(desc(events.id))
    .limit(p.most),
);
