import type { Attempt } from './attempt.ts';
import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

/** `unknown`: asked for, and the gateway's answer was lost. `pending`: the gateway is at it. */
export type RefundStatus = 'unknown' | 'pending' | 'succeeded' | 'failed';

/** A refund as it is stored. Instants are milliseconds since the epoch, `amount` is in minor units. */
export interface Refund {
  readonly id: number;
  readonly refundNo: string;
  readonly paymentId: number;
  readonly attemptId: Attempt['id'];
  readonly credentialId: number;
  readonly amount: number;
  readonly reason: string;
  readonly status: RefundStatus;
  readonly gatewayRefundNo: string | null;
  /** What the gateway said last. */
  readonly message: string;
  /** Asked for by the shop, or made at the gateway's own desk. */
  readonly source: 'api' | 'gateway';
  readonly missing: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A refund that may still take money away. */
export function isUnsettled({ status }: Pick<Refund, 'status'>): boolean {
  return status === 'unknown' || status === 'pending';
}

/** What is left to pay back, refunds that are under way counted as done. */
export function leftToRefund(amount: number, refunds: readonly Pick<Refund, 'amount' | 'status'>[]): number {
  return refunds.filter(({ status }) => status !== 'failed').reduce((left, refund) => left - refund.amount, amount);
}

/** Times a gateway has to say that it does not know a refund before that is believed. */
export const REFUND_MISSING_LIMIT = 2;

const DELAYS: readonly number[] = [9 * SECOND, MINUTE, 5 * MINUTE, HOUR, 6 * HOUR];

/** When to ask about refunds again, after so many questions. A pending one may take a bank many days. */
export function planRefundCheck(checks: number, now: number): number {
  return now + (DELAYS[checks] ?? DAY);
}
