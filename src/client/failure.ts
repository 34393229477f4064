import * as errors from './errors.ts';
import type { Reply, Sendable } from './reply.ts';

type ErrorClass = new (facts: errors.ErrorFacts) => errors.PayCoreError;

const BY_CODE: Readonly<Record<string, ErrorClass>> = {
  ORDER_CONFLICT: errors.OrderConflictError,
  VALIDATION_FAILED: errors.ValidationError,
  INVALID_ARGUMENT: errors.ValidationError,
};

const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  401: errors.AuthenticationError,
  404: errors.NotFoundError,
  409: errors.ConflictError,
  429: errors.RateLimitedError,
};

/** The error that an answer which is no success means. */
export function toError({ idempotencyKey }: Pick<Sendable, 'idempotencyKey'>, reply: Reply): errors.PayCoreError {
  const facts = { ...readFacts(reply), idempotencyKey };
  return new (chooseClass(reply.status, facts))(facts);
}

function chooseClass(status: number, facts: errors.ErrorFacts): ErrorClass {
  const { code, fields, gateway } = facts;
  const known = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : BY_STATUS[status];
  if (known) return known;
  if (status >= 500) return isOpen(status, facts) ? errors.OutcomeUnknownError : errors.ServerError;
  if (gateway) return errors.GatewayRefusedError;
  return fields ? errors.ValidationError : errors.PayCoreError;
}

/**
 * Whether a 5xx leaves open what was done. PayCore names the payment or refund that may exist, where it does not say
 * itself that nothing was changed. A proxy knows nothing of what PayCore did: it may have passed the POST on.
 */
function isOpen(status: number, { code, paymentNo, refundNo, idempotencyKey }: errors.ErrorFacts): boolean {
  if (code === bareCode(status)) return idempotencyKey !== null;
  const mayExist = status === 502 || status === 504 || code === 'STORAGE_UNAVAILABLE';
  return mayExist && (paymentNo ?? refundNo) !== undefined;
}

/** Of an answer that PayCore did not write. */
export function bareCode(status: number): errors.Code {
  return `HTTP_${status}`;
}

/** Whoever answers: PayCore, or a proxy in front of it that has only a status and a page. */
function readFacts({ status, body, headers, now }: Reply): errors.ErrorFacts {
  const frame = asObject(body);
  const error = asObject(frame?.error);
  const gateway = asObject(error?.gateway);
  const code = readText(error?.error_code);
  return {
    code: code ?? bareCode(status),
    message: readText(frame?.message) ?? `expected an answer of PayCore, got status ${status} without one`,
    status,
    ...keep('fields', asObject(error?.fields) as errors.FieldErrors | undefined),
    ...keep('paymentNo', readText(error?.payment_no)),
    ...keep('refundNo', readText(error?.refund_no)),
    ...keep('gateway', gateway && { code: String(gateway.code), message: String(gateway.message) }),
    ...keep('requestId', headers.get('x-request-id') ?? undefined),
    ...keep('retryAfter', readRetryAfter(headers, now)),
  };
}

/** Seconds; the header has them, or a date. */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

function keep<Name extends string, T>(name: Name, value: T | undefined): { readonly [K in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in Name]: T });
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
