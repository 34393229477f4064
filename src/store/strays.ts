import type { Database } from 'bun:sqlite';

/** Callbacks that belong to nobody or prove nothing: bounded in number, so that nobody can fill the disk with them. */

export interface Stray {
  readonly gateway: string;
  readonly address: string;
  readonly reason: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly now: number;
}

const MAX_STRAYS = 1000;
export const MAX_STRAY_BYTES = 64 * 1024;

export function addStray(db: Database, stray: Stray): void {
  db.query(
    `INSERT INTO strays (gateway, address, reason, content_type, body, received_at) SELECT ?, ?, ?, ?, ?, ?
     WHERE (SELECT count(*) FROM strays) < ${MAX_STRAYS}`,
  ).run(
    stray.gateway,
    stray.address,
    stray.reason.slice(0, 200),
    stray.contentType.slice(0, 200),
    stray.body.subarray(0, MAX_STRAY_BYTES),
    stray.now,
  );
}

export function pruneStrays(db: Database, before: number): number {
  return db.query('DELETE FROM strays WHERE received_at <= ?').run(before).changes;
}
