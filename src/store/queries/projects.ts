import { eq, sql } from 'drizzle-orm';
import { completeEvents, type ProjectSettings, readSettings } from '../../core/settings.ts';
import type { Row } from '../kit.ts';
import type { ProjectLimits } from '../schema/values.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

export type { ProjectLimits };

export interface Project extends Omit<Row<'projects'>, 'previousSecret' | 'previousSecretUntil'> {
  /** The secret before the last rotation, sealed, and until when it signs along; milliseconds since the epoch. */
  readonly previousSecret: { readonly sealed: Uint8Array; readonly until: number } | null;
}

/** What another version has stored may not fit this one: it counts as not set. */
export function checkStoredSettings(stored: ProjectSettings): ProjectSettings {
  return readSettings(JSON.stringify(stored));
}

function readProject({ previousSecret: sealed, previousSecretUntil: until, ...row }: Row<'projects'>): Project {
  return {
    ...row,
    previousSecret: sealed === null || until === null ? null : { sealed, until },
    settings: checkStoredSettings(row.settings),
    events: completeEvents(row.events),
  };
}

export async function findProject(on: Reader, id: number): Promise<Project | null> {
  const row = await findRow(on, 'projects', { id });
  return row && readProject(row);
}

export async function findProjectByName(on: Reader, name: string): Promise<Project | null> {
  const row = await findRow(on, 'projects', { name });
  return row && readProject(row);
}

export interface ProjectSummary extends Pick<Row<'projects'>, 'id' | 'name' | 'createdAt'> {
  /** Keys that are not revoked. */
  readonly liveKeys: number;
  readonly testKeys: number;
}

const SUMMARIES = statement(({ db, t: { projects, apiKeys } }, _: object) => {
  const isKept = sql`${apiKeys.revokedAt} is null`;
  return db
    .select({
      id: projects.id,
      name: projects.name,
      createdAt: projects.createdAt,
      liveKeys: sql`count(*) filter (where ${apiKeys.kind} = 'live' and ${isKept})`.mapWith(Number),
      testKeys: sql`count(*) filter (where ${apiKeys.kind} = 'test' and ${isKept})`.mapWith(Number),
    })
    .from(projects)
    .leftJoin(apiKeys, eq(apiKeys.projectId, projects.id))
    .groupBy(projects.id)
    .orderBy(projects.id);
});

/** Every project in the order they were made; there are as many as the merchant has shops. */
export function listProjects(on: Reader): Promise<readonly ProjectSummary[]> {
  return on.all(SUMMARIES, {});
}

export async function findSettings(on: Reader, projectId: number): Promise<ProjectSettings> {
  const row = await findRow(on, 'projects', { id: projectId });
  return row ? checkStoredSettings(row.settings) : {};
}

export async function findLimits(on: Reader, projectId: number): Promise<ProjectLimits> {
  return (await findRow(on, 'projects', { id: projectId }))?.limits ?? {};
}
