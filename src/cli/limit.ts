import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { GATEWAYS } from '../gateways/index.ts';
import type { Project } from '../store/projects.ts';
import { CommandFailure } from './failure.ts';
import { type Opened, openData } from './open.ts';

export const usage = `paycore limit set --project NAME --method ecpay/cvs --min 30 --max 20000   amounts your contract allows
paycore limit clear --project NAME --method ecpay/cvs   back to the usual amounts
paycore limit list --project NAME [--json]              amounts of every method`;

interface Flags {
  readonly project?: string | undefined;
  readonly method?: string | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly json: boolean;
}

type Print = (line: string) => void;

/** The merchant's own terms with a gateway; amounts in the unit of the method's route. */
export async function run(args: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      project: { type: 'string' },
      method: { type: 'string' },
      min: { type: 'string' },
      max: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const actions = { set, clear, list };
  const name = positionals[0] ?? '';
  if (!Object.hasOwn(actions, name)) {
    throw new CommandFailure(`paycore limit takes set, clear or list, not "${name}".\n${usage}`, 2);
  }
  const opened = openData(readConfig(process.env));
  try {
    await actions[name as keyof typeof actions](opened, requireProject(opened, values.project), values, print);
  } finally {
    opened.db.close();
  }
}

function requireProject({ store }: Opened, name: string | undefined): Project {
  const project = name === undefined ? null : store.findProjectByName(name);
  if (!project) throw new CommandFailure(`there is no project "${name ?? ''}"; see paycore key list.`, 2);
  return project;
}

function requireMethod(name: string | undefined): string {
  const known = listMethods().map((one) => one.name);
  if (name !== undefined && known.includes(name)) return name;
  throw new CommandFailure(`--method must be one of ${known.join(', ')}, not "${name ?? ''}".`, 2);
}

function listMethods() {
  return GATEWAYS.flatMap((gateway) =>
    gateway.methods.map((method) => ({ name: `${gateway.id}/${method.path}`, limits: method.limits })),
  );
}

async function set({ store }: Opened, project: Project, flags: Flags, print: Print): Promise<void> {
  const method = requireMethod(flags.method);
  const [min, max] = [readAmount('--min', flags.min), readAmount('--max', flags.max)];
  if (min > max) throw new CommandFailure(`--min ${min} is greater than --max ${max}.`, 2);
  await store.setLimit(project.id, method, { min, max });
  print(`${project.name}: ${method} takes ${min} to ${max}`);
}

function readAmount(flag: string, text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new CommandFailure(`${flag} must be a whole amount from 1, e.g. ${flag} 30, not "${text ?? ''}".`, 2);
}

async function clear({ store }: Opened, project: Project, flags: Flags, print: Print): Promise<void> {
  const method = requireMethod(flags.method);
  await store.setLimit(project.id, method, null);
  print(`${project.name}: ${method} takes the usual amounts again`);
}

async function list({ store }: Opened, project: Project, flags: Flags, print: Print): Promise<void> {
  const own = store.findLimits(project.id);
  const rows = listMethods().map(({ name, limits }) => ({ method: name, ...(own[name] ?? limits), own: name in own }));
  if (flags.json) return print(JSON.stringify(rows));
  for (const row of rows) print(`${row.method.padEnd(18)}${row.min} to ${row.max}${row.own ? '  (own terms)' : ''}`);
}
