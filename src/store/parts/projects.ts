import type { ApiKey } from '../queries/keys.ts';
import type { Project } from '../queries/projects.ts';

/** How a merchant keeps projects at the desk, where a mistake in a name must not be taken for another project. */
export interface ProjectDeskStore {
  /** A new project; null when there is one of that name. */
  addProject(name: string, sealedSecret: Uint8Array, now: number): Promise<Project | null>;
  /** False when another project has the name, or there is no such project. */
  renameProject(id: number, name: string): Promise<boolean>;
  /** A project's keys: those in use first, then the newest. */
  listProjectKeys(projectId: number, limit: number): Promise<readonly ApiKey[]>;
}
