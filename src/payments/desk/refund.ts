import type { Actor } from '../../core/actor.ts';
import { failValidation, PayCoreError } from '../../core/errors.ts';
import { makeId } from '../../core/ids.ts';
import { type AmountProblem, readEntered } from '../../core/link.ts';
import { exponentOf, formatDecimal, fromMinorUnits } from '../../core/money.ts';
import { leftToRefund } from '../../core/refund.ts';
import type { Deps } from '../../deps.ts';
import { decimalsOf } from '../../gateways/amounts.ts';
import type { RefundQuestion } from '../../pages/admin/payment/model.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import type { Services } from '../index.ts';
import type { RefundDone } from '../refund/refund.ts';
import { readRefundRequest } from '../refund/request.ts';

/**
 * Paying back at the desk, in two steps: a form, then a question that names what will be done. The answer carries a key of
 * its own, so that a press or a reload more is the same refund, and what its person had seen, so that of two people only
 * one pays back.
 */
export interface SentRefund {
  /** As it was typed, in whole units. */
  readonly amount: string;
  readonly reason: string;
  /** Which money, when an order was paid twice; empty: what counts as this payment. */
  readonly tradeNo: string;
}

/** Throws VALIDATION_FAILED, PAYMENT_NOT_PAID or REFUND_NOT_SUPPORTED. */
export async function askRefund(deps: Deps, found: PaymentWithAttempt, sent: SentRefund): Promise<RefundQuestion> {
  const { payment } = found;
  const { attempt, gateway, method } = await readRefundRequest(deps, found, bodyOf(sent));
  const refunds = await deps.store.listRefunds(payment.id);
  const own = refunds.filter(({ attemptId }) => attemptId === attempt.id);
  const left = leftToRefund(payment.amount, own);
  if (left <= 0) throw new PayCoreError('REFUND_EXCEEDS_AMOUNT');
  const amount = readAmount(sent.amount, payment.currency, decimalsOf(method, payment.currency), left);
  return {
    payment,
    gatewayName: gateway.name,
    amount,
    rest: left - amount,
    amountText: formatDecimal(amount, payment.currency),
    reason: sent.reason,
    tradeNo: sent.tradeNo,
    formKey: makeId('form', deps.random),
    seen: refunds.reduce((newest, { id }) => Math.max(newest, id), 0),
  };
}

export interface ConfirmedRefund extends SentRefund {
  readonly formKey: string;
  readonly seen: string;
}

const FORM_KEY = /^form_[A-Za-z0-9]{22}$/;
const ROW_ID = /^\d{1,15}$/;

/** Throws what `askRefund` throws, REFUND_OVERTAKEN, and what paying back throws. */
export async function confirmRefund(
  deps: Deps,
  { refundPayment }: Pick<Services, 'refundPayment'>,
  found: PaymentWithAttempt,
  sent: ConfirmedRefund,
  by: Actor,
): Promise<RefundDone & { readonly amount: number }> {
  const { payment } = found;
  // A form that is none of ours has asked nobody anything.
  if (!FORM_KEY.test(sent.formKey) || !ROW_ID.test(sent.seen)) throw new PayCoreError('IDEMPOTENCY_KEY_REUSED');
  const { method } = await readRefundRequest(deps, found, bodyOf(sent));
  // What is left is known where the refund is written down: the same form sent again finds nothing left, and is no mistake.
  const decimals = decimalsOf(method, payment.currency);
  const amount = readAmount(sent.amount, payment.currency, decimals, payment.amount);
  const body = { ...bodyOf(sent), amount: String(fromMinorUnits(amount, payment.currency, payment.unit)) };
  const asker = { by, idempotencyKey: `desk ${sent.formKey}`, seen: Number(sent.seen) };
  return { ...(await refundPayment(found, body, asker)), amount };
}

function bodyOf({ reason, tradeNo }: SentRefund): Readonly<Record<string, string>> {
  return { ...(reason === '' ? {} : { reason }), ...(tradeNo === '' ? {} : { gateway_trade_no: tradeNo }) };
}

/** Minor units. Throws VALIDATION_FAILED. */
function readAmount(text: string, currency: string, decimals: number, max: number): number {
  const min = 10 ** (exponentOf(currency) - decimals);
  const read = readEntered(text, { currency, min, max, decimals });
  if (typeof read !== 'string') return read.amount;
  throw failValidation({
    amount: [SENTENCES[read]({ decimals, min: formatDecimal(min, currency), max: formatDecimal(max, currency) })],
  });
}

interface Bounds {
  readonly decimals: number;
  readonly min: string;
  readonly max: string;
}

const SENTENCES: Readonly<Record<AmountProblem, (bounds: Bounds) => string>> = {
  empty: () => 'The amount field is required.',
  format: () => 'The amount field must be a decimal number, such as 980 or 10.99.',
  decimals: ({ decimals }) => `The amount field must not have more than ${decimals} decimals.`,
  min: ({ min }) => `The amount field must be at least ${min}.`,
  max: ({ max }) => `The amount field must not be greater than ${max}.`,
};
