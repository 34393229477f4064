import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { PayCoreError } from '../core/errors.ts';
import type { Deps } from '../deps.ts';
import type { Services } from '../payments/index.ts';
import { type AuditFacts, COMMAND_LINE, recordAudit } from '../people/audit.ts';
import { loadConfig } from '../program.ts';
import type { Project } from '../store/queries/projects.ts';
import { CommandFailure } from './failure.ts';
import { openProgram } from './system.ts';

export type Print = (line: string) => void;

/** Shapes of options. */
export const text = { type: 'string' } as const;
export const texts = { type: 'string', multiple: true } as const;
export const flag = { type: 'boolean', default: false } as const;

const COMMON = { project: text, json: flag } as const;

type Flags<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

/** One call of an action, with the data open. */
export interface Call<T extends ParseArgsOptionsConfig> {
  readonly deps: Deps;
  readonly services: Services;
  readonly flags: Flags<T & typeof COMMON>;
  /** The word behind the action, e.g. the id of a key. */
  readonly operand: string | undefined;
  /** Prints what came of it: the facts as JSON with --json, else lines for a person. */
  readonly tell: (facts: unknown, lines: readonly string[]) => void;
  /** Writes down what was changed, where the desk shows it. */
  readonly record: (facts: AuditFacts) => Promise<void>;
}

/** `paycore NAME ACTION [OPERAND] [--options]`; every one takes --project and --json. */
export interface Command<T extends ParseArgsOptionsConfig> {
  readonly name: string;
  readonly usage: string;
  readonly options: T;
  readonly actions: Readonly<Record<string, (call: Call<T>) => Promise<void>>>;
  /** Actions that take a word of their own behind them. */
  readonly withOperand?: readonly string[];
}

/** Works while a server runs: both write the same database. */
export async function runCommand<T extends ParseArgsOptionsConfig>(
  command: Command<T>,
  args: readonly string[],
  print: Print,
): Promise<void> {
  const { name, usage, options, actions } = command;
  const parsed = parseArgs({ args: [...args], allowPositionals: true, options: { ...COMMON, ...options } });
  const [word = '', ...operands] = parsed.positionals;
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (!action) throw new CommandFailure(`paycore ${name} takes ${list(actions)}, not "${word}".\n${usage}`, 2);
  if (operands.length > (command.withOperand?.includes(word) ? 1 : 0)) {
    throw new CommandFailure(`paycore ${name} ${word} was given a word too many.\n${usage}`, 2);
  }
  const { deps, services } = await openProgram(loadConfig(process.env));
  try {
    const flags = parsed.values as Call<T>['flags'] & { readonly json: boolean };
    const tell: Call<T>['tell'] = (facts, lines) => print(flags.json ? JSON.stringify(facts) : lines.join('\n'));
    const record = (facts: AuditFacts) => recordAudit(deps, COMMAND_LINE, facts);
    await action({ deps, services, flags, operand: operands[0], tell, record });
  } catch (error) {
    throw error instanceof PayCoreError ? explain(error) : error;
  } finally {
    await deps.store.close();
  }
}

function explain(error: PayCoreError): CommandFailure {
  const fields = Object.entries(error.details.fields ?? {}).flatMap(([name, sentences]) =>
    sentences.map((sentence) => (sentence.includes(name) ? sentence : `${name}: ${sentence}`)),
  );
  const sentences = error.code === 'VALIDATION_FAILED' ? fields : [error.message, ...fields];
  return new CommandFailure(sentences.join(' '), error.status < 500 ? 2 : 1);
}

function list(actions: object): string {
  const names = Object.keys(actions);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

export async function requireProject({ store }: Pick<Deps, 'store'>, name: string | undefined): Promise<Project> {
  const project = name === undefined ? null : await store.findProjectByName(name.trim());
  if (!project) throw new CommandFailure(`there is no project "${name ?? ''}"; see paycore project list.`, 2);
  return project;
}
