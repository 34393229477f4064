import { type ErrorDetails, PayCoreError } from '../core/errors.ts';
import { GatewayForbidden, GatewayRefusal } from '../gateways/gateway.ts';
import { GatewayCallError, type GatewayCallKind } from '../gateways/http.ts';

/** What the caller of the API is told when a gateway refused, or could not be called: the one place where the two meet. */

/** What a caller is told about a failed call. `paymentNo`: the call may have had an effect at the gateway. */
export function explainFailure(error: unknown, paymentNo: string | null): PayCoreError {
  if (error instanceof GatewayRefusal) {
    return new PayCoreError(error.error, { details: quoteRefusal(error), cause: error });
  }
  return explainUnanswered(error, failureKind(error) === 'not_sent' ? null : paymentNo);
}

/** No answer, or none that can be understood. */
export function explainUnanswered(error: unknown, paymentNo: string | null): PayCoreError {
  if (error instanceof PayCoreError) return error;
  return new PayCoreError(failureKind(error) === 'timeout' ? 'PAYMENT_GATEWAY_TIMEOUT' : 'PAYMENT_GATEWAY_ERROR', {
    details: paymentNo === null ? {} : { payment_no: paymentNo },
    cause: error,
  });
}

/** The account has been asked too often and is left alone for so long. */
export function explainCooldown(paymentNo: string, ms: number, cause?: unknown): PayCoreError {
  const details = { payment_no: paymentNo, retry_after: Math.max(1, Math.ceil(ms / 1000)) };
  return new PayCoreError('GATEWAY_RESTING', { details, cause });
}

/** What a payer is told about a call that failed: it was refused for good, was not made, or nobody knows. */
export type Trouble = 'refused' | 'unreachable' | 'unclear';

export function troubleOf({ status, details }: PayCoreError): Trouble {
  if (status < 500) return 'refused';
  return details.payment_no === undefined ? 'unreachable' : 'unclear';
}

/** A refusal in the gateway's own words. */
export function quoteRefusal({ gatewayCode, message }: GatewayRefusal): Pick<ErrorDetails, 'gateway'> {
  return { gateway: { code: gatewayCode, message } };
}

/** A call that failed so has certainly done nothing at the gateway; after any other failure that is open. */
export function hadNoEffect(error: unknown): boolean {
  if (error instanceof GatewayCallError) return error.kind === 'not_sent';
  return error instanceof GatewayRefusal || error instanceof GatewayForbidden || error instanceof PayCoreError;
}

export function failureKind(error: unknown): GatewayCallKind | 'garbage' {
  return error instanceof GatewayCallError ? error.kind : 'garbage';
}
