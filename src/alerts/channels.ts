import type { AlertChannel } from '../core/alert.ts';
import type { Deps } from '../deps.ts';
import type { AlertChannelRow } from '../store/queries/alerts.ts';
import type { MailSecurity, MailServer } from './mail.ts';

/** How each channel is set up. Secrets lie beside, sealed. */

export interface EmailConfig {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  /** Empty: the server wants no name. */
  readonly user: string;
  readonly from: string;
  readonly to: readonly string[];
}

export interface WebhookConfig {
  readonly url: string;
}

export interface SummaryConfig {
  /** Time of day in the merchant's zone, HH:MM. */
  readonly at: string;
}

export interface Configs {
  readonly email: EmailConfig;
  readonly webhook: WebhookConfig;
  readonly summary: SummaryConfig;
}

export const USUAL: Configs = {
  email: { host: '', port: 587, security: 'starttls', user: '', from: '', to: [] },
  webhook: { url: '' },
  summary: { at: '08:00' },
};

export type Channel<Name extends AlertChannel> = Omit<AlertChannelRow, 'name' | 'config'> & {
  readonly name: Name;
  readonly config: Configs[Name];
};
export type Channels = { readonly [Name in AlertChannel]: Channel<Name> };

export async function readChannels({ store }: Pick<Deps, 'store'>): Promise<Channels> {
  return toChannels(await store.listAlertChannels());
}

/** Every channel, those that were never set up as they are at first: off. */
export function toChannels(rows: readonly AlertChannelRow[]): Channels {
  const read = <Name extends AlertChannel>(name: Name): Channel<Name> => {
    const row = rows.find((one) => one.name === name);
    const config = { ...USUAL[name], ...row?.config };
    return { ...NEVER_SET, ...row, name, config };
  };
  return { email: read('email'), webhook: read('webhook'), summary: read('summary') };
}

const NEVER_SET = {
  isOn: false,
  secret: null,
  notBefore: 0,
  lastDay: null,
  lastSentAt: null,
  lastError: null,
  lastErrorAt: null,
  updatedAt: 0,
};

export function sealSecret({ vault }: Pick<Deps, 'vault'>, name: AlertChannel, text: string): Uint8Array {
  return vault.seal(`alert ${name}`, text);
}

export function openSecret({ vault }: Pick<Deps, 'vault'>, { name, secret }: Channel<AlertChannel>): string | null {
  return secret === null ? null : vault.open(`alert ${name}`, secret);
}

export function serverOf(deps: Pick<Deps, 'vault'>, email: Channel<'email'>): MailServer {
  const { host, port, security, user } = email.config;
  return { host, port, security, login: user === '' ? null : { user, password: openSecret(deps, email) ?? '' } };
}
