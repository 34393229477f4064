import type Stripe from 'stripe';
import type { Instructions, NextStep } from '../../core/attempt.ts';
import { formatInstant } from '../../core/time.ts';
import { type CreateInput, type GatewayContext, GatewayGarbage, GatewayRefusal } from '../gateway.ts';
import { callStripe } from './client.ts';
import { errors } from './errors.ts';
import { refuseWith, StripeRefusal } from './failure.ts';
import { readDeclined, requireIntent, toStripeAmount } from './intent.ts';
import { type Fields, objectOf, textOf } from './json.ts';
import { isQrType, type QrType, type StripeType, typeOf } from './methods.ts';

const TIMEOUT_MS = 30_000;
const MAX_DESCRIPTION = 1000;
const MAX_METADATA = 500;
/** Longer than any wallet's code, and what a QR code can hold. */
const MAX_QR = 2000;

/**
 * Makes a PaymentIntent. What is scanned is confirmed here, so that the code is known at once; the others are confirmed
 * by Stripe's form in our page. Source: Stripe API reference, "Create a PaymentIntent".
 */
export async function createIntent(input: CreateInput, ctx: GatewayContext): Promise<NextStep> {
  const { payment, secrets } = input;
  const type = typeOf(input.method.method);
  const params = buildParams(input, ctx, type);
  const call = { environment: payment.environment, secrets, timeoutMs: TIMEOUT_MS };
  // The number is never reused and its request never changes, so that this key means this one intent.
  const idempotencyKey = `paycore:${input.gatewayOrderNo}:create`;
  try {
    const answer = await callStripe(call, ctx, (stripe) => stripe.paymentIntents.create(params, { idempotencyKey }));
    const intent = requireIntent(answer, { id: null, environment: payment.environment });
    requireAsked(intent, params, input.gatewayOrderNo);
    return { type: 'instructions', instructions: readInstructions(intent, type, input), tradeNo: intent.id };
  } catch (error) {
    throw error instanceof StripeRefusal ? refuseWith(error, errors.STRIPE_PAYMENT_INTENT_CREATE_FAILED) : error;
  }
}

function buildParams(input: CreateInput, ctx: GatewayContext, type: StripeType): Stripe.PaymentIntentCreateParams {
  const { payment, gatewayOrderNo } = input;
  const { amount, currency, order } = payment;
  const description = order.description ?? order.itemName;
  return {
    amount: toStripeAmount(amount, currency),
    currency: currency.toLowerCase(),
    payment_method_types: [type],
    metadata: {
      payment_no: payment.paymentNo,
      gateway_order_no: gatewayOrderNo,
      merchant_order_no: cut(payment.merchantOrderNo, MAX_METADATA),
    },
    ...(description === undefined ? {} : { description: cut(description, MAX_DESCRIPTION) }),
    ...(isQrType(type) ? confirmAtOnce(type, ctx, order.buyerEmail) : {}),
  };
}

/** `return_url` may be sent with `confirm` only, though nobody returns from scanning. */
function confirmAtOnce(
  type: QrType,
  ctx: GatewayContext,
  email: string | undefined,
): Partial<Stripe.PaymentIntentCreateParams> {
  return {
    confirm: true,
    return_url: ctx.urls.browserReturn,
    payment_method_data: {
      type,
      ...(type === 'promptpay' && email !== undefined ? { billing_details: { email } } : {}),
    },
    ...(type === 'wechat_pay' ? { payment_method_options: { wechat_pay: { client: 'web' } } } : {}),
  };
}

/** Whole characters, counted as Stripe counts them. */
function cut(text: string, max: number): string {
  return [...text].slice(0, max).join('');
}

function requireAsked(intent: Fields, params: Stripe.PaymentIntentCreateParams, gatewayOrderNo: string): void {
  if (intent.amount !== params.amount || intent.currency !== params.currency) {
    throw new GatewayGarbage('Stripe’s answer is about another amount');
  }
  if (objectOf(intent.metadata).gateway_order_no !== gatewayOrderNo) {
    throw new GatewayGarbage('Stripe’s answer is about another order');
  }
}

function readInstructions(intent: Fields, type: StripeType, input: CreateInput): Instructions {
  const expireAt = formatInstant(input.deadline);
  if (!isQrType(type)) return { type: 'element', clientSecret: readSecret(intent), expireAt };
  const action = `${type}_display_qr_code`;
  const data = textOf(objectOf(objectOf(intent.next_action)[action]).data);
  if (data !== '' && data.length <= MAX_QR) return { type: 'qr', data, expireAt };
  const declined = intent.status === 'requires_payment_method' ? readDeclined(intent) : null;
  if (declined?.type !== 'declined') throw new GatewayGarbage(`Stripe’s answer has no usable ${action}`);
  const { code, message } = declined;
  throw new GatewayRefusal(errors.STRIPE_PAYMENT_INTENT_CREATE_FAILED, code, message);
}

function readSecret(intent: Fields): string {
  const secret = textOf(intent.client_secret);
  const isSound = secret.startsWith(`${textOf(intent.id)}_secret_`) && /^\w{1,300}$/.test(secret);
  if (!isSound) throw new GatewayGarbage('Stripe’s answer has no usable client_secret');
  return secret;
}
