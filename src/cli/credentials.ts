import type { Environment } from '../core/payment.ts';
import { formatInstant } from '../core/time.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { Gateways } from '../gateways/registry.ts';
import { dropCredentials, setCredentials } from '../payments/projects/credential-change.ts';
import { openSubject } from '../payments/projects/credential-test.ts';
import type { StoredCredential } from '../store/queries/credentials.ts';
import { type Call, type Print, requireProject, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';
import { readInput, readPairs } from './stdin.ts';

export const usage = `paycore credentials set --project NAME --gateway ecpay [--environment stage] [--json]   store the credentials that
    standard input holds, as JSON or as name=value lines, for requests that bring none
paycore credentials list --project NAME [--json]      what is stored, without secrets
paycore credentials test --project NAME --gateway ecpay [--environment stage] [--json]   ask the gateway whether they are right
paycore credentials remove --project NAME --gateway ecpay [--environment stage] [--json]   use them no more`;

const OPTIONS = { gateway: text, environment: text } as const;
type CredentialCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  const actions = { set, list, test, remove };
  return runCommand({ name: 'credentials', usage, options: OPTIONS, actions }, args, print);
}

function requireGateway(gateways: Gateways, name: string | undefined): Gateway {
  const gateway = name === undefined ? null : gateways.find(name);
  if (gateway) return gateway;
  const known = gateways.list.map(({ id }) => id).join(', ');
  throw new CommandFailure(`--gateway must be one of ${known}, not "${name ?? ''}".`, 2);
}

/** In the gateway's own words: `sandbox`, `live`. Null: none was named. */
function readEnvironment({ credentials }: Gateway, word: string | undefined): Environment | null {
  if (word === undefined) return null;
  const { environments } = credentials;
  const environment = Object.hasOwn(environments, word) ? environments[word] : undefined;
  if (environment) return environment;
  throw new CommandFailure(`--environment must be one of ${Object.keys(environments).join(', ')}, not "${word}".`, 2);
}

async function set({ deps, flags, tell, record }: CredentialCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  const gateway = requireGateway(deps.gateways, flags.gateway);
  const environment = readEnvironment(gateway, flags.environment);
  if (process.stdin.isTTY) {
    const names = gateway.credentials.fields.map(({ name, required }) => (required ? name : `[${name}]`));
    process.stderr.write(`One name=value a line: ${names.join(', ')}. End with Ctrl-D.\n`);
  }
  const given = { ...readPairs(await readInput()), ...(environment === null ? {} : { environment }) };
  const made = await setCredentials(deps, project.id, gateway, given);
  const facts = {
    project: project.name,
    gateway: gateway.id,
    environment: made.environment,
    merchant_id: made.merchantId,
  };
  await record({ action: 'set-credentials', about: project.name, after: facts });
  tell(facts, [`${project.name} uses ${gateway.name} ${made.merchantId} in ${made.environment} from now on.`]);
}

/** Requests may bring credentials of their own; of those the newest are shown. */
const MAX_LISTED = 100;

async function list({ deps, flags, tell }: CredentialCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  const sets = await deps.store.listCredentials(project.id, MAX_LISTED);
  const rows = sets.map((one) => ({
    gateway: one.gateway,
    environment: one.environment,
    merchant_id: one.merchantId,
    current: one.current,
    created_at: formatInstant(one.createdAt),
    last_used_at: one.lastUsedAt === null ? null : formatInstant(one.lastUsedAt),
  }));
  const lines = rows.map(({ gateway, environment, merchant_id, created_at, last_used_at, current }) => {
    const use = last_used_at === null ? 'never used' : `last used ${last_used_at}`;
    return `${gateway}  ${environment}  ${merchant_id}  since ${created_at}  ${use}${current ? '  in use' : ''}`;
  });
  tell(rows, lines.length > 0 ? lines : [`${project.name} has none yet: paycore credentials set`]);
}

/** The set that is in use. Without an environment there must be one only. */
async function requireCurrent({ deps, flags }: CredentialCall): Promise<StoredCredential> {
  const project = await requireProject(deps, flags.project);
  const gateway = requireGateway(deps.gateways, flags.gateway);
  const wanted = readEnvironment(gateway, flags.environment);
  const all = wanted === null ? [...new Set(Object.values(gateway.credentials.environments))] : [wanted];
  const current = await Promise.all(all.map((one) => deps.store.findCurrentCredential(project.id, gateway.id, one)));
  const found = current.filter((one) => one !== null);
  const [first, second] = found;
  if (second) {
    const environments = found.map(({ environment }) => environment).join(' and ');
    throw new CommandFailure(`${project.name} uses ${gateway.id} in ${environments}: name one with --environment.`, 2);
  }
  if (first) return first;
  const where = wanted === null ? '' : ` in ${wanted}`;
  throw new CommandFailure(`${project.name} uses no ${gateway.id} credentials${where}; see paycore credentials list.`);
}

async function test(call: CredentialCall): Promise<void> {
  const { deps, services, flags, tell } = call;
  const stored = await requireCurrent(call);
  const { ok, outcome, message } = await services.testCredentials(openSubject(deps, stored));
  const { gateway, environment, merchantId } = stored;
  if (ok || flags.json) tell({ gateway, environment, merchant_id: merchantId, ok, outcome, message }, [message]);
  if (!ok) throw new CommandFailure(message);
}

async function remove(call: CredentialCall): Promise<void> {
  const { deps, tell, record } = call;
  const { projectId, gateway, environment, merchantId } = await requireCurrent(call);
  await dropCredentials(deps, projectId, gateway, environment);
  const facts = { gateway, environment, merchant_id: merchantId };
  await record({ action: 'remove-credentials', about: call.flags.project ?? '', before: facts });
  tell({ ...facts, removed: true }, [
    `${gateway} ${merchantId} (${environment}) is used no more.`,
    'It stays, encrypted, for callbacks and questions about payments that were made with it.',
  ]);
}
