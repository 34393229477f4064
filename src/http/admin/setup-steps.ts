import { failValidation, PayCoreError } from '../../core/errors.ts';
import { checkFields, type Field } from '../../core/fields.ts';
import type { Deps } from '../../deps.ts';
import { type FreshKey, STEPS_PATH, type StepsModel, StepsPage } from '../../pages/admin/setup.tsx';
import { PLAIN_TEXT } from '../../payments/create/request.ts';
import { addKey, createKey } from '../../payments/projects/keys.ts';
import { isPractising, stopPractice } from '../../payments/projects/practice.ts';
import { openNotificationSecret } from '../../payments/projects/projects.ts';
import { findTestKey, makeTrial } from '../../payments/projects/trial.ts';
import type { DeskAction, DeskPage, Problem, Shown, Visit } from './desk.ts';

const PROJECT: Field = { name: 'project', ...PLAIN_TEXT, description: 'The shop’s name.' };

/** What follows the administrator: a shop, a test key, a test payment. The page is what is there by now. */
export function setupSteps(deps: Deps): {
  readonly pages: readonly DeskPage[];
  readonly actions: readonly DeskAction[];
} {
  const draw = async (visit: Visit, fresh: FreshKey | null = null, problem: Problem | null = null): Promise<Shown> => {
    const model = await buildModel(deps, visit, fresh);
    return { title: visit.say('page.setup'), body: StepsPage({ frame: visit, model, problem }) };
  };
  const again: DeskAction['again'] = (visit, problem) => draw(visit, null, problem);
  const common = { page: 'setup', right: 'owner' } as const;

  return {
    pages: [{ path: STEPS_PATH, ...common, show: (visit) => draw(visit) }],
    actions: [
      {
        ...common,
        path: `${STEPS_PATH}/project`,
        action: 'create-project',
        run: async (visit, form) => {
          // Sent again by a reload: its key was shown, and is not made anew.
          if (findProject(visit)) return { to: STEPS_PATH, audit: { about: form.text('project') } };
          const { values, errors } = checkFields({ project: form.text('project') }, [PROJECT]);
          if (errors.project) throw failValidation(errors);
          const made = await createKey(deps, String(values.project), 'test');
          const shown = await draw(await look(deps, visit), describeKey(deps, made.api_key, made.notification_secret));
          return { shown, audit: { about: made.project, after: { project: made.project, key: 'test' } } };
        },
        again,
      },
      {
        ...common,
        path: `${STEPS_PATH}/key`,
        action: 'create-key',
        run: async (visit) => {
          const project = await requireProject(deps, visit);
          const key = await addKey(deps, project.id, 'test');
          const shown = await draw(visit, describeKey(deps, key, openNotificationSecret(deps, project)));
          return { shown, audit: { about: project.name, after: { key: 'test' } } };
        },
        again,
      },
      {
        ...common,
        path: `${STEPS_PATH}/pay`,
        action: 'test-payment',
        run: async (visit) => {
          const { id } = await requireProject(deps, visit);
          const itemName = visit.say('setup.pay.item');
          const made = await makeTrial(deps, id, { itemName, successUrl: `${deps.publicUrl}/admin?kind=test` });
          return { to: made.path, audit: { about: made.paymentNo, after: { practice: true } } };
        },
        again,
      },
      {
        ...common,
        path: `${STEPS_PATH}/stop-practice`,
        action: 'stop-practice',
        run: async (visit) => {
          const { id, name } = await requireProject(deps, visit);
          await stopPractice(deps, id);
          const after = { practice: false };
          return {
            to: STEPS_PATH,
            notice: 'setup.practice.stopped',
            audit: { about: name, before: { practice: true }, after },
          };
        },
        again,
      },
    ],
  };
}

/** The shop that is set up: the one in view, else the first. */
function findProject({ projects, view }: Visit): Visit['projects'][number] | null {
  return projects.find(({ id }) => id === view.projectId) ?? projects[0] ?? null;
}

async function requireProject(deps: Deps, visit: Visit) {
  const found = findProject(visit);
  const project = found && (await deps.store.findProject(found.id));
  if (!project) throw new PayCoreError('ROUTE_NOT_FOUND', { message: visit.say('setup.project.first') });
  return project;
}

/** The visit as it is after something was made. */
const look = async ({ store }: Deps, visit: Visit): Promise<Visit> => ({
  ...visit,
  projects: await store.listProjects(),
});

async function buildModel(deps: Deps, visit: Visit, fresh: FreshKey | null): Promise<StepsModel> {
  const project = findProject(visit);
  const key = project && (await findTestKey(deps, project.id));
  const counts = project ? await deps.store.countByStatus({ projectId: project.id, keyKind: 'test' }) : {};
  const practises = project !== null && (await isPractising(deps, project.id));
  return {
    project,
    keyHint: key ? `${key.hint}…` : null,
    fresh,
    simulator: practises ? deps.practice.origin() : null,
    isPaid: (counts.paid ?? 0) > 0,
    docsUrl: `${deps.publicUrl}/swagger`,
  };
}

function describeKey({ publicUrl }: Deps, key: string, secret: string): FreshKey {
  const apiUrl = `${publicUrl}/api/paycore`;
  const body = JSON.stringify({ merchant_order_no: `ORDER-${key.slice(-6)}`, amount: 100, item_name: 'Test' });
  const curl = `curl -X POST ${apiUrl}/checkout -H 'X-API-KEY: ${key}' -H 'Content-Type: application/json' -d '${body}'`;
  return { key, secret, apiUrl, curl };
}
