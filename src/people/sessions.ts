import { createHash, createHmac } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { Person } from '../core/person.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { equalInConstantTime } from '../security/vault.ts';
import type { PersonRow } from '../store/queries/people.ts';

/** Who is signed in, in one browser. */
export interface Session {
  /** Of the row. */
  readonly id: number;
  readonly person: Person;
  /** Stands in every form: only pages of this very session have it. */
  readonly csrf: string;
}

/** From where somebody comes. */
export interface Whereabouts {
  readonly address: string;
  readonly userAgent: string;
}

export const SESSION_COOKIE = 'paycore_session';

/** Unused for so long, or so old in all, it has ended. */
const IDLE_MS = 12 * HOUR;
const LONGEST_MS = 14 * DAY;
/** Its use is written down this often at most. */
const TOUCH_MS = 5 * MINUTE;
const SECRET_BYTES = 32;
const MAX_AGENT = 200;

type Parts = Pick<Deps, 'store' | 'vault' | 'clock' | 'random'>;

/**
 * Sessions of the desk. The cookie is a signed token (jose, HS256) that names a row of the database: what is revoked there
 * has ended at once, on every node, and whoever reads the database cannot make a cookie of it.
 */
export function createSessions({ store, vault, clock, random }: Parts) {
  const signingKey = vault.deriveKey('session');
  const csrfKey = vault.deriveKey('csrf');
  const csrfOf = (secret: string) => createHmac('sha256', csrfKey).update(secret).digest('base64url');

  return {
    /** Opens one and gives the cookie's value. */
    async open(person: Pick<PersonRow, 'id'>, { address, userAgent }: Whereabouts): Promise<string> {
      const now = clock.now();
      const secret = Buffer.from(random(SECRET_BYTES)).toString('base64url');
      await store.addSession({
        hash: hashOf(secret),
        personId: person.id,
        address,
        userAgent: userAgent.slice(0, MAX_AGENT),
        expiresAt: now + IDLE_MS,
        now,
      });
      return new SignJWT({ sid: secret })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(String(person.id))
        .setIssuedAt(Math.floor(now / SECOND))
        .setExpirationTime(Math.floor((now + LONGEST_MS) / SECOND))
        .sign(signingKey);
    },

    /** Null for no cookie, one that is not ours, and one whose session has ended. */
    async read(cookie: string | null): Promise<Session | null> {
      const now = clock.now();
      const secret = cookie === null ? null : await readSecret(cookie, signingKey, now);
      if (secret === null) return null;
      const found = await store.findSession(hashOf(secret), now);
      if (!found) return null;
      const { session, person } = found;
      if (now - session.seenAt >= TOUCH_MS) {
        await store.touchSession(session.id, now, Math.min(now + IDLE_MS, session.createdAt + LONGEST_MS));
      }
      return { id: session.id, person: describePerson(person), csrf: csrfOf(secret) };
    },

    end: ({ id, person }: Session): Promise<boolean> => store.endSession(person.id, id),
  };
}

export function checkCsrf({ csrf }: Session, given: string): boolean {
  return equalInConstantTime(csrf, given);
}

export function describePerson({ id, name, email, role, mayRefund, locale }: PersonRow): Person {
  return { id, name, email, role, mayRefund, locale };
}

async function readSecret(cookie: string, key: Uint8Array, now: number): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(cookie, key, { algorithms: ['HS256'], currentDate: new Date(now) });
    return typeof payload.sid === 'string' ? payload.sid : null;
  } catch {
    return null;
  }
}

function hashOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
