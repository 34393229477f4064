import { eq, lte } from 'drizzle-orm';
import { hasSame, type Row } from '../kit.ts';
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
  /** This process is at it. */
  | { readonly type: 'running' }
  /** Another one is, that lives. */
  | { readonly type: 'elsewhere' }
  | { readonly type: 'reused' }
  | { readonly type: 'done'; readonly status: number; readonly body: string };

/**
 * A node that was not seen for a moment may still be at it: its row goes when it leaves, or when one that could see it for
 * long enough takes its work over.
 */
const STANDS = statement(({ db, t: { nodes } }, p: { id: string }) =>
  db.select({ id: nodes.id }).from(nodes).where(eq(nodes.id, p.id)),
);

/** A claim of a process that is gone may be taken over: its `owner` is no node any more. */
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
    const isOwn = row.owner === owner;
    if (isOwn && !claim.takeOver) return { type: 'running' };
    if (!isOwn && (await tx.get(STANDS, { id: row.owner }))) return { type: 'elsewhere' };
  }
  const anew = { fingerprint, owner, status: null, body: null, createdAt: now };
  await patchRows(tx, 'idempotencyKeys', { projectId, key }, anew);
  return { type: 'claimed' };
}

type Owned = Pick<IdempotencyClaim, 'projectId' | 'key' | 'owner'>;

const DELETE = statement(({ db, t: { idempotencyKeys } }, p: Owned) =>
  db.delete(idempotencyKeys).where(hasSame(idempotencyKeys, p, 'projectId', 'key', 'owner')),
);

/** An answer that is given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/** Keeps an answer, or frees the key when the answer must not be replayed. False: the key is another's by now. */
export async function finishKey(tx: Tx, { projectId, key, owner }: Owned, answer: KeptAnswer | null): Promise<boolean> {
  const known = { projectId, key, owner };
  const kept = answer && { status: answer.status, body: answer.body };
  return (await (kept ? patchRows(tx, 'idempotencyKeys', known, kept) : tx.run(DELETE, known))) > 0;
}

const PRUNE = statement(({ db, t: { idempotencyKeys } }, p: { before: number }) =>
  db.delete(idempotencyKeys).where(lte(idempotencyKeys.createdAt, p.before)),
);

export function pruneKeys(tx: Tx, before: number): Promise<number> {
  return tx.run(PRUNE, { before });
}
