import type { AlertChannel } from '../core/alert.ts';
import { PayCoreError } from '../core/errors.ts';
import { checkFields, type Field } from '../core/fields.ts';
import { makeNotificationSecret } from '../core/ids.ts';
import type { Deps } from '../deps.ts';
import { checkTargetUrl } from '../notify/target.ts';
import { isInRanges } from '../security/addresses.ts';
import { type Channel, type EmailConfig, readChannels, sealSecret } from './channels.ts';
import type { MailSecurity } from './mail.ts';
import { planSummary } from './summary.ts';

/** What may be said of a channel: what is left out stays as it is, a secret too. */
export type AlertChange = {
  readonly [Name in AlertChannel]?: Readonly<Record<string, unknown>>;
};

/** Asked for as `rotate` of the webhook: a new signing secret. */
export interface ChangedAlerts {
  /** Told this once; null: it stays. */
  readonly webhookSecret: string | null;
}

const MAX_RECIPIENTS = 10;
const SECURITIES: readonly MailSecurity[] = ['tls', 'starttls', 'none'];
const EMAIL = /^[^\s@<>,;"()]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]{2,45}\]?)$/;

const on: Field = { name: 'on', type: 'boolean', description: 'Whether it is used.' };

/** Every setting, as forms and commands have it. */
export const ALERT_FIELDS: { readonly [Name in AlertChannel]: readonly Field[] } = {
  email: [
    on,
    {
      ...{ name: 'host', type: 'string', pattern: HOST, expected: 'the name of your mail server' },
      description: 'Mail server.',
    },
    { name: 'port', type: 'integer', min: 1, max: 65_535, description: 'Its port: 587, 465 or 25.' },
    { name: 'security', type: 'string', oneOf: SECURITIES, description: 'How the connection is encrypted.' },
    { name: 'user', type: 'string', max: 250, description: 'Under which name PayCore signs in; empty: none.' },
    { name: 'password', type: 'string', max: 1000, description: 'Password; is never shown again.' },
    {
      ...{ name: 'from', type: 'string', pattern: EMAIL, expected: 'an e-mail address' },
      description: 'Address that mails come from.',
    },
    { name: 'to', type: 'string', max: 2000, description: 'Who gets them: addresses with commas between.' },
  ],
  webhook: [
    on,
    { name: 'url', type: 'url', max: 2048, description: 'Address that gets a POST for each alert.' },
    { name: 'rotate', type: 'boolean', description: 'Makes a new signing secret.' },
  ],
  summary: [
    on,
    {
      ...{
        name: 'at',
        type: 'string',
        pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
        expected: 'a time of day such as 08:00',
      },
      description: 'When it is sent.',
    },
  ],
};

type Parts = Pick<Deps, 'store' | 'vault' | 'clock' | 'config' | 'random'>;
type Errors = Record<string, readonly string[]>;

/** Changes channels. Throws VALIDATION_FAILED with every bad field, named `email.host`. */
export async function changeAlerts(deps: Parts, change: AlertChange): Promise<ChangedAlerts> {
  const channels = await readChannels(deps);
  const errors: Errors = {};
  const email = change.email ? readEmail(channels.email, change.email, errors) : null;
  const webhook = change.webhook ? readWebhook(deps, channels.webhook, change.webhook, errors) : null;
  const mailsTo = email ?? channels.email;
  const summary = change.summary ? readSummary(deps, channels.summary, change.summary, mailsTo.config, errors) : null;
  if (Object.keys(errors).length > 0) throw new PayCoreError('VALIDATION_FAILED', { details: { fields: errors } });

  const now = deps.clock.now();
  const seal = (name: AlertChannel, secret: string | null | undefined) =>
    secret === undefined ? {} : { secret: secret === null ? null : sealSecret(deps, name, secret) };
  if (email) {
    const { isOn, config, secret } = email;
    await deps.store.saveAlertChannel('email', { isOn, config: { ...config }, ...seal('email', secret) }, now);
  }
  if (webhook) {
    const { isOn, config, secret } = webhook;
    await deps.store.saveAlertChannel('webhook', { isOn, config: { ...config }, ...seal('webhook', secret) }, now);
  }
  if (summary) await deps.store.saveAlertChannel('summary', summary, now);
  return { webhookSecret: webhook?.secret ?? null };
}

/** `secret`: undefined when it stays. */
type Read<Name extends AlertChannel> = Pick<Channel<Name>, 'isOn' | 'config'> & { readonly secret?: string | null };

/** What was told, checked; empty texts take back what they name. */
function check(name: AlertChannel, told: Readonly<Record<string, unknown>>, errors: Errors) {
  const checked = checkFields(told, ALERT_FIELDS[name], `${name}.`);
  Object.assign(errors, checked.errors);
  const emptied = ALERT_FIELDS[name].filter((field) => told[field.name] === '').map((field) => [field.name, '']);
  return { ...Object.fromEntries(emptied), ...checked.values } as Readonly<Record<string, unknown>>;
}

function readEmail(known: Channel<'email'>, told: Readonly<Record<string, unknown>>, errors: Errors): Read<'email'> {
  const { on: isOn = known.isOn, password, to, port, ...rest } = check('email', told, errors);
  const config: EmailConfig = {
    ...known.config,
    ...(rest as Partial<EmailConfig>),
    ...(typeof port === 'number' ? { port } : {}),
    ...(typeof to === 'string' ? { to: splitAddresses(to) } : {}),
  };
  const bad = config.to.filter((address) => !EMAIL.test(address));
  if (bad.length > 0)
    errors['email.to'] = [`The email.to field must be e-mail addresses with commas between; "${bad[0]}" is none.`];
  if (config.to.length > MAX_RECIPIENTS)
    errors['email.to'] = [`The email.to field takes at most ${MAX_RECIPIENTS} addresses.`];
  if (isOn === true) requireServer(config, 'email', errors);
  const hasPassword = typeof password === 'string' && password !== '';
  // What is stored goes to nobody but whom it was given for.
  const isSame = config.host === known.config.host && config.user === known.config.user && known.secret !== null;
  if (config.user !== '' && !hasPassword && !isSame) {
    errors['email.password'] = [
      'The email.password field is required with email.user, and again with another email.host.',
    ];
  }
  if (config.user !== '' && config.security === 'none' && !isThisMachine(config.host)) {
    errors['email.security'] = [
      'The email.security field must be tls or starttls with email.user: the password would be readable on the way.',
    ];
  }
  const secret = config.user === '' ? { secret: null } : hasPassword ? { secret: password } : {};
  return { isOn: isOn === true, config, ...secret };
}

function isThisMachine(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isInRanges(host, ['127.0.0.0/8', '::1/128']);
}

function splitAddresses(text: string): readonly string[] {
  return [...new Set(text.split(/[,;\s]+/).filter((address) => address !== ''))];
}

function requireServer({ host, from, to }: EmailConfig, of: 'email' | 'summary', errors: Errors): void {
  for (const [name, value] of Object.entries({ host, from, to: to.join('') })) {
    if (value !== '') continue;
    errors[`email.${name}`] ??= [
      `The email.${name} field is required before ${of === 'email' ? 'alerts' : 'the summary'} can go out by e-mail.`,
    ];
  }
}

function readWebhook(
  { config: { notifyAllow }, random }: Parts,
  known: Channel<'webhook'>,
  told: Readonly<Record<string, unknown>>,
  errors: Errors,
): Read<'webhook'> {
  const { on: isOn = known.isOn, rotate, url = known.config.url } = check('webhook', told, errors);
  const address = String(url);
  const problem = address === '' ? null : checkTargetUrl(address, notifyAllow);
  if (problem) errors['webhook.url'] ??= [problem.message];
  if (address === '' && isOn === true)
    errors['webhook.url'] ??= ['The webhook.url field is required before alerts can go there.'];
  const isNew = address !== '' && known.secret === null;
  const secret = isNew || rotate === true ? { secret: makeNotificationSecret(random) } : {};
  return { isOn: isOn === true, config: { url: address }, ...secret };
}

function readSummary(
  { clock, config: { timezone } }: Parts,
  known: Channel<'summary'>,
  told: Readonly<Record<string, unknown>>,
  email: EmailConfig,
  errors: Errors,
) {
  const { on: isOn = known.isOn, at } = check('summary', told, errors);
  const config = { at: typeof at === 'string' && at !== '' ? at : known.config.at };
  if (isOn === true) requireServer(email, 'summary', errors);
  const now = clock.now();
  const { dueAt, day } = planSummary(now, timezone, config.at);
  // Asked for after its time of day: the first one comes tomorrow.
  const isOver = isOn === true && !known.isOn && dueAt <= now;
  return { isOn: isOn === true, config, ...(isOver ? { lastDay: day } : {}) };
}
