import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { PaymentStatus } from '../../../core/payment.ts';
import { INDEXES } from '../rules.ts';
import { account, bytes, group, id, indexes, instant, money, ref } from './columns.ts';

/** What several processes on one database must know of each other. */

/** Processes that serve. One that has not been seen for a while is gone, and what it had taken is taken over. */
export const nodes = sqliteTable('nodes', {
  /** Of the process: every start is another. */
  id: text('id').primaryKey(),
  /** Host and port, for people. */
  name: text('name').notNull(),
  version: text('version').notNull(),
  publicUrl: text('public_url').notNull(),
  startedAt: instant('started_at').notNull(),
  /** By the clock of the database, where it has one. */
  seenAt: instant('seen_at').notNull(),
  /** How far its own clock is ahead of the database's, milliseconds. */
  aheadMs: instant('ahead_ms').notNull().default(0),
});

/** What one process does for all, until it is done or the time is over. */
export const claims = sqliteTable('claims', {
  name: text('name').primaryKey(),
  owner: text('owner').notNull(),
  until: instant('until').notNull(),
});

/** When the next question to a merchant's account may be put, by whichever process. */
export const queryTurns = sqliteTable(
  'query_turns',
  {
    ...account(),
    nextAt: instant('next_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.environment, t.merchantId] })],
);

/** What callers have used up of limits that protect a gateway. */
export const allowances = sqliteTable(
  'allowances',
  {
    name: text('name').primaryKey(),
    /** When nothing will be missing any more; then the row goes. */
    fullAt: instant('full_at').notNull(),
  },
  (t) => indexes(t, INDEXES.allowances),
);

/** Changes of figures that wait to be added to them, where those who write must not wait for each other. */
export const figureDeltas = sqliteTable('figure_deltas', {
  id: id(),
  /** The table of the finest figure it changes; a coarser one is told of it as well. */
  figure: text('figure').notNull(),
  ...group(),
  status: text('status').$type<PaymentStatus>(),
  quarter: integer('quarter'),
  currency: text('currency'),
  way: text('way'),
  amount: money('amount').notNull(),
  count: integer('count').notNull(),
});

/** Form tokens of payments in our own page, so that every process shows the same form. */
export const insiteForms = sqliteTable('insite_forms', {
  attemptId: ref('attempt_id').primaryKey(),
  locale: text('locale').notNull(),
  /** The form, encrypted: its token opens the payment at the gateway. */
  sealed: bytes('sealed').notNull(),
  madeAt: instant('made_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});
