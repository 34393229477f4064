import { and, eq, inArray, sql } from 'drizzle-orm';
import { discountPayment } from '../counters.ts';
import { statement } from '../statement.ts';
import { findRows, lockRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/**
 * Payments that anybody begins at payment links, without a key: what came to nothing is dropped. Those for which nothing
 * was ever opened at a gateway go first, since no money can come for them; the others when none comes any more. What was
 * paid, and whatever a person may have to look at, stays for ever.
 */
export interface UsePruning {
  /** Nothing was opened, and they ended before. */
  readonly unbegunBefore: number;
  /** They ended before, unpaid. */
  readonly endedBefore: number;
  /** Of each link so many are kept for which nothing was opened, the newest, whether they have ended or not. */
  readonly unbegunKept: number;
  /** At most so many at a time. */
  readonly limit: number;
}

const DUE = statement((kit, p: UsePruning) => {
  const { payments } = kit.t;
  const isUnbegun = sql`(${payments.attemptId} is null)`;
  const uses = kit.db
    .select({
      id: payments.id,
      isUnbegun: sql<number>`${isUnbegun}`.as('is_unbegun'),
      isOver: sql<number>`(${payments.status} <> 'pending')`.as('is_over'),
      updatedAt: payments.updatedAt,
      place:
        sql<number>`row_number() over (partition by ${payments.linkId}, ${isUnbegun} order by ${payments.id} desc)`.as(
          'place',
        ),
    })
    .from(kit.by(payments, 'payments_unpaid_uses'))
    .where(
      and(
        sql`${payments.linkId} is not null and ${payments.status} <> 'paid'`,
        sql`${payments.flags} = '' and ${payments.refunded} = 0`,
      ),
    )
    .as('uses');
  return kit.db
    .select({ id: uses.id })
    .from(uses)
    .where(
      sql`(${uses.isUnbegun} and (${uses.place} > ${p.unbegunKept} or (${uses.isOver} and ${uses.updatedAt} <= ${p.unbegunBefore}))) or (${uses.isOver} and ${uses.updatedAt} <= ${p.endedBefore})`,
    )
    .orderBy(uses.id)
    .limit(p.limit);
});

const DROP_TERMS = statement(({ db, t }, p: { paymentId: number }) =>
  db.delete(t.searchTerms).where(eq(t.searchTerms.paymentId, p.paymentId)),
);
const DROP_EVENTS = statement(({ db, t }, p: { paymentId: number }) =>
  db.delete(t.events).where(eq(t.events.paymentId, p.paymentId)),
);
const DROP_NOTIFICATIONS = statement(({ db, t }, p: { paymentId: number }) =>
  db.delete(t.outbox).where(eq(t.outbox.paymentId, p.paymentId)),
);
const DROP_ATTEMPTS = statement(({ db, t }, p: { paymentId: number }) =>
  db.delete(t.attempts).where(and(eq(t.attempts.paymentId, p.paymentId), inArray(t.attempts.status, ['ended']))),
);
const DROP_PAYMENT = statement(({ db, t }, p: { paymentId: number }) =>
  db.delete(t.payments).where(eq(t.payments.id, p.paymentId)),
);

/** How many were dropped; as many as the limit: there may be more. */
export async function pruneUses(tx: Tx, pruning: UsePruning): Promise<number> {
  let dropped = 0;
  for (const { id } of await tx.all(DUE, pruning)) if (await dropUse(tx, id, pruning)) dropped += 1;
  return dropped;
}

/** Looked at again under its lock: a payer may have come back meanwhile. */
async function dropUse(tx: Tx, paymentId: number, { endedBefore }: UsePruning): Promise<boolean> {
  const payment = await lockRow(tx, 'payments', { id: paymentId });
  if (!payment || payment.status === 'paid' || payment.flags.length > 0 || payment.refunded > 0) return false;
  const attempts = await findRows(tx, 'attempts', { paymentId });
  if (attempts.some(({ status }) => status !== 'ended')) return false;
  // Money may still come for what was opened once.
  if (attempts.length > 0 && (payment.status === 'pending' || payment.updatedAt > endedBefore)) return false;
  const notifications = await findRows(tx, 'outbox', { paymentId });
  if (notifications.some(({ state }) => state === 'pending')) return false;
  for (const drop of [DROP_TERMS, DROP_NOTIFICATIONS, DROP_EVENTS]) await tx.run(drop, { paymentId });
  if (attempts.length > 0) await tx.run(DROP_ATTEMPTS, { paymentId });
  await tx.run(DROP_PAYMENT, { paymentId });
  discountPayment(tx, payment);
  return true;
}
