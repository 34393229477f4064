import { CALL_LIMIT } from '../core/checks.ts';
import { PayCoreError } from '../core/errors.ts';
import { checkFields, type Field } from '../core/fields.ts';
import { makeRefundNo } from '../core/ids.ts';
import { formatDecimal, toMinorUnits } from '../core/money.ts';
import { showAmount } from '../core/notification.ts';
import type { Payment } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { formatInstant } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { GatewayRefusal, type Method, type Secrets } from '../gateways/gateway.ts';
import { GatewayCallError } from '../gateways/http.ts';
import { findMethodOf } from '../gateways/index.ts';
import type { PaymentWithAttempt } from '../store/payments.ts';
import { explainFailure, loadSubject, makeContext, makeQueryInput } from './call.ts';
import { webhookIds } from './report.ts';
import { openSecrets } from './secrets.ts';

/**
 * Paying back. A refund is on disk, and counted against what is left, before the gateway is called; an answer that was
 * lost leaves it `unknown` until the gateway's own list of refunds tells. It is never asked for twice.
 */
export const REFUND_FIELDS: readonly Field[] = [
  {
    name: 'amount',
    type: 'decimal',
    description: 'How much, in the unit of the route the payment came by; all that is left when it is not given.',
    example: 100,
  },
  {
    name: 'reason',
    type: 'string',
    max: 200,
    description: 'For the books; some gateways show it to the payer.',
    example: 'returned',
  },
];

/** Throws PAYMENT_NOT_PAID, REFUND_NOT_SUPPORTED, REFUND_EXCEEDS_AMOUNT, VALIDATION_FAILED, or what the gateway said. */
export async function refundPayment(
  deps: Deps,
  found: PaymentWithAttempt,
  body: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { payment, attempt } = found;
  const { values, errors } = checkFields(body, REFUND_FIELDS);
  if (Object.keys(errors).length > 0) throw new PayCoreError('VALIDATION_FAILED', { details: { fields: errors } });
  if (payment.status !== 'paid' || !attempt) throw new PayCoreError('PAYMENT_NOT_PAID');
  const { gateway, method } = findMethodOf(payment);
  if (!gateway.refund || !method.refundable) throw new PayCoreError('REFUND_NOT_SUPPORTED');
  const now = deps.clock.now();
  const { credentialId, secrets } = chooseSecrets(deps, payment, attempt.credentialId);
  const refund = await deps.store.openRefund({
    refundNo: makeRefundNo(now, deps.random),
    paymentId: payment.id,
    attemptId: attempt.id,
    credentialId,
    amount: readAmount(values.amount, payment, method),
    reason: typeof values.reason === 'string' ? values.reason : '',
    checkAt: now + CALL_LIMIT,
    now,
  });
  if (refund === 'not_paid') throw new PayCoreError('PAYMENT_NOT_PAID');
  if (refund === 'exceeds') throw new PayCoreError('REFUND_EXCEEDS_AMOUNT');
  return presentRefund(payment, await callRefund(deps, found, refund, secrets));
}

/** Minor units; null: all that is left. */
function readAmount(value: unknown, payment: Payment, method: Method): number | null {
  if (value === undefined) return null;
  const { currency } = payment;
  const amount = toMinorUnits(String(value), currency, payment.unit);
  const isWhole = !method.wholeOnly?.includes(currency) || Number.isInteger(Number(value));
  const mustBeWhole = payment.unit === 'minor' || method.wholeOnly === undefined;
  const fits = amount !== null && isWhole && (!mustBeWhole || Number.isInteger(Number(value)));
  if (fits && amount > 0) return amount;
  const text = `The amount field must be more than 0, in the unit of the payment, with no more decimals than ${currency} takes here.`;
  throw new PayCoreError('VALIDATION_FAILED', { details: { fields: { amount: [text] } } });
}

/** What the project uses now comes first, since keys are renewed; but only that of the same merchant has the money. */
function chooseSecrets(deps: Deps, payment: Payment, attemptCredential: number) {
  const own = deps.store.findCredential(attemptCredential);
  const current = deps.store.findCurrentCredential(payment.projectId, payment.gateway, payment.environment);
  const chosen = current && current.merchantId === own?.merchantId ? current : own;
  if (!chosen) throw new Error(`credential ${attemptCredential} of payment ${payment.paymentNo} is missing`);
  return { credentialId: chosen.id, secrets: openSecrets(deps, chosen) };
}

async function callRefund(
  deps: Deps,
  { payment, attempt }: PaymentWithAttempt,
  refund: Refund,
  secrets: Secrets,
): Promise<Refund> {
  const { gateway } = findMethodOf(payment);
  if (!attempt || !gateway.refund) throw new PayCoreError('REFUND_NOT_SUPPORTED');
  const settle = (status: 'pending' | 'succeeded' | 'failed', gatewayRefundNo: string | null, message: string) =>
    deps.store.settleRefund(
      refund.refundNo,
      { status, gatewayRefundNo, message },
      { now: deps.clock.now(), makeWebhookId: webhookIds(deps) },
    );
  try {
    const result = await gateway.refund(
      {
        payment,
        gatewayOrderNo: attempt.gatewayOrderNo,
        tradeNo: attempt.gatewayTradeNo,
        secrets,
        amount: refund.amount,
        refundNo: refund.refundNo,
        ...(refund.reason === '' ? {} : { reason: refund.reason }),
      },
      makeContext(deps, payment, attempt),
    );
    const settled = await settle(result.status, result.gatewayRefundNo, result.message ?? '');
    deps.wake();
    if (settled.status !== 'failed') return settled;
    throw new GatewayRefusal('REFUND_REFUSED', '', result.message ?? 'The gateway reports the refund as failed.');
  } catch (error) {
    deps.log.warn('refund failed', { payment_no: payment.paymentNo, refund_no: refund.refundNo, error });
    const isCertain =
      error instanceof GatewayRefusal || (error instanceof GatewayCallError && error.kind === 'not_sent');
    if (isCertain) await settle('failed', null, error.message);
    else await deps.store.planRefundLook(payment.id, deps.clock.now());
    deps.wake();
    throw explainRefund(error, payment.paymentNo);
  }
}

function explainRefund(error: unknown, paymentNo: string): PayCoreError {
  if (!(error instanceof GatewayRefusal)) return explainFailure(error, paymentNo);
  const code = error.errorCode === 'REFUND_NOT_SUPPORTED' ? error.errorCode : 'REFUND_REFUSED';
  return new PayCoreError(code, {
    details: { gateway: { code: error.gatewayCode, message: error.message } },
    cause: error,
  });
}

/** A refund in an answer; `amount` in the unit of the payment's route. */
export function presentRefund(payment: Payment, refund: Refund): Record<string, unknown> {
  return {
    refund_no: refund.refundNo,
    payment_no: payment.paymentNo,
    amount: showAmount({ ...payment, amount: refund.amount }),
    amount_decimal: formatDecimal(refund.amount, payment.currency),
    currency: payment.currency,
    status: refund.status,
    reason: refund.reason,
    source: refund.source,
    gateway_refund_no: refund.gatewayRefundNo,
    message: refund.message,
    created_at: formatInstant(refund.createdAt),
    updated_at: formatInstant(refund.updatedAt),
  };
}

/** Asks the gateway about a payment's refunds and brings ours in line. False when it could not be asked. */
export async function lookAtRefunds(deps: Deps, paymentId: number): Promise<boolean> {
  const payment = deps.store.findPaymentById(paymentId);
  const attempt = payment && payment.attemptId !== null ? deps.store.findAttempt(payment.attemptId) : null;
  if (!payment || !attempt) return false;
  const { listRefunds } = findMethodOf(payment).gateway;
  const now = deps.clock.now();
  try {
    if (!listRefunds) throw new Error(`${payment.gateway} cannot be asked about refunds`);
    const input = makeQueryInput(loadSubject(deps, payment, attempt));
    const { secrets } = chooseSecrets(deps, payment, attempt.credentialId);
    const reported = await listRefunds({ ...input, secrets }, makeContext(deps, payment, attempt));
    await deps.store.reconcileRefunds({
      paymentId,
      attemptId: attempt.id,
      credentialId: attempt.credentialId,
      reported,
      makeRefundNo: () => makeRefundNo(now, deps.random),
      now: deps.clock.now(),
      makeWebhookId: webhookIds(deps),
    });
    deps.wake();
    return true;
  } catch (error) {
    deps.log.warn('refunds could not be asked about', { payment_no: payment.paymentNo, error });
    await deps.store.planRefundLook(paymentId, now);
    return false;
  }
}
