import type { Database } from 'bun:sqlite';
import { CALL_LIMIT } from '../core/checks.ts';
import {
  isCallOver,
  isUnsettled,
  matchRefunds,
  planRefundCheck,
  REFUND_MISSING_LIMIT,
  REFUND_MISSING_SPACING,
  type Refund,
  type ReportedRefund,
} from '../core/refund.ts';
import { raiseAttention } from './facts.ts';
import { endRefundLook } from './refund-looks.ts';
import {
  applyWord,
  callForAttention,
  concludeForeign,
  insertRefund,
  listRefundsOf,
  type RefundChange,
} from './refunds.ts';

/** What the gateway of one paid attempt told. */
export interface RefundList {
  readonly attemptId: number;
  readonly credentialId: number;
  /** Every refund it knows; null: this gateway cannot be asked. */
  readonly reported: readonly ReportedRefund[] | null;
}

export interface Reconciliation extends RefundChange {
  readonly paymentId: number;
  readonly lists: readonly RefundList[];
  /** When the questions went out: what began later cannot be in the answers. */
  readonly askedAt: number;
  /** Its time had come; otherwise somebody waits for it. */
  readonly isScheduled: boolean;
  readonly makeRefundNo: () => string;
}

/** Brings our refunds in line with the gateways'. Those they made without us are written down and put before a person. */
export function reconcileRefunds(db: Database, input: Reconciliation): void {
  for (const list of input.lists) {
    if (list.reported) takeOver(db, input, list, list.reported);
    else tellOfUnknown(db, input, list);
  }
  endRefundLook(db, input, (checks) => planNext(db, input, checks));
}

function takeOver(db: Database, input: Reconciliation, list: RefundList, reported: readonly ReportedRefund[]): void {
  const refunds = listRefundsOf(db, input.paymentId, list.attemptId);
  const { known, foreign, lost } = matchRefunds(refunds, reported, input.askedAt);
  for (const { refund, reported: said } of known) {
    const next = applyWord(db, refund, { ...said, message: '' }, input);
    // Nobody waits for this answer.
    if (next.status === 'failed' && refund.status !== 'failed') callForAttention(db, next, input);
  }
  for (const one of foreign) addForeign(db, input, list, one);
  for (const refund of lost) countMissing(db, refund, input);
}

function addForeign(db: Database, input: Reconciliation, list: RefundList, reported: ReportedRefund): void {
  const refund = insertRefund(db, {
    refundNo: input.makeRefundNo(),
    paymentId: input.paymentId,
    attemptId: list.attemptId,
    credentialId: list.credentialId,
    amount: reported.amount,
    reason: '',
    status: reported.status,
    gatewayRefundNo: reported.gatewayRefundNo,
    source: 'gateway',
    now: input.now,
  });
  raiseAttention(db, input.paymentId, input.now);
  concludeForeign(db, refund, input);
}

const NEVER_RECEIVED = 'The gateway never received it.';

/** Two answers without it, and the call certainly over: it never arrived. */
function countMissing(db: Database, refund: Refund, input: Reconciliation): void {
  if (input.askedAt < refund.updatedAt + REFUND_MISSING_SPACING) return;
  const missing = refund.missing + 1;
  db.query('UPDATE refunds SET missing = ?, updated_at = ? WHERE id = ?').run(missing, input.now, refund.id);
  if (missing < REFUND_MISSING_LIMIT) return;
  const word = { status: 'failed', gatewayRefundNo: null, message: NEVER_RECEIVED } as const;
  callForAttention(db, applyWord(db, refund, word, input), input);
}

/** Nothing will ever tell what became of these: a person has to look at the gateway's own desk. */
function tellOfUnknown(db: Database, input: Reconciliation, { attemptId }: RefundList): void {
  for (const refund of listRefundsOf(db, input.paymentId, attemptId)) {
    if (refund.status === 'unknown' && isCallOver(refund, input.askedAt)) callForAttention(db, refund, input);
  }
}

/** While anything is in doubt that can be asked about, or a call may still be under way. */
function planNext(db: Database, { paymentId, lists, now }: Reconciliation, checks: number): number | null {
  const times = lists.flatMap(({ attemptId, reported }) =>
    listRefundsOf(db, paymentId, attemptId)
      .filter(isUnsettled)
      .map((refund) => {
        if (reported) return planRefundCheck(checks, now);
        return isCallOver(refund, now) ? null : refund.createdAt + CALL_LIMIT;
      }),
  );
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
