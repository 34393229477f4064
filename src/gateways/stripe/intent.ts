import type { Fact } from '../../core/attempt.ts';
import { fromMinorUnits, toMinorUnits } from '../../core/money.ts';
import { tellDetails } from '../../core/paid-details.ts';
import type { Environment } from '../../core/payment.ts';
import { formatInstant, SECOND } from '../../core/time.ts';
import { GatewayGarbage, type QueryInput } from '../gateway.ts';
import { isAllReturned, readAftermath, readReturned } from './charge.ts';
import { readDetails } from './details.ts';
import { type Fields, integerOf, objectOf, textOf } from './json.ts';

/** PaymentIntents in answers and events. Source: Stripe API reference, "The PaymentIntent object". */

export const INTENT_ID = /^pi_[A-Za-z0-9_]{1,250}$/;

/** An amount as Stripe counts it. */
export function toStripeAmount(minor: number, currency: string): number {
  return fromMinorUnits(minor, currency, 'minor');
}

export interface Expected {
  /** Null where it is not known yet. */
  readonly id: string | null;
  readonly environment: Environment;
}

/** Throws GatewayGarbage for an answer that is not the PaymentIntent that was asked for. */
export function requireIntent(answer: unknown, expected: Expected): Fields & { readonly id: string } {
  const intent = objectOf(answer);
  const id = textOf(intent.id);
  if (intent.object !== 'payment_intent' || !INTENT_ID.test(id)) {
    throw new GatewayGarbage('Stripe’s answer is not a PaymentIntent');
  }
  if (expected.id !== null && id !== expected.id) {
    throw new GatewayGarbage('Stripe’s answer is about another PaymentIntent');
  }
  if (!isOfMode(intent, expected.environment)) throw new GatewayGarbage('Stripe’s answer is of the other mode');
  return { ...intent, id };
}

/** `livemode` of an object or event fits the environment of the payment. */
export function isOfMode(object: Fields, environment: Environment): boolean {
  return object.livemode === (environment === 'production');
}

/** `paidAt` in seconds, if Stripe said. */
export function readPaid(intent: Fields, paidAt: number | null): Fact {
  const currency = textOf(intent.currency).toUpperCase();
  const received = integerOf(intent.amount_received);
  const types = Array.isArray(intent.payment_method_types) ? intent.payment_method_types : [];
  const channel = types.length === 1 ? textOf(types[0]) : '';
  return {
    type: 'paid',
    // An amount that cannot be is one that matches none.
    amount: (received === null ? null : toMinorUnits(received, currency, 'minor')) ?? -1,
    currency,
    simulated: false,
    tradeNo: textOf(intent.id),
    ...(paidAt === null ? {} : { paidAt: formatInstant(paidAt * SECOND) }),
    ...(channel === '' ? {} : { channel }),
    // An event only names the charge.
    ...tellDetails(readDetails(objectOf(intent.latest_charge))),
  };
}

/** Null when no try has failed. */
export function readDeclined(intent: Fields): Fact | null {
  const error = objectOf(intent.last_payment_error);
  const code = textOf(error.decline_code) || textOf(error.code) || textOf(error.type);
  return code === '' ? null : { type: 'declined', code, message: textOf(error.message) };
}

export function readCanceled(intent: Fields): Fact {
  const code = textOf(intent.cancellation_reason) || 'canceled';
  return { type: 'ended', reason: 'GONE', code, message: 'The PaymentIntent was canceled at Stripe.' };
}

/** An intent stays `succeeded` whatever happens to its money afterwards: that is in the charge alone. */
function readSucceeded(intent: Fields): readonly Fact[] {
  const charge = objectOf(intent.latest_charge);
  if (!isAllReturned(charge)) return [readPaid(intent, integerOf(charge.created)), ...readAftermath(charge)];
  const returned = readReturned(charge);
  return [
    { ...returned, type: 'note' },
    { type: 'ended', reason: 'GONE', ...returned },
  ];
}

const NOTHING_YET = new Set(['requires_confirmation', 'requires_action', 'requires_capture']);

/**
 * What an intent that was asked for says. After a refused card or a QR code that ran out it waits for another try
 * (`requires_payment_method`), and names that refusal until then: it counts once, and once more after a bank has taken its
 * time over the next try. Throws GatewayGarbage for a status that does not exist.
 */
export function readState(
  intent: Fields,
  { declines, isUnderReview }: Pick<QueryInput, 'declines' | 'isUnderReview'>,
): readonly Fact[] {
  const status = textOf(intent.status);
  if (status === 'succeeded') return readSucceeded(intent);
  if (status === 'canceled') return [readCanceled(intent)];
  // The payer has done his part; he must not be shown a form to do it again.
  if (status === 'processing') return [{ type: 'under_review' }];
  if (NOTHING_YET.has(status)) return [];
  if (status !== 'requires_payment_method') throw new GatewayGarbage('Stripe’s answer has no known status');
  const declined = declines === 0 || isUnderReview ? readDeclined(intent) : null;
  return declined ? [declined] : [];
}
