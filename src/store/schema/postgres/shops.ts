import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Environment, KeyKind, NotificationEvent, Order } from '../../../core/payment.ts';
import type { ProjectSettings } from '../../../core/settings.ts';
import { eventsCodec } from '../codecs.ts';
import type { ProjectLimits } from '../values.ts';
import { bytes, coded, flag, id, instant, json, money, ref } from './columns.ts';

/** Who uses PayCore, and with what. What a column means stands in the other engine’s file of this name. */

export const projects = pgTable('projects', {
  id: id(),
  name: text('name').notNull().unique('projects_name'),
  notificationSecret: bytes('notification_secret').notNull(),
  previousSecret: bytes('previous_secret'),
  previousSecretUntil: instant('previous_secret_until'),
  limits: json<ProjectLimits>('limits').notNull(),
  settings: json<ProjectSettings>('settings').notNull(),
  events: coded<readonly NotificationEvent[]>('events', eventsCodec).notNull(),
  createdAt: instant('created_at').notNull(),
});

export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    projectId: ref('project_id')
      .notNull()
      .references(() => projects.id),
    kind: text('kind').$type<KeyKind>().notNull(),
    hash: bytes('hash').notNull().unique('api_keys_hash'),
    hint: text('hint').notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [check('api_keys_kind', sql`${t.kind} in ('live', 'test')`)],
);

export const credentials = pgTable(
  'credentials',
  {
    id: id(),
    projectId: ref('project_id')
      .notNull()
      .references(() => projects.id),
    gateway: text('gateway').notNull(),
    merchantId: text('merchant_id').notNull(),
    environment: text('environment').$type<Environment>().notNull(),
    fingerprint: bytes('fingerprint').notNull(),
    sealed: bytes('sealed').notNull(),
    current: flag('current').notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('credentials_fingerprint').on(t.projectId, t.gateway, t.fingerprint),
    index('credentials_by_merchant').on(t.gateway, t.merchantId),
    uniqueIndex('credentials_current').on(t.projectId, t.gateway, t.environment).where(sql`${t.current}`),
  ],
);

export const links = pgTable(
  'links',
  {
    id: id(),
    linkNo: text('link_no').notNull().unique('links_no'),
    projectId: ref('project_id')
      .notNull()
      .references(() => projects.id),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
    title: text('title').notNull(),
    currency: text('currency').notNull(),
    amount: money('amount'),
    minAmount: money('min_amount'),
    maxAmount: money('max_amount'),
    isSingleUse: flag('is_single_use').notNull(),
    order: json<Order>('order_data').notNull(),
    expiresAt: instant('expires_at'),
    closedAt: instant('closed_at'),
    lastNumber: integer('last_number').notNull().default(0),
    paidCount: integer('paid_count').notNull().default(0),
    paidAmount: money('paid_amount').notNull().default(0),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    check('links_kind', sql`${t.keyKind} in ('live', 'test')`),
    check('links_amount', sql`${t.amount} > 0`),
    index('links_of_key').on(t.projectId, t.keyKind),
  ],
);

export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});
