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
  readonly status: number;
  readonly body: FailureBody;

  constructor(status: number, body: FailureBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** 400 for something wrong with the parameters. */
export function refuse(message: string, extras: { readonly code?: string; readonly param?: string } = {}): never {
  throw new StripeFailure(400, { type: 'invalid_request_error', ...extras, message });
}

export function refuseMissing(param: string): never {
  return refuse(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** For what Stripe can do and this stand-in cannot: better said than pretended. */
export function refuseUndone(param: string, what = param): never {
  return refuse(`The simulator does not do ${what}.`, { param });
}

/** `param` is `intent` for the object of the path, else the parameter that named it. */
export function missingObject(kind: string, id: string, status: 400 | 404, param: string): StripeFailure {
  const message = `No such ${kind}: '${id.slice(0, 100)}'`;
  return new StripeFailure(status, { type: 'invalid_request_error', code: 'resource_missing', param, message });
}
