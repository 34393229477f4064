import type { Attempt } from '../../core/attempt.ts';
import { MAX_ATTEMPTS } from '../../core/attempt.ts';
import { failValidation, PayCoreError } from '../../core/errors.ts';
import { checkFields, type Field } from '../../core/fields.ts';
import { toMinorUnits } from '../../core/money.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import { isFineEnough } from '../../gateways/amounts.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';

export const REFUND_FIELDS: readonly Field[] = [
  {
    name: 'amount',
    type: 'decimal',
    description:
      'How much, in the unit of the route the payment came by; all that is left when the field is missing. Null and empty text are refused.',
    example: 100,
  },
  {
    name: 'reason',
    type: 'string',
    max: 200,
    description: 'For the books; some gateways show it to the payer.',
    example: 'returned',
  },
  {
    name: 'gateway_trade_no',
    type: 'string',
    max: 255,
    choosesMoney: true,
    description:
      'Which money, when an order was paid twice: the number in the `payment.duplicate` notification. What counts as this payment when the field is missing. Null and empty text are refused.',
  },
];

export interface RefundRequest {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly gateway: Gateway;
  readonly method: Method;
  /** Minor units; null: all that is left. */
  readonly amount: number | null;
  readonly reason: string;
}

/** Throws VALIDATION_FAILED, PAYMENT_NOT_PAID or REFUND_NOT_SUPPORTED. */
export async function readRefundRequest(
  deps: Pick<Deps, 'store' | 'gateways'>,
  found: PaymentWithAttempt,
  body: Readonly<Record<string, unknown>>,
): Promise<RefundRequest> {
  const { payment } = found;
  const { values, errors } = checkFields(body, REFUND_FIELDS);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const attempt = await chooseAttempt(deps, found, values.gateway_trade_no);
  const { gateway, method } = deps.gateways.methodOf(attempt);
  if (!gateway.refund || !method.refundable) throw new PayCoreError('REFUND_NOT_SUPPORTED');
  return {
    payment,
    attempt,
    gateway,
    method,
    amount: values.amount === undefined ? null : readAmount(String(values.amount), payment, method),
    reason: typeof values.reason === 'string' ? values.reason : '',
  };
}

/** The attempt whose money goes back: the one that made the payment paid, unless another is named. */
async function chooseAttempt(
  deps: Pick<Deps, 'store'>,
  { payment, attempt }: PaymentWithAttempt,
  tradeNo: unknown,
): Promise<Attempt> {
  if (payment.status !== 'paid' || attempt?.status !== 'paid') throw new PayCoreError('PAYMENT_NOT_PAID');
  if (tradeNo === undefined || tradeNo === attempt.gatewayTradeNo) return attempt;
  const attempts = await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
  const named = attempts.find((one) => one.status === 'paid' && one.gatewayTradeNo === tradeNo);
  if (named) return named;
  throw failValidation({
    gateway_trade_no: ['The gateway_trade_no field must be that of money paid for this payment.'],
  });
}

/** Minor units. Throws VALIDATION_FAILED for what is nothing, or finer than the currency or the gateway. */
function readAmount(text: string, { currency, unit }: Payment, method: Method): number {
  const amount = toMinorUnits(text, currency, unit);
  // In minor units a point stands for nothing.
  const isWhole = unit === 'major' || Number.isInteger(Number(text));
  if (amount !== null && amount > 0 && isWhole && isFineEnough(amount, currency, method)) return amount;
  throw failValidation({
    amount: [`The amount field must be more than 0, without more decimals than ${currency} takes here.`],
  });
}
