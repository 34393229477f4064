import { and, eq, lte, ne } from 'drizzle-orm';
import type { Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import { insertRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';

export type NewSession = Omit<Row<'sessions'>, 'id' | 'seenAt' | 'createdAt'> & { readonly now: number };

const DROP_ENDED = statement(({ db, t: { sessions } }, p: { now: number }) =>
  db.delete(sessions).where(lte(sessions.expiresAt, p.now)),
);

/** Those that have ended go: nobody else clears them away. */
export async function addSession(tx: Tx, { now, ...session }: NewSession): Promise<void> {
  await tx.run(DROP_ENDED, { now });
  await insertRow(tx, 'sessions', { ...session, seenAt: now, createdAt: now });
}

export async function touchSession(tx: Tx, id: number, now: number, expiresAt: number): Promise<void> {
  await patchRow(tx, 'sessions', id, { seenAt: now, expiresAt });
}

const END = statement(({ db, t: { sessions } }, p: { id: number; personId: number }) =>
  db.delete(sessions).where(and(eq(sessions.id, p.id), eq(sessions.personId, p.personId))),
);

/** False when this person has no such session. */
export async function endSession(tx: Tx, personId: number, id: number): Promise<boolean> {
  return (await tx.run(END, { id, personId })) > 0;
}

const END_ALL = statement(({ db, t: { sessions } }, p: { personId: number; kept: number }) =>
  db.delete(sessions).where(and(eq(sessions.personId, p.personId), ne(sessions.id, p.kept))),
);

/** All of this person's but the one that is kept. */
export async function endSessions(tx: Tx, personId: number, kept = 0): Promise<void> {
  await tx.run(END_ALL, { personId, kept });
}
