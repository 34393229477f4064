import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Actor } from '../../../core/actor.ts';
import type { TroubleKind } from '../../../core/attention.ts';
import type { KeyKind, PaymentStatus } from '../../../core/payment.ts';
import { INDEXES } from '../rules.ts';
import type { Data } from '../values.ts';
import { account, bytes, group, id, indexes, instant, json, money, ref } from './columns.ts';

/** What is kept for a while, or beside the payments. What a column means stands in the other engine’s file of this name. */

export const paymentSequences = pgTable('payment_sequences', {
  day: text('day').primaryKey(),
  last: integer('last').notNull(),
});

export const cooldowns = pgTable(
  'cooldowns',
  {
    ...account(),
    until: instant('until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.environment, t.merchantId] })],
);

export const unmatchedCallbacks = pgTable(
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

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    projectId: ref('project_id').notNull(),
    key: text('key').notNull(),
    fingerprint: bytes('fingerprint').notNull(),
    owner: text('owner').notNull(),
    status: integer('status'),
    body: text('body'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.key] }), ...indexes(t, INDEXES.idempotencyKeys)],
);

export const paymentCounts = pgTable(
  'payment_counts',
  {
    ...group(),
    status: text('status').$type<PaymentStatus>().notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.status] })],
);

export const paidSums = pgTable(
  'paid_sums',
  {
    ...group(),
    quarter: integer('quarter').notNull(),
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.quarter, t.currency] })],
);

export const methodSums = pgTable(
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
  (t) => [
    // The name that it would have by itself is too long for this engine.
    primaryKey({
      name: 'method_sums_pk',
      columns: [t.projectId, t.keyKind, t.livemode, t.quarter, t.gateway, t.method, t.currency],
    }),
  ],
);

export const outcomeCounts = pgTable(
  'outcome_counts',
  {
    ...group(),
    quarter: integer('quarter').notNull(),
    status: text('status').$type<PaymentStatus>().notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyKind, t.livemode, t.quarter, t.status] })],
);

export const troubles = pgTable(
  'troubles',
  {
    id: id(),
    kind: text('kind').$type<TroubleKind>().notNull(),
    subject: text('subject').notNull(),
    projectId: ref('project_id'),
    keyKind: text('key_kind').$type<KeyKind>(),
    paymentId: ref('payment_id'),
    outboxId: ref('outbox_id'),
    data: json<Data>('data').notNull(),
    since: instant('since').notNull(),
    endsAt: instant('ends_at'),
    closedAt: instant('closed_at'),
    closedBy: json<Actor>('closed_by'),
  },
  (t) => indexes(t, INDEXES.troubles(t)),
);
