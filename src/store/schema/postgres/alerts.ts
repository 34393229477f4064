import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { AlertChannel, AlertData, AlertKind } from '../../../core/alert.ts';
import { CHECKS, INDEXES } from '../rules.ts';
import type { OutboxState } from '../values.ts';
import { bytes, checks, flag, id, indexes, instant, json, ref, stamps } from './columns.ts';

/** What a person is told of outside the admin pages. What a column means stands in the other engine’s file of this name. */

export const alertChannels = pgTable('alert_channels', {
  name: text('name').$type<AlertChannel>().primaryKey(),
  isOn: flag('is_on').notNull(),
  config: json<Readonly<Record<string, unknown>>>('config').notNull(),
  secret: bytes('secret'),
  notBefore: instant('not_before').notNull(),
  lastDay: text('last_day'),
  lastSentAt: instant('last_sent_at'),
  lastError: text('last_error'),
  lastErrorAt: instant('last_error_at'),
  updatedAt: instant('updated_at').notNull(),
});

export const alerts = pgTable(
  'alerts',
  {
    id: id(),
    channel: text('channel').$type<AlertChannel>().notNull(),
    kind: text('kind').$type<AlertKind>().notNull(),
    about: text('about').notNull(),
    projectId: ref('project_id'),
    paymentNo: text('payment_no'),
    data: json<AlertData>('data').notNull(),
    state: text('state').$type<OutboxState>().notNull(),
    tries: integer('tries').notNull().default(0),
    dueAt: instant('due_at').notNull(),
    leasedBy: text('leased_by'),
    leasedUntil: instant('leased_until'),
    lastError: text('last_error'),
    ...stamps(),
  },
  (t) => [...checks(CHECKS.alerts(t)), ...indexes(t, INDEXES.alerts(t))],
);
