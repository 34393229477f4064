import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { KeyKind, NotificationEvent, Order } from '../../../core/payment.ts';
import type { ProjectSettings } from '../../../core/settings.ts';
import { eventsCodec } from '../codecs.ts';
import { CHECKS, INDEXES } from '../rules.ts';
import type { ProjectLimits } from '../values.ts';
import { account, bytes, checks, coded, flag, id, indexes, instant, isSet, json, money, refTo } from './columns.ts';

/** Who uses PayCore, and with what. */

export const projects = sqliteTable('projects', {
  id: id(),
  name: text('name').notNull().unique('projects_name'),
  /** Sealed by the vault. */
  notificationSecret: bytes('notification_secret').notNull(),
  /** The secret before the last rotation, sealed; it signs along until then. */
  previousSecret: bytes('previous_secret'),
  previousSecretUntil: instant('previous_secret_until'),
  /** The merchant's own terms by method, in the unit of its route. */
  limits: json<ProjectLimits>('limits').notNull(),
  settings: json<ProjectSettings>('settings').notNull(),
  /** `payment.paid` is always sent. */
  events: coded<readonly NotificationEvent[]>('events', eventsCodec).notNull(),
  createdAt: instant('created_at').notNull(),
});

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: id(),
    projectId: refTo('project_id', () => projects.id),
    kind: text('kind').$type<KeyKind>().notNull(),
    /** SHA-256 of the key; the key itself is never stored. */
    hash: bytes('hash').notNull().unique('api_keys_hash'),
    /** First letters, to tell keys apart in a list. */
    hint: text('hint').notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => checks(CHECKS.apiKeys(t)),
);

export const credentials = sqliteTable(
  'credentials',
  {
    id: id(),
    projectId: refTo('project_id', () => projects.id),
    ...account(),
    /** Under which the gateway may speak of the merchant instead. */
    platformId: text('platform_id'),
    /** Keyed hash: one row per distinct set. */
    fingerprint: bytes('fingerprint').notNull(),
    sealed: bytes('sealed').notNull(),
    /** The set the project uses when a request brings none. */
    current: flag('current').notNull().default(false),
    /** Something made with it was once accepted: by its gateway, or by us from its gateway. */
    proved: flag('proved').notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (t) => indexes(t, INDEXES.credentials(t, isSet)),
);

export const links = sqliteTable(
  'links',
  {
    id: id(),
    linkNo: text('link_no').notNull().unique('links_no'),
    projectId: refTo('project_id', () => projects.id),
    keyKind: text('key_kind').$type<KeyKind>().notNull(),
    title: text('title').notNull(),
    currency: text('currency').notNull(),
    /** Null: the payer enters it. */
    amount: money('amount'),
    minAmount: money('min_amount'),
    maxAmount: money('max_amount'),
    isSingleUse: flag('is_single_use').notNull(),
    /** What its payments have in common. */
    order: json<Order>('order_data').notNull(),
    expiresAt: instant('expires_at'),
    closedAt: instant('closed_at'),
    /** Last part of the newest order number. */
    lastNumber: integer('last_number').notNull().default(0),
    paidCount: integer('paid_count').notNull().default(0),
    paidAmount: money('paid_amount').notNull().default(0),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [...checks(CHECKS.links(t)), ...indexes(t, INDEXES.links)],
);

export const settings = sqliteTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});
