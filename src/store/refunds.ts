import type { Database } from 'bun:sqlite';
import { buildNotification, showAmount } from '../core/notification.ts';
import type { Payment } from '../core/payment.ts';
import {
  isUnsettled,
  leftToRefund,
  planRefundCheck,
  REFUND_MISSING_LIMIT,
  type Refund,
  type RefundStatus,
} from '../core/refund.ts';
import { addEvent } from './events.ts';
import { raiseAttention } from './facts.ts';
import { addNotification } from './outbox.ts';
import { findAttempt, findPaymentById } from './payments.ts';
import { wantsEvent } from './projects.ts';

/** Refunds: opened before the gateway is called, settled by its answer or by asking, and never more than was paid. */

const COLUMNS = `id, refund_no AS refundNo, payment_id AS paymentId, attempt_id AS attemptId,
  credential_id AS credentialId, amount, reason, status, gateway_refund_no AS gatewayRefundNo, message, source, missing,
  created_at AS createdAt, updated_at AS updatedAt`;

export function listRefunds(db: Database, paymentId: number): readonly Refund[] {
  return db.query<Refund, [number]>(`SELECT ${COLUMNS} FROM refunds WHERE payment_id = ? ORDER BY id`).all(paymentId);
}

export interface NewRefund {
  readonly refundNo: string;
  readonly paymentId: number;
  readonly attemptId: number;
  readonly credentialId: number;
  /** Minor units; null: all that is left. */
  readonly amount: number | null;
  readonly reason: string;
  /** When it is asked about if we die during the call. */
  readonly checkAt: number;
  readonly now: number;
}

/** Refused with `not_paid`, or with `exceeds` when less is left than asked for. */
export function openRefund(db: Database, input: NewRefund): Refund | 'not_paid' | 'exceeds' {
  const payment = findPaymentById(db, input.paymentId);
  if (payment?.status !== 'paid') return 'not_paid';
  const left = leftToRefund(payment.amount, listRefunds(db, payment.id));
  const amount = input.amount ?? left;
  if (amount <= 0 || amount > left) return 'exceeds';
  const refund = insertRefund(db, { ...input, amount, status: 'unknown', gatewayRefundNo: null, source: 'api' });
  planCheck(db, payment.id, input.checkAt, 0);
  return refund;
}

type Insert = Omit<NewRefund, 'amount' | 'checkAt'> & Pick<Refund, 'amount' | 'status' | 'gatewayRefundNo' | 'source'>;

function insertRefund(db: Database, input: Insert): Refund {
  const row = db
    .query<Refund, Record<string, string | number | null>>(
      `INSERT INTO refunds (refund_no, payment_id, attempt_id, credential_id, amount, reason, status, gateway_refund_no,
         source, created_at, updated_at)
       VALUES (:refundNo, :paymentId, :attemptId, :credentialId, :amount, :reason, :status, :gatewayRefundNo, :source,
         :now, :now) RETURNING ${COLUMNS}`,
    )
    .get({
      refundNo: input.refundNo,
      paymentId: input.paymentId,
      attemptId: input.attemptId,
      credentialId: input.credentialId,
      amount: input.amount,
      reason: input.reason,
      status: input.status,
      gatewayRefundNo: input.gatewayRefundNo,
      source: input.source,
      now: input.now,
    });
  if (!row) throw new Error('SQLite returned no row for an INSERT … RETURNING');
  addEvent(db, {
    paymentId: input.paymentId,
    attemptId: input.attemptId,
    type: 'refund.created',
    data: { refund_no: row.refundNo, amount: row.amount, reason: row.reason, source: row.source },
    at: input.now,
  });
  return row;
}

function planCheck(db: Database, paymentId: number, checkAt: number | null, checks: number): void {
  db.query('UPDATE payments SET refund_check_at = ?, refund_checks = ? WHERE id = ?').run(checkAt, checks, paymentId);
}

export interface Settlement {
  readonly status: RefundStatus;
  readonly gatewayRefundNo: string | null;
  readonly message: string;
}

export interface RefundChange {
  readonly now: number;
  readonly makeWebhookId: () => string;
}

/** Stores what the gateway answered to a refund. What was settled before stays as it is. */
export function settleRefund(db: Database, refundNo: string, result: Settlement, change: RefundChange): Refund {
  const refund = db.query<Refund, [string]>(`SELECT ${COLUMNS} FROM refunds WHERE refund_no = ?`).get(refundNo);
  if (!refund) throw new Error(`refund ${refundNo} does not exist`);
  const settled = isUnsettled(refund) ? update(db, refund, result, change) : refund;
  finishPayment(db, refund.paymentId, change.now, 0);
  return settled;
}

function update(db: Database, refund: Refund, result: Settlement, change: RefundChange): Refund {
  const next = { ...refund, ...result, gatewayRefundNo: result.gatewayRefundNo ?? refund.gatewayRefundNo };
  if (next.status === refund.status && next.gatewayRefundNo === refund.gatewayRefundNo) return refund;
  db.query(
    'UPDATE refunds SET status = ?, gateway_refund_no = ?, message = ?, missing = 0, updated_at = ? WHERE id = ?',
  ).run(next.status, next.gatewayRefundNo, next.message, change.now, refund.id);
  if (next.status !== refund.status && !isUnsettled(next)) announce(db, next, change);
  return next;
}

/** A refund has come to its end: the payment's sum, its timeline, and the shop if it wants to know. */
function announce(db: Database, refund: Refund, { now, makeWebhookId }: RefundChange): void {
  const { refundNo, status, amount, message, source } = refund;
  addEvent(db, {
    paymentId: refund.paymentId,
    attemptId: refund.attemptId,
    type: 'refund.settled',
    data: { refund_no: refundNo, status, amount, message, source },
    at: now,
  });
  if (status !== 'succeeded') return;
  db.query(
    `UPDATE payments SET refunded = (SELECT sum(amount) FROM refunds WHERE payment_id = payments.id AND status = 'succeeded'),
       revision = revision + 1, updated_at = ? WHERE id = ?`,
  ).run(now, refund.paymentId);
  const payment = findPaymentById(db, refund.paymentId);
  if (payment) notify(db, payment, refund, now, makeWebhookId);
}

function notify(db: Database, payment: Payment, refund: Refund, now: number, makeWebhookId: () => string): void {
  const url = payment.order.payokUrl;
  if (url === undefined || !wantsEvent(db, payment.projectId, 'payment.refunded')) return;
  const attempt = findAttempt(db, refund.attemptId);
  const more = {
    refund: {
      refund_no: refund.refundNo,
      amount: showAmount({ ...payment, amount: refund.amount }),
      status: refund.status,
    },
  };
  const body = buildNotification('payment.refunded', payment, attempt?.gatewayTradeNo ?? null, more);
  const effect = { event: 'payment.refunded', about: refund.refundNo } as const;
  addNotification(db, { payment, effect, url, body, now, webhookId: makeWebhookId() });
}

/** Plans the next question, while anything is in doubt. */
function finishPayment(db: Database, paymentId: number, now: number, checks: number): void {
  const isOpen = listRefunds(db, paymentId).some(isUnsettled);
  planCheck(db, paymentId, isOpen ? planRefundCheck(checks, now) : null, isOpen ? checks : 0);
}

/** The gateway could not be asked, or its answer was lost. */
export function planRefundLook(db: Database, paymentId: number, now: number): void {
  const row = db
    .query<{ checks: number }, [number]>('SELECT refund_checks AS checks FROM payments WHERE id = ?')
    .get(paymentId);
  const checks = row?.checks ?? 0;
  planCheck(db, paymentId, planRefundCheck(checks, now), checks + 1);
}

/** A refund as its gateway knows it. */
export interface ReportedRefund {
  readonly refundNo: string | null;
  readonly gatewayRefundNo: string;
  readonly amount: number;
  readonly status: 'succeeded' | 'pending' | 'failed';
}

export interface Reconciliation extends RefundChange {
  readonly paymentId: number;
  readonly attemptId: number;
  readonly credentialId: number;
  readonly reported: readonly ReportedRefund[];
  readonly makeRefundNo: () => string;
}

/** Brings our refunds in line with the gateway's. Those it made without us are written down and put before a person. */
export function reconcileRefunds(db: Database, input: Reconciliation): readonly Refund[] {
  const open = new Map(listRefunds(db, input.paymentId).map((refund) => [refund.id, refund]));
  for (const reported of input.reported) {
    const known = findMatch([...open.values()], reported);
    if (known) open.delete(known.id);
    const result = { status: reported.status, gatewayRefundNo: reported.gatewayRefundNo, message: '' };
    if (known) update(db, known, result, input);
    else if (reported.status !== 'failed') addForeign(db, input, reported);
  }
  for (const lost of [...open.values()].filter(({ status }) => status === 'unknown')) countMissing(db, lost, input);
  const row = db
    .query<{ checks: number }, [number]>('SELECT refund_checks AS checks FROM payments WHERE id = ?')
    .get(input.paymentId);
  finishPayment(db, input.paymentId, input.now, (row?.checks ?? 0) + 1);
  return listRefunds(db, input.paymentId);
}

/** By number; one whose answer was lost has none yet and is known by its amount. */
function findMatch(open: readonly Refund[], reported: ReportedRefund): Refund | undefined {
  return (
    open.find((refund) => refund.refundNo === reported.refundNo) ??
    open.find((refund) => refund.gatewayRefundNo === reported.gatewayRefundNo) ??
    (reported.refundNo === null
      ? open.find(
          (refund) => refund.gatewayRefundNo === null && isUnsettled(refund) && refund.amount === reported.amount,
        )
      : undefined)
  );
}

function addForeign(db: Database, input: Reconciliation, reported: ReportedRefund): void {
  const { paymentId, attemptId, credentialId, now } = input;
  const refund = insertRefund(db, {
    refundNo: input.makeRefundNo(),
    paymentId,
    attemptId,
    credentialId,
    amount: reported.amount,
    reason: '',
    status: reported.status,
    gatewayRefundNo: reported.gatewayRefundNo,
    source: 'gateway',
    now,
  });
  raiseAttention(db, paymentId, now);
  if (!isUnsettled(refund)) announce(db, refund, input);
}

/** Two answers without it, and the call certainly over: it never arrived. */
function countMissing(db: Database, refund: Refund, input: Reconciliation): void {
  const missing = refund.missing + 1;
  db.query('UPDATE refunds SET missing = ?, updated_at = ? WHERE id = ?').run(missing, input.now, refund.id);
  if (missing < REFUND_MISSING_LIMIT) return;
  update(db, refund, { status: 'failed', gatewayRefundNo: null, message: 'The gateway never received it.' }, input);
}

/** Payments whose refunds are to be asked about; each is put off, so that one whose look dies comes again. */
export function claimRefundLooks(db: Database, now: number, limit: number, leaseMs: number): readonly number[] {
  return db
    .query<{ id: number }, [number, number, number]>(
      `UPDATE payments SET refund_check_at = ? WHERE id IN
         (SELECT id FROM payments WHERE refund_check_at <= ? ORDER BY refund_check_at LIMIT ?) RETURNING id`,
    )
    .all(now + leaseMs, now, limit)
    .map((row) => row.id);
}

export function findNextRefundLook(db: Database): number | null {
  return (
    db
      .query<{ due: number | null }, []>(
        'SELECT min(refund_check_at) AS due FROM payments WHERE refund_check_at IS NOT NULL',
      )
      .get()?.due ?? null
  );
}
