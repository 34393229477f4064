import { changeAlerts } from '../alerts/settings.ts';
import { type ShownAlerts, showAlerts } from '../alerts/show.ts';
import { sendTestAlert } from '../alerts/trial.ts';
import { formatInstant } from '../core/time.ts';
import { type Call, flag, type Print, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';
import { readInput } from './stdin.ts';

export const usage = `paycore alerts show [--json]                          how people are told of trouble, and how that went
paycore alerts set [settings] [--json]                change it; what is left out stays
    --email on|off --to ADDRESSES --from ADDRESS   by e-mail
    --smtp-host NAME --smtp-port 587 --smtp-security tls|starttls|none --smtp-user NAME --smtp-password-stdin   your mail server
    --webhook on|off --webhook-url URL --rotate-secret   POST to one address, signed
    --summary on|off --summary-at 08:00   what came in, once a day by e-mail
paycore alerts test [--json]                          send a test alert on every channel that is set up`;

const OPTIONS = {
  ...{ email: text, to: text, from: text, 'smtp-host': text, 'smtp-port': text, 'smtp-security': text },
  ...{ 'smtp-user': text, 'smtp-password-stdin': flag, webhook: text, 'webhook-url': text, 'rotate-secret': flag },
  ...{ summary: text, 'summary-at': text },
} as const;
type AlertCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  return runCommand({ name: 'alerts', usage, options: OPTIONS, actions: { show, set, test } }, args, print);
}

async function show({ deps, tell }: AlertCall): Promise<void> {
  const { email, webhook, summary, recent } = await showAlerts(deps);
  const facts = {
    email: { on: email.isOn, ...email.config, has_password: email.hasSecret, ...healthOf(email) },
    webhook: { on: webhook.isOn, ...webhook.config, has_secret: webhook.hasSecret, ...healthOf(webhook) },
    summary: { on: summary.isOn, ...summary.config, ...healthOf(summary) },
    recent: recent.map(({ channel, kind, title, paymentNo, state, lastError, createdAt }) => ({
      ...{ channel, kind, title, payment_no: paymentNo, state },
      ...{ last_error: lastError, at: formatInstant(createdAt) },
    })),
  };
  const { host, port, security, from, to } = email.config;
  const lines = [
    `email    ${wordOf(email)}${host === '' ? '' : `  ${from} to ${to.join(', ')} by ${host}:${port} (${security})`}`,
    `webhook  ${wordOf(webhook)}${webhook.config.url === '' ? '' : `  ${webhook.config.url}`}`,
    `summary  ${wordOf(summary)}  at ${summary.config.at}`,
    ...facts.recent.map(({ at, channel, state, title, last_error }) =>
      [at, channel.padEnd(7), state.padEnd(9), title, last_error ?? ''].join('  ').trimEnd(),
    ),
  ];
  tell(facts, lines);
}

type AnyChannel = ShownAlerts['email' | 'webhook' | 'summary'];

function healthOf({ lastSentAt, lastError }: AnyChannel) {
  return { last_sent_at: lastSentAt === null ? null : formatInstant(lastSentAt), last_error: lastError };
}

function wordOf({ isOn, lastError }: AnyChannel): string {
  return `${isOn ? 'on ' : 'off'}${lastError === null ? '' : `  last failed: ${lastError}`}`;
}

async function set({ deps, flags, tell }: AlertCall): Promise<void> {
  const password = flags['smtp-password-stdin'] ? { password: (await readInput()).replace(/\r?\n$/, '') } : {};
  const email = {
    ...given({ to: flags.to, from: flags.from, host: flags['smtp-host'], user: flags['smtp-user'] }),
    ...given({ security: flags['smtp-security'], port: readPort(flags['smtp-port']) }),
    ...{ ...password, ...given({ on: readSwitch('--email', flags.email) }) },
  };
  const webhook = {
    ...given({ url: flags['webhook-url'], on: readSwitch('--webhook', flags.webhook) }),
    ...(flags['rotate-secret'] ? { rotate: true } : {}),
  };
  const summary = given({ at: flags['summary-at'], on: readSwitch('--summary', flags.summary) });
  const change = Object.fromEntries(
    Object.entries({ email, webhook, summary }).filter(([, told]) => Object.keys(told).length > 0),
  );
  if (Object.keys(change).length === 0) throw new CommandFailure(`paycore alerts set was told nothing.\n${usage}`, 2);
  const { webhookSecret } = await changeAlerts(deps, change);
  const facts = { changed: Object.keys(change), ...(webhookSecret === null ? {} : { webhook_secret: webhookSecret }) };
  const secret = webhookSecret === null ? [] : [`webhook secret, shown this once: ${webhookSecret}`];
  tell(facts, [`changed: ${facts.changed.join(', ')}`, ...secret]);
}

/** What was told of. */
function given(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function readSwitch(name: string, word: string | undefined): boolean | undefined {
  if (word === undefined) return undefined;
  if (word === 'on' || word === 'off') return word === 'on';
  throw new CommandFailure(`${name} must be on or off, not "${word}".`, 2);
}

function readPort(port: string | undefined): number | undefined {
  if (port === undefined) return undefined;
  if (/^\d{1,5}$/.test(port)) return Number(port);
  throw new CommandFailure(`--smtp-port must be a number such as 587, not "${port}".`, 2);
}

async function test({ deps, tell }: AlertCall): Promise<void> {
  const trials = await sendTestAlert(deps);
  if (trials.length === 0) throw new CommandFailure('nothing is set up yet; see paycore alerts set.');
  const lines = trials.map(({ channel, ok, detail }) => {
    if (!ok) return `${channel.padEnd(8)} failed: ${detail}`;
    return `${channel.padEnd(8)} sent${detail === '' ? '' : `, but not taken for ${detail}`}`;
  });
  const failed = trials.filter(({ ok }) => !ok);
  tell(trials, lines);
  if (failed.length > 0) throw new CommandFailure(`${failed.map(({ channel }) => channel).join(' and ')}: not sent.`);
}
