import { and, desc, eq, isNotNull, lt, sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';
import { attemptOf, type TimelineEntry, type TimelineEvent } from './timeline.ts';

/** What a person sees of one payment. */

export interface DeskPage {
  /** Id of an entry; null: the last ones of all. */
  readonly before: number | null;
  readonly limit: number;
  /** Longer bodies are left out: they are for a page of their own. */
  readonly maxBody: number;
}

/** An entry with the callback that it came by; without one, `size` is null. */
export interface DeskEntry
  extends TimelineEntry,
    Pick<Row<'events'>, 'contentType' | 'outcome' | 'seen' | 'body' | 'attemptId'> {
  /** Bytes. */
  readonly size: number | null;
}

interface Page {
  readonly paymentId: number;
  readonly before: number;
  readonly limit: number;
  readonly maxBody: number;
}

const PAGE = statement((kit, p: Page) => {
  const { events } = kit.t;
  const size = sql<number | null>`length(${events.body})`;
  return kit.db
    .select({
      id: events.id,
      type: events.type,
      gateway: attemptOf(kit, 'gateway'),
      gatewayOrderNo: attemptOf(kit, 'gatewayOrderNo'),
      attemptId: events.attemptId,
      data: events.data,
      at: events.at,
      contentType: events.contentType,
      outcome: events.outcome,
      seen: events.seen,
      size,
      body: sql<Uint8Array | null>`case when ${size} <= ${p.maxBody} then ${events.body} end`.mapWith(events.body),
    })
    .from(events)
    .where(and(eq(events.paymentId, p.paymentId), lt(events.id, p.before)))
    .orderBy(desc(events.id))
    .limit(p.limit);
});

/** In the order of happening, the last ones before `before`. */
export async function listDeskTimeline(
  on: Reader,
  paymentId: number,
  { before, limit, maxBody }: DeskPage,
): Promise<readonly DeskEntry[]> {
  const entries = await on.all(PAGE, { paymentId, before: before ?? Number.MAX_SAFE_INTEGER, limit, maxBody });
  return entries.toReversed();
}

const LATEST = statement(({ db, t: { events } }, p: { paymentId: number; limit: number }) =>
  db
    .select({ type: events.type, attemptId: events.attemptId, data: events.data, at: events.at })
    .from(events)
    .where(eq(events.paymentId, p.paymentId))
    .orderBy(desc(events.id))
    .limit(p.limit),
);

/** Newest first. */
export function listLatestEvents(on: Reader, paymentId: number, limit: number): Promise<readonly TimelineEvent[]> {
  return on.all(LATEST, { paymentId, limit });
}

export interface CallbackBody {
  readonly body: Uint8Array;
  readonly at: number;
}

const BODY = statement(({ db, t: { events } }, p: { paymentId: number; eventId: number }) =>
  db
    .select({ body: events.body, at: events.at })
    .from(events)
    .where(and(eq(events.id, p.eventId), eq(events.paymentId, p.paymentId), isNotNull(events.body))),
);

/** Null when the payment has no such event, or it came by no callback. */
export async function findCallbackBody(on: Reader, paymentId: number, eventId: number): Promise<CallbackBody | null> {
  const row = await on.get(BODY, { paymentId, eventId });
  return row?.body ? { body: row.body, at: row.at } : null;
}

export type SentNotification = Pick<
  Row<'outbox'>,
  | 'id'
  | 'webhookId'
  | 'event'
  | 'about'
  | 'url'
  | 'state'
  | 'tries'
  | 'dueAt'
  | 'leasedUntil'
  | 'lastStatus'
  | 'lastError'
  | 'createdAt'
  | 'updatedAt'
>;

const NOTIFICATIONS = statement(({ db, t: { outbox } }, p: { paymentId: number; limit: number }) =>
  db
    .select({
      id: outbox.id,
      webhookId: outbox.webhookId,
      event: outbox.event,
      about: outbox.about,
      url: outbox.url,
      state: outbox.state,
      tries: outbox.tries,
      dueAt: outbox.dueAt,
      leasedUntil: outbox.leasedUntil,
      lastStatus: outbox.lastStatus,
      lastError: outbox.lastError,
      createdAt: outbox.createdAt,
      updatedAt: outbox.updatedAt,
    })
    .from(outbox)
    .where(eq(outbox.paymentId, p.paymentId))
    .orderBy(desc(outbox.id))
    .limit(p.limit),
);

/** Newest first. */
export function listNotifications(on: Reader, paymentId: number, limit: number): Promise<readonly SentNotification[]> {
  return on.all(NOTIFICATIONS, { paymentId, limit });
}
