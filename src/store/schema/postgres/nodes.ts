import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { PaymentStatus } from '../../../core/payment.ts';
import { INDEXES } from '../rules.ts';
import { account, bytes, group, id, indexes, instant, money, ref } from './columns.ts';

/**
 * What several processes on one database must know of each other. What a column means stands in the
 * other engine’s file of this name.
 */

export const nodes = pgTable('nodes', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  version: text('version').notNull(),
  publicUrl: text('public_url').notNull(),
  startedAt: instant('started_at').notNull(),
  seenAt: instant('seen_at').notNull(),
  aheadMs: instant('ahead_ms').notNull().default(0),
});

export const claims = pgTable('claims', {
  name: text('name').primaryKey(),
  owner: text('owner').notNull(),
  until: instant('until').notNull(),
});

export const queryTurns = pgTable(
  'query_turns',
  {
    ...account(),
    nextAt: instant('next_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.environment, t.merchantId] })],
);

export const allowances = pgTable(
  'allowances',
  {
    name: text('name').primaryKey(),
    fullAt: instant('full_at').notNull(),
  },
  (t) => indexes(t, INDEXES.allowances),
);

export const figureDeltas = pgTable('figure_deltas', {
  id: id(),
  figure: text('figure').notNull(),
  ...group(),
  status: text('status').$type<PaymentStatus>(),
  quarter: integer('quarter'),
  currency: text('currency'),
  way: text('way'),
  amount: money('amount').notNull(),
  count: integer('count').notNull(),
});

export const insiteForms = pgTable('insite_forms', {
  attemptId: ref('attempt_id').primaryKey(),
  locale: text('locale').notNull(),
  sealed: bytes('sealed').notNull(),
  madeAt: instant('made_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});
