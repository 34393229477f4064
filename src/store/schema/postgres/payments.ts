import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AttemptStatus, Instructions } from '../../../core/attempt.ts';
import type { Locale } from '../../../core/locale.ts';
import type { PaidDetails } from '../../../core/paid-details.ts';
import type {
  AmountUnit,
  EndReason,
  Environment,
  Flag,
  KeyKind,
  NotificationEvent,
  Order,
  PaymentStatus,
} from '../../../core/payment.ts';
import type { RefundStatus } from '../../../core/refund.ts';
import { flagsCodec } from '../codecs.ts';
import { CHECKS, INDEXES } from '../rules.ts';
import type { CallbackOutcome, Data, EventType, OutboxState } from '../values.ts';
import {
  bytes,
  checks,
  coded,
  flag,
  id,
  indexes,
  instant,
  isSet,
  json,
  money,
  ref,
  refTo,
  stamps,
  way,
} from './columns.ts';
import { credentials, links, projects } from './shops.ts';

/** Payments and what belongs to them. What a column means stands in the other engine’s file of this name. */

export const payments = pgTable(
  'payments',
  {
    id: id(),
    paymentNo: text('payment_no').notNull().unique('payments_no'),
    projectId: refTo('project_id', () => projects.id),
    livemode: flag('livemode').notNull(),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
    merchantOrderNo: text('merchant_order_no').notNull(),
    ...way(),
    environment: text('environment').$type<Environment>().notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    unit: text('unit').$type<AmountUnit>().notNull(),
    status: text('status').$type<PaymentStatus>().notNull(),
    reason: text('reason').$type<EndReason>(),
    flags: coded<readonly Flag[]>('flags', flagsCodec).notNull(),
    holdsOrder: flag('holds_order').notNull().default(true),
    followsAnother: flag('follows_another').notNull().default(false),
    order: json<Order>('order_data').notNull(),
    credentialId: ref('credential_id').references(() => credentials.id),
    attemptId: ref('attempt_id'),
    revision: integer('revision').notNull().default(0),
    isCheckout: flag('is_checkout').notNull().default(false),
    closeAt: instant('close_at'),
    paidAt: instant('paid_at'),
    refunded: money('refunded').notNull().default(0),
    refundCheckAt: instant('refund_check_at'),
    refundLookedBy: text('refund_looked_by'),
    refundTries: integer('refund_tries').notNull().default(0),
    linkId: ref('link_id').references(() => links.id),
    formKey: text('form_key'),
    ...stamps(),
  },
  (t) => [...checks(CHECKS.payments(t)), ...indexes(t, INDEXES.payments(t, isSet))],
);

const ofPayment = () => ({ id: id(), paymentId: refTo('payment_id', () => payments.id) });

export const attempts = pgTable(
  'attempts',
  {
    ...ofPayment(),
    ...way(),
    gatewayOrderNo: text('gateway_order_no').notNull(),
    gatewayTradeNo: text('gateway_trade_no'),
    credentialId: refTo('credential_id', () => credentials.id),
    status: text('status').$type<AttemptStatus>().notNull(),
    endReason: text('end_reason').$type<EndReason>(),
    instructions: json<Instructions>('instructions'),
    /** How it was paid, as far as the gateway told. */
    paidDetails: json<PaidDetails>('paid_details'),
    deadline: instant('deadline').notNull(),
    checkAt: instant('check_at'),
    lookedBy: text('looked_by'),
    syncTries: integer('sync_tries').notNull().default(0),
    notFoundCount: integer('not_found_count').notNull().default(0),
    declines: integer('declines').notNull().default(0),
    heardAt: instant('heard_at'),
    locale: text('locale').$type<Locale>(),
    payerLocale: text('payer_locale').$type<Locale>(),
    used: flag('used').notNull().default(false),
    movingSince: instant('moving_since'),
    ...stamps(),
  },
  (t) => [
    ...checks(CHECKS.attempts(t)),
    ...indexes(t, INDEXES.attempts(t)),
    // No row id ends this engine's indexes by itself: the last use of a credential is one step in this one.
    index('attempts_by_credential').on(t.credentialId, t.id),
  ],
);

export const events = pgTable(
  'events',
  {
    ...ofPayment(),
    attemptId: ref('attempt_id'),
    type: text('type').$type<EventType>().notNull(),
    data: json<Data>('data').notNull(),
    at: instant('at').notNull(),
    digest: bytes('digest'),
    contentType: text('content_type'),
    body: bytes('body'),
    outcome: text('outcome').$type<CallbackOutcome>(),
    seen: integer('seen').notNull().default(1),
  },
  (t) => indexes(t, INDEXES.events(t)),
);

export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    webhookId: text('webhook_id').notNull(),
    paymentId: refTo('payment_id', () => payments.id),
    projectId: refTo('project_id', () => projects.id),
    keyKind: text('key_kind').$type<KeyKind>().notNull().default('live'),
    event: text('event').$type<NotificationEvent>().notNull(),
    about: text('about').notNull().default(''),
    url: text('url').notNull(),
    target: text('target').notNull(),
    body: text('body').notNull(),
    state: text('state').$type<OutboxState>().notNull(),
    tries: integer('tries').notNull().default(0),
    dueAt: instant('due_at').notNull(),
    leasedBy: text('leased_by'),
    leasedUntil: instant('leased_until'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    lastAnswer: text('last_answer'),
    ...stamps(),
  },
  (t) => [...checks(CHECKS.outbox(t)), ...indexes(t, INDEXES.outbox(t))],
);

export const refunds = pgTable(
  'refunds',
  {
    id: id(),
    refundNo: text('refund_no').notNull().unique('refunds_no'),
    paymentId: refTo('payment_id', () => payments.id),
    attemptId: refTo('attempt_id', () => attempts.id),
    credentialId: refTo('credential_id', () => credentials.id),
    amount: money('amount').notNull(),
    reason: text('reason').notNull().default(''),
    status: text('status').$type<RefundStatus>().notNull(),
    gatewayRefundNo: text('gateway_refund_no'),
    message: text('message').notNull().default(''),
    source: text('source').$type<'api' | 'gateway'>().notNull(),
    notFoundCount: integer('not_found_count').notNull().default(0),
    projectId: ref('project_id').notNull().default(0),
    keyKind: text('key_kind').$type<KeyKind>().notNull().default('live'),
    ...stamps(),
  },
  (t) => [...checks(CHECKS.refunds(t)), ...indexes(t, INDEXES.refunds)],
);

export const searchTerms = pgTable(
  'search_terms',
  {
    paymentId: refTo('payment_id', () => payments.id),
    term: text('term').notNull(),
    projectId: ref('project_id').notNull(),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.paymentId, t.term] }), ...indexes(t, INDEXES.searchTerms)],
);
