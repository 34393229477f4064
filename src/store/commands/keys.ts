import { and, eq, isNull } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { insertRow } from '../table.ts';
import type { Tx } from '../tx.ts';

export interface NewKey extends Pick<Row<'apiKeys'>, 'projectId' | 'kind' | 'hash' | 'hint'> {
  readonly now: number;
}

/** Throws when the very same key is there already. */
export async function addKey(tx: Tx, { now, ...key }: NewKey): Promise<void> {
  await insertRow(tx, 'apiKeys', { ...key, createdAt: now });
}

const REVOKE = statement(({ db, t: { apiKeys } }, p: { id: number; now: number }) =>
  db
    .update(apiKeys)
    .set({ revokedAt: p.now })
    .where(and(eq(apiKeys.id, p.id), isNull(apiKeys.revokedAt))),
);

/** Revokes by id; false when there is no such key or it is revoked already. */
export async function revokeKey(tx: Tx, id: number, now: number): Promise<boolean> {
  return (await tx.run(REVOKE, { id, now })) > 0;
}
