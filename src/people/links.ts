import { createHash } from 'node:crypto';
import { DAY } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { PersonRow } from '../store/queries/people.ts';
import { findWeakness, hashPassword, type Weakness } from './passwords.ts';

/** One-time links by which somebody sets a password: who was invited, and who is locked out. */

export const LINK_TTL_MS = 3 * DAY;

export interface MadeLink {
  readonly token: string;
  /** What the row keeps. */
  readonly fields: { readonly linkHash: Uint8Array; readonly linkUntil: number };
}

export function makeLink({ clock, random }: Pick<Deps, 'clock' | 'random'>): MadeLink {
  const token = Buffer.from(random(32)).toString('base64url');
  return { token, fields: { linkHash: hashLink(token), linkUntil: clock.now() + LINK_TTL_MS } };
}

/** Where it leads. Behind the #, it would be in no log; but then nothing could be shown without a script. */
export const linkUrl = (publicUrl: string, token: string): string => `${publicUrl}/admin/welcome/${token}`;

function hashLink(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

type Parts = Pick<Deps, 'store' | 'clock'>;

export async function findByLink({ store, clock }: Parts, token: string): Promise<PersonRow | null> {
  const person = await store.findPersonByLink(hashLink(token), clock.now());
  return person?.disabledAt === null ? person : null;
}

/** Null: the link was used, or is too old. */
export async function setPasswordByLink(
  { store, clock }: Parts,
  token: string,
  password: string,
): Promise<PersonRow | Weakness | null> {
  const person = await findByLink({ store, clock }, token);
  if (person === null) return null;
  const weakness = findWeakness(password, person);
  if (weakness !== null) return weakness;
  return store.acceptLink({ hash: hashLink(token), passwordHash: await hashPassword(password), now: clock.now() });
}
