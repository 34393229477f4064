import { failValidation, PayCoreError } from '../../../core/errors.ts';
import type { KeyKind } from '../../../core/payment.ts';
import type { Deps } from '../../../deps.ts';
import { type KeyOnce, KeysPage } from '../../../pages/admin/project/keys.tsx';
import { addKey, listKeys, revokeProjectKey } from '../../../payments/projects/keys.ts';
import { renameProject } from '../../../payments/projects/name.ts';
import { writeTrial } from '../../../payments/projects/trial-call.ts';
import type { Project } from '../../../store/queries/projects.ts';
import type { DeskArea, Problem, Shown, Visit } from '../desk.ts';
import { findProject, modelOf, pathOf, requireProject, titleOf } from './support.ts';

const PATH = '/admin/projects/:id';

/** A project's name and its API keys. */
export function keysDesk(deps: Deps): DeskArea {
  const show = async (
    visit: Visit,
    project: Project,
    { problem = null, once = null }: { readonly problem?: Problem | null; readonly once?: KeyOnce | null } = {},
  ): Promise<Shown> => ({
    ...titleOf(project),
    body: KeysPage({ ...modelOf(visit, project, 'keys'), keys: await listKeys(deps, project.id), problem, once }),
  });

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
        ...{ path: `${PATH}/keys`, action: 'create-key', page: 'project', right: 'owner' },
        async run(visit, form, params) {
          const project = await requireProject(deps, params);
          const kind = readKind(form.text('kind'));
          const key = await addKey(deps, project.id, kind);
          const once = { key, kind, curl: await writeTrial(deps, { projectId: project.id, kind }, key) };
          return { shown: await show(visit, project, { once }), audit: { about: project.name, after: { kind } } };
        },
      },
      {
        ...{ path: `${PATH}/keys/:keyId/revoke`, action: 'revoke-key', page: 'project', right: 'owner' },
        async run(_visit, _form, params) {
          const project = await requireProject(deps, params);
          const key = await revokeProjectKey(deps, project.id, Number(params.keyId));
          if (!key) throw new PayCoreError('ROUTE_NOT_FOUND');
          return {
            ...{ to: pathOf(project, 'keys'), notice: 'keys.revoked', values: { key: `${key.hint}…` } },
            audit: { about: project.name, before: { key: key.hint, kind: key.kind }, after: { revoked: true } },
          };
        },
      },
      {
        ...{ path: `${PATH}/rename`, action: 'rename-project', page: 'project', right: 'owner' },
        async run(_visit, form, params) {
          const project = await requireProject(deps, params);
          const name = await renameProject(deps, project.id, form.text('name'));
          return {
            ...{ to: pathOf(project, 'keys'), notice: 'project.renamed', values: { name } },
            audit: { about: name, before: { name: project.name }, after: { name } },
          };
        },
        async again(visit, problem, params) {
          const project = await findProject(deps, params);
          return project && show(visit, project, { problem });
        },
      },
    ],
  };
}

function readKind(kind: string): KeyKind {
  if (kind === 'live' || kind === 'test') return kind;
  throw failValidation({ kind: ['The kind field must be one of: live, test.'] });
}
