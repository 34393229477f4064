import type { Deps } from '../../deps.ts';
import { ProjectsPage } from '../../pages/admin/projects.tsx';
import type { Services } from '../../payments/index.ts';
import { createProject } from '../../payments/projects/name.ts';
import type { DeskArea, Problem, Shown, Visit } from './desk.ts';

/** The merchant's shops. */
export function projectsDesk(deps: Deps, _services: Services): DeskArea {
  const show = (visit: Visit, problem: Problem | null = null): Shown => ({
    title: visit.say('page.projects'),
    body: ProjectsPage({ frame: visit, projects: visit.projects, problem }),
  });
  return {
    pages: [{ path: '/admin/projects', page: 'projects', right: 'staff', show: async (visit) => show(visit) }],
    actions: [
      {
        path: '/admin/projects',
        action: 'create-project',
        page: 'projects',
        right: 'owner',
        run: async (_visit, form) => {
          const { id, name } = await createProject(deps, form.text('name'));
          return {
            to: `/admin/projects/${id}`,
            notice: 'projects.created',
            values: { name },
            audit: { about: name, after: { project: name } },
          };
        },
        again: async (visit, problem) => show(visit, problem),
      },
    ],
  };
}
