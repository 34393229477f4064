import type { Refund } from '../../../core/refund.ts';
import { listUnsettledRefunds } from '../../queries/refunds.ts';
import { patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { applyWord, type RefundChange, type RefundWord } from './apply.ts';
import { lockRefund } from './lock.ts';
import { endRefundCall } from './plan.ts';

export interface RefundAnswer extends RefundWord {
  /** The credentials that it was made with in the end. */
  readonly credentialId: number;
}

/** Stores what the gateway answered to the call. What it has told in its list meanwhile counts more than a refusal. */
export async function settleRefund(
  tx: Tx,
  refundNo: string,
  answer: RefundAnswer,
  change: RefundChange,
): Promise<Refund> {
  const known = await lockRefund(tx, refundNo);
  const { credentialId } = answer;
  if (known.credentialId !== credentialId) await patchRow(tx, 'refunds', known.id, { credentialId });
  const refund = { ...known, credentialId };
  const isContradicted = answer.gatewayRefundNo === null && refund.gatewayRefundNo !== null;
  const settled = isContradicted ? refund : await applyWord(tx, refund, answer, change);
  const unsettled = await listUnsettledRefunds(tx, refund.paymentId);
  await endRefundCall(tx, refund, unsettled.length > 0, change.now);
  return settled;
}
