/** The `error` object of Stripe's answers (Stripe API reference, Errors). */
export interface FailureBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error';
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly payment_intent?: unknown;
  readonly charge?: string;
}

/** A refusal, to be answered with this status and `{error: body}`. */
export class StripeFailure extends Error {
  constructor(
    readonly status: number,
    readonly body: FailureBody,
  ) {
    super(body.message);
  }
}

export function refuse(message: string, extras: Pick<FailureBody, 'code' | 'param'> = {}): never {
  throw new StripeFailure(400, { type: 'invalid_request_error', ...extras, message });
}

export function refuseMissing(param: string): never {
  return refuse(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** For what Stripe can do and this stand-in cannot: better said than pretended. */
export function refuseUndone(param: string, what = param): never {
  return refuse(`The simulator does not do ${what}.`, { param });
}

export function refuseExclusive(one: string, other: string): never {
  const message = `You may only specify one of these parameters: ${one}, ${other}.`;
  return refuse(message, { code: 'parameters_exclusive', param: other });
}

/** `param` is `intent` for the object of the path, else the parameter that named it. */
export function refuseUnknown(kind: string, id: string, status: 400 | 404, param: string): never {
  const message = `No such ${kind}: '${id.slice(0, 100)}'`;
  throw new StripeFailure(status, { type: 'invalid_request_error', code: 'resource_missing', param, message });
}

/** last_payment_error without the payment method, which is added when it is shown. */
export interface PaymentError {
  readonly type: 'card_error' | 'invalid_request_error';
  readonly code: string;
  readonly decline_code?: string;
  readonly message: string;
}

const card = { type: 'card_error', code: 'card_declined' } as const;
const attempt = { type: 'invalid_request_error' } as const;

/** Why a try fails: the card, the payer, or time (Stripe documentation, Error codes). */
export const paymentErrors = {
  declined: { ...card, decline_code: 'generic_decline', message: 'Your card was declined.' },
  no_funds: { ...card, decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  not_a_test_card: {
    ...card,
    decline_code: 'test_mode_live_card',
    message: 'Your card was declined. The simulator takes test cards only.',
  },
  secured: {
    type: 'card_error',
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
  unauthenticated: {
    ...attempt,
    code: 'payment_intent_authentication_failure',
    message: 'The provided PaymentMethod has failed authentication.',
  },
  failed: { ...attempt, code: 'payment_intent_payment_attempt_failed', message: 'The payment failed.' },
  expired: {
    ...attempt,
    code: 'payment_intent_payment_attempt_expired',
    message: 'The latest payment attempt of this PaymentIntent has expired.',
  },
} as const satisfies Readonly<Record<string, PaymentError>>;
