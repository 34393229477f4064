import type { Gateways } from '../gateways/registry.ts';
import { listMethods } from '../payments/projects/projects.ts';
import { type Call, type Print, requireProject, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore limit set --project NAME --method ecpay/cvs --min 30 --max 20000   amounts your contract allows
paycore limit clear --project NAME --method ecpay/cvs   back to the usual amounts
paycore limit list --project NAME [--json]              amounts of every method`;

const OPTIONS = { method: text, min: text, max: text } as const;
type LimitCall = Call<typeof OPTIONS>;

/** The merchant's own terms with a gateway; amounts in the unit of the method's route. */
export function run(args: readonly string[], print: Print): Promise<void> {
  return runCommand({ name: 'limit', usage, options: OPTIONS, actions: { set, clear, list } }, args, print);
}

function requireMethod(gateways: Gateways, name: string | undefined): string {
  const known = listMethods(gateways).map((one) => one.name);
  if (name !== undefined && known.includes(name)) return name;
  throw new CommandFailure(`--method must be one of ${known.join(', ')}, not "${name ?? ''}".`, 2);
}

async function set({ deps, flags, tell, record }: LimitCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  const method = requireMethod(deps.gateways, flags.method);
  const [min, max] = [readAmount('--min', flags.min), readAmount('--max', flags.max)];
  if (min > max) throw new CommandFailure(`--min ${min} is greater than --max ${max}.`, 2);
  await deps.store.setLimit(project.id, method, { min, max });
  await record({ action: 'set-limit', about: project.name, after: { method, min, max } });
  tell({ project: project.name, method, min, max }, [`${project.name}: ${method} takes ${min} to ${max}`]);
}

function readAmount(flag: string, text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new CommandFailure(`${flag} must be a whole amount from 1, e.g. ${flag} 30, not "${text ?? ''}".`, 2);
}

async function clear({ deps, flags, tell, record }: LimitCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  const method = requireMethod(deps.gateways, flags.method);
  await deps.store.setLimit(project.id, method, null);
  await record({ action: 'clear-limit', about: project.name, after: { method } });
  tell({ project: project.name, method }, [`${project.name}: ${method} takes the usual amounts again`]);
}

async function list({ deps, flags, tell }: LimitCall): Promise<void> {
  const { id } = await requireProject(deps, flags.project);
  const own = await deps.store.findLimits(id);
  const rows = listMethods(deps.gateways).map(({ name, method: { limits } }) => ({
    method: name,
    ...(own[name] ?? limits),
    own: name in own,
  }));
  tell(
    rows,
    rows.map((row) => `${row.method.padEnd(18)}${row.min} to ${row.max}${row.own ? '  (own terms)' : ''}`),
  );
}
