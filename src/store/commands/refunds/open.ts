import type { Actor } from '../../../core/actor.ts';
import { leftToRefund, MAX_REFUNDS, type Refund } from '../../../core/refund.ts';
import type { Row } from '../../kit.ts';
import { listRefundsOf } from '../../queries/refunds.ts';
import { findRow, lockRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { insertRefund } from './insert.ts';
import { beginRefundCall } from './plan.ts';

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
  /**
   * The newest refund that whoever asks knew of, 0: none. Should another one take money away since, he is asked again;
   * left out, what is left decides alone.
   */
  readonly seen?: number;
  readonly now: number;
}

export interface OpenedRefund {
  readonly refund: Refund;
  /** False: the same request has made it before. */
  readonly created: boolean;
}

export type RefundObstacle = 'not_paid' | 'exceeds' | 'overtaken' | 'too_many' | 'other_request';

/** One request may fail so often before its numbers are used up. */
const MAX_TRIES = 20;

/** Opens a refund as `unknown`, to be asked about if we die during the call; or says what stands in the way. */
export async function openRefund(tx: Tx, input: NewRefund): Promise<OpenedRefund | RefundObstacle> {
  const payment = await lockRow(tx, 'payments', { id: input.paymentId });
  for (let n = 0; n < MAX_TRIES; n += 1) {
    const refundNo = input.makeRefundNo(n);
    const known = await findRow(tx, 'refunds', { refundNo });
    const made = known ? null : await insertWithin(tx, payment, input, refundNo);
    if (made) return made;
    // Nobody else can have taken the number meanwhile but a refund of another payment.
    const taken = known ?? (await findRow(tx, 'refunds', { refundNo }));
    if (taken && input.isRepeatable && taken.status !== 'failed') {
      return isSameRequest(taken, input) ? { refund: taken, created: false } : 'other_request';
    }
  }
  return 'too_many';
}

function isSameRequest(taken: Refund, { paymentId, attemptId, amount, reason }: NewRefund): boolean {
  const isSamePlace = taken.paymentId === paymentId && taken.attemptId === attemptId;
  return isSamePlace && (amount === null || taken.amount === amount) && taken.reason === reason;
}

/** Null: the number is taken. */
async function insertWithin(
  tx: Tx,
  payment: Row<'payments'> | null,
  input: NewRefund,
  refundNo: string,
): Promise<OpenedRefund | RefundObstacle | null> {
  if (payment?.status !== 'paid') return 'not_paid';
  const attempt = await findRow(tx, 'attempts', { id: input.attemptId });
  if (attempt?.status !== 'paid') return 'not_paid';
  const earlier = await listRefundsOf(tx, payment.id, input.attemptId);
  const { seen } = input;
  const isTaking = ({ status }: Refund) => status !== 'failed';
  if (seen !== undefined && earlier.some((one) => one.id > seen && isTaking(one))) return 'overtaken';
  const left = leftToRefund(payment.amount, earlier);
  const amount = input.amount ?? left;
  if (amount <= 0 || amount > left) return 'exceeds';
  if (earlier.filter(isTaking).length >= MAX_REFUNDS) return 'too_many';
  const refund = await insertRefund(tx, {
    ...input,
    refundNo,
    amount,
    status: 'unknown',
    gatewayRefundNo: null,
    source: 'api',
  });
  if (!refund) return null;
  await beginRefundCall(tx, refund);
  return { refund, created: true };
}
