import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { DeskLocale } from '../../../core/locale.ts';
import type { Role } from '../../../core/person.ts';
import { CHECKS, INDEXES } from '../rules.ts';
import { bytes, checks, flag, id, indexes, instant, json, ref, refTo, stamps } from './columns.ts';

/** As in the other engine’s file of this name. */

export const people = pgTable(
  'people',
  {
    id: id(),
    email: text('email').notNull().unique('people_email'),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    mayRefund: flag('may_refund').notNull().default(false),
    passwordHash: text('password_hash'),
    totpSecret: bytes('totp_secret'),
    totpStep: integer('totp_step'),
    recoveryCodes: json<readonly string[]>('recovery_codes').notNull(),
    locale: text('locale').$type<DeskLocale>(),
    disabledAt: instant('disabled_at'),
    linkHash: bytes('link_hash'),
    linkUntil: instant('link_until'),
    ...stamps(),
  },
  (t) => checks(CHECKS.people(t)),
);

export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    hash: bytes('hash').notNull().unique('sessions_hash'),
    personId: refTo('person_id', () => people.id),
    address: text('address').notNull(),
    userAgent: text('user_agent').notNull(),
    seenAt: instant('seen_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => indexes(t, INDEXES.sessions),
);

export const audit = pgTable(
  'audit',
  {
    id: id(),
    at: instant('at').notNull(),
    personId: ref('person_id'),
    who: text('who').notNull(),
    address: text('address').notNull(),
    action: text('action').notNull(),
    about: text('about').notNull(),
    outcome: text('outcome').notNull(),
    before: json<Readonly<Record<string, unknown>> | null>('before').notNull(),
    after: json<Readonly<Record<string, unknown>> | null>('after').notNull(),
  },
  (t) => indexes(t, INDEXES.audit),
);

export const loginLimits = pgTable(
  'login_limits',
  {
    name: text('name').primaryKey(),
    fullAt: instant('full_at').notNull(),
  },
  (t) => indexes(t, INDEXES.loginLimits),
);

export const knownAddresses = pgTable(
  'known_addresses',
  {
    personId: refTo('person_id', () => people.id),
    address: text('address').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.address] })],
);
