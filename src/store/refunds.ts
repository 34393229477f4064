import type { Database } from 'bun:sqlite';
import type { Actor } from '../core/actor.ts';
import { formatDecimal } from '../core/money.ts';
import { buildNotification, showAmount } from '../core/notification.ts';
import type { NotificationEvent } from '../core/payment.ts';
import { advances, isUnsettled, leftToRefund, MAX_REFUNDS, type Refund, type RefundStatus } from '../core/refund.ts';
import { addEvent } from './events.ts';
import { raiseAttention } from './facts.ts';
import { addNotification } from './outbox.ts';
import { findAttempt, findPaymentById } from './payments.ts';
import { wantsEvent } from './projects.ts';
import { beginRefundCall, endRefundCall, loseRefundCall } from './refund-looks.ts';

/** Refunds: opened before the gateway is called, settled by its answer or by asking, and never more than was paid. */

const COLUMNS = `id, refund_no AS refundNo, payment_id AS paymentId, attempt_id AS attemptId,
  credential_id AS credentialId, amount, reason, status, gateway_refund_no AS gatewayRefundNo, message, source, missing,
  created_at AS createdAt, updated_at AS updatedAt`;
const OF_ATTEMPT = `SELECT ${COLUMNS} FROM refunds WHERE payment_id = ? AND attempt_id = ? ORDER BY id`;
const BY_NO = `SELECT ${COLUMNS} FROM refunds WHERE refund_no = ?`;
/** Those that took money away are never more than MAX_REFUNDS an attempt; of the others the last ones are enough. */
const OF_PAYMENT = `SELECT * FROM (SELECT ${COLUMNS} FROM refunds WHERE payment_id = ?
  ORDER BY status = 'failed', id DESC LIMIT 500) ORDER BY id`;
/** What went back from a second payment of the same order is no loss to this one. */
const COUNT_REFUNDED = `UPDATE payments SET refunded = (SELECT coalesce(sum(amount), 0) FROM refunds
    WHERE payment_id = payments.id AND attempt_id = payments.attempt_id AND status = 'succeeded'),
  revision = revision + 1, updated_at = ? WHERE id = ?`;

/** Oldest first; of many, the last ones. */
export function listRefunds(db: Database, paymentId: number): readonly Refund[] {
  return db.query<Refund, [number]>(OF_PAYMENT).all(paymentId);
}

export function listRefundsOf(db: Database, paymentId: number, attemptId: number): readonly Refund[] {
  return db.query<Refund, [number, number]>(OF_ATTEMPT).all(paymentId, attemptId);
}

export interface NewRefund {
  /** What it is called; asked again with the next number while the one before is taken. */
  readonly makeRefundNo: (n: number) => string;
  /** The numbers stand for one request: a refund that has one of them is that request, made before. */
  readonly isRepeatable: boolean;
  readonly paymentId: number;
  readonly attemptId: number;
  readonly credentialId: number;
  /** Minor units; null: all that is left. */
  readonly amount: number | null;
  readonly reason: string;
  readonly by: Actor;
  readonly now: number;
}

export interface OpenedRefund {
  readonly refund: Refund;
  /** False: the same request has made it before. */
  readonly created: boolean;
}

export type RefundObstacle = 'not_paid' | 'exceeds' | 'too_many' | 'other_request';

/** One request may fail so often before its numbers are used up. */
const MAX_TRIES = 20;

/** Opens a refund as `unknown`, to be asked about if we die during the call; or says what stands in the way. */
export function openRefund(db: Database, input: NewRefund): OpenedRefund | RefundObstacle {
  for (let n = 0; n < MAX_TRIES; n += 1) {
    const refundNo = input.makeRefundNo(n);
    const taken = db.query<Refund, [string]>(BY_NO).get(refundNo);
    if (!taken) return insertWithin(db, input, refundNo);
    if (input.isRepeatable && taken.status !== 'failed') {
      return isSameRequest(taken, input) ? { refund: taken, created: false } : 'other_request';
    }
  }
  return 'too_many';
}

function isSameRequest(taken: Refund, { paymentId, attemptId, amount, reason }: NewRefund): boolean {
  const isSamePlace = taken.paymentId === paymentId && taken.attemptId === attemptId;
  return isSamePlace && (amount === null || taken.amount === amount) && taken.reason === reason;
}

function insertWithin(db: Database, input: NewRefund, refundNo: string): OpenedRefund | RefundObstacle {
  const payment = findPaymentById(db, input.paymentId);
  if (payment?.status !== 'paid' || findAttempt(db, input.attemptId)?.status !== 'paid') return 'not_paid';
  const earlier = listRefundsOf(db, payment.id, input.attemptId);
  const left = leftToRefund(payment.amount, earlier);
  const amount = input.amount ?? left;
  if (amount <= 0 || amount > left) return 'exceeds';
  if (earlier.filter(({ status }) => status !== 'failed').length >= MAX_REFUNDS) return 'too_many';
  const refund = insertRefund(db, {
    ...input,
    refundNo,
    amount,
    status: 'unknown',
    gatewayRefundNo: null,
    source: 'api',
  });
  beginRefundCall(db, refund);
  return { refund, created: true };
}

export type RefundRow = Pick<
  Refund,
  | 'refundNo'
  | 'paymentId'
  | 'attemptId'
  | 'credentialId'
  | 'amount'
  | 'reason'
  | 'status'
  | 'gatewayRefundNo'
  | 'source'
> & { readonly by?: Actor; readonly now: number };

export function insertRefund(db: Database, row: RefundRow): Refund {
  const refund = db
    .query<Refund, Record<string, string | number | null>>(
      `INSERT INTO refunds (refund_no, payment_id, attempt_id, credential_id, amount, reason, status, gateway_refund_no,
         source, created_at, updated_at)
       VALUES (:refundNo, :paymentId, :attemptId, :credentialId, :amount, :reason, :status, :gatewayRefundNo, :source,
         :now, :now) RETURNING ${COLUMNS}`,
    )
    .get({
      refundNo: row.refundNo,
      paymentId: row.paymentId,
      attemptId: row.attemptId,
      credentialId: row.credentialId,
      amount: row.amount,
      reason: row.reason,
      status: row.status,
      gatewayRefundNo: row.gatewayRefundNo,
      source: row.source,
      now: row.now,
    });
  if (!refund) throw new Error('SQLite returned no row for an INSERT … RETURNING');
  const { refundNo: refund_no, amount, reason, source } = refund;
  const by = row.by ? { by: row.by } : {};
  recordRefund(db, refund, 'refund.created', { refund_no, amount, reason, source, ...by }, row.now);
  return refund;
}

function recordRefund(
  db: Database,
  { paymentId, attemptId }: Refund,
  type: 'refund.created' | 'refund.settled',
  data: Readonly<Record<string, unknown>>,
  at: number,
): void {
  addEvent(db, { paymentId, attemptId, type, data, at });
}

function recordSettled(db: Database, refund: Refund, at: number): void {
  const { refundNo: refund_no, status, amount, message, source } = refund;
  recordRefund(db, refund, 'refund.settled', { refund_no, status, amount, message, source }, at);
}

export interface RefundChange {
  readonly now: number;
  readonly makeWebhookId: () => string;
}

/** What a gateway said about a refund. */
export interface RefundWord {
  readonly status: Exclude<RefundStatus, 'unknown'>;
  /** Null: it named none, or it refused. */
  readonly gatewayRefundNo: string | null;
  readonly message: string;
}

export interface RefundAnswer extends RefundWord {
  /** The credentials that it was made with in the end. */
  readonly credentialId: number;
}

/** Stores what the gateway answered to the call. What it has told in its list meanwhile counts more than a refusal. */
export function settleRefund(db: Database, refundNo: string, answer: RefundAnswer, change: RefundChange): Refund {
  const refund = getRefund(db, refundNo);
  const isContradicted = answer.gatewayRefundNo === null && refund.gatewayRefundNo !== null;
  db.query('UPDATE refunds SET credential_id = ? WHERE id = ?').run(answer.credentialId, refund.id);
  const settled = isContradicted ? refund : applyWord(db, refund, answer, change);
  endRefundCall(db, refund, listRefunds(db, refund.paymentId).some(isUnsettled), change.now);
  return settled;
}

function getRefund(db: Database, refundNo: string): Refund {
  const refund = db.query<Refund, [string]>(BY_NO).get(refundNo);
  if (!refund) throw new Error(`refund ${refundNo} does not exist`);
  return refund;
}

export interface LostRefund {
  readonly kind: string;
  readonly message: string;
}

/** The call has ended without telling its outcome: the gateway is asked within seconds. */
export function loseRefund(db: Database, refundNo: string, failure: LostRefund, now: number): void {
  const { paymentId, attemptId } = getRefund(db, refundNo);
  const data = { outcome: 'unknown', refund_no: refundNo, ...failure };
  addEvent(db, { paymentId, attemptId, type: 'gateway.request', data, at: now });
  db.query("UPDATE refunds SET message = ? WHERE refund_no = ? AND status = 'unknown'").run(failure.message, refundNo);
  loseRefundCall(db, paymentId, now);
}

/** Moves a refund on as far as a gateway's word goes. */
export function applyWord(db: Database, refund: Refund, word: RefundWord, change: RefundChange): Refund {
  const gatewayRefundNo = refund.gatewayRefundNo ?? word.gatewayRefundNo;
  const moves = advances(refund, word);
  if (!moves && gatewayRefundNo === refund.gatewayRefundNo) return refund;
  const { status, message } = moves ? word : refund;
  const next: Refund = { ...refund, gatewayRefundNo, status, message, missing: 0, updatedAt: change.now };
  db.query(
    'UPDATE refunds SET status = ?, gateway_refund_no = ?, message = ?, missing = 0, updated_at = ? WHERE id = ?',
  ).run(status, gatewayRefundNo, message, change.now, refund.id);
  if (moves && !isUnsettled(next)) recordSettled(db, next, change.now);
  if (moves && (status === 'succeeded' || refund.status === 'succeeded')) countRefunded(db, next, change);
  return next;
}

/** The payment's sum follows, and the shop hears of it if it wants to. */
export function countRefunded(db: Database, refund: Refund, change: RefundChange): void {
  db.query(COUNT_REFUNDED).run(change.now, refund.paymentId);
  if (refund.status === 'succeeded') notifyShop(db, refund, 'payment.refunded', change);
}

/** A refund made without us that is over already. */
export function concludeForeign(db: Database, refund: Refund, change: RefundChange): void {
  if (isUnsettled(refund)) return;
  recordSettled(db, refund, change.now);
  countRefunded(db, refund, change);
}

/** Something about a refund that a person has to look into. */
export function callForAttention(db: Database, refund: Refund, change: RefundChange): void {
  raiseAttention(db, refund.paymentId, change.now);
  notifyShop(db, refund, 'payment.attention', change);
}

function notifyShop(db: Database, refund: Refund, event: NotificationEvent, change: RefundChange): void {
  const payment = findPaymentById(db, refund.paymentId);
  const url = payment?.order.payokUrl;
  if (!payment || url === undefined || !wantsEvent(db, payment.projectId, event)) return;
  const { refundNo, amount, status } = refund;
  const more = {
    refund: {
      refund_no: refundNo,
      amount: showAmount({ ...payment, amount }),
      amount_decimal: formatDecimal(amount, payment.currency),
      status,
    },
  };
  const tradeNo = findAttempt(db, refund.attemptId)?.gatewayTradeNo ?? null;
  const body = buildNotification(event, payment, tradeNo, more);
  // A refund that fails after it had succeeded is another piece of news about it.
  const about = event === 'payment.attention' ? `${refundNo} ${status}` : refundNo;
  addNotification(db, {
    payment,
    effect: { event, about },
    url,
    body,
    now: change.now,
    webhookId: change.makeWebhookId(),
  });
}
