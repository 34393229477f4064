import { and, desc, eq, exists, getTableColumns, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Attempt } from '../../core/attempt.ts';
import { ALIVE, isMoneyMoving } from '../../core/attempt.ts';
import type { LedgerPayment } from '../../core/lifecycle/state.ts';
import type { Payment } from '../../core/payment.ts';
import { hasSame } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

/** Finding payments and attempts. */

export interface PaymentWithAttempt {
  readonly payment: LedgerPayment;
  /** The current one. */
  readonly attempt: Attempt | null;
}

/** An attempt that was searched for, with its payment. */
export interface FoundAttempt {
  readonly payment: LedgerPayment;
  readonly attempt: Attempt;
}

export async function withAttempt(on: Reader, payment: LedgerPayment): Promise<PaymentWithAttempt> {
  const { attemptId } = payment;
  return { payment, attempt: attemptId === null ? null : await findRow(on, 'attempts', { id: attemptId }) };
}

export async function findPayment(on: Reader, paymentNo: string): Promise<PaymentWithAttempt | null> {
  const payment = await findRow(on, 'payments', { paymentNo });
  return payment && withAttempt(on, payment);
}

export function findPaymentById(on: Reader, id: number): Promise<Payment | null> {
  return findRow(on, 'payments', { id });
}

export function findAttempt(on: Reader, id: number): Promise<Attempt | null> {
  return findRow(on, 'attempts', { id });
}

const PAYMENT_OF_ORDER_NO = statement(({ db, t }, p: { gateway: string; orderNo: string }) => {
  const { payments, attempts } = t;
  const carrier = db
    .select({ id: attempts.paymentId })
    .from(attempts)
    .where(and(eq(attempts.gateway, p.gateway), eq(attempts.gatewayOrderNo, p.orderNo)));
  return db
    .select()
    .from(payments)
    .where(eq(payments.id, sql`(${carrier})`));
});

/**
 * The attempt that carries this number at the gateway, with its payment. Exact: numbers differ by letter case too. The
 * payment is read first: an attempt that is older than its payment would pass for one that has not changed since.
 */
export async function findByGatewayOrderNo(on: Reader, gateway: string, orderNo: string): Promise<FoundAttempt | null> {
  const payment = await on.get(PAYMENT_OF_ORDER_NO, { gateway, orderNo });
  const attempt = payment && (await findRow(on, 'attempts', { gateway, gatewayOrderNo: orderNo }));
  return attempt && { payment, attempt };
}

// The gateway that always repeats our number is not in the index.
const BY_TRADE_NO = statement(({ db, t }, p: { gateway: string; tradeNo: string }) =>
  db
    .select()
    .from(t.attempts)
    .where(
      and(
        eq(t.attempts.gateway, p.gateway),
        eq(t.attempts.gatewayTradeNo, p.tradeNo),
        sql`${t.attempts.gateway} <> 'ecpay'`,
      ),
    )
    .orderBy(desc(t.attempts.id))
    .limit(2),
);

/** The attempt the gateway gave this number to; null when there is none, or more than one. */
export async function findByGatewayTradeNo(on: Reader, gateway: string, tradeNo: string): Promise<FoundAttempt | null> {
  const [attempt, another] = await on.all(BY_TRADE_NO, { gateway, tradeNo });
  if (!attempt || another) return null;
  const payment = await findRow(on, 'payments', { id: attempt.paymentId });
  // Read again, after its payment.
  const now = payment && (await findRow(on, 'attempts', { id: attempt.id }));
  return now && { payment, attempt: now };
}

const OF_MERCHANT = statement((kit, p: { gateway: string; merchantId: string; merchantOrderNo: string }) => {
  const { db, t } = kit;
  // However many sets one project has for the merchant, each project is one step in an index.
  const any = db
    .select({ id: t.credentials.id })
    .from(t.credentials)
    .where(and(hasSame(t.credentials, p, 'gateway', 'merchantId'), eq(t.credentials.projectId, t.projects.id)));
  const projects = db.select({ id: t.projects.id }).from(t.projects).where(exists(any));
  return db
    .select(getTableColumns(t.payments))
    .from(kit.by(t.payments, 'payments_by_order'))
    .where(
      and(
        inArray(t.payments.projectId, projects),
        eq(t.payments.merchantOrderNo, p.merchantOrderNo),
        eq(t.payments.gateway, p.gateway),
      ),
    )
    .orderBy(desc(t.payments.holdsOrder), desc(t.payments.id))
    .limit(100);
});

/**
 * The payment that a merchant's gateway account knows under the shop's own order number: the one that holds the order,
 * else the newest. Null when two projects share account and number.
 */
export async function findByMerchantOrderNo(
  on: Reader,
  gateway: string,
  merchantId: string,
  merchantOrderNo: string,
): Promise<FoundAttempt | null> {
  const all = await on.all(OF_MERCHANT, { gateway, merchantId, merchantOrderNo });
  const credentials = await Promise.all(
    all.map(({ credentialId }) => (credentialId === null ? null : findRow(on, 'credentials', { id: credentialId }))),
  );
  const rows = all.filter((_, at) => credentials[at]?.merchantId === merchantId);
  const holders = rows.filter(({ holdsOrder }) => holdsOrder);
  const payment = holders[0] ?? rows[0];
  const isShared = rows.some(({ projectId }) => projectId !== payment?.projectId);
  if (!payment || isShared || holders.length > 1 || payment.attemptId === null) return null;
  const attempt = await findRow(on, 'attempts', { id: payment.attemptId });
  return attempt && { payment, attempt };
}

const OF_PAYMENT = statement(({ db, t }, p: { paymentId: number; limit: number }) => {
  const isAlive = inArray(t.attempts.status, [...ALIVE]);
  return db
    .select()
    .from(t.attempts)
    .where(eq(t.attempts.paymentId, p.paymentId))
    .orderBy(desc(isAlive), desc(isNotNull(t.attempts.instructions)), desc(t.attempts.id))
    .limit(p.limit);
});

const ALIVE_OF = statement(({ db, t }, p: { paymentId: number }) =>
  db
    .select()
    .from(t.attempts)
    .where(and(eq(t.attempts.paymentId, p.paymentId), inArray(t.attempts.status, [...ALIVE]))),
);

/** The attempt of a payment through which money may be moving. */
export async function findMoving(on: Reader, paymentId: number): Promise<Attempt | null> {
  return (await on.all(ALIVE_OF, { paymentId })).find(isMoneyMoving) ?? null;
}

/** Every attempt of a payment, those with a number first, then the newest. */
export function listAttempts(on: Reader, paymentId: number, limit: number): Promise<Attempt[]> {
  return on.all(OF_PAYMENT, { paymentId, limit });
}
