import { PayCoreError } from '../../../core/errors.ts';
import { hasRight } from '../../../core/person.ts';
import type { Deps } from '../../../deps.ts';
import type { ProjectPageModel, ProjectSection } from '../../../pages/admin/project/frame.tsx';
import type { Project } from '../../../store/queries/projects.ts';
import type { Params, Shown, Visit } from '../desk.ts';

/** What the sections of a project's page have in common. */

type Finder = Pick<Deps, 'store'>;

/** The project of an address; null when there is none of that number. */
export async function findProject({ store }: Finder, { id = '' }: Params): Promise<Project | null> {
  return /^[1-9]\d{0,14}$/.test(id) ? store.findProject(Number(id)) : null;
}

/** For actions: their page had the project. Throws ROUTE_NOT_FOUND. */
export async function requireProject(deps: Finder, params: Params): Promise<Project> {
  const project = await findProject(deps, params);
  if (!project) throw new PayCoreError('ROUTE_NOT_FOUND');
  return project;
}

export function pathOf({ id }: Pick<Project, 'id'>, section: ProjectSection): string {
  return section === 'keys' ? `/admin/projects/${id}` : `/admin/projects/${id}/${section}`;
}

/** What every section is drawn with. */
export function modelOf(visit: Visit, { id, name }: Project, section: ProjectSection): ProjectPageModel {
  const isOwner = hasRight(visit.person, 'owner');
  return { frame: visit, project: { id, name }, section, isOwner };
}

export function titleOf(project: Project): Pick<Shown, 'title'> {
  return { title: project.name };
}
