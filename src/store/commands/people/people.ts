import { and, eq, isNull } from 'drizzle-orm';
import type { Row } from '../../kit.ts';
import { hasPeople, type PersonRow } from '../../queries/people.ts';
import { statement } from '../../statement.ts';
import { lockRow, patchRow, tryInsertRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { endSessions } from './sessions.ts';

export interface NewPerson
  extends Pick<Row<'people'>, 'email' | 'name' | 'role' | 'passwordHash' | 'linkHash' | 'linkUntil' | 'locale'> {
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

const OWNERS = statement(({ db, t: { people } }, _: object) =>
  db
    .select({ id: people.id })
    .from(people)
    .where(and(eq(people.role, 'owner'), isNull(people.disabledAt)))
    .limit(2),
);

/** False, and nothing is changed, when no owner would be left who may come in. */
export async function changePerson(tx: Tx, id: number, change: PersonChange): Promise<boolean> {
  const { fields, endsSessions, keptSession, now } = change;
  await tx.lock('people');
  const before = await lockRow(tx, 'people', { id });
  if (!before) return false;
  const after = { ...before, ...fields };
  const isOwner = ({ role, disabledAt }: PersonRow) => role === 'owner' && disabledAt === null;
  if (isOwner(before) && !isOwner(after) && (await tx.all(OWNERS, {})).length < 2) return false;
  await patchRow(tx, 'people', id, { ...fields, updatedAt: now });
  if (endsSessions) await endSessions(tx, id, keptSession);
  return true;
}
