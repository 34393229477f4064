/**
 * Every error code of the API with its HTTP status and its default text. A code that is not in this table cannot be
 * thrown; the documentation of the API lists the same table.
 */
export const ERRORS = {
  API_KEY_INVALID: [
    401,
    'The X-API-KEY header is missing or is not a valid API key. Send a key made with "paycore key create".',
  ],
  INVALID_JSON: [400, 'The request body is not valid JSON. Send one JSON object, UTF-8 encoded.'],
  INVALID_ENCODING: [400, 'The request body could not be read. Send it whole, in the announced encoding.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'This route takes JSON. Send the header "Content-Type: application/json".'],
  PAYLOAD_TOO_LARGE: [413, 'The request body is larger than 256 kB.'],
  VALIDATION_FAILED: [422, 'Validation failed'],
  INVALID_ARGUMENT: [422, 'An argument is not accepted by this gateway.'],
  ROUTE_NOT_FOUND: [404, 'There is no such route. See /swagger for those there are.'],
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
  ECPAY_CREDENTIAL_INVALID: [
    422,
    'ECPay credentials are missing or malformed: merchant_id, hash_key (16 characters) and hash_iv (16 characters) are required.',
  ],
  ECPAY_BACKGROUND_CODE_FAILED: [422, 'ECPay did not issue a payment code.'],
  ECPAY_PAYMENT_FAILED: [422, 'ECPay did not accept the payment.'],
  SMILEPAY_CREDENTIAL_INVALID: [
    422,
    'SmilePay credentials are missing or malformed: dcvc, rvg2c and verify_key are required.',
  ],
  SMILEPAY_REQUEST_REJECTED: [422, 'SmilePay did not issue a payment number.'],
  SMILEPAY_BARCODE_SERVICE_NOT_ENABLED: [
    422,
    'SmilePay barcode payment is not enabled for this merchant. Have it switched on at SmilePay, or use another method.',
  ],
  PAYPAL_CLIENT_ID_REQUIRED: [422, 'PayPal client_id is required.'],
  PAYPAL_CLIENT_SECRET_REQUIRED: [422, 'PayPal client_secret is required.'],
  PAYPAL_ENVIRONMENT_INVALID: [422, 'PayPal environment must be sandbox, live or production.'],
  PAYPAL_REQUEST_REJECTED: [422, 'PayPal rejected the request.'],
  PAYPAL_WEBHOOK_VERIFY_FAILED: [400, 'PayPal webhook verification failed.'],
  STRIPE_SECRET_KEY_INVALID: [
    422,
    'Stripe secret_key must start with sk_test_ or sk_live_, and a test API key takes sk_test_ only.',
  ],
  STRIPE_PUBLISHABLE_KEY_INVALID: [
    422,
    'Stripe publishable_key must start with pk_test_ or pk_live_ and be of the same mode as the secret_key.',
  ],
  STRIPE_WEBHOOK_SECRET_INVALID: [422, 'Stripe webhook_secret must start with whsec_.'],
  STRIPE_AUTH_FAILED: [422, 'Stripe did not accept the secret_key.'],
  STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED: [422, 'This Stripe payment method does not take this currency.'],
  STRIPE_PAYMENT_INTENT_CREATE_FAILED: [422, 'Stripe did not create the payment.'],
  STRIPE_WEBHOOK_SIGNATURE_INVALID: [400, 'Stripe webhook signature is invalid.'],
  PLUS_CREDENTIAL_INVALID: [422, 'PLUS appid and secret_key are required.'],
  PLUS_URL_REQUIRED: [422, 'The operator has to set PAYCORE_PLUS_URL to the origin of PLUS before it can be used.'],
  PLUS_REQUEST_REJECTED: [422, 'PLUS did not issue a payment account.'],
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
  REFUND_REFUSED: [422, 'The gateway did not accept the refund.'],
  PAYMENT_NOT_PAID: [409, 'This payment is not paid.'],
  PAYMENT_ALREADY_PAID: [409, 'This payment is paid. Pay it back instead, where its gateway can.'],
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
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;

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

/** The one error class of the API: a code of the table, a text for a person, and details for a program. */
export class PayCoreError extends Error {
  override readonly name = 'PayCoreError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, options: { message?: string; details?: ErrorDetails; cause?: unknown } = {}) {
    super(options.message ?? ERRORS[code][1], options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return ERRORS[this.code][0];
  }
}

/** `{fields: {amount: ["…"]}}` in our validation error. */
export function failValidation(fields: FieldErrors): PayCoreError {
  return new PayCoreError('VALIDATION_FAILED', { details: { fields } });
}
