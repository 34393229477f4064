import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { DeskLocale } from '../../../core/locale.ts';
import type { Role } from '../../../core/person.ts';
import { CHECKS, INDEXES } from '../rules.ts';
import { bytes, checks, flag, id, indexes, instant, json, ref, refTo, stamps } from './columns.ts';

/** Who works at the desk, from which browsers, and what they changed. */

export const people = sqliteTable(
  'people',
  {
    id: id(),
    /** In small letters: it is what one signs in by. */
    email: text('email').notNull().unique('people_email'),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    /** Staff whom the owner lets pay back. */
    mayRefund: flag('may_refund').notNull().default(false),
    /** argon2id; null until whoever was invited has set one. */
    passwordHash: text('password_hash'),
    /** The second factor's secret, sealed; null: there is none. */
    totpSecret: bytes('totp_secret'),
    /** The newest time step whose code was taken: a code counts once. */
    totpStep: integer('totp_step'),
    /** Hashes of the recovery codes that are left. */
    recoveryCodes: json<readonly string[]>('recovery_codes').notNull(),
    locale: text('locale').$type<DeskLocale>(),
    disabledAt: instant('disabled_at'),
    /** SHA-256 of the one-time link by which a password is set, and until when it is good. */
    linkHash: bytes('link_hash'),
    linkUntil: instant('link_until'),
    ...stamps(),
  },
  (t) => checks(CHECKS.people(t)),
);

export const sessions = sqliteTable(
  'sessions',
  {
    id: id(),
    /** SHA-256 of what the cookie names. */
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

/** Written before a change is made, and completed after it: there is no change without its row. */
export const audit = sqliteTable(
  'audit',
  {
    id: id(),
    at: instant('at').notNull(),
    /** Null: not a person of the desk, or nobody yet. */
    personId: ref('person_id'),
    /** The name as it was then. */
    who: text('who').notNull(),
    address: text('address').notNull(),
    action: text('action').notNull(),
    /** A payment's number, a project's name … */
    about: text('about').notNull(),
    /** `begun`, `done`, or the code of the error. */
    outcome: text('outcome').notNull(),
    before: json<Readonly<Record<string, unknown>> | null>('before').notNull(),
    after: json<Readonly<Record<string, unknown>> | null>('after').notNull(),
  },
  (t) => indexes(t, INDEXES.audit),
);

/** How often somebody tried to sign in lately, by what the tries are counted under. */
export const loginLimits = sqliteTable(
  'login_limits',
  {
    name: text('name').primaryKey(),
    /** When nothing will be missing any more of what is allowed; then the row goes. */
    fullAt: instant('full_at').notNull(),
  },
  (t) => indexes(t, INDEXES.loginLimits),
);

/** Where people signed in from; whoever guesses from elsewhere cannot shut them out there. */
export const knownAddresses = sqliteTable(
  'known_addresses',
  {
    personId: refTo('person_id', () => people.id),
    /** Of IPv6 the /64. */
    address: text('address').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.address] })],
);
