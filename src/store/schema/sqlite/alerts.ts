import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AlertChannel, AlertData, AlertKind } from '../../../core/alert.ts';
import { CHECKS, INDEXES } from '../rules.ts';
import type { OutboxState } from '../values.ts';
import { bytes, checks, flag, id, indexes, instant, json, ref, stamps } from './columns.ts';

/** What a person is told of outside the admin pages. */

export const alertChannels = sqliteTable('alert_channels', {
  name: text('name').$type<AlertChannel>().primaryKey(),
  isOn: flag('is_on').notNull(),
  /** Where to, and how; without secrets. */
  config: json<Readonly<Record<string, unknown>>>('config').notNull(),
  /** The password or the signing secret, sealed. */
  secret: bytes('secret'),
  /** Nothing goes out before. */
  notBefore: instant('not_before').notNull(),
  /** The day whose summary was written last, yyyy-mm-dd. */
  lastDay: text('last_day'),
  lastSentAt: instant('last_sent_at'),
  lastError: text('last_error'),
  lastErrorAt: instant('last_error_at'),
  updatedAt: instant('updated_at').notNull(),
});

/** One row an alert and channel: they wait here to be sent. */
export const alerts = sqliteTable(
  'alerts',
  {
    id: id(),
    channel: text('channel').$type<AlertChannel>().notNull(),
    kind: text('kind').$type<AlertKind>().notNull(),
    about: text('about').notNull(),
    projectId: ref('project_id'),
    paymentNo: text('payment_no'),
    /** Of which its words are made when it is sent. */
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
