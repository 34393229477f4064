import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AttemptStatus, Instructions } from '../../../core/attempt.ts';
import type { Locale } from '../../../core/locale.ts';
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
import type { CallbackOutcome, Data, EventType, OutboxState } from '../values.ts';
import { bytes, coded, flag, id, instant, json, money, ref } from './columns.ts';
import { credentials, links, projects } from './shops.ts';

/** Payments and what belongs to them. What a column means stands in the other engine’s file of this name. */

export const payments = pgTable(
  'payments',
  {
    id: id(),
    paymentNo: text('payment_no').notNull().unique('payments_no'),
    projectId: ref('project_id')
      .notNull()
      .references(() => projects.id),
    livemode: flag('livemode').notNull(),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
    merchantOrderNo: text('merchant_order_no').notNull(),
    gateway: text('gateway').notNull(),
    method: text('method').notNull(),
    mode: text('mode').notNull(),
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
    refundTries: integer('refund_tries').notNull().default(0),
    linkId: ref('link_id').references(() => links.id),
    formKey: text('form_key'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    check('payments_kind', sql`${t.keyKind} in ('live', 'test')`),
    check('payments_amount', sql`${t.amount} > 0`),
    check('payments_unit', sql`${t.unit} in ('major', 'minor')`),
    check('payments_status', sql`${t.status} in ('pending', 'paid', 'failed', 'expired')`),
    uniqueIndex('payments_order').on(t.projectId, t.keyKind, t.livemode, t.merchantOrderNo).where(sql`${t.holdsOrder}`),
    index('payments_by_order').on(t.projectId, t.merchantOrderNo, t.keyKind, t.createdAt),
    index('payments_by_time').on(t.projectId, t.keyKind, t.createdAt),
    index('payments_concluded').on(t.projectId, t.keyKind, t.status, t.createdAt).where(sql`${t.status} <> 'pending'`),
    index('payments_of_method').on(t.projectId, t.keyKind, t.gateway, t.method, t.createdAt),
    index('payments_flagged').on(t.projectId, t.keyKind, t.flags, t.createdAt).where(sql`${t.flags} <> ''`),
    index('payments_closing').on(t.closeAt).where(sql`${t.closeAt} is not null`),
    index('payments_refund_due').on(t.refundCheckAt).where(sql`${t.refundCheckAt} is not null`),
    index('payments_of_link').on(t.linkId, t.formKey).where(sql`${t.linkId} is not null`),
  ],
);

const KNOWN_BY_OURS = sql`'ecpay'`;

export const attempts = pgTable(
  'attempts',
  {
    id: id(),
    paymentId: ref('payment_id')
      .notNull()
      .references(() => payments.id),
    gateway: text('gateway').notNull(),
    method: text('method').notNull(),
    mode: text('mode').notNull(),
    gatewayOrderNo: text('gateway_order_no').notNull(),
    gatewayTradeNo: text('gateway_trade_no'),
    credentialId: ref('credential_id')
      .notNull()
      .references(() => credentials.id),
    status: text('status').$type<AttemptStatus>().notNull(),
    endReason: text('end_reason').$type<EndReason>(),
    instructions: json<Instructions>('instructions'),
    deadline: instant('deadline').notNull(),
    checkAt: instant('check_at'),
    syncTries: integer('sync_tries').notNull().default(0),
    notFoundCount: integer('not_found_count').notNull().default(0),
    declines: integer('declines').notNull().default(0),
    locale: text('locale').$type<Locale>(),
    used: flag('used').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    check('attempts_status', sql`${t.status} in ('open', 'unknown', 'under_review', 'paid', 'ended')`),
    uniqueIndex('attempts_order_no').on(t.gateway, t.gatewayOrderNo),
    index('attempts_by_payment').on(t.paymentId),
    // No row id ends this engine's indexes by itself: the last use of a credential is one step in this one.
    index('attempts_by_credential').on(t.credentialId, t.id),
    index('attempts_due').on(t.checkAt).where(sql`${t.checkAt} is not null`),
    index('attempts_by_trade_no')
      .on(t.gateway, t.gatewayTradeNo)
      .where(sql`${t.gatewayTradeNo} is not null and ${t.gateway} <> ${KNOWN_BY_OURS}`),
  ],
);

export const events = pgTable(
  'events',
  {
    id: id(),
    paymentId: ref('payment_id')
      .notNull()
      .references(() => payments.id),
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
  (t) => [
    index('events_by_payment').on(t.paymentId),
    uniqueIndex('events_callback').on(t.attemptId, t.digest).where(sql`${t.digest} is not null`),
  ],
);

export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    webhookId: text('webhook_id').notNull(),
    paymentId: ref('payment_id')
      .notNull()
      .references(() => payments.id),
    projectId: ref('project_id')
      .notNull()
      .references(() => projects.id),
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
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    check('outbox_state', sql`${t.state} in ('pending', 'delivered', 'dead')`),
    uniqueIndex('outbox_once').on(t.paymentId, t.event, t.about),
    index('outbox_due').on(t.target, t.dueAt).where(sql`${t.state} = 'pending' and ${t.leasedBy} is null`),
    index('outbox_leased').on(t.leasedUntil).where(sql`${t.leasedBy} is not null`),
  ],
);

export const refunds = pgTable(
  'refunds',
  {
    id: id(),
    refundNo: text('refund_no').notNull().unique('refunds_no'),
    paymentId: ref('payment_id')
      .notNull()
      .references(() => payments.id),
    attemptId: ref('attempt_id')
      .notNull()
      .references(() => attempts.id),
    credentialId: ref('credential_id')
      .notNull()
      .references(() => credentials.id),
    amount: money('amount').notNull(),
    reason: text('reason').notNull().default(''),
    status: text('status').$type<RefundStatus>().notNull(),
    gatewayRefundNo: text('gateway_refund_no'),
    message: text('message').notNull().default(''),
    source: text('source').$type<'api' | 'gateway'>().notNull(),
    notFoundCount: integer('not_found_count').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    check('refunds_amount', sql`${t.amount} > 0`),
    check('refunds_status', sql`${t.status} in ('unknown', 'pending', 'succeeded', 'failed')`),
    check('refunds_source', sql`${t.source} in ('api', 'gateway')`),
    index('refunds_by_payment').on(t.paymentId),
  ],
);
