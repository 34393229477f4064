import type Stripe from 'stripe';
import {
  type GatewayContext,
  GatewayGarbage,
  GatewayRefusal,
  type RefundInput,
  type RefundResult,
} from '../gateway.ts';
import { callStripe } from './client.ts';
import { refuseWith, StripeRefusal } from './failure.ts';
import { toStripeAmount } from './intent.ts';
import { type Fields, objectOf, textOf } from './json.ts';

const TIMEOUT_MS = 30_000;
const MAX_METADATA = 500;
const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** Stripe API reference, "The Refund object": `requires_action` waits for the payer to claim it. */
const STATUSES: Readonly<Record<string, RefundResult['status']>> = {
  succeeded: 'succeeded',
  pending: 'pending',
  requires_action: 'pending',
  failed: 'failed',
  canceled: 'failed',
};

/** Pays back a part or all. Source: Stripe API reference, "Create a refund". */
export async function refundIntent(input: RefundInput, ctx: GatewayContext): Promise<RefundResult> {
  const { payment, secrets, tradeNo, refundNo } = input;
  if (tradeNo === null) {
    throw new GatewayRefusal('GATEWAY_REQUEST_REJECTED', '', 'No PaymentIntent is known that could be paid back.');
  }
  const params = buildParams(input, tradeNo);
  const call = { environment: payment.environment, secrets, timeoutMs: TIMEOUT_MS };
  try {
    const answer = await callStripe(call, ctx, (stripe) => stripe.refunds.create(params, { idempotencyKey: refundNo }));
    return readRefund(objectOf(answer), params);
  } catch (error) {
    throw error instanceof StripeRefusal ? refuseWith(error, 'GATEWAY_REQUEST_REJECTED') : error;
  }
}

/** Stripe knows three reasons; a shop's own words go along as metadata. */
function buildParams(input: RefundInput, tradeNo: string): Stripe.RefundCreateParams {
  const { payment, amount, refundNo, reason } = input;
  const known = REASONS.find((one) => one === reason);
  const words = known === undefined && reason !== undefined ? [...reason].slice(0, MAX_METADATA).join('') : '';
  return {
    payment_intent: tradeNo,
    amount: toStripeAmount(amount, payment.currency),
    metadata: {
      payment_no: payment.paymentNo,
      refund_no: refundNo,
      ...(words === '' ? {} : { reason: words }),
    },
    ...(known === undefined ? {} : { reason: known }),
  };
}

function readRefund(refund: Fields, params: Stripe.RefundCreateParams): RefundResult {
  const gatewayRefundNo = textOf(refund.id);
  const status = Object.hasOwn(STATUSES, textOf(refund.status)) ? STATUSES[textOf(refund.status)] : undefined;
  if (refund.object !== 'refund' || gatewayRefundNo === '' || status === undefined) {
    throw new GatewayGarbage('Stripe’s answer is not a refund');
  }
  if (refund.payment_intent !== params.payment_intent || refund.amount !== params.amount) {
    throw new GatewayGarbage('Stripe’s answer is about another refund');
  }
  const message = textOf(refund.failure_reason);
  return { status, gatewayRefundNo, ...(message === '' ? {} : { message }) };
}
