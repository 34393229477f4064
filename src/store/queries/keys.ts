import { and, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import type { Row, Tables } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

/** API keys: only their SHA-256 is stored. */
export interface ApiKey extends Omit<Row<'apiKeys'>, 'hash'> {
  readonly projectName: string;
}

/** What a call needs to know of its key. */
export type KeyOwner = Pick<ApiKey, 'id' | 'projectId' | 'kind'>;

const VALID = statement(({ db, t: { apiKeys } }, p: { hash: Uint8Array }) =>
  db
    .select({ id: apiKeys.id, projectId: apiKeys.projectId, kind: apiKeys.kind })
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, p.hash), isNull(apiKeys.revokedAt))),
);

/** The key with this SHA-256, unless it was revoked. Asked on every call, hence no join. */
export function findKey(on: Reader, hash: Uint8Array): Promise<KeyOwner | null> {
  return on.get(VALID, { hash });
}

/** First letters of an API key, by which a person tells it from others. */
export async function findKeyHint(on: Reader, keyId: number): Promise<string | null> {
  return (await findRow(on, 'apiKeys', { id: keyId }))?.hint ?? null;
}

/** Everything but the hash. */
const shownOf = ({ apiKeys, projects }: Pick<Tables, 'apiKeys' | 'projects'>) => {
  const { hash, ...shown } = getTableColumns(apiKeys);
  return { ...shown, projectName: projects.name };
};

const ALL = statement(({ db, t }, _: object) =>
  db
    .select(shownOf(t))
    .from(t.apiKeys)
    .innerJoin(t.projects, eq(t.projects.id, t.apiKeys.projectId))
    .orderBy(t.apiKeys.id),
);

const OF_PROJECT = statement(({ db, t }, p: { projectId: number; limit: number }) =>
  db
    .select(shownOf(t))
    .from(t.apiKeys)
    .innerJoin(t.projects, eq(t.projects.id, t.apiKeys.projectId))
    .where(eq(t.apiKeys.projectId, p.projectId))
    .orderBy(sql`${t.apiKeys.revokedAt} is not null`, desc(t.apiKeys.id))
    .limit(p.limit),
);

export function listKeys(on: Reader): Promise<readonly ApiKey[]> {
  return on.all(ALL, {});
}

/** A project's keys: those in use first, then the newest. Only people make them, so they are few. */
export function listProjectKeys(on: Reader, projectId: number, limit: number): Promise<readonly ApiKey[]> {
  return on.all(OF_PROJECT, { projectId, limit });
}
