import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Actor } from '../../../core/actor.ts';
import type { TroubleKind } from '../../../core/attention.ts';
import type { KeyKind, PaymentStatus } from '../../../core/payment.ts';
import { INDEXES } from '../rules.ts';
import type { Data } from '../values.ts';
import { account, bytes, group, id, indexes, instant, json, money, ref } from './columns.ts';

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
  },
  (t) => indexes(t, INDEXES.unmatchedCallbacks),
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

/** The same money by the way that it came. */
export const methodSums = sqliteTable(
  'method_sums',
  {
    ...group(),
    quarter: integer('quarter').notNull(),
    gateway: text('gateway').notNull(),
    method: text('method').notNull(),
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.quarter, t.gateway, t.method, t.currency] })],
);

/** What became of the payments that were made in a quarter of an hour. */
export const outcomeCounts = sqliteTable(
  'outcome_counts',
  {
    ...group(),
    /** When they were made, in quarters of an hour since the epoch. */
    quarter: integer('quarter').notNull(),
    status: text('status').$type<PaymentStatus>().notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.quarter, t.status] })],
);

/**
 * What a person has to look into: raised once, and again when it happens anew; closed by what settles it, or by the person
 * who has seen to it.
 */
export const troubles = sqliteTable(
  'troubles',
  {
    id: id(),
    kind: text('kind').$type<TroubleKind>().notNull(),
    /** Tells two of one kind apart. */
    subject: text('subject').notNull(),
    /** Whose it is; null: everybody's. */
    projectId: ref('project_id'),
    /** Null: of both kinds. */
    keyKind: text('key_kind').$type<KeyKind>(),
    paymentId: ref('payment_id'),
    /** The notification it is about: what is on its way again needs nobody. */
    outboxId: ref('outbox_id'),
    /** Small and without secrets: it is shown as it is. */
    data: json<Data>('data').notNull(),
    since: instant('since').notNull(),
    /** When it is over by itself; null: never. */
    endsAt: instant('ends_at'),
    closedAt: instant('closed_at'),
    /** Who has seen to it; null: nobody had to. */
    closedBy: json<Actor>('closed_by'),
  },
  (t) => indexes(t, INDEXES.troubles(t)),
);
