import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
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

/** Payments and what belongs to them. */

export const payments = sqliteTable(
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
    refundTries: integer('refund_tries').notNull().default(0),
    /** The payment link it was begun through, and the page that was sent off: sent twice, it means the same payment. */
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
    uniqueIndex('payments_order')
      .on(t.projectId, t.keyKind, t.livemode, t.merchantOrderNo)
      .where(sql`${t.holdsOrder} = 1`),
    // A search by the start of an order number is answered by the index alone.
    index('payments_by_order').on(t.projectId, t.merchantOrderNo, t.keyKind, t.createdAt),
    // Lists go from the newest to the oldest: time and row id end every index that a list is read from. None of them has a
    // column that changes when a pending payment is paid, or every callback would write it twice.
    index('payments_by_time').on(t.projectId, t.keyKind, t.createdAt),
    index('payments_concluded').on(t.projectId, t.keyKind, t.status, t.createdAt).where(sql`${t.status} <> 'pending'`),
    index('payments_of_method').on(t.projectId, t.keyKind, t.gateway, t.method, t.createdAt),
    index('payments_flagged').on(t.projectId, t.keyKind, t.flags, t.createdAt).where(sql`${t.flags} <> ''`),
    index('payments_closing').on(t.closeAt).where(sql`${t.closeAt} is not null`),
    index('payments_refund_due').on(t.refundCheckAt).where(sql`${t.refundCheckAt} is not null`),
    index('payments_of_link').on(t.linkId, t.formKey).where(sql`${t.linkId} is not null`),
  ],
);

/** Every other gateway may tell us of an order by its own number alone; this one always repeats ours. */
const KNOWN_BY_OURS = sql`'ecpay'`;

export const attempts = sqliteTable(
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
    /** When the gateway is asked about it next; null when it is over. */
    checkAt: instant('check_at'),
    /** Questions since its last change. */
    syncTries: integer('sync_tries').notNull().default(0),
    /** How often the gateway did not know the number. */
    notFoundCount: integer('not_found_count').notNull().default(0),
    /** How often the payer's bank or wallet said no. */
    declines: integer('declines').notNull().default(0),
    /** The language it was opened in: a call that is repeated must be repeated in the same words. */
    locale: text('locale').$type<Locale>(),
    /** The number has been used at the gateway: paying again needs another. */
    used: flag('used').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    check('attempts_status', sql`${t.status} in ('open', 'unknown', 'under_review', 'paid', 'ended')`),
    uniqueIndex('attempts_order_no').on(t.gateway, t.gatewayOrderNo),
    index('attempts_by_payment').on(t.paymentId),
    index('attempts_by_credential').on(t.credentialId),
    index('attempts_due').on(t.checkAt).where(sql`${t.checkAt} is not null`),
    index('attempts_by_trade_no')
      .on(t.gateway, t.gatewayTradeNo)
      .where(sql`${t.gatewayTradeNo} is not null and ${t.gateway} <> ${KNOWN_BY_OURS}`),
  ],
);

/**
 * What happened to a payment. A callback that was proved, or that made us ask, is the event it caused: its raw bytes stand
 * in the same row.
 */
export const events = sqliteTable(
  'events',
  {
    id: id(),
    paymentId: ref('payment_id')
      .notNull()
      .references(() => payments.id),
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
  (t) => [
    index('events_by_payment').on(t.paymentId),
    uniqueIndex('events_callback').on(t.attemptId, t.digest).where(sql`${t.digest} is not null`),
  ],
);

/** Notifications that wait to be sent, and how it went. */
export const outbox = sqliteTable(
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
    /** Tells two of the same event apart. */
    about: text('about').notNull().default(''),
    url: text('url').notNull(),
    /** host:port, so that one dead shop delays nobody else. */
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

export const refunds = sqliteTable(
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
    /** What the gateway said last. */
    message: text('message').notNull().default(''),
    /** Asked for by the shop, or made at the gateway's own desk. */
    source: text('source').$type<'api' | 'gateway'>().notNull(),
    /** How often the gateway did not know it. */
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
