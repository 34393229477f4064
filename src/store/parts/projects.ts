import type { Bound } from '../bind.ts';
import { addProject, renameProject } from '../commands/projects.ts';
import { type ApiKey, listProjectKeys } from '../queries/keys.ts';
import type { Project } from '../queries/projects.ts';

/** How a merchant keeps projects at the desk, where a slip in a name must not lead to another project. */
export interface ProjectDeskStore {
  /** A new project; null when there is one of that name. */
  addProject(name: string, sealedSecret: Uint8Array, now: number): Promise<Project | null>;
  /** False when another project has the name, or there is no such project. */
  renameProject(id: number, name: string): Promise<boolean>;
  /** A project's keys: those in use first, then the newest. */
  listProjectKeys(projectId: number, limit: number): Promise<readonly ApiKey[]>;
}

export function projectDeskStore({ query, command }: Bound): ProjectDeskStore {
  return {
    addProject: command(addProject),
    renameProject: command(renameProject),
    listProjectKeys: query(listProjectKeys),
  };
}
