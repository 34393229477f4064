import { isPractising, startPractice, stopPractice } from '../payments/projects/practice.ts';
import { type Call, type Print, requireProject, runCommand } from './command.ts';

export const usage = `paycore practice on --project NAME [--json]    its test payments go to the simulator that serve runs, wherever it
    has no test account of its own; live payments never do
paycore practice off|show --project NAME [--json]`;

const OPTIONS = {} as const;
type PracticeCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  return runCommand({ name: 'practice', usage, options: OPTIONS, actions: { on, off, show } }, args, print);
}

/** A server that runs sees within seconds what its projects want. */
async function on(call: PracticeCall): Promise<void> {
  const { id } = await requireProject(call.deps, call.flags.project);
  await startPractice(call.deps, id);
  await show(call);
}

async function off(call: PracticeCall): Promise<void> {
  const { id } = await requireProject(call.deps, call.flags.project);
  await stopPractice(call.deps, id);
  await show(call);
}

async function show({ deps, flags, tell }: PracticeCall): Promise<void> {
  const { id, name } = await requireProject(deps, flags.project);
  const practice = await isPractising(deps, id);
  tell({ project: name, practice }, [
    practice
      ? `${name} practises: its test payments go to the simulator of paycore serve where it has no test account.`
      : `${name} does not practise: its test payments need test accounts at the gateways.`,
  ]);
}
