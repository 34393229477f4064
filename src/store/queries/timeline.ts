import { and, eq, gt, sql } from 'drizzle-orm';
import type { Kit, Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

/** What happened to a payment, in the order in which it happened. */

type Event = Row<'events'>;

export interface TimelineEntry extends Pick<Event, 'id' | 'type' | 'data' | 'at'> {
  /** Gateway of the attempt it is about, and our number there. */
  readonly gateway: string | null;
  readonly gatewayOrderNo: string | null;
}

/** Asked of the attempt one by one: this SQLite prepares a join anew for every value. */
export function attemptOf<Name extends 'gateway' | 'gatewayOrderNo'>({ db, t: { attempts, events } }: Kit, name: Name) {
  const one = db
    .select({ [name]: attempts[name] })
    .from(attempts)
    .where(eq(attempts.id, events.attemptId));
  return sql<string | null>`(${one})`;
}

const PAGE = statement((kit, p: { paymentId: number; after: number; limit: number }) => {
  const { events } = kit.t;
  return kit.db
    .select({
      id: events.id,
      type: events.type,
      gateway: attemptOf(kit, 'gateway'),
      gatewayOrderNo: attemptOf(kit, 'gatewayOrderNo'),
      data: events.data,
      at: events.at,
    })
    .from(events)
    .where(and(eq(events.paymentId, p.paymentId), gt(events.id, p.after)))
    .orderBy(events.id)
    .limit(p.limit);
});

/** Entries after the one with the id `after`, 0 for the first of all. */
export function listTimeline(
  on: Reader,
  paymentId: number,
  after: number,
  limit: number,
): Promise<readonly TimelineEntry[]> {
  return on.all(PAGE, { paymentId, after, limit });
}

export type TimelineEvent = Pick<Event, 'type' | 'attemptId' | 'data' | 'at'>;

const ALL = statement(({ db, t: { events } }, p: { paymentId: number }) =>
  db
    .select({ type: events.type, attemptId: events.attemptId, data: events.data, at: events.at })
    .from(events)
    .where(eq(events.paymentId, p.paymentId))
    .orderBy(events.id),
);

export function listEvents(on: Reader, paymentId: number): Promise<readonly TimelineEvent[]> {
  return on.all(ALL, { paymentId });
}
