export {
  AnswerError,
  AuthenticationError,
  type ClientCode,
  type Code,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  type FieldErrors,
  GatewayRefusedError,
  NotFoundError,
  type NotificationCode,
  NotificationError,
  OrderConflictError,
  OutcomeUnknownError,
  PayCoreError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  ValidationError,
} from './errors.ts';
export { type HeadersLike, type VerifyOptions, verifyNotification } from './notification.ts';
export type { CallOptions, PayCoreOptions } from './options.ts';
export type { List, Page } from './pages.ts';
export { PayCore } from './paycore.ts';
export type {
  ErrorCode,
  Event as PaymentEvent,
  Method,
  Notification,
  Operations,
  Overview,
  Payment,
  PaymentLink,
  Readiness,
  Refund,
} from './schema.ts';
export type {
  ActionAnswer,
  ActionBody,
  ActionRoute,
  AnswerOf,
  BodyOf,
  PayAnswer,
  PayBody,
  PayRoute,
  QueryOf,
  Route,
} from './types.ts';
