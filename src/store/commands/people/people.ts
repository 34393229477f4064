import { and, eq, isNotNull, isNull, ne } from 'drizzle-orm';
import type { Row } from '../../kit.ts';
import { findPersonByLink } from '../../queries/logins.ts';
import { hasPeople, type PersonRow } from '../../queries/people.ts';
import { statement } from '../../statement.ts';
import { findRow, lockRow, patchRow, tryInsertRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { endSessions } from './sessions.ts';

export interface NewPerson
  extends Pick<Row<'people'>, 'email' | 'name' | 'role' | 'passwordHash' | 'linkHash' | 'linkUntil' | 'locale'> {
  readonly mayRefund?: boolean;
  /** Only when there is nobody else: two that hold the installer's link make one owner. */
  readonly isFirst: boolean;
  readonly now: number;
}

export interface PersonChange {
  readonly fields: Readonly<Partial<Omit<Row<'people'>, 'id' | 'createdAt' | 'updatedAt'>>>;
  /** Who was signed in as this person is not any more, but for the session `keptSession`. */
  readonly endsSessions: boolean;
  readonly keptSession?: number;
  readonly now: number;
}

/** Null when the address is taken, or, for the first, when there is somebody already. */
export async function addPerson(tx: Tx, { isFirst, now, ...person }: NewPerson): Promise<PersonRow | null> {
  await tx.lock('people');
  if (isFirst && (await hasPeople(tx))) return null;
  return tryInsertRow(tx, 'people', { ...person, recoveryCodes: [], createdAt: now, updatedAt: now });
}

/** Owners besides this one who can sign in: who was invited and has set no password yet is none. */
const OTHER_OWNERS = statement(({ db, t: { people } }, p: { id: number }) =>
  db
    .select({ id: people.id })
    .from(people)
    .where(
      and(ne(people.id, p.id), eq(people.role, 'owner'), isNull(people.disabledAt), isNotNull(people.passwordHash)),
    )
    .limit(1),
);

/** False, and nothing is changed, when no owner would be left who may come in. */
export async function changePerson(tx: Tx, id: number, change: PersonChange): Promise<boolean> {
  const { fields, endsSessions, keptSession, now } = change;
  await tx.lock('people');
  const before = await lockRow(tx, 'people', { id });
  if (!before) return false;
  const after = { ...before, ...fields };
  const isOwner = ({ role, disabledAt }: PersonRow) => role === 'owner' && disabledAt === null;
  if (isOwner(before) && !isOwner(after) && (await tx.get(OTHER_OWNERS, { id })) === null) return false;
  await patchRow(tx, 'people', id, { ...fields, updatedAt: now });
  if (endsSessions) await endSessions(tx, id, keptSession);
  return true;
}

/** False: somebody else has this address. */
export async function changeEmail(tx: Tx, id: number, email: string, now: number): Promise<boolean> {
  await tx.lock('people');
  const holder = await findRow(tx, 'people', { email });
  if (holder !== null && holder.id !== id) return false;
  return (await patchRow(tx, 'people', id, { email, updatedAt: now })) > 0;
}

/** Sets the password of whoever has this one-time link, which is then used up. Null: nobody has it, or it is too old. */
export async function acceptLink(
  tx: Tx,
  { hash, passwordHash, now }: { hash: Uint8Array; passwordHash: string; now: number },
): Promise<PersonRow | null> {
  await tx.lock('people');
  const person = await findPersonByLink(tx, hash, now);
  if (!person || person.disabledAt !== null) return null;
  const change = { passwordHash, linkHash: null, linkUntil: null, updatedAt: now };
  await patchRow(tx, 'people', person.id, change);
  await endSessions(tx, person.id);
  return { ...person, ...change };
}
