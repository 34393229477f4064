/** An error of the API as data: what programs decide by, the HTTP status, and a text for people. */
export interface ErrorSpec {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** What stands beside the code in the documentation's example. */
  readonly example?: ErrorDetails;
}

type Row = readonly [status: number, message: string, example?: ErrorDetails];

/** A table of errors, by code. */
export function defineErrors<Code extends string>(
  rows: Readonly<Record<Code, Row>>,
): Readonly<Record<Code, ErrorSpec>> {
  const specs = Object.entries<Row>(rows).map(([code, [status, message, example]]) => [
    code,
    { code, status, message, ...(example ? { example } : {}) },
  ]);
  return Object.fromEntries(specs);
}

/**
 * The errors that no gateway has for itself; a driver brings a table of its own. What is in no table cannot be thrown,
 * and the documentation of the API lists the same tables.
 */
export const ERRORS = defineErrors({
  API_KEY_INVALID: [
    401,
    'The X-API-KEY header is missing or is not a valid API key. Send a key made with "paycore key create".',
  ],
  INVALID_JSON: [400, 'The request body is not valid JSON. Send one JSON object, UTF-8 encoded.'],
  INVALID_ENCODING: [400, 'The request body could not be read. Send it whole, in the announced encoding.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'This route takes JSON. Send the header "Content-Type: application/json".'],
  PAYLOAD_TOO_LARGE: [413, 'The request body is larger than 256 kB.'],
  REQUEST_TIMEOUT: [408, 'The request body did not come within 10 seconds. Send it again, and whole.'],
  SERVER_BUSY: [503, 'Too many request bodies are on their way at once, and this one took longest. Send it again.'],
  VALIDATION_FAILED: [422, 'Validation failed'],
  INVALID_ARGUMENT: [422, 'An argument is not accepted by this gateway.'],
  REQUEST_TARGET_INVALID: [400, 'The request names no path. Send one that starts with "/", such as /healthz.'],
  ROUTE_NOT_FOUND: [404, 'There is no such route. See /swagger for those there are.'],
  METHOD_NOT_ALLOWED: [405, 'This route takes another method. The Allow header lists what it takes.'],
  PAYMENT_NOT_FOUND: [404, 'Payment not found'],
  LINK_NOT_FOUND: [404, 'Payment link not found'],
  ORDER_CONFLICT: [409, 'This merchant_order_no already belongs to another payment.'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This Idempotency-Key was used with another request. Use a new key for a new request.'],
  IDEMPOTENCY_KEY_INVALID: [422, 'The Idempotency-Key header must be 1 to 255 printable ASCII characters.'],
  RATE_LIMITED: [429, 'Too many requests. Try again later.'],
  TEST_KEY_PRODUCTION: [
    422,
    'A test key cannot reach a production environment. Use a live key, or environment "stage".',
  ],
  GATEWAY_HAS_NO_TEST_MODE: [422, 'This gateway has no test environment. Use a live key.'],
  WEBHOOK_REFUSED: [400, 'The webhook was refused.'],
  UNSUPPORTED_GATEWAY_ACTION: [404, 'Unsupported gateway action'],
  GATEWAY_ACTION_FAILED: [502, 'Gateway action failed'],
  GATEWAY_CREDENTIAL_INVALID: [422, 'The gateway credentials are missing or malformed.'],
  GATEWAY_REQUEST_REJECTED: [422, 'The gateway did not accept the payment.'],
  gateway_sync_not_supported: [422, 'The status of this payment cannot be asked for at its gateway.'],
  GATEWAY_RESTING: [503, 'The gateway asked for a pause after too many queries. Ask again later.'],
  REFUND_NOT_SUPPORTED: [422, 'Money taken this way cannot be paid back through the gateway.'],
  REFUND_EXCEEDS_AMOUNT: [422, 'More would be paid back than was paid.'],
  REFUND_TOO_MANY: [422, 'This payment has been refunded, or tried to be, too many times. Use the gateway’s own desk.'],
  REFUND_NOT_FOUND: [404, 'Refund not found'],
  REFUND_SETTLED: [409, 'It is known already what became of this refund.'],
  REFUND_IN_PROGRESS: [409, 'The gateway may still be at this refund. Look again in a minute.'],
  REFUND_NUMBER_TAKEN: [409, 'Another refund of this money has that number at the gateway already.'],
  TROUBLE_NOT_FOUND: [404, 'There is nothing to see to under this number any more.'],
  TROUBLE_UNSETTLED: [409, 'Nothing but saying what became of the refund ends this: settle it.'],
  REFUND_REFUSED: [422, 'The gateway did not accept the refund.'],
  PAYMENT_NOT_PAID: [409, 'This payment is not paid.'],
  PAYMENT_ALREADY_PAID: [409, 'This payment is paid. Pay it back instead, where its gateway can.'],
  PAYMENT_IN_PROGRESS: [
    409,
    'Money may be moving: the gateway is taking this payment, or has not said how that ended. Ask for the payment again in a minute.',
  ],
  NOTIFICATION_NOT_FOUND: [404, 'There is no notification with this webhook id.'],
  NOTIFICATION_NOT_WANTED: [409, 'There is no notification to send: the payment was made without a payok_url.'],
  PAYMENT_NOT_PAYABLE: [409, 'This payment cannot be paid any more, or not this way.'],
  PAYMENT_GATEWAY_ERROR: [502, 'Payment gateway error'],
  PAYMENT_GATEWAY_TIMEOUT: [
    504,
    'The payment gateway did not answer in time. The outcome is unknown and will be settled; ask for the payment again.',
  ],
  STORAGE_UNAVAILABLE: [503, 'The database cannot be written at the moment. Nothing was changed; try again.'],
  INTERNAL_ERROR: [
    500,
    'An unexpected error happened and was written to the log. Try again; if it stays, look at paycore.log.',
  ],
});

export type ErrorCode = keyof typeof ERRORS;

/** One of ours by its code, one of a driver's as it stands in its table. */
export type ErrorRef = ErrorCode | ErrorSpec;

export function specOf(error: ErrorRef): ErrorSpec {
  return typeof error === 'string' ? ERRORS[error] : error;
}

/** Field name → what is wrong with it, one sentence each. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

export interface ErrorDetails {
  readonly fields?: FieldErrors;
  /** Set when a payment already exists, or may exist at the gateway. */
  readonly payment_no?: string;
  /** Set when a refund may have been made at the gateway. */
  readonly refund_no?: string;
  /** The gateway's own code and text. */
  readonly gateway?: { readonly code: string; readonly message: string };
  /** Seconds; becomes the Retry-After header. */
  readonly retry_after?: number;
}

/** The one error class of the API: an error of a table, a text for a person, and details for a program. */
export class PayCoreError extends Error {
  override readonly name = 'PayCoreError';
  readonly spec: ErrorSpec;
  readonly details: ErrorDetails;

  constructor(error: ErrorRef, options: { message?: string; details?: ErrorDetails; cause?: unknown } = {}) {
    const spec = specOf(error);
    super(options.message ?? spec.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.spec = spec;
    this.details = options.details ?? {};
  }

  get code(): string {
    return this.spec.code;
  }

  get status(): number {
    return this.spec.status;
  }
}

/** `{fields: {amount: ["…"]}}` in our validation error. */
export function failValidation(fields: FieldErrors): PayCoreError {
  return new PayCoreError('VALIDATION_FAILED', { details: { fields } });
}
