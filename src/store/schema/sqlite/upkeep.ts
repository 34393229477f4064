import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { KeyKind, PaymentStatus } from '../../../core/payment.ts';
import { INDEXES } from '../rules.ts';
import { account, bytes, group, id, indexes, instant, money, ref } from './columns.ts';

/** What is kept for a while, or beside the payments. */

export const paymentSequences = sqliteTable('payment_sequences', {
  /** yyyymmdd, Asia/Taipei. */
  day: text('day').primaryKey(),
  last: integer('last').notNull(),
});

/** A gateway that answered "too many questions" is left alone for a while. */
export const cooldowns = sqliteTable(
  'cooldowns',
  {
    ...account(),
    until: instant('until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.environment, t.merchantId] })],
);

/** Callbacks that belong to nobody or prove nothing: kept a day, bounded in number and size. */
export const unmatchedCallbacks = sqliteTable(
  'unmatched_callbacks',
  {
    id: id(),
    gateway: text('gateway').notNull(),
    address: text('address').notNull(),
    reason: text('reason').notNull(),
    contentType: text('content_type').notNull(),
    body: bytes('body').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** The payment that it speaks of, without having proved that it may, and whose that is. */
    paymentNo: text('payment_no'),
    projectId: ref('project_id'),
  },
  (t) => indexes(t, INDEXES.unmatchedCallbacks),
);

/**
 * When each gateway last called about a project's payments, and how that ended. Callbacks that are about no payment of ours
 * have the project 0 and no kind. A row is written once a minute at most.
 */
export const callbackCalls = sqliteTable(
  'callback_calls',
  {
    gateway: text('gateway').notNull(),
    projectId: ref('project_id').notNull(),
    keyKind: text('key_kind').$type<KeyKind | ''>().notNull(),
    acceptedAt: instant('accepted_at'),
    refusedAt: instant('refused_at'),
    /** What the last one was refused with. */
    refusal: text('refusal'),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.projectId, t.keyKind] })],
);

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    projectId: ref('project_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 of route and body. */
    fingerprint: bytes('fingerprint').notNull(),
    /** The process that is working on it. */
    owner: text('owner').notNull(),
    /** Null while the first request runs. */
    status: integer('status'),
    body: text('body'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.key] }), ...indexes(t, INDEXES.idempotencyKeys)],
);

/** Counts that are kept beside the payments, so that nobody waits for a count. */
export const paymentCounts = sqliteTable(
  'payment_counts',
  {
    ...group(),
    status: text('status').$type<PaymentStatus>().notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.status] })],
);

/** Paid money by quarter of an hour, of which the days of every time zone are made. */
export const paidSums = sqliteTable(
  'paid_sums',
  {
    ...group(),
    /** Time of payment in quarters of an hour since the epoch. */
    quarter: integer('quarter').notNull(),
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.quarter, t.currency] })],
);
