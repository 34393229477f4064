import type { Actor } from '../../../core/actor.ts';
import { isCallOver, isUnsettled, type Refund } from '../../../core/refund.ts';
import { listRefundsOf, listUnsettledRefunds } from '../../queries/refunds.ts';
import { findRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import type { Telling } from '../notifications.ts';
import { closeOfPayment } from '../troubles.ts';
import { applyWord } from './apply.ts';
import { lockPayment } from './lock.ts';

/** What a person has seen at the gateway's own desk. */
export interface HandSettlement extends Telling {
  readonly refundNo: string;
  readonly status: 'succeeded' | 'failed';
  /** The gateway's number of the refund, where it has one. */
  readonly gatewayRefundNo: string | null;
  readonly message: string;
  readonly by: Actor;
}

/** `settled`: it is known already what became of it. `under_way`: the call that asks for it may still be. */
export type HandObstacle = 'not_found' | 'settled' | 'under_way' | 'number_taken';

/**
 * Settles a refund whose outcome no gateway tells, as a person says. What the gateway itself tells later still counts: a
 * refund that was called failed may turn out to have been made.
 */
export async function settleByHand(tx: Tx, settlement: HandSettlement): Promise<Refund | HandObstacle> {
  const { refundNo, status, gatewayRefundNo, message, now } = settlement;
  const known = await findRow(tx, 'refunds', { refundNo });
  if (!known) return 'not_found';
  await lockPayment(tx, known.paymentId);
  const refund = (await findRow(tx, 'refunds', { refundNo })) ?? known;
  if (!isUnsettled(refund)) return 'settled';
  if (!isCallOver(refund, now)) return 'under_way';
  const others = await listRefundsOf(tx, refund.paymentId, refund.attemptId);
  const isTaken = gatewayRefundNo !== null && others.some((one) => one.gatewayRefundNo === gatewayRefundNo);
  if (isTaken && refund.gatewayRefundNo !== gatewayRefundNo) return 'number_taken';
  const settled = await applyWord(tx, refund, { status, gatewayRefundNo, message }, settlement);
  const isLast = (await listUnsettledRefunds(tx, refund.paymentId)).length === 0;
  if (isLast) await closeOfPayment(tx, 'refund_unanswered', refund.paymentId, 'refund unanswered', now);
  return settled;
}
