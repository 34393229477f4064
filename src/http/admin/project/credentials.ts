import { PayCoreError } from '../../../core/errors.ts';
import type { Environment } from '../../../core/payment.ts';
import type { Deps } from '../../../deps.ts';
import type { Gateway } from '../../../gateways/gateway.ts';
import { CredentialsPage, type GatewayPart, type Tested } from '../../../pages/admin/project/credentials.tsx';
import type { Services } from '../../../payments/index.ts';
import { setCredentials } from '../../../payments/projects/credential-change.ts';
import {
  describeCredentialForm,
  findBadFields,
  listEnvironments,
  readCredentialForm,
} from '../../../payments/projects/credential-form.ts';
import { openSubject } from '../../../payments/projects/credential-test.ts';
import type { StoredCredential } from '../../../store/queries/credentials.ts';
import type { Project } from '../../../store/queries/projects.ts';
import type { DeskAction, DeskArea, Form, Params, Problem, Shown, Visit } from '../desk.ts';
import { findProject, modelOf, pathOf, requireProject, titleOf } from './support.ts';

const PATH = '/admin/projects/:id/credentials';
/** Requests may bring sets of their own; of those the newest are told of. */
const MAX_SETS = 100;

interface Told {
  readonly problem?: { readonly gateway: string; readonly problem: Problem };
  readonly tested?: Tested;
}

/** Credentials of a project, gateway by gateway: written, tested, taken out of use; never shown. */
export function credentialsDesk(deps: Deps, services: Pick<Services, 'testCredentials'>): DeskArea {
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
    actions: [setAction(deps, show), testAction(deps, services, show), dropAction(deps)],
  };
}

type Show = ReturnType<typeof createShow>;

function createShow(deps: Deps) {
  return async function show(visit: Visit, project: Project, told: Told = {}): Promise<Shown> {
    const sets = await deps.store.listCredentials(project.id, MAX_SETS);
    const gateways = deps.gateways.list.map((gateway): GatewayPart => {
      const own = sets.filter((one) => one.gateway === gateway.id);
      return {
        form: describeCredentialForm(gateway, visit.locale),
        current: own.filter((one) => one.current),
        former: own.filter((one) => !one.current).length,
        problem: told.problem?.gateway === gateway.id ? told.problem.problem : null,
      };
    });
    const model = modelOf(visit, project, 'credentials');
    return { ...titleOf(project), body: CredentialsPage({ ...model, gateways, tested: told.tested ?? null }) };
  };
}

function requireGateway(deps: Deps, { gateway = '' }: Params): Gateway {
  const found = deps.gateways.find(gateway);
  if (!found) throw new PayCoreError('ROUTE_NOT_FOUND');
  return found;
}

async function requireSet(deps: Deps, project: Project, gateway: Gateway, form: Form): Promise<StoredCredential> {
  const environment = readEnvironment(gateway, form.text('environment'));
  const stored = await deps.store.findCurrentCredential(project.id, gateway.id, environment);
  if (!stored) throw new PayCoreError('GATEWAY_CREDENTIAL_INVALID', { message: 'There are no such credentials.' });
  return stored;
}

function setAction(deps: Deps, show: Show): DeskAction {
  return {
    ...{ path: `${PATH}/:gateway`, action: 'set-credentials', page: 'project', right: 'owner' },
    async run(_visit, form, params) {
      const [project, gateway] = [await requireProject(deps, params), requireGateway(deps, params)];
      const given = readCredentialForm(gateway, form.raw);
      const { environment, merchantId, replaced } = await setCredentials(deps, project.id, gateway, given);
      return {
        ...{ to: `${pathOf(project, 'credentials')}#${gateway.id}`, notice: 'credentials.saved' },
        values: { gateway: gateway.name, merchant: merchantId },
        audit: {
          about: `${project.name} ${gateway.id}`,
          before: { merchant: replaced, environment },
          after: { merchant: merchantId, environment },
        },
      };
    },
    async again(visit, problem, params, form) {
      const [project, gateway] = [await findProject(deps, params), deps.gateways.find(params.gateway ?? '')];
      return project && gateway
        ? show(visit, project, { problem: { gateway: gateway.id, problem: explain(visit, gateway, problem, form) } })
        : null;
    },
  };
}

function testAction(deps: Deps, services: Pick<Services, 'testCredentials'>, show: Show): DeskAction {
  return {
    ...{ path: `${PATH}/:gateway/test`, action: 'test-credentials', page: 'project', right: 'owner' },
    async run(visit, form, params) {
      const [project, gateway] = [await requireProject(deps, params), requireGateway(deps, params)];
      const stored = await requireSet(deps, project, gateway, form);
      const { outcome, message } = await services.testCredentials(openSubject(deps, stored));
      const tested = { id: stored.id, outcome, message };
      const { environment, merchantId: merchant } = stored;
      return {
        shown: await show(visit, project, { tested }),
        audit: { about: `${project.name} ${gateway.id}`, after: { merchant, environment, outcome } },
      };
    },
  };
}

function dropAction(deps: Deps): DeskAction {
  return {
    ...{ path: `${PATH}/:gateway/drop`, action: 'drop-credentials', page: 'project', right: 'owner' },
    async run(_visit, form, params) {
      const [project, gateway] = [await requireProject(deps, params), requireGateway(deps, params)];
      const { environment, merchantId: merchant } = await requireSet(deps, project, gateway, form);
      await deps.store.dropCurrentCredential(project.id, gateway.id, environment);
      return {
        ...{ to: `${pathOf(project, 'credentials')}#${gateway.id}`, notice: 'credentials.dropped' },
        values: { gateway: gateway.name, merchant },
        audit: { about: `${project.name} ${gateway.id}`, before: { merchant, environment }, after: { used: false } },
      };
    },
  };
}

/** Throws the gateway's own refusal. */
function readEnvironment({ credentials }: Gateway, word: string): Environment {
  const found = listEnvironments(credentials).find((one) => one === word);
  if (found) return found;
  throw new PayCoreError(credentials.environmentInvalid ?? credentials.invalid);
}

/** In the language of the page where the form itself knows what is wrong, else in the words of the refusal. */
function explain({ say, locale }: Visit, gateway: Gateway, problem: Problem, form: Form): Problem {
  const given = readCredentialForm(gateway, form.raw);
  const bad = findBadFields(gateway, given);
  const isMixed = (gateway.credentials.checkSet?.(given) ?? null) !== null;
  const { fields } = describeCredentialForm(gateway, locale);
  const hints = new Map(fields.map(({ name, hint }) => [name, hint]));
  const wrong = bad.map((name) => [name, say('credentials.bad', { hint: hints.get(name) ?? '' })] as const);
  return {
    ...problem,
    message: bad.length > 0 ? say('problem.form') : isMixed ? say('credentials.mixed') : problem.message,
    fields: Object.fromEntries(wrong),
  };
}
