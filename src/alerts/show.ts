import type { Deps } from '../deps.ts';
import type { ListedAlert } from '../store/queries/alerts.ts';
import { type Channel, type Channels, readChannels } from './channels.ts';
import { describeAlert } from './words.ts';

/** How alerts are set up and how they went, without secrets: for pages and commands. */

type Shown<Name extends keyof Channels> = Omit<Channel<Name>, 'secret'> & { readonly hasSecret: boolean };

export interface ShownAlerts {
  readonly email: Shown<'email'>;
  readonly webhook: Shown<'webhook'>;
  readonly summary: Shown<'summary'>;
  /** Newest first, one for each channel. */
  readonly recent: readonly (ListedAlert & { readonly title: string })[];
}

const RECENT = 20;

export async function showAlerts(
  deps: Pick<Deps, 'store' | 'config' | 'publicUrl' | 'gateways'>,
): Promise<ShownAlerts> {
  const [channels, listed] = await Promise.all([readChannels(deps), deps.store.listAlerts(RECENT)]);
  const recent = listed.map((alert) => ({ ...alert, title: describeAlert(deps, alert).title }));
  const { email, webhook, summary } = channels;
  return { email: hide(email), webhook: hide(webhook), summary: hide(summary), recent };
}

function hide<Name extends keyof Channels>({ secret, ...channel }: Channel<Name>): Shown<Name> {
  return { ...channel, hasSecret: secret !== null };
}
