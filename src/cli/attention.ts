import { formatInstant } from '../core/time.ts';
import type { AttentionItem } from '../payments/attention/attention.ts';
import { type Call, flag, type Print, requireProject, runCommand } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore attention list [--project NAME] [--test] [--json]   what needs a person, newest first
paycore attention handled ID [--json]                 you have seen to it: it leaves the list
paycore attention resend ID [--json]                  sends the notification again that was given up`;

const OPTIONS = { test: flag } as const;
type AttentionCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  const command = { name: 'attention', usage, options: OPTIONS, actions: { list, handled, resend } };
  return runCommand({ ...command, withOperand: ['handled', 'resend'] }, args, print);
}

/** As many as anybody reads at once. */
const MOST = 100;

async function list({ deps, services, flags, tell }: AttentionCall): Promise<void> {
  const project = flags.project === undefined ? null : await requireProject(deps, flags.project);
  const scope = { projectId: project?.id ?? null, kind: flags.test ? 'test' : 'live' } as const;
  const { items } = await services.attention.list(scope, { cursor: null, limit: MOST });
  const rows = items.map(describe);
  const lines = rows.map(
    ({ id, since, kind, payment_no, next }) => `${id}  ${since}  ${kind}  ${payment_no ?? '-'}  next: ${next}`,
  );
  tell(rows, lines.length > 0 ? lines : ['Nothing needs you.']);
}

function describe({ id, kind, next, since, payment, data }: AttentionItem) {
  const about = { payment_no: payment?.paymentNo ?? null, merchant_order_no: payment?.merchantOrderNo ?? null };
  return { id, kind, next, since: formatInstant(since), ...about, data };
}

async function handled({ services, operand, tell }: AttentionCall): Promise<void> {
  const id = readId(operand);
  const { kind } = await services.attention.handle(id, { type: 'operator' });
  tell({ id, kind, handled: true }, [`${kind} is seen to.`]);
}

async function resend({ services, operand, tell }: AttentionCall): Promise<void> {
  const id = readId(operand);
  await services.attention.resend(id, { type: 'operator' });
  tell({ id, resent: true }, ['The notification is due at once; a running server sends it.']);
}

function readId(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new CommandFailure(`the word behind it must be an id of paycore attention list, not "${text ?? ''}".`, 2);
}
