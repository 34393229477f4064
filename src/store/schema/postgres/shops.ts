import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { KeyKind, NotificationEvent, Order } from '../../../core/payment.ts';
import type { ProjectSettings } from '../../../core/settings.ts';
import { eventsCodec } from '../codecs.ts';
import { CHECKS, INDEXES } from '../rules.ts';
import type { ProjectLimits } from '../values.ts';
import { account, bytes, checks, coded, flag, id, indexes, instant, isSet, json, money, refTo } from './columns.ts';

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
    projectId: refTo('project_id', () => projects.id),
    kind: text('kind').$type<KeyKind>().notNull(),
    hash: bytes('hash').notNull().unique('api_keys_hash'),
    hint: text('hint').notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => checks(CHECKS.apiKeys(t)),
);

export const credentials = pgTable(
  'credentials',
  {
    id: id(),
    projectId: refTo('project_id', () => projects.id),
    ...account(),
    platformId: text('platform_id'),
    fingerprint: bytes('fingerprint').notNull(),
    sealed: bytes('sealed').notNull(),
    current: flag('current').notNull().default(false),
    proved: flag('proved').notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (t) => indexes(t, INDEXES.credentials(t, isSet)),
);

export const links = pgTable(
  'links',
  {
    id: id(),
    linkNo: text('link_no').notNull().unique('links_no'),
    projectId: refTo('project_id', () => projects.id),
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
  (t) => [...checks(CHECKS.links(t)), ...indexes(t, INDEXES.links)],
);

export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});
