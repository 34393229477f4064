import type { Attempt } from './attempt.ts';
import { CALL_LIMIT } from './lifecycle/schedule.ts';
import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

/** `unknown`: asked for, and the gateway's answer was lost. `pending`: the gateway is at it. */
export type RefundStatus = 'unknown' | 'pending' | 'succeeded' | 'failed';

/** A refund as it is stored. Instants are milliseconds since the epoch, `amount` is in minor units. */
export interface Refund {
  readonly id: number;
  readonly refundNo: string;
  readonly paymentId: number;
  /** The money comes out of this attempt. */
  readonly attemptId: Attempt['id'];
  readonly credentialId: number;
  readonly amount: number;
  readonly reason: string;
  readonly status: RefundStatus;
  readonly gatewayRefundNo: string | null;
  /** What the gateway said last, or why it is not known what it did. */
  readonly message: string;
  /** Asked for by the shop, or made at the gateway's own desk. */
  readonly source: 'api' | 'gateway';
  readonly notFoundCount: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A refund as its gateway knows it. */
export interface ReportedRefund {
  /** Ours, when the gateway tells it. */
  readonly refundNo: string | null;
  readonly gatewayRefundNo: string;
  /** Minor units. */
  readonly amount: number;
  readonly status: Exclude<RefundStatus, 'unknown'>;
}

/** So many of one attempt that may have taken money away; gateways list a hundred at a time, and some take fewer. */
export const MAX_REFUNDS = 100;

/** A refund that may still take money away. */
export function isUnsettled({ status }: Pick<Refund, 'status'>): boolean {
  return status === 'unknown' || status === 'pending';
}

/** The call that asked for it can no longer be under way, whoever made it. */
export function isCallOver({ createdAt }: Pick<Refund, 'createdAt'>, now: number): boolean {
  return now >= createdAt + CALL_LIMIT;
}

/** Nobody has been told yet how the call ended: a message says so, and that it was lost. */
export function isCallUnderWay(refund: Pick<Refund, 'status' | 'message' | 'createdAt'>, now: number): boolean {
  return refund.status === 'unknown' && refund.message === '' && !isCallOver(refund, now);
}

/** What is left to pay back, refunds that are under way counted as done. */
export function leftToRefund(amount: number, refunds: readonly Pick<Refund, 'amount' | 'status'>[]): number {
  return refunds.filter(({ status }) => status !== 'failed').reduce((left, refund) => left - refund.amount, amount);
}

/** The order in which a gateway's words follow each other. A refund that succeeded may still come back from the bank. */
const RANKS: Readonly<Record<RefundStatus, number>> = { unknown: 0, pending: 1, succeeded: 2, failed: 3 };

/**
 * Whether a gateway's word moves a refund on: answers overtake each other, and an older one must not take back a newer
 * one. But a refund that is called failed only because the gateway said no, or did not know it, may turn out to have been
 * made after all.
 */
export function advances(
  known: Pick<Refund, 'status' | 'gatewayRefundNo'>,
  said: Pick<ReportedRefund, 'status'>,
): boolean {
  const presumed = known.status === 'failed' && known.gatewayRefundNo === null;
  return presumed ? said.status !== 'failed' : RANKS[said.status] > RANKS[known.status];
}

export interface Matching {
  readonly known: readonly { readonly refund: Refund; readonly reported: ReportedRefund }[];
  /** Made without us. */
  readonly foreign: readonly ReportedRefund[];
  /** Ours, asked for long enough ago, and the gateway does not know them. */
  readonly lost: readonly Refund[];
}

/**
 * Which of our refunds are which of the gateway's, as of `askedAt`, the instant the question went out. Numbers decide
 * before anything else; a refund whose answer was lost has no number of the gateway's yet and is known by its amount when
 * the gateway tells no numbers of ours. While a call may still be under way, a refund of its amount is left for later: it
 * may be that one.
 */
export function matchRefunds(refunds: readonly Refund[], listed: readonly ReportedRefund[], askedAt: number): Matching {
  const ours = new Set(refunds);
  const theirs = new Map(listed.map((reported) => [reported.gatewayRefundNo, reported]));
  const known: { refund: Refund; reported: ReportedRefund }[] = [];
  const pair = (isSame: (refund: Refund, reported: ReportedRefund) => boolean): void => {
    for (const reported of [...theirs.values()]) {
      const refund = [...ours].find((one) => isSame(one, reported));
      if (!refund) continue;
      ours.delete(refund);
      theirs.delete(reported.gatewayRefundNo);
      known.push({ refund, reported });
    }
  };
  const isNameless = (refund: Refund, reported: ReportedRefund) =>
    refund.status === 'unknown' &&
    refund.gatewayRefundNo === null &&
    reported.refundNo === null &&
    refund.amount === reported.amount;
  pair((refund, reported) => refund.refundNo === reported.refundNo);
  pair((refund, reported) => refund.gatewayRefundNo === reported.gatewayRefundNo);
  /** One whose call is under way may be it: the answer will tell. */
  const isUnclear = (reported: ReportedRefund) =>
    [...ours].some((refund) => isNameless(refund, reported) && !isCallOver(refund, askedAt));
  pair((refund, reported) => isNameless(refund, reported) && isCallOver(refund, askedAt) && !isUnclear(reported));
  const isUndecided = (reported: ReportedRefund) => [...ours].some((refund) => isNameless(refund, reported));
  const mayBeListed = (refund: Refund) => [...theirs.values()].some((reported) => isNameless(refund, reported));
  const lost = [...ours].filter(
    (refund) => refund.status === 'unknown' && isCallOver(refund, askedAt) && !mayBeListed(refund),
  );
  const foreign = [...theirs.values()].filter((reported) => reported.status !== 'failed' && !isUndecided(reported));
  return { known, foreign, lost };
}

/** Times a gateway has to say that it does not know a refund before that is believed. */
export const REFUND_MISSING_LIMIT = 2;
/** Two such answers in one breath are one: its list may lag behind. */
export const REFUND_MISSING_SPACING = 30 * SECOND;

const DELAYS: readonly number[] = [9 * SECOND, MINUTE, 5 * MINUTE, HOUR, 6 * HOUR];
/** A payer has weeks to claim some refunds; after that nobody waits any more. */
const MAX_CHECKS = 100;

/** When to ask about refunds again, after so many questions; null: never. A pending one may take a bank many days. */
export function planRefundSync(checks: number, now: number): number | null {
  return checks >= MAX_CHECKS ? null : now + (DELAYS[checks] ?? DAY);
}

/** The quick questions are used up: a person has to know. */
export function isRefundWaitLong(checks: number): boolean {
  return checks >= DELAYS.length;
}
