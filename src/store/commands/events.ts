import { count, eq, sql } from 'drizzle-orm';
import type { Actor } from '../../core/actor.ts';
import type { NewRow } from '../schema/rows.ts';
import type { AdminEventType, CallbackOutcome, Data, EventType } from '../schema/values.ts';
import { statement } from '../statement.ts';
import { insertRows } from '../table.ts';
import type { Tx } from '../tx.ts';

/** The timeline of a payment. */

export interface NewEvent extends Partial<KeptCallback> {
  readonly paymentId: number;
  readonly attemptId: number | null;
  readonly type: EventType;
  /** Small and without secrets: it is shown to the merchant as it is. */
  readonly data: Data;
  readonly at: number;
}

/** The callback that an event came by, as it came. */
export interface KeptCallback {
  /** SHA-256 of the body. */
  readonly digest: Uint8Array;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly outcome: CallbackOutcome;
}

/** A timeline grows no longer than this; callbacks could otherwise be repeated without end. */
const MAX_EVENTS_PER_PAYMENT = 2000;

/** What changes a status happens only so often, and must not be missing; nor must the bytes of a callback. */
const LASTING: ReadonlySet<EventType> = new Set<EventType>([
  'payment.created',
  'payment.paid',
  'payment.failed',
  'payment.expired',
  'attempt.opened',
  'attempt.ended',
  'refund.created',
  'refund.settled',
]);

const COUNT = statement(({ db, t }, p: { paymentId: number; most: number }) => {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(t.events)
    .where(eq(t.events.paymentId, p.paymentId))
    .limit(p.most)
    .as('some');
  return db.select({ found: count() }).from(some);
});

/**
 * Puts events on the timeline in their order, all in one statement: the columns of the first are those of all, so it is the
 * first that may carry a callback. What may be repeated without end is left out when there is no room.
 */
export async function recordEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  const [first] = events;
  if (!first) return;
  const isKept = events.some(({ type, digest }) => LASTING.has(type) || digest !== undefined);
  const isFull = !isKept && (await isTimelineFull(tx, first.paymentId));
  if (!isFull) await insertRows(tx, 'events', events satisfies readonly NewRow<'events'>[]);
}

export function recordEvent(tx: Tx, event: NewEvent): Promise<void> {
  return recordEvents(tx, [event]);
}

/** What a person at the desk decided, before what comes of it. Of keys and payers only that is told. */
export async function recordDecision(
  tx: Tx,
  by: Actor,
  decision: Omit<NewEvent, 'type'> & { readonly type: AdminEventType },
): Promise<void> {
  if (by.type === 'person') await recordEvent(tx, { ...decision, data: { ...decision.data, by } });
}

async function isTimelineFull(tx: Tx, paymentId: number): Promise<boolean> {
  const row = await tx.get(COUNT, { paymentId, most: MAX_EVENTS_PER_PAYMENT });
  return (row?.found ?? 0) >= MAX_EVENTS_PER_PAYMENT;
}
