import { and, eq, isNull } from 'drizzle-orm';
import type { Row } from '../kit.ts';
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

const ALL = statement(({ db, t: { apiKeys, projects } }, _: object) =>
  db
    .select({
      id: apiKeys.id,
      projectId: apiKeys.projectId,
      projectName: projects.name,
      kind: apiKeys.kind,
      hint: apiKeys.hint,
      createdAt: apiKeys.createdAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .innerJoin(projects, eq(projects.id, apiKeys.projectId))
    .orderBy(apiKeys.id),
);

export function listKeys(on: Reader): Promise<readonly ApiKey[]> {
  return on.all(ALL, {});
}
