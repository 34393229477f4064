import { and, eq, lte } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { addRow, lockRow, patchRows } from '../table.ts';
import type { Tx } from '../tx.ts';

/** Answers kept under the caller's Idempotency-Key. */

export interface IdempotencyClaim extends Pick<Row<'idempotencyKeys'>, 'projectId' | 'key' | 'fingerprint' | 'owner'> {
  /** The caller knows that nothing of this process works under the key. */
  readonly takeOver: boolean;
  readonly now: number;
  readonly lifetimeMs: number;
}

export type ClaimResult =
  | { readonly type: 'claimed' }
  | { readonly type: 'running' }
  | { readonly type: 'reused' }
  | { readonly type: 'done'; readonly status: number; readonly body: string };

/** A claim of a process that is gone may be taken over: its `owner` is another. */
export async function claimKey(tx: Tx, claim: IdempotencyClaim): Promise<ClaimResult> {
  const { projectId, key, fingerprint, owner, now } = claim;
  if (await addRow(tx, 'idempotencyKeys', { projectId, key, fingerprint, owner, createdAt: now })) {
    return { type: 'claimed' };
  }
  const row = await lockRow(tx, 'idempotencyKeys', { projectId, key });
  // It was let go of between the two statements.
  if (!row) return claimKey(tx, claim);
  if (row.createdAt > now - claim.lifetimeMs) {
    if (!Buffer.from(row.fingerprint).equals(fingerprint)) return { type: 'reused' };
    if (row.status !== null) return { type: 'done', status: row.status, body: row.body ?? '' };
    if (row.owner === owner && !claim.takeOver) return { type: 'running' };
  }
  const anew = { fingerprint, owner, status: null, body: null, createdAt: now };
  await patchRows(tx, 'idempotencyKeys', { projectId, key }, anew);
  return { type: 'claimed' };
}

const DELETE = statement(({ db, t: { idempotencyKeys } }, p: { projectId: number; key: string }) =>
  db.delete(idempotencyKeys).where(and(eq(idempotencyKeys.projectId, p.projectId), eq(idempotencyKeys.key, p.key))),
);

/** An answer that is given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/** Keeps an answer, or frees the key when the answer must not be replayed. */
export async function finishKey(tx: Tx, projectId: number, key: string, answer: KeptAnswer | null): Promise<void> {
  if (answer === null) await tx.run(DELETE, { projectId, key });
  else await patchRows(tx, 'idempotencyKeys', { projectId, key }, { status: answer.status, body: answer.body });
}

const PRUNE = statement(({ db, t: { idempotencyKeys } }, p: { before: number }) =>
  db.delete(idempotencyKeys).where(lte(idempotencyKeys.createdAt, p.before)),
);

export function pruneKeys(tx: Tx, before: number): Promise<number> {
  return tx.run(PRUNE, { before });
}
