import { and, asc, desc, eq, gt, gte, lt, sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';
import type { PersonRow } from './people.ts';

const KNOWN = statement(({ db, t: { knownAddresses } }, p: { personId: number; address: string; since: number }) =>
  db
    .select({ one: sql`1`.mapWith(Number) })
    .from(knownAddresses)
    .where(
      and(
        eq(knownAddresses.personId, p.personId),
        eq(knownAddresses.address, p.address),
        gte(knownAddresses.seenAt, p.since),
      ),
    ),
);

/** Whether this person signed in from there since then. */
export async function isKnownAddress(
  on: Reader,
  where: { personId: number; address: string; since: number },
): Promise<boolean> {
  return (await on.get(KNOWN, where)) !== null;
}

const BY_LINK = statement(({ db, t: { people } }, p: { hash: Uint8Array; now: number }) =>
  db
    .select()
    .from(people)
    .where(and(eq(people.linkHash, p.hash), gt(people.linkUntil, p.now))),
);

/** Whose one-time link this is; null when it was used, or is too old. There are few people: no index. */
export function findPersonByLink(on: Reader, hash: Uint8Array, now: number): Promise<PersonRow | null> {
  return on.get(BY_LINK, { hash, now });
}

/** What a person sees of a session: not what would let anybody use it. */
export type SessionEntry = Omit<Row<'sessions'>, 'hash'>;

const SESSIONS = statement(({ db, t: { sessions } }, p: { personId: number; now: number }) =>
  db
    .select({
      id: sessions.id,
      personId: sessions.personId,
      address: sessions.address,
      userAgent: sessions.userAgent,
      seenAt: sessions.seenAt,
      expiresAt: sessions.expiresAt,
      createdAt: sessions.createdAt,
    })
    .from(sessions)
    .where(and(eq(sessions.personId, p.personId), gt(sessions.expiresAt, p.now)))
    .orderBy(desc(sessions.seenAt), desc(sessions.id))
    .limit(100),
);

/** Where a person is signed in, the one used last first. */
export function listSessions(on: Reader, personId: number, now: number): Promise<readonly SessionEntry[]> {
  return on.all(SESSIONS, { personId, now });
}

export type AuditEntry = Row<'audit'>;

export interface AuditQuery {
  readonly personId: number | null;
  readonly action: string | null;
  /** Only entries older than this one; null: from the newest. */
  readonly beforeId: number | null;
  readonly limit: number;
}

type AuditFilter = 'all' | 'person' | 'action' | 'both';
type AuditValues = { beforeId: number; limit: number; personId: number | null; action: string | null };

/** One statement a filter, each along its own index, which the row id ends. */
const auditStatement = (filter: AuditFilter) =>
  statement(({ db, t: { audit } }, p: AuditValues) => {
    const byPerson = filter === 'person' || filter === 'both' ? eq(audit.personId, p.personId as number) : undefined;
    const byAction = filter === 'action' || filter === 'both' ? eq(audit.action, p.action as string) : undefined;
    return db
      .select()
      .from(audit)
      .where(and(lt(audit.id, p.beforeId), byPerson, byAction))
      .orderBy(desc(audit.id))
      .limit(p.limit);
  });

const AUDIT: Readonly<Record<AuditFilter, ReturnType<typeof auditStatement>>> = {
  all: auditStatement('all'),
  person: auditStatement('person'),
  action: auditStatement('action'),
  both: auditStatement('both'),
};

/** Newest first. */
export function listAudit(
  on: Reader,
  { personId, action, beforeId, limit }: AuditQuery,
): Promise<readonly AuditEntry[]> {
  const byBoth = personId !== null && action !== null;
  const byOne = personId !== null ? 'person' : action !== null ? 'action' : 'all';
  const values = { personId, action, limit, beforeId: beforeId ?? Number.MAX_SAFE_INTEGER };
  return on.all(AUDIT[byBoth ? 'both' : byOne], values);
}

const NEXT_ACTION = statement(({ db, t: { audit } }, p: { after: string }) =>
  db.select({ action: audit.action }).from(audit).where(gt(audit.action, p.after)).orderBy(asc(audit.action)).limit(1),
);

/** Every kind of action there is an entry of. From one to the next along the index: there are few among many entries. */
export async function listAuditActions(on: Reader): Promise<readonly string[]> {
  const actions: string[] = [];
  for (let after = ''; ; ) {
    const next = await on.get(NEXT_ACTION, { after });
    if (next === null) return actions;
    after = next.action;
    actions.push(after);
  }
}
