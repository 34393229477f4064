import type { Attempt } from '../../core/attempt.ts';
import { ERRORS, type ErrorRef, PayCoreError } from '../../core/errors.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { TimelineEvent } from '../../store/queries/timeline.ts';
import type { Trouble } from '../failure.ts';

/** How a call failed that another process has made, told by what it has left in the store. */

/** What its caller was answered with; null: it did not fail, or left nothing that says how. */
export async function findFailure(
  deps: Pick<Deps, 'store' | 'gateways'>,
  { id, paymentNo }: Payment,
  attempt: Attempt,
): Promise<PayCoreError | null> {
  if (!troubleLeft(attempt)) return null;
  const told = (await deps.store.listEvents(id)).findLast(
    (event) => isFailure(event) && event.attemptId === attempt.id,
  );
  if (!told) return null;
  const { outcome, kind, reason } = told.data;
  if (outcome === 'unknown') {
    const isLate = kind === 'timeout';
    const details = { payment_no: paymentNo };
    return new PayCoreError(isLate ? 'PAYMENT_GATEWAY_TIMEOUT' : 'PAYMENT_GATEWAY_ERROR', { details });
  }
  if (reason !== 'GATEWAY_REFUSED') return new PayCoreError('PAYMENT_GATEWAY_ERROR');
  const { code, message, error_code } = told.data;
  const gateway = { code: String(code ?? ''), message: String(message ?? '') };
  return new PayCoreError(errorOf(deps, attempt, error_code), { details: { gateway } });
}

/** What a payer is told about it; null: it did not fail. */
export function troubleLeft({ status, endReason, syncTries }: Attempt): Trouble | null {
  // A call that ends without an outcome is counted as the first question.
  if (status === 'unknown') return syncTries > 0 ? 'unclear' : null;
  if (status !== 'ended') return null;
  if (endReason === 'GATEWAY_REFUSED') return 'refused';
  return endReason === 'GATEWAY_UNREACHABLE' ? 'unreachable' : null;
}

function isFailure({ type, data }: TimelineEvent): boolean {
  return type === 'gateway.request' && (data.outcome === 'unknown' || data.fact === 'ended');
}

/** By its code, as its gateway has it, or all have. */
function errorOf({ gateways }: Pick<Deps, 'gateways'>, attempt: Attempt, code: unknown): ErrorRef {
  const tables = [gateways.find(attempt.gateway)?.errors ?? {}, ERRORS];
  const specs = tables.flatMap((table) => Object.values(table));
  return specs.find((spec) => spec.code === code) ?? 'GATEWAY_REQUEST_REJECTED';
}
