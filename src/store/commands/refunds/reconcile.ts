import { CALL_LIMIT } from '../../../core/lifecycle/schedule.ts';
import {
  isCallOver,
  leftToRefund,
  matchRefunds,
  planRefundSync,
  REFUND_MISSING_LIMIT,
  REFUND_MISSING_SPACING,
  type Refund,
  type ReportedRefund,
} from '../../../core/refund.ts';
import { listRefundsOf, listUnsettledRefunds } from '../../queries/refunds.ts';
import { findRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { closeOfPayment } from '../troubles.ts';
import { applyWord, type RefundChange, takeInForeign } from './apply.ts';
import { insertRefund } from './insert.ts';
import { lockPayment } from './lock.ts';
import { endRefundSync } from './plan.ts';
import { flagRefund } from './tell.ts';

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
export async function reconcileRefunds(tx: Tx, input: Reconciliation): Promise<void> {
  await lockPayment(tx, input.paymentId);
  let isOvertaken = false;
  for (const list of input.lists) {
    if (!list.reported) await tellOfUnknown(tx, input, list);
    else if (!(await takeOver(tx, input, list, list.reported))) isOvertaken = true;
  }
  await closeOfPayment(tx, 'refund_unanswered', input.paymentId, 'refund unanswered', input.now);
  await endRefundSync(tx, input, async (tries) =>
    isOvertaken ? planRefundSync(tries, input.now) : planNext(tx, input, tries),
  );
}

/** False: it has been overtaken by what happened since the question went out, so one refund had to be left out. */
async function takeOver(
  tx: Tx,
  input: Reconciliation,
  list: RefundList,
  reported: readonly ReportedRefund[],
): Promise<boolean> {
  const refunds = await listRefundsOf(tx, input.paymentId, list.attemptId);
  const { known, foreign, lost } = matchRefunds(refunds, reported, input.askedAt);
  for (const { refund, reported: said } of known) {
    const next = await applyWord(tx, refund, { ...said, message: '' }, input);
    // Nobody waits for this answer.
    if (next.status === 'failed' && refund.status !== 'failed') await flagRefund(tx, next, input);
  }
  let isWhole = true;
  for (const one of foreign) {
    if (await fits(tx, input, list, one)) await addForeign(tx, input, list, one);
    else isWhole = false;
  }
  for (const refund of lost) await countNotFound(tx, refund, input);
  return isWhole;
}

/**
 * No gateway pays back more than it was paid. One refund that came back from the bank after the question is listed as if
 * it had not, and another may have taken its place meanwhile.
 */
async function fits(
  tx: Tx,
  { paymentId, askedAt }: Reconciliation,
  { attemptId }: RefundList,
  { amount }: ReportedRefund,
): Promise<boolean> {
  const payment = await findRow(tx, 'payments', { id: paymentId });
  const refunds = await listRefundsOf(tx, paymentId, attemptId);
  if (amount <= leftToRefund(payment?.amount ?? 0, refunds)) return true;
  return !refunds.some((refund) => mayHaveMoved(refund, askedAt));
}

/** Since the question went out. */
function mayHaveMoved(refund: Refund, askedAt: number): boolean {
  return refund.updatedAt >= askedAt || (refund.status === 'unknown' && !isCallOver(refund, askedAt));
}

async function addForeign(tx: Tx, input: Reconciliation, list: RefundList, reported: ReportedRefund): Promise<void> {
  const refundNo = input.makeRefundNo();
  const refund = await insertRefund(tx, {
    refundNo,
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
  if (!refund) throw new Error(`the refund number ${refundNo} is taken`);
  await takeInForeign(tx, refund, input);
}

const NEVER_RECEIVED = 'The gateway never received it.';

/** Two answers without it, and the call certainly over: it never arrived. */
async function countNotFound(tx: Tx, refund: Refund, input: Reconciliation): Promise<void> {
  if (input.askedAt < refund.updatedAt + REFUND_MISSING_SPACING) return;
  const notFoundCount = refund.notFoundCount + 1;
  await patchRow(tx, 'refunds', refund.id, { notFoundCount, updatedAt: input.now });
  if (notFoundCount < REFUND_MISSING_LIMIT) return;
  const word = { status: 'failed', gatewayRefundNo: null, message: NEVER_RECEIVED } as const;
  await flagRefund(tx, await applyWord(tx, refund, word, input), input);
}

/** Nothing will ever tell what became of these: a person has to look at the gateway's own desk. */
async function tellOfUnknown(tx: Tx, input: Reconciliation, { attemptId }: RefundList): Promise<void> {
  for (const refund of await listRefundsOf(tx, input.paymentId, attemptId)) {
    if (refund.status === 'unknown' && isCallOver(refund, input.askedAt)) await flagRefund(tx, refund, input);
  }
}

/** While anything is in doubt that can be asked about, or a call may still be under way. */
async function planNext(tx: Tx, { paymentId, lists, now }: Reconciliation, tries: number): Promise<number | null> {
  const askable = new Map(lists.map(({ attemptId, reported }) => [attemptId, reported !== null]));
  const times = (await listUnsettledRefunds(tx, paymentId)).map((refund) => {
    const canBeAsked = askable.get(refund.attemptId);
    if (canBeAsked === undefined) return null;
    if (canBeAsked) return planRefundSync(tries, now);
    return isCallOver(refund, now) ? null : refund.createdAt + CALL_LIMIT;
  });
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
