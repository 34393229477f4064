import { type Alert, nextAlertTry } from '../core/alert.ts';
import { ANSWER_TIME } from '../core/notification-retry.ts';
import { formatInstant } from '../core/time.ts';
import { VERSION } from '../core/version.ts';
import type { Deps } from '../deps.ts';
import { deliver } from '../notify/deliver.ts';
import { signNotification } from '../notify/sign.ts';
import { type Lookup, lookupSystem } from '../notify/target.ts';
import type { AlertResult } from '../store/commands/alerts/claim.ts';
import { type Channel, openSecret, readChannels, serverOf } from './channels.ts';
import { type Letter, writeLetter } from './letter.ts';
import { MAIL_TIME, type SendResult, sendMail } from './mail.ts';
import { type CountAttention, writeSummary } from './summary.ts';
import { describeAlert } from './words.ts';

/** One try to tell a person. Nothing here rejects but for what is wrong with the program. */

export interface SendParts {
  readonly lookup: Lookup;
  readonly mailTimeoutMs: number;
  /** PEM of authorities that the mail server's certificate is trusted by. */
  readonly mailCa?: string;
  readonly countAttention: CountAttention;
}

export const USUAL_PARTS: SendParts = {
  lookup: lookupSystem,
  mailTimeoutMs: MAIL_TIME,
  countAttention: async () => [],
};

/** All of them in one mail. */
export async function mailAlerts(deps: Deps, parts: SendParts, alerts: readonly Alert[]): Promise<SendResult> {
  return mail(deps, parts, await writeLetter(deps, alerts), alerts);
}

export async function mailSummary(deps: Deps, parts: SendParts, alert: Alert): Promise<SendResult> {
  return mail(deps, parts, await writeSummary(deps, alert, parts.countAttention), [alert]);
}

async function mail(deps: Deps, parts: SendParts, letter: Letter, about: readonly Alert[]): Promise<SendResult> {
  const { email } = await readChannels(deps);
  const { from, to } = email.config;
  const [first] = about;
  const id = `<${messageId(first)}.${about.length}@${new URL(deps.publicUrl).hostname}>`;
  const limits = { timeoutMs: parts.mailTimeoutMs, ...(parts.mailCa === undefined ? {} : { ca: parts.mailCa }) };
  return sendMail(serverOf(deps, email), { ...letter, from, to, id, date: new Date(deps.clock.now()) }, limits);
}

/** Of every try of one alert; another installation's, and a restored database's, are others. */
function messageId(alert: Pick<Alert, 'id' | 'createdAt'> | undefined): string {
  return `alert_${(alert?.createdAt ?? 0).toString(36)}_${alert?.id ?? 0}`;
}

/** POSTs it as shops' notifications are sent, signed with a secret of its own. */
export async function postAlert(
  deps: Deps,
  { lookup }: SendParts,
  webhook: Channel<'webhook'>,
  alert: Alert,
): Promise<SendResult> {
  const secret = openSecret(deps, webhook);
  if (secret === null) return { ok: false, reason: 'the webhook has no signing secret; save its address again' };
  const body = JSON.stringify(await describe(deps, alert));
  const now = deps.clock.now();
  const headers = signNotification([secret], messageId(alert), Math.floor(now / 1000), body);
  const result = await deliver(
    { url: webhook.config.url, body, headers: { ...headers } },
    {
      ...{ policy: deps.config.notifyAllow, lookup, timeoutMs: ANSWER_TIME, version: VERSION },
      ...{ now: () => deps.clock.now(), receiver: 'the webhook' },
    },
  );
  return result.outcome === 'delivered' ? { ok: true, refused: [] } : { ok: false, reason: result.reason };
}

async function describe(deps: Deps, alert: Alert) {
  const { title, text, adminUrl } = describeAlert(deps, alert);
  const project = alert.projectId === null ? null : await deps.store.findProject(alert.projectId);
  const { livemode } = alert.data;
  return {
    ...{ event: 'alert', kind: alert.kind, title, text },
    ...(alert.paymentNo === null ? {} : { payment_no: alert.paymentNo }),
    ...(project === null ? {} : { project: project.name }),
    ...(typeof livemode === 'boolean' ? { livemode } : {}),
    ...{ at: formatInstant(alert.createdAt), admin_url: adminUrl },
  };
}

/** Delivered, dead, or when to try again. */
export function decideNext(alert: Alert, result: SendResult, now: number): AlertResult {
  if (result.ok) return { outcome: 'delivered' };
  const dueAt = nextAlertTry({ createdAt: alert.createdAt, tries: alert.tries + 1 }, now);
  return { outcome: 'failed', reason: result.reason, dueAt };
}
