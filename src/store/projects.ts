import type { Database } from 'bun:sqlite';
import type { KeyKind, NotificationEvent } from '../core/payment.ts';

export interface Project {
  readonly id: number;
  readonly name: string;
  /** Sealed by the vault. */
  readonly notificationSecret: Uint8Array;
}

interface ProjectRow {
  id: number;
  name: string;
  notification_secret: Uint8Array;
}

const toProject = (row: ProjectRow): Project => ({
  id: row.id,
  name: row.name,
  notificationSecret: row.notification_secret,
});

export function findProject(db: Database, id: number): Project | null {
  const row = db.query<ProjectRow, [number]>('SELECT id, name, notification_secret FROM projects WHERE id = ?').get(id);
  return row ? toProject(row) : null;
}

export function findProjectByName(db: Database, name: string): Project | null {
  const row = db
    .query<ProjectRow, [string]>('SELECT id, name, notification_secret FROM projects WHERE name = ?')
    .get(name);
  return row ? toProject(row) : null;
}

/** `payment.paid` is told to everybody, the rest to who asked for it. */
export function wantsEvent(db: Database, projectId: number, event: NotificationEvent): boolean {
  if (event === 'payment.paid') return true;
  const row = db
    .query<{ notify_events: string }, [number]>('SELECT notify_events FROM projects WHERE id = ?')
    .get(projectId);
  return row?.notify_events.split(',').includes(event) ?? false;
}

/** Amounts by `gateway/path`, in the unit of the route. */
export type ProjectLimits = Readonly<Record<string, { readonly min: number; readonly max: number }>>;

export function findLimits(db: Database, projectId: number): ProjectLimits {
  const row = db.query<{ limits: string }, [number]>('SELECT limits FROM projects WHERE id = ?').get(projectId);
  return row ? JSON.parse(row.limits) : {};
}

/** Sets a project's own terms for one method, or takes them back with null. */
export function setLimit(db: Database, projectId: number, name: string, limit: ProjectLimits[string] | null): void {
  const { [name]: _, ...others } = findLimits(db, projectId);
  const limits = limit === null ? others : { ...others, [name]: limit };
  db.query('UPDATE projects SET limits = ? WHERE id = ?').run(JSON.stringify(limits), projectId);
}

/** The project of that name, made with `sealedSecret` when there is none yet. */
export function ensureProject(db: Database, name: string, sealedSecret: Uint8Array, now: number): Project {
  db.query(
    'INSERT INTO projects (name, notification_secret, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING',
  ).run(name, sealedSecret, now);
  const project = findProjectByName(db, name);
  if (!project) throw new Error(`project ${name} could not be made`);
  return project;
}

export interface ApiKey {
  readonly id: number;
  readonly projectId: number;
  readonly projectName: string;
  readonly kind: KeyKind;
  readonly hint: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

const KEY_COLUMNS = `api_keys.id, project_id AS projectId, projects.name AS projectName, kind, hint,
  api_keys.created_at AS createdAt, revoked_at AS revokedAt`;

export function addKey(
  db: Database,
  key: { projectId: number; kind: KeyKind; hash: Uint8Array; hint: string; now: number },
): void {
  db.query('INSERT INTO api_keys (project_id, kind, hash, hint, created_at) VALUES (?, ?, ?, ?, ?)').run(
    key.projectId,
    key.kind,
    key.hash,
    key.hint,
    key.now,
  );
}

/** What a call needs to know of its key. */
export type KeyOwner = Pick<ApiKey, 'id' | 'projectId' | 'kind'>;

/** The key with this SHA-256, unless it was revoked. Asked on every call, hence no join. */
export function findKey(db: Database, hash: Uint8Array): KeyOwner | null {
  return db
    .query<KeyOwner, [Uint8Array]>(
      'SELECT id, project_id AS projectId, kind FROM api_keys WHERE hash = ? AND revoked_at IS NULL',
    )
    .get(hash);
}

export function listKeys(db: Database): readonly ApiKey[] {
  return db
    .query<ApiKey, []>(
      `SELECT ${KEY_COLUMNS} FROM api_keys JOIN projects ON projects.id = project_id ORDER BY api_keys.id`,
    )
    .all();
}

/** Revokes by id; false when there is no such key or it is revoked already. */
export function revokeKey(db: Database, id: number, now: number): boolean {
  return db.query('UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL').run(now, id).changes > 0;
}
