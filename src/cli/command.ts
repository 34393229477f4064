import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type Config, readConfig } from '../config.ts';
import { listServices } from '../gateways/index.ts';
import type { Project } from '../store/projects.ts';
import { CommandFailure } from './failure.ts';
import { type Opened, openData } from './open.ts';

export type Print = (line: string) => void;

/** Shapes of options. */
export const text = { type: 'string' } as const;
export const texts = { type: 'string', multiple: true } as const;
export const flag = { type: 'boolean', default: false } as const;

const COMMON = { project: text, json: flag } as const;

type Flags<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

/** One call of an action, with the data open. */
export interface Call<T extends ParseArgsOptionsConfig> {
  readonly opened: Opened;
  readonly config: Config;
  readonly flags: Flags<T & typeof COMMON>;
  /** The word behind the action, e.g. the id of a key. */
  readonly operand: string | undefined;
  readonly print: Print;
}

/** `paycore NAME ACTION [OPERAND] [--options]`; every one takes --project and --json. */
export interface Command<T extends ParseArgsOptionsConfig> {
  readonly name: string;
  readonly usage: string;
  readonly options: T;
  readonly actions: Readonly<Record<string, (call: Call<T>) => Promise<void> | void>>;
}

/** Works while a server runs: both write the same database. */
export async function runCommand<T extends ParseArgsOptionsConfig>(
  { name, usage, options, actions }: Command<T>,
  args: readonly string[],
  print: Print,
): Promise<void> {
  const parsed = parseArgs({ args: [...args], allowPositionals: true, options: { ...COMMON, ...options } });
  const [word = '', operand, ...rest] = parsed.positionals;
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (!action) throw new CommandFailure(`paycore ${name} takes ${list(actions)}, not "${word}".\n${usage}`, 2);
  if (rest.length > 0) throw new CommandFailure(`paycore ${name} ${word} does not take "${rest.join(' ')}".`, 2);
  const config = readConfig(process.env, listServices());
  const opened = openData(config);
  try {
    await action({ opened, config, flags: parsed.values as Call<T>['flags'], operand, print });
  } finally {
    opened.db.close();
  }
}

function list(actions: object): string {
  const names = Object.keys(actions);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

export function requireProject({ store }: Pick<Opened, 'store'>, name: string | undefined): Project {
  const project = name === undefined ? null : store.findProjectByName(name.trim());
  if (!project) throw new CommandFailure(`there is no project "${name ?? ''}"; see paycore project list.`, 2);
  return project;
}
