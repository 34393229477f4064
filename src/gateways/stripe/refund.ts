import type Stripe from 'stripe';
import { toMinorUnits } from '../../core/money.ts';
import {
  type GatewayContext,
  GatewayGarbage,
  type GatewayRefund,
  GatewayRefusal,
  type QueryInput,
  type RefundInput,
  type RefundResult,
} from '../gateway.ts';
import { callStripe } from './client.ts';
import { refuseWith, StripeRefusal } from './failure.ts';
import { toStripeAmount } from './intent.ts';
import { type Fields, integerOf, objectOf, textOf } from './json.ts';

const TIMEOUT_MS = 30_000;
const MAX_METADATA = 500;
const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** Stripe API reference, "The Refund object": `requires_action` waits for the payer to claim it. */
const REFUND_STATUSES: Readonly<Record<string, RefundResult['status']>> = {
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
    throw new GatewayRefusal('REFUND_REFUSED', '', 'No PaymentIntent is known that could be paid back.');
  }
  const params = buildParams(input, tradeNo);
  const call = { environment: payment.environment, secrets, timeoutMs: TIMEOUT_MS };
  try {
    const answer = await callStripe(call, ctx, (stripe) => stripe.refunds.create(params, { idempotencyKey: refundNo }));
    return readRefund(objectOf(answer), params);
  } catch (error) {
    throw error instanceof StripeRefusal ? refuseWith(error, 'REFUND_REFUSED') : error;
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
  const { gatewayRefundNo, status } = readState(refund, String(params.payment_intent));
  if (refund.amount !== params.amount) throw new GatewayGarbage('Stripe’s answer is about another refund');
  const message = textOf(refund.failure_reason);
  return { status, gatewayRefundNo, ...(message === '' ? {} : { message }) };
}

/** Throws GatewayGarbage for what is no refund of this intent. */
function readState(refund: Fields, tradeNo: string): Pick<GatewayRefund, 'gatewayRefundNo' | 'status'> {
  const gatewayRefundNo = textOf(refund.id);
  const status = Object.hasOwn(REFUND_STATUSES, textOf(refund.status))
    ? REFUND_STATUSES[textOf(refund.status)]
    : undefined;
  if (refund.object !== 'refund' || gatewayRefundNo === '' || status === undefined) {
    throw new GatewayGarbage('Stripe’s answer is not a refund');
  }
  if (refund.payment_intent !== tradeNo) throw new GatewayGarbage('Stripe’s answer is about another PaymentIntent');
  return { gatewayRefundNo, status };
}

const LIST_TIMEOUT_MS = 15_000;
/** The most that Stripe gives at a time. */
const MAX_LISTED = 100;

/** Every refund of an intent, those of Stripe’s dashboard among them. Source: Stripe API reference, "List all refunds". */
export async function listRefunds(input: QueryInput, ctx: GatewayContext): Promise<readonly GatewayRefund[]> {
  const { tradeNo, environment, secrets, payment } = input;
  if (tradeNo === null) return [];
  try {
    const answer = await callStripe({ environment, secrets, timeoutMs: LIST_TIMEOUT_MS }, ctx, (stripe) =>
      stripe.refunds.list({ payment_intent: tradeNo, limit: MAX_LISTED }),
    );
    const { data, has_more }: Fields = objectOf(answer);
    if (!Array.isArray(data) || has_more !== false) throw new GatewayGarbage('Stripe’s answer is no whole list');
    return data.map((refund) => readListed(objectOf(refund), tradeNo, payment.currency));
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
    throw new GatewayGarbage(`Stripe did not take the question: ${error.code} ${error.message}`);
  }
}

function readListed(refund: Fields, tradeNo: string, currency: string): GatewayRefund {
  const state = readState(refund, tradeNo);
  const given = integerOf(refund.amount);
  const amount = given === null ? null : toMinorUnits(given, currency, 'minor');
  if (amount === null || refund.currency !== currency.toLowerCase()) {
    throw new GatewayGarbage('Stripe’s answer has a refund of an amount that cannot be');
  }
  return { ...state, amount, refundNo: textOf(objectOf(refund.metadata).refund_no) || null };
}
