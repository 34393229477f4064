import type { Database } from 'bun:sqlite';
import type { KeyKind, NotificationEvent } from '../core/payment.ts';
import {
  changeSettings,
  completeEvents,
  type ProjectSettings,
  readSettings,
  type SettingsChange,
} from '../core/settings.ts';

export interface Project {
  readonly id: number;
  readonly name: string;
  /** Sealed by the vault. */
  readonly notificationSecret: Uint8Array;
  /** The secret before the last rotation, sealed, and until when it signs along; milliseconds since the epoch. */
  readonly previousSecret: { readonly sealed: Uint8Array; readonly until: number } | null;
  readonly settings: ProjectSettings;
  /** What its shop is notified of, `payment.paid` among it. */
  readonly events: readonly NotificationEvent[];
  readonly createdAt: number;
}

const PROJECT_COLUMNS = `id, name, notification_secret, previous_secret, previous_secret_until, settings, notify_events,
  created_at`;

interface ProjectRow {
  id: number;
  name: string;
  notification_secret: Uint8Array;
  previous_secret: Uint8Array | null;
  previous_secret_until: number | null;
  settings: string;
  notify_events: string;
  created_at: number;
}

const toProject = (row: ProjectRow): Project => ({
  id: row.id,
  name: row.name,
  notificationSecret: row.notification_secret,
  previousSecret:
    row.previous_secret === null || row.previous_secret_until === null
      ? null
      : { sealed: row.previous_secret, until: row.previous_secret_until },
  settings: readSettings(row.settings),
  events: completeEvents(row.notify_events.split(',')),
  createdAt: row.created_at,
});

export function findProject(db: Database, id: number): Project | null {
  const row = db.query<ProjectRow, [number]>(`SELECT ${PROJECT_COLUMNS} FROM projects WHERE id = ?`).get(id);
  return row ? toProject(row) : null;
}

export function findProjectByName(db: Database, name: string): Project | null {
  const row = db.query<ProjectRow, [string]>(`SELECT ${PROJECT_COLUMNS} FROM projects WHERE name = ?`).get(name);
  return row ? toProject(row) : null;
}

export interface ProjectSummary {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  /** Keys that are not revoked. */
  readonly liveKeys: number;
  readonly testKeys: number;
}

/** Every project in the order they were made; there are as many as the merchant has shops. */
export function listProjects(db: Database): readonly ProjectSummary[] {
  return db
    .query<ProjectSummary, []>(
      `SELECT projects.id, name, projects.created_at AS createdAt, count(*) FILTER (WHERE kind = 'live') AS liveKeys,
         count(*) FILTER (WHERE kind = 'test') AS testKeys
       FROM projects LEFT JOIN api_keys ON project_id = projects.id AND revoked_at IS NULL
       GROUP BY projects.id ORDER BY projects.id`,
    )
    .all();
}

export function findSettings(db: Database, projectId: number): ProjectSettings {
  const row = db.query<{ settings: string }, [number]>('SELECT settings FROM projects WHERE id = ?').get(projectId);
  return row ? readSettings(row.settings) : {};
}

/** Makes a change to what is stored at that moment: two that come at once both count. */
export function changeProject(db: Database, projectId: number, change: SettingsChange): void {
  const settings = changeSettings(findSettings(db, projectId), change);
  db.query('UPDATE projects SET settings = ?, notify_events = coalesce(?, notify_events) WHERE id = ?').run(
    JSON.stringify(settings),
    change.events === undefined ? null : completeEvents(change.events).join(','),
    projectId,
  );
}

/** Puts a new notification secret in place; the one it replaces signs along until then. */
export function rotateSecret(db: Database, projectId: number, sealed: Uint8Array, previousUntil: number): void {
  db.query(
    `UPDATE projects SET previous_secret = notification_secret, previous_secret_until = ?, notification_secret = ?
     WHERE id = ?`,
  ).run(previousUntil, sealed, projectId);
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

export interface NewKey {
  readonly projectId: number;
  readonly kind: KeyKind;
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
  readonly hint: string;
  readonly now: number;
}

export function addKey(db: Database, key: NewKey): void {
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
