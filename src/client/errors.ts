import type { ErrorCode } from './schema.ts';

/** Codes that this client makes itself, when PayCore said nothing or nothing sound. */
export type ClientCode =
  | 'CONFIGURATION_INVALID'
  | 'CONNECTION_FAILED'
  | 'TIMEOUT'
  | 'ANSWER_INVALID'
  | 'REDIRECTED'
  | 'OUTCOME_UNKNOWN'
  | NotificationCode;

export type NotificationCode =
  | 'SECRET_INVALID'
  | 'BODY_NOT_RAW'
  | 'HEADER_MISSING'
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_TOO_OLD'
  | 'TIMESTAMP_TOO_NEW'
  | 'SIGNATURE_INVALID'
  | 'BODY_INVALID';

/** A newer PayCore may know codes that this client does not, hence any text. */
export type Code = ErrorCode | ClientCode | (string & {});

/** Field → what is wrong with it, one sentence each. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

export interface ErrorFacts {
  readonly code: Code;
  readonly message: string;
  readonly status?: number;
  readonly fields?: FieldErrors;
  readonly paymentNo?: string | undefined;
  readonly refundNo?: string | undefined;
  readonly gateway?: { readonly code: string; readonly message: string };
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly idempotencyKey?: string | null;
  readonly cause?: unknown;
}

/** Names stand in texts, since tools that make scripts small change those of classes. */
function setName(type: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true });
}

/**
 * Whatever goes wrong is one of these. Decide by the class or by `code`; `message` is for people. Neither the API key
 * nor the body that was sent is in any of them.
 */
export class PayCoreError extends Error {
  static {
    setName(PayCoreError, 'PayCoreError');
  }

  readonly code: Code;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What is wrong with which field; null unless PayCore said so. */
  readonly fields: FieldErrors | null;
  /** Set when a payment exists, or may exist at the gateway. */
  readonly paymentNo: string | null;
  /** Set when a refund may have been made at the gateway. */
  readonly refundNo: string | null;
  /** The gateway's own code and text. */
  readonly gateway: { readonly code: string; readonly message: string } | null;
  /** What PayCore's log calls the request. */
  readonly requestId: string | null;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | null;
  /** Of a POST that was sent: what it was sent with. The same call with this key is the same call, and not another. */
  readonly idempotencyKey: string | null;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.status = facts.status ?? 0;
    this.fields = facts.fields ?? null;
    this.paymentNo = facts.paymentNo ?? null;
    this.refundNo = facts.refundNo ?? null;
    this.gateway = facts.gateway ?? null;
    this.requestId = facts.requestId ?? null;
    this.retryAfter = facts.retryAfter ?? null;
    this.idempotencyKey = facts.idempotencyKey ?? null;
  }
}

/** The client was made or called with something that cannot be right; nothing was sent. */
export class ConfigurationError extends PayCoreError {
  static {
    setName(ConfigurationError, 'ConfigurationError');
  }

  constructor(message: string) {
    super({ code: 'CONFIGURATION_INVALID', message });
  }
}

/** The API key is missing, wrong or revoked. */
export class AuthenticationError extends PayCoreError {
  static {
    setName(AuthenticationError, 'AuthenticationError');
  }
}

/** The request is not as it should be; `fields` says where. Sending it again changes nothing. */
export class ValidationError extends PayCoreError {
  static {
    setName(ValidationError, 'ValidationError');
  }
}

/** There is no such payment, link or route, or this key may not see it. */
export class NotFoundError extends PayCoreError {
  static {
    setName(NotFoundError, 'NotFoundError');
  }
}

/** What is asked for does not go with how things stand: not paid, paid already, money moving. */
export class ConflictError extends PayCoreError {
  static {
    setName(ConflictError, 'ConflictError');
  }
}

/** The order number belongs to another payment, `paymentNo`: look at that one, or take a new number. */
export class OrderConflictError extends ConflictError {
  static {
    setName(OrderConflictError, 'OrderConflictError');
  }
}

/** The gateway said no; `gateway` has its own words. The order is free for another try, another way. */
export class GatewayRefusedError extends PayCoreError {
  static {
    setName(GatewayRefusedError, 'GatewayRefusedError');
  }
}

/** Too much was asked for; `retryAfter` says how long to wait. */
export class RateLimitedError extends PayCoreError {
  static {
    setName(RateLimitedError, 'RateLimitedError');
  }
}

/**
 * A POST may have been carried out, and what came of it is not known: the payment or refund may exist. Do not make it
 * anew: make the same call again with `idempotencyKey`, or ask for `paymentNo`. `cause` is how the last try ended, when
 * it was an earlier one that left this open.
 */
export class OutcomeUnknownError extends PayCoreError {
  static {
    setName(OutcomeUnknownError, 'OutcomeUnknownError');
  }
}

/** PayCore, or what stands in front of it, cannot answer at the moment. */
export class ServerError extends PayCoreError {
  static {
    setName(ServerError, 'ServerError');
  }
}

/** No whole answer came. What was sent may have arrived: the very same request can be sent again. */
export class ConnectionError extends PayCoreError {
  static {
    setName(ConnectionError, 'ConnectionError');
  }
}

/** Like ConnectionError, since the time was up. */
export class TimeoutError extends ConnectionError {
  static {
    setName(TimeoutError, 'TimeoutError');
  }
}

/** What answers at this address does not speak as PayCore does. Is `url` right? */
export class AnswerError extends PayCoreError {
  static {
    setName(AnswerError, 'AnswerError');
  }
}

/** This is no notification to be trusted: answer 400, and do nothing else. */
export class NotificationError extends PayCoreError {
  static {
    setName(NotificationError, 'NotificationError');
  }

  declare readonly code: NotificationCode;

  constructor(code: NotificationCode, message: string) {
    super({ code, message });
  }
}
