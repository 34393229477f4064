import type { Fact } from '../../core/attempt.ts';
import { type GatewayContext, GatewayGarbage, type QueryInput, type QueryResult } from '../gateway.ts';
import { callStripe } from './client.ts';
import { refuseWith, StripeRefusal } from './failure.ts';
import { readState, requireIntent } from './intent.ts';

const QUERY_TIMEOUT_MS = 15_000;
const CANCEL_TIMEOUT_MS = 30_000;

/** Test data that was deleted, or an account that was. */
const MISSING = 'resource_missing';
const WRONG_STATE = 'payment_intent_unexpected_state';
const GONE: Fact = {
  type: 'ended',
  reason: 'GONE',
  code: MISSING,
  message: 'Stripe does not know the PaymentIntent any more.',
};

/** Source: Stripe API reference, "Retrieve a PaymentIntent". */
export async function queryIntent(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  const { tradeNo, environment, secrets } = input;
  // What Stripe was asked to make and never named cannot be found by our number.
  if (tradeNo === null) return { type: 'not_found' };
  try {
    const answer = await callStripe({ environment, secrets, timeoutMs: QUERY_TIMEOUT_MS }, ctx, (stripe) =>
      // The charge says when and how it was paid, its balance transaction what Stripe has kept.
      stripe.paymentIntents.retrieve(tradeNo, { expand: ['latest_charge', 'latest_charge.balance_transaction'] }),
    );
    return { type: 'facts', facts: readState(requireIntent(answer, { id: tradeNo, environment }), input) };
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
    if (error.code === MISSING) return { type: 'facts', facts: [GONE] };
    // A question that is refused says nothing about the order.
    throw new GatewayGarbage(`Stripe did not take the question: ${error.code} ${error.message}`);
  }
}

/**
 * Cancels what nobody has paid. An intent that cannot be canceled any more has been paid, or canceled before: what it is
 * then is asked. Source: Stripe API reference, "Cancel a PaymentIntent".
 */
export async function cancelIntent(input: QueryInput, ctx: GatewayContext): Promise<readonly Fact[]> {
  const { tradeNo, environment, secrets } = input;
  if (tradeNo === null) return [];
  try {
    const answer = await callStripe({ environment, secrets, timeoutMs: CANCEL_TIMEOUT_MS }, ctx, (stripe) =>
      stripe.paymentIntents.cancel(tradeNo, { cancellation_reason: 'abandoned' }),
    );
    return readState(requireIntent(answer, { id: tradeNo, environment }), input);
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
    if (error.code === MISSING) return [GONE];
    if (error.code !== WRONG_STATE) throw refuseWith(error, 'GATEWAY_REQUEST_REJECTED');
    const now = await queryIntent(input, ctx);
    return now.type === 'facts' ? now.facts : [];
  }
}
