import { clearLimit, listLimits, setLimit } from '../payments/projects/limits.ts';
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

/** Throws CommandFailure when none was named; the use case knows which there are. */
function readMethod(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new CommandFailure('paycore limit needs --method, e.g. --method ecpay/cvs.', 2);
}

async function set({ deps, flags, tell, record }: LimitCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  const method = readMethod(flags.method);
  const { min, max } = await setLimit(deps, project.id, method, { min: flags.min, max: flags.max });
  await record({ action: 'set-limit', about: project.name, after: { method, min, max } });
  tell({ project: project.name, method, min, max }, [`${project.name}: ${method} takes ${min} to ${max}`]);
}

async function clear({ deps, flags, tell, record }: LimitCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  const method = readMethod(flags.method);
  await clearLimit(deps, project.id, method);
  await record({ action: 'clear-limit', about: project.name, after: { method } });
  tell({ project: project.name, method }, [`${project.name}: ${method} takes the usual amounts again`]);
}

async function list({ deps, flags, tell }: LimitCall): Promise<void> {
  const { id } = await requireProject(deps, flags.project);
  const rows = (await listLimits(deps, id)).map(({ name, limits, isOwn }) => ({ method: name, ...limits, own: isOwn }));
  tell(
    rows,
    rows.map((row) => `${row.method.padEnd(18)}${row.min} to ${row.max}${row.own ? '  (own terms)' : ''}`),
  );
}
