import { and, asc, inArray, sql } from 'drizzle-orm';
import type { Actor } from '../../../core/actor.ts';
import type { NotificationEvent } from '../../../core/payment.ts';
import type { Row } from '../../kit.ts';
import { isGivenUp } from '../../queries/delivery-statements.ts';
import type { Position } from '../../queries/list-statements.ts';
import { statement } from '../../statement.ts';
import { lockRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { recordDecision } from '../events.ts';
import { closeOfPayment } from '../troubles.ts';
import { NO_LEASE } from './leases.ts';

export interface Resending {
  readonly by: Actor;
  /** One notification out of all that were written about the payment; that it was paid when left out. */
  readonly webhookId?: string;
}

export interface Resent {
  readonly event: NotificationEvent;
  readonly webhookId: string;
  /** It is on its way to the shop at this very moment: nothing had to be changed. */
  readonly underWay: boolean;
}

/**
 * Makes a notification of a payment due at once, as if it were new: should the shop not take it, it is tried again over
 * the next days. Null when none was ever written.
 */
export async function resendNotification(
  tx: Tx,
  paymentId: number,
  { by, webhookId: wanted }: Resending,
  now: number,
): Promise<Resent | null> {
  const which = wanted === undefined ? ({ event: 'payment.paid', about: '' } as const) : { webhookId: wanted };
  return makeDue(tx, await lockRow(tx, 'outbox', { paymentId, ...which }), by, now);
}

/** The same for any notification, by the id under which the shop knows it. */
export async function resendDelivery(tx: Tx, webhookId: string, by: Actor, now: number): Promise<Resent | null> {
  return makeDue(tx, await lockRow(tx, 'outbox', { webhookId }), by, now);
}

/** The same where it was given up. Null when it is not any more: of two who press at once it is the other's doing. */
export async function resendIfDead(tx: Tx, outboxId: number, by: Actor, now: number): Promise<Resent | null> {
  const row = await lockRow(tx, 'outbox', { id: outboxId });
  return row?.state === 'dead' ? makeDue(tx, row, by, now) : null;
}

async function makeDue(tx: Tx, row: Row<'outbox'> | null, by: Actor, now: number): Promise<Resent | null> {
  if (!row) return null;
  const { id, paymentId, event, webhookId, leasedUntil } = row;
  // Nobody sends what was leased to a process that is gone.
  const underWay = leasedUntil !== null && leasedUntil > now;
  if (!underWay) {
    const lease = leasedUntil === null ? {} : NO_LEASE;
    await patchRow(tx, 'outbox', id, { ...lease, state: 'pending', tries: 0, dueAt: now, updatedAt: now });
    // At once, not afterwards: should it die again by then, that is new trouble and has to stay.
    await closeOfPayment(tx, 'notification_dead', paymentId, webhookId, now);
  }
  const data = { event, webhook_id: webhookId };
  await recordDecision(tx, by, { paymentId, attemptId: null, type: 'admin.resend', data, at: now });
  return { event, webhookId, underWay };
}

/** Which notifications that were given up are meant. */
export interface DeadScope extends Pick<Row<'outbox'>, 'projectId' | 'keyKind'> {
  /** Made at or after; 0: all. */
  readonly since: number;
}

export interface DeadBatch extends DeadScope {
  /** Only those behind it, in the order in which they were made. */
  readonly after: Position;
  readonly now: number;
  readonly limit: number;
}

// What another process is at is left to it: whoever locks it is sending it again, too.
const RESEND = statement((kit, p: Omit<DeadBatch, 'after'> & { afterAt: number; afterId: number }) => {
  const { outbox } = kit.t;
  const dead = kit.db.$with('dead').as(
    kit.claimed(
      kit.db
        .select({ id: sql<number>`${outbox.id}`.as('id') })
        .from(kit.by(outbox, 'outbox_dead'))
        .where(and(isGivenUp(kit, p), sql`(${outbox.createdAt}, ${outbox.id}) > (${p.afterAt}, ${p.afterId})`))
        .orderBy(asc(outbox.createdAt), asc(outbox.id))
        .limit(p.limit),
    ),
  );
  return kit.db
    .with(dead)
    .update(outbox)
    .set({ state: 'pending', tries: 0, dueAt: p.now, updatedAt: p.now })
    .where(inArray(outbox.id, kit.db.select({ id: dead.id }).from(dead)))
    .returning({ at: outbox.createdAt, id: outbox.id });
});

/**
 * The oldest of those that were given up are due at once, as if they were new; what waits already stays as it is. Gives
 * where they stand, the last one last: the next batch goes on there, or one that a forbidden address ends at once would come
 * again and again.
 */
export async function resendDead(tx: Tx, { after, ...batch }: DeadBatch): Promise<readonly Position[]> {
  const sent = await tx.all(RESEND, { ...batch, afterAt: after.at, afterId: after.id });
  // RETURNING promises no order.
  return sent.sort((a, b) => a.at - b.at || a.id - b.id);
}
