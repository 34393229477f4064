import type { Database } from 'bun:sqlite';
import type { Environment } from '../core/payment.ts';

/** Gateway credentials, sealed by the vault; one row per distinct set of a project. */
export interface StoredCredential {
  readonly id: number;
  readonly projectId: number;
  readonly gateway: string;
  readonly merchantId: string;
  readonly environment: Environment;
  readonly sealed: Uint8Array;
}

const COLUMNS = 'id, project_id AS projectId, gateway, merchant_id AS merchantId, environment, sealed';

export interface NewCredential extends Omit<StoredCredential, 'id'> {
  readonly fingerprint: Uint8Array;
  readonly now: number;
}

/** Stores a set once and returns its id. */
export function ensureCredential(db: Database, input: NewCredential): number {
  const found = findFingerprint(db, input.projectId, input.gateway, input.fingerprint);
  if (found !== null) return found;
  const row = db
    .query<{ id: number }, [number, string, string, string, Uint8Array, Uint8Array, number]>(
      `INSERT INTO credentials (project_id, gateway, merchant_id, environment, fingerprint, sealed, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    )
    .get(
      input.projectId,
      input.gateway,
      input.merchantId,
      input.environment,
      input.fingerprint,
      input.sealed,
      input.now,
    );
  if (!row) throw new Error('SQLite returned no row for an INSERT … RETURNING');
  return row.id;
}

export function findFingerprint(
  db: Database,
  projectId: number,
  gateway: string,
  fingerprint: Uint8Array,
): number | null {
  const row = db
    .query<{ id: number }, [number, string, Uint8Array]>(
      'SELECT id FROM credentials WHERE project_id = ? AND gateway = ? AND fingerprint = ?',
    )
    .get(projectId, gateway, fingerprint);
  return row?.id ?? null;
}

/** Makes a stored set the one its project uses when a request brings none. */
export function makeCurrent(db: Database, id: number): void {
  db.query(
    `UPDATE credentials SET current = 0 WHERE id <> ? AND current = 1 AND (project_id, gateway, environment) IN
       (SELECT project_id, gateway, environment FROM credentials WHERE id = ?)`,
  ).run(id, id);
  db.query('UPDATE credentials SET current = 1 WHERE id = ?').run(id);
}

export function findCredential(db: Database, id: number): StoredCredential | null {
  return db.query<StoredCredential, [number]>(`SELECT ${COLUMNS} FROM credentials WHERE id = ?`).get(id);
}

export function findCurrentCredential(
  db: Database,
  projectId: number,
  gateway: string,
  environment: Environment,
): StoredCredential | null {
  return db
    .query<StoredCredential, [number, string, string]>(
      `SELECT ${COLUMNS} FROM credentials WHERE project_id = ? AND gateway = ? AND environment = ? AND current = 1`,
    )
    .get(projectId, gateway, environment);
}

export type CredentialOwner = Pick<StoredCredential, 'projectId' | 'gateway' | 'environment' | 'merchantId'>;

/** A project's newest sets for one merchant: a secret may have been renewed since an attempt was opened. */
export function listRecentCredentials(
  db: Database,
  { projectId, gateway, environment, merchantId }: CredentialOwner,
  limit: number,
): readonly StoredCredential[] {
  return db
    .query<StoredCredential, [string, string, number, string, number]>(
      `SELECT ${COLUMNS} FROM credentials INDEXED BY credentials_by_merchant
       WHERE gateway = ? AND merchant_id = ? AND project_id = ? AND environment = ? ORDER BY id DESC LIMIT ?`,
    )
    .all(gateway, merchantId, projectId, environment, limit);
}

/** A sealed callback names only the merchant: these are the sets that might open it, those in use first, then the newest. */
export function findCredentialsOfMerchant(
  db: Database,
  gateway: string,
  merchantId: string,
  limit: number,
): readonly StoredCredential[] {
  return db
    .query<StoredCredential, [string, string, number]>(
      `SELECT ${COLUMNS} FROM credentials WHERE gateway = ? AND merchant_id = ? ORDER BY current DESC, EXISTS (SELECT 1 FROM attempts WHERE credential_id = credentials.id AND status <> 'ended') DESC,
         id DESC LIMIT ?`,
    )
    .all(gateway, merchantId, limit);
}

/** What a merchant is shown of a set. */
export interface CredentialSummary extends Omit<StoredCredential, 'sealed'> {
  /** The project uses it when a request brings none. */
  readonly current: boolean;
  readonly createdAt: number;
  /** When an attempt was last opened with it; null: never. */
  readonly lastUsedAt: number | null;
}

// One step in the index attempts_by_credential for each status, however many payments there are.
const LAST_USE = `SELECT max(created_at) FROM attempts WHERE id IN (
  SELECT (SELECT max(id) FROM attempts WHERE credential_id = credentials.id AND status = one.column1)
  FROM (VALUES ('open'), ('unknown'), ('under_review'), ('paid'), ('ended')) AS one)`;

/** A project's sets, those in use first, then the newest. */
export function listCredentials(db: Database, projectId: number, limit: number): readonly CredentialSummary[] {
  const rows = db
    .query<Omit<CredentialSummary, 'current'> & { current: number }, [number, number]>(
      `SELECT id, project_id AS projectId, gateway, merchant_id AS merchantId, environment, current,
         created_at AS createdAt, (${LAST_USE}) AS lastUsedAt
       FROM credentials WHERE project_id = ? ORDER BY current DESC, id DESC LIMIT ?`,
    )
    .all(projectId, limit);
  return rows.map((row) => ({ ...row, current: row.current === 1 }));
}

/**
 * The project uses none of this gateway's environment from now on. The set itself stays, sealed: payments that were made
 * with it are still proved and asked about by it. False when there was none.
 */
export function dropCurrent(db: Database, projectId: number, gateway: string, environment: Environment): boolean {
  const result = db
    .query(
      'UPDATE credentials SET current = 0 WHERE project_id = ? AND gateway = ? AND environment = ? AND current = 1',
    )
    .run(projectId, gateway, environment);
  return result.changes > 0;
}
