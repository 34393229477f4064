import type { Deps } from '../../../deps.ts';
import { BRANDING_FIELDS, type Branding, BrandingPage } from '../../../pages/admin/project/branding.tsx';
import { listPictures } from '../../../pages/checkout/index.ts';
import { changeProject } from '../../../payments/projects/projects.ts';
import type { Project } from '../../../store/queries/projects.ts';
import type { DeskArea, Problem, Shown, Visit } from '../desk.ts';
import { findProject, modelOf, pathOf, requireProject, titleOf } from './support.ts';

const PATH = '/admin/projects/:id/branding';

/** How a project's payer pages look. */
export function brandingDesk(deps: Deps): DeskArea {
  const show = (visit: Visit, project: Project, problem: Problem | null = null): Shown => {
    const branding = pick((name) => project.settings[name] ?? '');
    // What was sent and not taken is shown in the form; the preview shows what can be shown of it.
    const shown = pick((name) =>
      problem && problem.fields[name] === undefined ? (problem.given[name] ?? '') : branding[name],
    );
    return {
      ...titleOf(project),
      scripts: ['admin-brand'],
      pictures: listPictures({ accent: null, contact: null, logoUrl: shown.logo_url }),
      body: BrandingPage({ ...modelOf(visit, project, 'branding'), branding, shown, problem }),
    };
  };

  return {
    pages: [
      {
        ...{ path: PATH, page: 'project', right: 'staff' },
        async show(visit, params) {
          const project = await findProject(deps, params);
          return project && show(visit, project);
        },
      },
    ],
    actions: [
      {
        ...{ path: PATH, action: 'set-branding', page: 'project', right: 'owner' },
        async run(_visit, form, params) {
          const project = await requireProject(deps, params);
          const after = pick((name) => (name === 'accent' ? form.text(name).toLowerCase() : form.text(name)));
          await changeProject(deps, project.id, after);
          const before = pick((name) => project.settings[name] ?? '');
          return {
            ...{ to: pathOf(project, 'branding'), notice: 'branding.saved' },
            audit: { about: project.name, before, after },
          };
        },
        async again(visit, problem, params) {
          const project = await findProject(deps, params);
          return project && show(visit, project, problem);
        },
      },
    ],
  };
}

function pick(read: (name: keyof Branding) => string): Branding {
  return Object.fromEntries(BRANDING_FIELDS.map((name) => [name, read(name)])) as unknown as Branding;
}
