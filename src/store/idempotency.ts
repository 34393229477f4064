import type { Database } from 'bun:sqlite';

/** Answers kept under the caller's Idempotency-Key. */

export interface IdempotencyClaim {
  readonly projectId: number;
  readonly key: string;
  readonly fingerprint: Uint8Array;
  /** Names the process: a claim of a process that is gone may be taken over. */
  readonly owner: string;
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

interface Row {
  fingerprint: Uint8Array;
  owner: string;
  status: number | null;
  body: string | null;
  created_at: number;
}

export function claimKey(db: Database, claim: IdempotencyClaim): ClaimResult {
  const row = db
    .query<Row, [number, string]>(
      'SELECT fingerprint, owner, status, body, created_at FROM idempotency_keys WHERE project_id = ? AND key = ?',
    )
    .get(claim.projectId, claim.key);
  const fresh = row && row.created_at > claim.now - claim.lifetimeMs;
  if (row && fresh) {
    if (!Buffer.from(row.fingerprint).equals(claim.fingerprint)) return { type: 'reused' };
    if (row.status !== null) return { type: 'done', status: row.status, body: row.body ?? '' };
    if (row.owner === claim.owner && !claim.takeOver) return { type: 'running' };
  }
  db.query(
    `INSERT INTO idempotency_keys (project_id, key, fingerprint, owner, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, owner = excluded.owner,
       status = NULL, body = NULL, created_at = excluded.created_at`,
  ).run(claim.projectId, claim.key, claim.fingerprint, claim.owner, claim.now);
  return { type: 'claimed' };
}

export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/** Keeps an answer, or frees the key when the answer must not be replayed. */
export function finishKey(db: Database, projectId: number, key: string, answer: KeptAnswer | null): void {
  if (answer === null) {
    db.query('DELETE FROM idempotency_keys WHERE project_id = ? AND key = ?').run(projectId, key);
    return;
  }
  db.query('UPDATE idempotency_keys SET status = ?, body = ? WHERE project_id = ? AND key = ?').run(
    answer.status,
    answer.body,
    projectId,
    key,
  );
}

export function pruneKeys(db: Database, before: number): number {
  return db.query('DELETE FROM idempotency_keys WHERE created_at <= ?').run(before).changes;
}
