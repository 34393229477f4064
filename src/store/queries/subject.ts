import { and, eq, getTableColumns, inArray, ne, sql } from 'drizzle-orm';
import { ALIVE } from '../../core/attempt.ts';
import type { Kit, Row } from '../kit.ts';
import { statement } from '../statement.ts';

/** What the rules of a payment's life look at. */

const paymentOf = (kit: Kit, attemptId: number) =>
  eq(
    kit.t.payments.id,
    sql`(${kit.db
      .select({ id: kit.t.attempts.paymentId })
      .from(kit.t.attempts)
      .where(eq(kit.t.attempts.id, attemptId))})`,
  );

/** The payment of an attempt, to be changed: it is locked before its attempts are. */
export const PAYMENT_OF_ATTEMPT = statement((kit, p: { attemptId: number }) =>
  kit.locked(kit.db.select().from(kit.t.payments).where(paymentOf(kit, p.attemptId))),
);

/** Whether a payment is still as it was read before: everything that the rules look at raises its revision. Locked. */
export const REVISION = statement(({ db, locked, t: { payments } }, p: { id: number }) =>
  locked(db.select({ revision: payments.revision }).from(payments).where(eq(payments.id, p.id))),
);

/** What the schedule changes of an attempt without raising the revision. Locked. */
export const SCHEDULE = statement(({ db, locked, t: { attempts } }, p: { id: number }) =>
  locked(
    db
      .select({
        checkAt: attempts.checkAt,
        syncTries: attempts.syncTries,
        notFoundCount: attempts.notFoundCount,
      })
      .from(attempts)
      .where(eq(attempts.id, p.id)),
  ),
);

/** Any payment of the order, however it ended. */
export const ANY_OF_ORDER = statement((kit, p: OrderKey) => {
  const { payments } = kit.t;
  return kit.db.select({ id: payments.id }).from(kit.by(payments, 'payments_by_order')).where(isOrder(kit, p)).limit(1);
});

/** Another payment of the same order that is paid already. Without the hint SQLite would go through all that are paid. */
export const PAID_ELSEWHERE = statement((kit, p: OrderKey & { id: number }) => {
  const { payments } = kit.t;
  return kit.db
    .select({ id: payments.id })
    .from(kit.by(payments, 'payments_by_order'))
    .where(and(isOrder(kit, p), eq(payments.status, 'paid'), ne(payments.id, p.id)))
    .limit(1);
});

export type OrderKey = Pick<Row<'payments'>, 'projectId' | 'merchantOrderNo' | 'keyKind' | 'livemode'>;

export function isOrder({ t: { payments } }: Kit, key: OrderKey) {
  return and(
    eq(payments.projectId, key.projectId),
    eq(payments.merchantOrderNo, key.merchantOrderNo),
    eq(payments.keyKind, key.keyKind),
    eq(payments.livemode, key.livemode),
  );
}

/** The payment that owns an order: the paid one before the pending one. Failed and expired ones own nothing. */
export const ORDER_HOLDER = statement((kit, p: OrderKey) => {
  const { payments } = kit.t;
  return kit.db
    .select(getTableColumns(payments))
    .from(kit.by(payments, 'payments_by_order'))
    .where(and(isOrder(kit, p), sql`(${eq(payments.holdsOrder, true)} or ${eq(payments.status, 'paid')})`))
    .orderBy(sql`${payments.status} = 'paid' desc`)
    .limit(1);
});

/** Another attempt of the payment that can still be paid. */
export const OTHER_ALIVE = statement(({ db, t }, p: { paymentId: number; id: number }) =>
  db
    .select({ id: t.attempts.id })
    .from(t.attempts)
    .where(and(eq(t.attempts.paymentId, p.paymentId), ne(t.attempts.id, p.id), inArray(t.attempts.status, [...ALIVE])))
    .limit(1),
);
