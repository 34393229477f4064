import { patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { recordEvent } from '../events.ts';
import { lockRefund } from './lock.ts';
import { loseRefundCall } from './plan.ts';

/** How a call ended that did not tell its outcome. */
export interface LostRefund {
  readonly kind: string;
  readonly message: string;
}

/** The call has ended without telling its outcome: the gateway is asked within seconds. */
export async function loseRefund(tx: Tx, refundNo: string, failure: LostRefund, now: number): Promise<void> {
  const { id, paymentId, attemptId, status } = await lockRefund(tx, refundNo);
  const data = { outcome: 'unknown', refund_no: refundNo, ...failure };
  await recordEvent(tx, { paymentId, attemptId, type: 'gateway.request', data, at: now });
  if (status === 'unknown') await patchRow(tx, 'refunds', id, { message: failure.message });
  await loseRefundCall(tx, paymentId, now);
}
