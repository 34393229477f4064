import { ERRORS, PayCoreError } from '../../core/errors.ts';
import type { Payment } from '../../core/payment.ts';
import type { Refund } from '../../core/refund.ts';
import type { Deps } from '../../deps.ts';
import type { RefundFailure } from '../../store/commands/refunds/apply.ts';
import { explainCooldown } from '../failure.ts';
import { COOLDOWN_MS } from '../sync/attempt.ts';

/** How a call for a refund failed: left on the timeline by who made it, told by whoever has waited for it elsewhere. */

export function noteFailure({ code, details: { gateway } }: PayCoreError): RefundFailure {
  return { error_code: code, ...(gateway ? { code: gateway.code } : {}) };
}

/** What whoever called was answered with. */
export async function findRefundFailure(
  { store }: Pick<Deps, 'store'>,
  { id, paymentNo }: Payment,
  refund: Refund,
): Promise<PayCoreError> {
  const settled = (await store.listEvents(id)).findLast(
    ({ type, data }) => type === 'refund.settled' && data.refund_no === refund.refundNo,
  );
  const { error_code, code } = settled?.data ?? {};
  if (error_code === undefined) return explainFailed(refund);
  if (error_code === ERRORS.GATEWAY_RESTING.code) return explainCooldown(paymentNo, COOLDOWN_MS);
  const spec = Object.values(ERRORS).find((one) => one.code === error_code) ?? ERRORS.PAYMENT_GATEWAY_ERROR;
  const gateway = typeof code === 'string' ? { gateway: { code, message: refund.message } } : {};
  return new PayCoreError(spec, { details: gateway });
}

/** The gateway itself has said that it failed. */
export function explainFailed({ message }: Pick<Refund, 'message'>): PayCoreError {
  const told = message === '' ? 'The gateway reports the refund as failed.' : message;
  return new PayCoreError('REFUND_REFUSED', { details: { gateway: { code: '', message: told } } });
}
