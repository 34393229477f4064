import type { Database } from 'bun:sqlite';
import type { Actor } from '../core/actor.ts';
import type { Attempt } from '../core/attempt.ts';
import { makePaymentNo, type Random } from '../core/ids.ts';
import type { Locale } from '../core/locale.ts';
import type { Payment } from '../core/payment.ts';
import { taipeiDay } from '../core/time.ts';
import { addEvent } from './events.ts';
import { countPayment } from './figures.ts';
import { ATTEMPT_COLUMNS, type AttemptRow, PAYMENT_COLUMNS, type PaymentRow, toAttempt, toPayment } from './rows.ts';

/** Made once: a text built anew on every call would have to be hashed anew to find its prepared statement. */
const PAYMENT_BY_NO = `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE payment_no = ?`;
const PAYMENT_BY_ID = `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = ?`;
// Without the hint SQLite would go through all paid payments of the project.
const ORDER_HOLDER = `SELECT ${PAYMENT_COLUMNS} FROM payments INDEXED BY payments_by_order
       WHERE project_id = ? AND merchant_order_no = ? AND key_kind = ? AND livemode = ?
         AND (holds_order = 1 OR status = 'paid')
       ORDER BY status = 'paid' DESC LIMIT 1`;
const ATTEMPT_BY_ID = `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE id = ?`;
const ATTEMPTS_BY_TRADE_NO = `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE gateway = ? AND gateway_trade_no = ?
       ORDER BY id DESC LIMIT 2`;
const ATTEMPT_BY_ORDER_NO = `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE gateway = ? AND gateway_order_no = ?`;

/** Finding and opening payments and attempts. What happens to them afterwards is in `facts.ts`. */

export interface NewPayment
  extends Pick<
    Payment,
    | 'projectId'
    | 'livemode'
    | 'keyKind'
    | 'merchantOrderNo'
    | 'gateway'
    | 'method'
    | 'mode'
    | 'environment'
    | 'amount'
    | 'currency'
    | 'unit'
    | 'order'
    | 'credentialId'
    | 'isCheckout'
    | 'closeAt'
  > {
  readonly now: number;
  /** What the timeline tells of its making besides. */
  readonly origin?: { readonly by: Actor; readonly link_no?: string };
}

export interface NewAttempt {
  readonly gatewayOrderNo: string;
  /** Taken instead while no other attempt at this gateway carries it. */
  readonly preferredOrderNo?: string;
  readonly locale: Locale;
  readonly gateway: string;
  readonly method: string;
  readonly mode: string;
  readonly credentialId: number;
  /** `unknown` when a gateway is about to be called: that is what the attempt is if we die during the call. */
  readonly status: 'open' | 'unknown';
  readonly deadline: number;
  readonly checkAt: number;
}

export interface PaymentWithAttempt {
  readonly payment: Payment;
  readonly attempt: Attempt | null;
}

/** An attempt and the payment it belongs to, whether or not it is the current one. */
export interface AttemptWithPayment {
  readonly payment: Payment;
  readonly attempt: Attempt;
}

export interface OpenedPayment extends PaymentWithAttempt {
  /** False: the order had one already, which is given back. */
  readonly created: boolean;
}

/** No page opens more attempts than this for one payment. */
export const MAX_ATTEMPTS = 50;

/** Inserts a payment, with its first attempt where the method is known, unless the order already has one that is pending or paid. */
export function openPayment(
  db: Database,
  input: NewPayment,
  attempt: NewAttempt | null,
  random: Random,
): OpenedPayment {
  const holder = findOrderHolder(db, input);
  if (holder) return { ...holder, created: false };
  const paymentNo = makePaymentNo(input.now, nextSequence(db, taipeiDay(input.now)), random);
  const row = db
    .query<PaymentRow, Record<string, string | number | null>>(
      `INSERT INTO payments (payment_no, project_id, livemode, key_kind, merchant_order_no, gateway, method, mode,
         environment, amount, currency, unit, status, holds_order, order_json, credential_id, is_checkout, close_at,
         created_at, updated_at)
       VALUES (:paymentNo, :projectId, :livemode, :keyKind, :orderNo, :gateway, :method, :mode,
         :environment, :amount, :currency, :unit, 'pending', 1, :order, :credentialId, :isCheckout, :closeAt, :now, :now)
       RETURNING ${PAYMENT_COLUMNS}`,
    )
    .get({
      paymentNo,
      projectId: input.projectId,
      livemode: input.livemode ? 1 : 0,
      keyKind: input.keyKind,
      orderNo: input.merchantOrderNo,
      gateway: input.gateway,
      method: input.method,
      mode: input.mode,
      environment: input.environment,
      amount: input.amount,
      currency: input.currency,
      unit: input.unit,
      order: JSON.stringify(input.order),
      credentialId: input.credentialId,
      isCheckout: input.isCheckout ? 1 : 0,
      closeAt: input.closeAt,
      now: input.now,
    });
  if (!row) throw new Error('SQLite returned no row for an INSERT … RETURNING');
  countPayment(db, toPayment(row));
  addEvent(db, {
    paymentId: row.id,
    attemptId: null,
    type: 'payment.created',
    data: { mode: input.mode, ...input.origin },
    at: input.now,
  });
  if (!attempt) return { payment: toPayment(row), attempt: null, created: true };
  const opened = insertAttempt(db, row, attempt, input.now);
  const payment = toPayment({ ...row, attempt_id: opened.id, revision: row.revision + 1 });
  return { payment, attempt: opened, created: true };
}

/** The way the payer has chosen, before anything is opened there; those chosen earlier are listened to all the same. */
export interface ChosenWay {
  readonly gateway: string;
  readonly method: string;
  readonly mode: string;
  readonly credentialId: number;
  /** An attempt of that way that can still be paid; null: there is none yet. */
  readonly attemptId: number | null;
}

/** False when the payment is over. */
export function chooseWay(db: Database, paymentId: number, way: ChosenWay, now: number): boolean {
  const { gateway, method, mode, credentialId, attemptId } = way;
  const result = db
    .query(
      `UPDATE payments SET gateway = ?, method = ?, mode = ?, credential_id = ?,
         environment = (SELECT environment FROM credentials WHERE id = ?), attempt_id = ?, revision = revision + 1,
         updated_at = ? WHERE id = ? AND status = 'pending' AND is_checkout = 1 AND ${NOT_REVIEWED}`,
    )
    .run(gateway, method, mode, credentialId, credentialId, attemptId, now, paymentId);
  return result.changes > 0;
}

/** A gateway holds the payer's money and looks into it: he must not pay another way as well. */
const NOT_REVIEWED = "',' || flags || ',' NOT LIKE '%,under_review,%'";

/** Opens a further attempt and makes it the current one. Null when the payment or its order is over, or has too many. */
export function openAttempt(db: Database, paymentId: number, attempt: NewAttempt, now: number): Attempt | null {
  const row = db
    .query<PaymentRow & { attempts: number }, [number]>(
      `SELECT ${PAYMENT_COLUMNS}, (SELECT count(*) FROM attempts WHERE payment_id = payments.id) AS attempts
       FROM payments WHERE id = ? AND status = 'pending' AND ${NOT_REVIEWED}`,
    )
    .get(paymentId);
  if (!row || row.attempts >= MAX_ATTEMPTS) return null;
  // Late money for an earlier payment may have paid the order meanwhile.
  const holder = findOrderHolder(db, toPayment(row));
  return holder && holder.payment.id !== row.id ? null : insertAttempt(db, row, attempt, now);
}

function chooseOrderNo(db: Database, { gateway, gatewayOrderNo, preferredOrderNo }: NewAttempt): string {
  if (preferredOrderNo === undefined) return gatewayOrderNo;
  return db.query(ATTEMPT_BY_ORDER_NO).get(gateway, preferredOrderNo) ? gatewayOrderNo : preferredOrderNo;
}

function insertAttempt(db: Database, payment: PaymentRow, attempt: NewAttempt, now: number): Attempt {
  const orderNo = chooseOrderNo(db, attempt);
  const row = db
    .query<AttemptRow, Record<string, string | number | null>>(
      `INSERT INTO attempts (payment_id, gateway, method, mode, gateway_order_no, credential_id, status, deadline, check_at, locale,
         created_at, updated_at)
       VALUES (:paymentId, :gateway, :method, :mode, :orderNo, :credentialId, :status, :deadline, :checkAt, :locale, :now, :now)
       RETURNING ${ATTEMPT_COLUMNS}`,
    )
    .get({
      paymentId: payment.id,
      gateway: attempt.gateway,
      method: attempt.method,
      mode: attempt.mode,
      orderNo,
      credentialId: attempt.credentialId,
      status: attempt.status,
      deadline: attempt.deadline,
      checkAt: attempt.checkAt,
      locale: attempt.locale,
      now,
    });
  if (!row) throw new Error('SQLite returned no row for an INSERT … RETURNING');
  db.query(
    `UPDATE payments SET attempt_id = ?, gateway = ?, method = ?, mode = ?, credential_id = ?,
       environment = coalesce((SELECT environment FROM credentials WHERE id = ?), environment), revision = revision + 1,
       updated_at = ? WHERE id = ?`,
  ).run(
    row.id,
    attempt.gateway,
    attempt.method,
    attempt.mode,
    attempt.credentialId,
    attempt.credentialId,
    now,
    payment.id,
  );
  addEvent(db, {
    paymentId: payment.id,
    attemptId: row.id,
    type: 'attempt.opened',
    data: { gateway_order_no: orderNo },
    at: now,
  });
  return toAttempt(row);
}

type OrderKey = Pick<Payment, 'projectId' | 'keyKind' | 'livemode' | 'merchantOrderNo'>;

/** The payment that owns an order: the paid one before the pending one. Failed and expired ones own nothing. */
export function findOrderHolder(db: Database, key: OrderKey): PaymentWithAttempt | null {
  const row = db
    .query<PaymentRow, [number, string, string, number]>(ORDER_HOLDER)
    .get(key.projectId, key.merchantOrderNo, key.keyKind, key.livemode ? 1 : 0);
  return row ? withAttempt(db, row) : null;
}

export function findPayment(db: Database, paymentNo: string): PaymentWithAttempt | null {
  const row = db.query<PaymentRow, [string]>(PAYMENT_BY_NO).get(paymentNo);
  return row ? withAttempt(db, row) : null;
}

/** The attempt that carries this number at the gateway, with its payment. Exact: numbers differ by letter case too. */
export function findByGatewayOrderNo(db: Database, gateway: string, orderNo: string): AttemptWithPayment | null {
  const attempt = db.query<AttemptRow, [string, string]>(ATTEMPT_BY_ORDER_NO).get(gateway, orderNo);
  if (!attempt) return null;
  const payment = db.query<PaymentRow, [number]>(PAYMENT_BY_ID).get(attempt.payment_id);
  return payment ? { payment: toPayment(payment), attempt: toAttempt(attempt) } : null;
}

/** The attempt the gateway gave this number to; null when there is none, or more than one. */
export function findByGatewayTradeNo(db: Database, gateway: string, tradeNo: string): AttemptWithPayment | null {
  const [attempt, another] = db.query<AttemptRow, [string, string]>(ATTEMPTS_BY_TRADE_NO).all(gateway, tradeNo);
  if (!attempt || another) return null;
  const payment = db.query<PaymentRow, [number]>(PAYMENT_BY_ID).get(attempt.payment_id);
  return payment ? { payment: toPayment(payment), attempt: toAttempt(attempt) } : null;
}

/**
 * The payment that a merchant's gateway account knows under the shop's own order number: the one that holds the order,
 * else the newest. Null when two projects share account and number.
 */
export function findByMerchantOrderNo(
  db: Database,
  gateway: string,
  merchantId: string,
  merchantOrderNo: string,
): AttemptWithPayment | null {
  const rows = db
    .query<PaymentRow & { holds: number | null }, [string, string, string, string]>(
      `SELECT ${PAYMENT_COLUMNS}, holds_order AS holds FROM payments INDEXED BY payments_by_order
       WHERE project_id IN (SELECT project_id FROM credentials WHERE gateway = ? AND merchant_id = ?)
         AND merchant_order_no = ? AND gateway = ?
       ORDER BY holds_order DESC NULLS LAST, id DESC LIMIT 100`,
    )
    .all(gateway, merchantId, merchantOrderNo, gateway)
    .filter((row) => isOfMerchant(db, row.credential_id, merchantId));
  const holders = rows.filter((row) => row.holds === 1);
  const row = holders.length > 0 ? holders[0] : rows[0];
  const isShared = rows.some(({ project_id }) => project_id !== row?.project_id);
  if (!row || isShared || holders.length > 1 || row.attempt_id === null) return null;
  const attempt = findAttempt(db, row.attempt_id);
  return attempt && { payment: toPayment(row), attempt };
}

function isOfMerchant(db: Database, credentialId: number, merchantId: string): boolean {
  return (
    db
      .query<{ found: number }, [number, string]>('SELECT 1 AS found FROM credentials WHERE id = ? AND merchant_id = ?')
      .get(credentialId, merchantId) !== null
  );
}

function withAttempt(db: Database, row: PaymentRow): PaymentWithAttempt {
  const attempt = row.attempt_id === null ? null : findAttempt(db, row.attempt_id);
  return { payment: toPayment(row), attempt };
}

export function findAttempt(db: Database, id: number): Attempt | null {
  const row = db.query<AttemptRow, [number]>(ATTEMPT_BY_ID).get(id);
  return row ? toAttempt(row) : null;
}

export function findPaymentById(db: Database, id: number): Payment | null {
  const row = db.query<PaymentRow, [number]>(PAYMENT_BY_ID).get(id);
  return row ? toPayment(row) : null;
}

function nextSequence(db: Database, day: string): number {
  const row = db
    .query<{ last: number }, [string]>(
      `INSERT INTO payment_sequences (day, last) VALUES (?, 1)
       ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last`,
    )
    .get(day);
  return row?.last ?? 1;
}
