import type { Deps } from '../../../deps.ts';
import { type MethodPart, MethodsPage } from '../../../pages/admin/project/methods.tsx';
import { clearLimit, listLimits, setLimit } from '../../../payments/projects/limits.ts';
import { listMethods } from '../../../payments/projects/methods.ts';
import { arrangeOffer, listOffer, moveOffered, setOffered } from '../../../payments/projects/offer.ts';
import { requireMethod } from '../../../payments/projects/projects.ts';
import type { Project } from '../../../store/queries/projects.ts';
import type { DeskAction, DeskArea, Moved, Params, Problem, Shown, Visit } from '../desk.ts';
import { findProject, modelOf, pathOf, requireProject, titleOf } from './support.ts';

const PATH = '/admin/projects/:id/methods';

interface Wrong {
  readonly method: string;
  readonly problem: Problem;
}

/** What payers of a project are offered: which methods, in which order, between which amounts. */
export function methodsDesk(deps: Deps): DeskArea {
  const show = createShow(deps);
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
    actions: listActions(deps, show),
  };
}

type Show = ReturnType<typeof createShow>;

function createShow(deps: Deps) {
  const describe = async (visit: Visit, { id, settings }: Project): Promise<readonly MethodPart[]> => {
    const [limits, usable] = await Promise.all([
      listLimits(deps, id),
      listMethods(deps, { projectId: id, kind: visit.view.kind, keyId: 0 }),
    ]);
    return listOffer(deps.gateways, settings).map(({ name, gateway, method, isOffered }) => {
      const own = limits.find((one) => one.name === name);
      return {
        ...{ name, gatewayName: gateway.name, method: method.method, unit: method.unit, isOffered },
        hasCredentials: usable.some((one) => one.name === name && one.enabled),
        limits: own?.limits ?? method.limits,
        isOwnLimit: own?.isOwn ?? false,
      };
    });
  };

  return async function show(visit: Visit, project: Project, wrong: Wrong | null = null): Promise<Shown> {
    return {
      ...titleOf(project),
      scripts: ['admin-methods'],
      body: MethodsPage({ ...modelOf(visit, project, 'methods'), methods: await describe(visit, project), wrong }),
    };
  };
}

function listActions(deps: Deps, show: Show): readonly DeskAction[] {
  const namesOffered = async (project: Project) => {
    const { settings } = (await deps.store.findProject(project.id)) ?? project;
    return listOffer(deps.gateways, settings).flatMap((one) => (one.isOffered ? [one.name] : []));
  };

  /** What payers are offered before and after, in their order. */
  const change = async (project: Project, work: () => Promise<void>): Promise<Moved> => {
    const before = { offered: await namesOffered(project) };
    await work();
    const after = { offered: await namesOffered(project) };
    return { to: pathOf(project, 'methods'), notice: 'methods.saved', audit: { about: project.name, before, after } };
  };

  const limitOf = async ({ id }: Project, name: string) =>
    (await listLimits(deps, id)).find((one) => one.name === name)?.limits ?? null;

  const again: DeskAction['again'] = async (visit, problem, params, form) => {
    const project = await findProject(deps, params);
    return project && show(visit, project, { method: form.text('method'), problem });
  };

  const act = (path: string, action: string, run: DeskAction['run']): DeskAction => ({
    ...{ path: `${PATH}/${path}`, action, page: 'project', right: 'owner', run, again },
  });
  const find = (params: Params) => requireProject(deps, params);

  return [
    act('order', 'order-methods', async (_visit, form, params) => {
      const project = await find(params);
      // Sent by the page's script, which has said so itself.
      const { notice: _, ...done } = await change(project, () => arrangeOffer(deps, project.id, form.all('method')));
      return done;
    }),
    act('move', 'move-method', async (_visit, form, params) => {
      const project = await find(params);
      const to = form.text('to') === 'up' ? 'up' : 'down';
      return change(project, () => moveOffered(deps, project.id, form.text('method'), to));
    }),
    act('offer', 'offer-method', async (_visit, form, params) => {
      const project = await find(params);
      return change(project, () => setOffered(deps, project.id, form.text('method'), form.isOn('offered')));
    }),
    act('limit', 'set-limit', async (_visit, form, params) => {
      const project = await find(params);
      const { name } = requireMethod(deps.gateways, form.text('method'));
      const before = await limitOf(project, name);
      const given = { min: form.text('min'), max: form.text('max') };
      if (form.isOn('usual')) await clearLimit(deps, project.id, name);
      else await setLimit(deps, project.id, name, given);
      const about = `${project.name} ${name}`;
      const after = await limitOf(project, name);
      return {
        ...{ to: pathOf(project, 'methods'), notice: 'methods.saved' },
        audit: { about, before: { ...before }, after: { ...after } },
      };
    }),
  ];
}
