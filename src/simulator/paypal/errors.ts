import { ActionError, answerJson } from '../http.ts';
import type { World } from '../world.ts';

/** What PayPal's error responses call each status (PayPal Orders v2, error responses). */
const kinds = {
  400: ['INVALID_REQUEST', 'Request is not well-formed, syntactically incorrect, or violates schema.'],
  401: [
    'AUTHENTICATION_FAILURE',
    'Authentication failed due to missing authorization header, or invalid authentication credentials.',
  ],
  404: ['RESOURCE_NOT_FOUND', 'The specified resource does not exist.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', "The server does not support the request payload's media type."],
  422: [
    'UNPROCESSABLE_ENTITY',
    'The requested action could not be performed, semantically incorrect, or failed business validation.',
  ],
} as const;

const descriptions = {
  CANNOT_BE_ZERO_OR_NEGATIVE: 'An amount must be more than nothing.',
  CAPTURE_FULLY_REFUNDED: 'Nothing is left to refund.',
  COMPLIANCE_VIOLATION: 'Regulations forbid this payment.',
  DECIMALS_NOT_SUPPORTED: 'This currency has no decimals.',
  DECIMAL_PRECISION: 'Two decimals at most, and none where the currency has none.',
  DUPLICATE_INVOICE_ID: 'Another transaction of this account has the same invoice_id.',
  INCOMPATIBLE_PARAMETER_VALUE: 'This field does not go together with another one.',
  INSTRUMENT_DECLINED: 'The bank refused the instrument; the payer has to choose another one.',
  INVALID_ARRAY_MAX_ITEMS: 'Too many items.',
  INVALID_ARRAY_MIN_ITEMS: 'Too few items.',
  INVALID_CURRENCY_CODE: 'PayPal does not know this currency.',
  INVALID_PARAMETER_SYNTAX: 'The value does not have the form of this field.',
  INVALID_PARAMETER_VALUE: 'The value is not one of those this field takes.',
  INVALID_RESOURCE_ID: 'No resource with this ID, or none any more.',
  INVALID_STRING_LENGTH: 'The text is too short or too long.',
  MALFORMED_REQUEST_JSON: 'The body is not a JSON object.',
  MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED: 'This payment was tried too often.',
  MAX_NUMBER_OF_REFUNDS_EXCEEDED: 'This capture was refunded too often.',
  MAX_VALUE_EXCEEDED: 'Fifteen digits before the point at most.',
  MISSING_REQUIRED_PARAMETER: 'This field is needed.',
  NOT_SUPPORTED: 'The simulator does not know this field.',
  ORDER_ALREADY_CAPTURED: 'This order was captured before.',
  ORDER_NOT_APPROVED: 'The payer has not approved this order yet.',
  PAYEE_BLOCKED_TRANSACTION: 'The settings of the merchant forbid this payment.',
  PAYER_ACCOUNT_RESTRICTED: 'The account of the payer is restricted.',
  PAYER_ACTION_REQUIRED: 'The payer has to go back to PayPal.',
  PAYER_CANNOT_PAY: 'This payer cannot pay this merchant.',
  PAYPAL_REQUEST_ID_PREVIOUSLY_USED: 'This PayPal-Request-Id belongs to another request.',
  PAYPAL_REQUEST_ID_REQUIRED: 'An order with a payment_source needs a PayPal-Request-Id.',
  PENDING_CAPTURE: 'A pending capture cannot be refunded.',
  REDIRECT_PAYER_FOR_ALTERNATE_FUNDING: 'The payer has to choose another way to pay.',
  REFUND_AMOUNT_EXCEEDED: 'More than what is left of the capture.',
  REFUND_CAPTURE_CURRENCY_MISMATCH: 'A refund has the currency of its capture.',
  REFUND_NOT_ALLOWED: 'This capture cannot be refunded.',
  TRANSACTION_REFUSED: 'The payment was refused.',
  UNSUPPORTED_INTENT: 'The simulator captures; it does not authorize.',
} as const;

export type Issue = keyof typeof descriptions;

export interface Place {
  /** A JSON pointer into the body, or a name. */
  readonly field?: string;
  readonly value?: string;
  readonly location?: 'body' | 'path' | 'query';
}

export interface Detail extends Place {
  readonly issue: Issue;
  readonly description: string;
}

export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly method: 'GET' | 'POST';
}

const VALUE_SHOWN = 100;

export function makeDetail(issue: Issue, place: Place = {}): Detail {
  const value = place.value === undefined ? {} : { value: place.value.slice(0, VALUE_SHOWN) };
  return { ...place, ...value, issue, description: descriptions[issue] };
}

export class PaypalError extends Error {
  constructor(
    readonly status: keyof typeof kinds,
    readonly details: readonly Detail[] = [],
    readonly links: readonly Link[] = [],
  ) {
    super(details[0]?.issue ?? String(status));
  }
}

export function refuse(status: 400 | 422, issue: Issue, place?: Place): never {
  throw new PaypalError(status, [makeDetail(issue, place)]);
}

export function refuseUnknown(field: string, value: string): never {
  throw new PaypalError(404, [makeDetail('INVALID_RESOURCE_ID', { field, value, location: 'path' })]);
}

/** What PayPal's support asks for. */
const makeDebugId = (world: World): string => Buffer.from(world.random(7)).toString('hex').slice(0, 13);

export function answerApi(world: World, value: unknown, status = 200, debugId = makeDebugId(world)): Response {
  const response = answerJson(value, status);
  response.headers.set('paypal-debug-id', debugId);
  return response;
}

const DOCUMENTATION = 'https://developer.paypal.com/docs/api/orders/v2/';

/** `oldName` is what an older service, such as Webhooks v1, calls a malformed request. */
export function answerRefusal(world: World, refusal: PaypalError, oldName?: string): Response {
  const { status, details } = refusal;
  const [standardName, message] = kinds[status];
  const name = (status === 400 && oldName) || standardName;
  const debug_id = makeDebugId(world);
  const help = { href: `${DOCUMENTATION}#error-${refusal.message}`, rel: 'information_link', method: 'GET' };
  return answerApi(world, { name, message, debug_id, details, links: [help, ...refusal.links] }, status, debug_id);
}

/** The same refusal for a person or a program at the simulator's own pages. */
export function asActionError(error: unknown): unknown {
  if (!(error instanceof PaypalError)) return error;
  const status = error.status === 422 ? 409 : error.status;
  return new ActionError(status, error.message, error.details[0]?.description ?? error.message);
}
