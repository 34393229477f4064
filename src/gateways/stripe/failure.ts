import type { ErrorRef } from '../../core/errors.ts';
import { GatewayGarbage, GatewayRefusal } from '../gateway.ts';
import { errors } from './errors.ts';
import { objectOf, textOf } from './json.ts';

/** Stripe understood the request and said no (Stripe API reference, "Errors"). */
export class StripeRefusal extends Error {
  override readonly name = 'StripeRefusal';
  readonly status: number;
  /** Stripe's `code`, or the `type` of an error that has none. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Says nothing about what became of the order: a twin is still running (409), too many requests (429), a proxy that
 * gave up (408, 425).
 */
const UNDECIDED = new Set([408, 409, 425, 429]);
/** Of the types there are, `api_error` and `idempotency_error` say nothing either. */
const DEFINITE_TYPES = new Set(['card_error', 'invalid_request_error']);
/** `rate_limit` and `lock_timeout` also come as 400. */
const UNDECIDED_CODES = new Set(['rate_limit', 'lock_timeout', 'idempotency_key_in_use']);

/**
 * What the package threw, in our words: StripeRefusal when Stripe certainly refused, else GatewayGarbage. An
 * `idempotency_error` means that this key has been used: something may well have been made with it.
 */
export function explainError(error: unknown, status: number): StripeRefusal | GatewayGarbage {
  const { rawType, code, message } = objectOf(error);
  const type = textOf(rawType);
  const name = textOf(code) || type;
  const isDefinite = status >= 400 && status < 500 && !UNDECIDED.has(status);
  if (isDefinite && DEFINITE_TYPES.has(type) && !UNDECIDED_CODES.has(name)) {
    return new StripeRefusal(status, name, textOf(message));
  }
  return new GatewayGarbage(`Stripe answered HTTP ${status} ${name || 'with nothing that can be read'}`);
}

/** The refusal as callers are told it. */
export function refuseWith(refusal: StripeRefusal, error: ErrorRef): GatewayRefusal {
  // A wrong key has the type `invalid_request_error` like everything else: only the status tells.
  const isAuth = refusal.status === 401 || refusal.status === 403;
  return isAuth
    ? new GatewayRefusal(errors.STRIPE_AUTH_FAILED, refusal.code, refusal.message, 'account')
    : new GatewayRefusal(error, refusal.code, refusal.message);
}
