import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

export type PersonRow = Row<'people'>;

/** A session with whose it is. */
export interface SignedIn {
  readonly session: Omit<Row<'sessions'>, 'hash'>;
  readonly person: PersonRow;
}

const ANY = statement(({ db, t: { people } }, _: object) =>
  db
    .select({ one: sql`1`.mapWith(Number) })
    .from(people)
    .limit(1),
);

export async function hasPeople(on: Reader): Promise<boolean> {
  return (await on.get(ANY, {})) !== null;
}

export function findPerson(on: Reader, id: number): Promise<PersonRow | null> {
  return findRow(on, 'people', { id });
}

export function findPersonByEmail(on: Reader, email: string): Promise<PersonRow | null> {
  return findRow(on, 'people', { email });
}

const ALL = statement(({ db, t: { people } }, _: object) => db.select().from(people).orderBy(asc(people.id)));

/** There are as many as work for the merchant. */
export function listPeople(on: Reader): Promise<readonly PersonRow[]> {
  return on.all(ALL, {});
}

const OPEN = statement(({ db, t: { sessions } }, p: { hash: Uint8Array; now: number }) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.hash, p.hash), gt(sessions.expiresAt, p.now))),
);

const ADMITTED = statement(({ db, t: { people } }, p: { id: number }) =>
  db
    .select()
    .from(people)
    .where(and(eq(people.id, p.id), isNull(people.disabledAt))),
);

/** Null when it has ended, or its person may not come in any more. */
export async function findSession(on: Reader, hash: Uint8Array, now: number): Promise<SignedIn | null> {
  const session = await on.get(OPEN, { hash, now });
  const person = session && (await on.get(ADMITTED, { id: session.personId }));
  return person ? { session, person } : null;
}
