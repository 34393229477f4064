import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
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

/** Payments and what belongs to them. */

export const payments = sqliteTable(
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
    /** What `amount` means on the route it came by. */
    unit: text('unit').$type<AmountUnit>().notNull(),
    status: text('status').$type<PaymentStatus>().notNull(),
    reason: text('reason').$type<EndReason>(),
    flags: coded<readonly Flag[]>('flags', flagsCodec).notNull(),
    /** It owns its merchant_order_no: no other payment of the order can be opened. */
    holdsOrder: flag('holds_order').notNull().default(true),
    /** There was a payment of the same order before it. One that holds its order and is the first has no other beside it. */
    followsAnother: flag('follows_another').notNull().default(false),
    order: json<Order>('order_data').notNull(),
    /** Null while a payer has still to choose. */
    credentialId: ref('credential_id').references(() => credentials.id),
    /** The current attempt. */
    attemptId: ref('attempt_id'),
    revision: integer('revision').notNull().default(0),
    /** The payer chooses the method on our page; gateway, method and mode are those chosen last, `checkout` before. */
    isCheckout: flag('is_checkout').notNull().default(false),
    /** Until when the payer may choose; null when that is over, or for its attempts to say. */
    closeAt: instant('close_at'),
    paidAt: instant('paid_at'),
    /** Minor units paid back for good. */
    refunded: money('refunded').notNull().default(0),
    /** When the gateway is asked about refunds; null when none is in doubt. */
    refundCheckAt: instant('refund_check_at'),
    /** Which process has taken that look. */
    refundLookedBy: text('refund_looked_by'),
    refundTries: integer('refund_tries').notNull().default(0),
    /** The payment link it was begun through, and the page that was sent off: sent twice, it means the same payment. */
    linkId: ref('link_id').references(() => links.id),
    formKey: text('form_key'),
    ...stamps(),
  },
  (t) => [...checks(CHECKS.payments(t)), ...indexes(t, INDEXES.payments(t, isSet))],
);

/** What belongs to a payment. */
const ofPayment = () => ({ id: id(), paymentId: refTo('payment_id', () => payments.id) });

export const attempts = sqliteTable(
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
    /** When the gateway is asked about it next; null when it is over. */
    checkAt: instant('check_at'),
    /** Which process has taken that look; null: none, or it is done. */
    lookedBy: text('looked_by'),
    /** Questions since its last change. */
    syncTries: integer('sync_tries').notNull().default(0),
    /** How often the gateway did not know the number. */
    notFoundCount: integer('not_found_count').notNull().default(0),
    /** How often the payer's bank or wallet said no. */
    declines: integer('declines').notNull().default(0),
    /** When the gateway said, by its own clock, what was the newest word that could move it. */
    heardAt: instant('heard_at'),
    /** The language it was opened in: a call that is repeated must be repeated in the same words. */
    locale: text('locale').$type<Locale>(),
    /** The language of the page that led the payer away, where that is another one; he comes back to it. */
    payerLocale: text('payer_locale').$type<Locale>(),
    /** The number has been used at the gateway: paying again needs another. */
    used: flag('used').notNull().default(false),
    /** Since when its gateway may be taking the money, with an outcome that is not known yet; null: it is not. */
    movingSince: instant('moving_since'),
    ...stamps(),
  },
  (t) => [
    ...checks(CHECKS.attempts(t)),
    ...indexes(t, INDEXES.attempts(t)),
    index('attempts_by_credential').on(t.credentialId),
  ],
);

/**
 * What happened to a payment. A callback that was proved, or that made us ask, is the event it caused: its raw bytes stand
 * in the same row.
 */
export const events = sqliteTable(
  'events',
  {
    ...ofPayment(),
    attemptId: ref('attempt_id'),
    type: text('type').$type<EventType>().notNull(),
    /** Small and without secrets: it is shown to the merchant as it is. */
    data: json<Data>('data').notNull(),
    at: instant('at').notNull(),
    /** SHA-256 of the body; the same bytes again only raise `seen`. */
    digest: bytes('digest'),
    contentType: text('content_type'),
    body: bytes('body'),
    outcome: text('outcome').$type<CallbackOutcome>(),
    seen: integer('seen').notNull().default(1),
  },
  (t) => indexes(t, INDEXES.events(t)),
);

/** Notifications that wait to be sent, and how it went. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: id(),
    webhookId: text('webhook_id').notNull(),
    paymentId: refTo('payment_id', () => payments.id),
    projectId: refTo('project_id', () => projects.id),
    /** Of its payment: a desk shows test and live apart. */
    keyKind: text('key_kind').$type<KeyKind>().notNull().default('live'),
    event: text('event').$type<NotificationEvent>().notNull(),
    /** Tells two of the same event apart. */
    about: text('about').notNull().default(''),
    url: text('url').notNull(),
    /** Project and origin, so that one dead shop delays nobody else. */
    target: text('target').notNull(),
    body: text('body').notNull(),
    state: text('state').$type<OutboxState>().notNull(),
    tries: integer('tries').notNull().default(0),
    dueAt: instant('due_at').notNull(),
    /** The process that is sending it, and until when nobody else may; null: nobody is. */
    leasedBy: text('leased_by'),
    leasedUntil: instant('leased_until'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    /** What the shop answered last: its beginning, cleaned, without secrets of ours. */
    lastAnswer: text('last_answer'),
    ...stamps(),
  },
  (t) => [...checks(CHECKS.outbox(t)), ...indexes(t, INDEXES.outbox(t))],
);

export const refunds = sqliteTable(
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
    /** What the gateway said last. */
    message: text('message').notNull().default(''),
    /** Asked for by the shop, or made at the gateway's own desk. */
    source: text('source').$type<'api' | 'gateway'>().notNull(),
    /** How often the gateway did not know it. */
    notFoundCount: integer('not_found_count').notNull().default(0),
    /** Of its payment: refunds are listed by them. */
    projectId: ref('project_id').notNull().default(0),
    keyKind: text('key_kind').$type<KeyKind>().notNull().default('live'),
    ...stamps(),
  },
  (t) => [...checks(CHECKS.refunds(t)), ...indexes(t, INDEXES.refunds)],
);

/** What a payment is found by besides its numbers: names, accounts, codes, as `core/search-terms.ts` spells them. */
export const searchTerms = sqliteTable(
  'search_terms',
  {
    paymentId: refTo('payment_id', () => payments.id),
    term: text('term').notNull(),
    projectId: ref('project_id').notNull(),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.paymentId, t.term] }), ...indexes(t, INDEXES.searchTerms)],
);
