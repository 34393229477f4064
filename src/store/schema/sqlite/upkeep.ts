import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Environment, KeyKind, PaymentStatus } from '../../../core/payment.ts';
import { bytes, flag, id, instant, money, ref } from './columns.ts';

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
    gateway: text('gateway').notNull(),
    environment: text('environment').$type<Environment>().notNull(),
    merchantId: text('merchant_id').notNull(),
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
  },
  (t) => [index('unmatched_by_time').on(t.receivedAt)],
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
  (t) => [primaryKey({ columns: [t.projectId, t.key] }), index('idempotency_by_time').on(t.createdAt)],
);

/** Counts that are kept beside the payments, so that nobody waits for a count. */
export const paymentCounts = sqliteTable(
  'payment_counts',
  {
    projectId: ref('project_id').notNull(),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
    livemode: flag('livemode').notNull(),
    status: text('status').$type<PaymentStatus>().notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.status] })],
);

/** Paid money by quarter of an hour, of which the days of every time zone are made. */
export const paidSums = sqliteTable(
  'paid_sums',
  {
    projectId: ref('project_id').notNull(),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
    livemode: flag('livemode').notNull(),
    /** Time of payment in quarters of an hour since the epoch. */
    quarter: integer('quarter').notNull(),
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.quarter, t.currency] })],
);
