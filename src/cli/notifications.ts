import type { KeyKind } from '../core/payment.ts';
import { DAY_OR_INSTANT, readTime } from '../core/payment-query.ts';
import { formatInstant } from '../core/time.ts';
import { listDeliveries, type ShownDelivery } from '../payments/deliveries/list.ts';
import { countDead, resendDead, resendDelivery } from '../payments/deliveries/resend.ts';
import { type Call, flag, type Print, requireProject, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore notifications list [--project NAME] [--live|--test] [--state waiting|delivered|dead] [--event payment.paid] [--days 7] [--limit 20] [--cursor …] [--json]
    what shops were told, newest first
paycore notifications resend WEBHOOK_ID [--json]      sends one again, whatever became of it
paycore notifications resend --since 2026-06-20 [--project NAME] [--live|--test] [--json]   all again that were given up and made since then
paycore notifications resend --all [--project NAME] [--live|--test] [--json]   the same, whenever they were made`;

const OPTIONS = {
  ...{
    live: flag,
    test: flag,
    all: flag,
    state: text,
    event: text,
    days: text,
    limit: text,
    cursor: text,
    since: text,
  },
} as const;
type NotificationCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  const command = { name: 'notifications', usage, options: OPTIONS, actions: { list, resend } };
  return runCommand({ ...command, withOperand: ['resend'] }, args, print);
}

/** Null: every project. */
async function readProjectId({ deps, flags }: NotificationCall): Promise<number | null> {
  return flags.project === undefined ? null : (await requireProject(deps, flags.project)).id;
}

/** Null: both. */
const kindOf = ({ flags: { live, test } }: NotificationCall): KeyKind | null =>
  live === test ? null : live ? 'live' : 'test';

async function list(call: NotificationCall): Promise<void> {
  const { deps, flags, tell } = call;
  const given = (['state', 'event', 'days', 'limit', 'cursor'] as const).flatMap((name) => {
    const value = flags[name];
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  const scope = { projectId: await readProjectId(call), kind: kindOf(call) };
  const { deliveries, nextCursor } = await listDeliveries(deps, scope, new URLSearchParams(given));
  const more = nextCursor === null ? [] : [`More: --cursor ${nextCursor}`];
  const lines = deliveries.length === 0 ? ['There are none of these.'] : deliveries.map(describe);
  tell({ notifications: deliveries.map(serialize), next_cursor: nextCursor }, [...lines, ...more]);
}

function serialize(one: ShownDelivery) {
  return {
    webhook_id: one.webhookId,
    event: one.event,
    payment_no: one.paymentNo,
    merchant_order_no: one.merchantOrderNo,
    url: one.url,
    state: one.state,
    tries: one.tries,
    created_at: formatInstant(one.createdAt),
    next_try_at: one.state === 'waiting' ? formatInstant(one.dueAt) : null,
    last_status: one.lastStatus,
    last_error: one.lastError,
    last_answer: one.lastAnswer,
  };
}

function describe(one: ShownDelivery): string {
  const why = one.lastError === null ? '' : `  ${one.lastError}`;
  return `${formatInstant(one.createdAt)}  ${one.state.padEnd(10)}${one.event.padEnd(18)}${one.paymentNo}  ${one.webhookId}  tries ${one.tries}${why}`;
}

async function resend(call: NotificationCall): Promise<void> {
  const { deps, operand, flags, tell } = call;
  if (operand !== undefined) {
    const { webhookId, underWay } = await resendDelivery(deps, operand, { type: 'operator' });
    const state = underWay ? 'is on its way already' : 'will be sent again';
    return tell({ webhook_id: webhookId, state: underWay ? 'sending' : 'pending' }, [`${webhookId} ${state}`]);
  }
  const wanted = { projectId: await readProjectId(call), kind: kindOf(call), since: readSince(flags) };
  const { sent, isMore } = await resendDead(deps, wanted);
  const left = isMore ? await countDead(deps, wanted) : 0;
  tell({ sent, left }, [
    `${sent} ${sent === 1 ? 'notification' : 'notifications'} will be sent again`,
    ...(left > 0 ? ['More were given up: call it again.'] : []),
  ]);
}

function readSince({ since, all }: NotificationCall['flags']): number {
  if ((since === undefined) === !all) {
    throw new CommandFailure(`paycore notifications resend needs a webhook id, --since or --all.\n${usage}`, 2);
  }
  if (since === undefined) return 0;
  const from = readTime(since, 'start');
  if (typeof from !== 'number') throw new CommandFailure(`--since must be ${DAY_OR_INSTANT}, not "${since}".`, 2);
  return from;
}
