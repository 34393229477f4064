import { failValidation } from '../../core/errors.ts';
import { ANSWER_TIME } from '../../core/notification-retry.ts';
import { formatInstant } from '../../core/time.ts';
import { VERSION } from '../../core/version.ts';
import type { Deps } from '../../deps.ts';
import { type DeliveryResult, deliver } from '../../notify/deliver.ts';
import { signNotification } from '../../notify/sign.ts';
import { type Lookup, lookupSystem } from '../../notify/target.ts';
import type { Project } from '../../store/queries/projects.ts';
import { webhookIds } from '../facts.ts';
import { listSigningSecrets } from './projects.ts';

/** What a shop is sent, whatever it is about. */
export interface Message {
  readonly webhookId: string;
  readonly url: string;
  /** JSON text, sent as it is. */
  readonly body: string;
}

/** Sends once, signed with every secret of the project that counts at this moment. Never rejects for the shop's sake. */
export function sendSigned(
  { vault, clock, config }: Pick<Deps, 'vault' | 'clock' | 'config'>,
  lookup: Lookup,
  project: Project,
  { webhookId, url, body }: Message,
): Promise<DeliveryResult> {
  const now = clock.now();
  const secrets = listSigningSecrets({ vault }, project, now);
  const headers = signNotification(secrets, webhookId, Math.floor(now / 1000), body);
  return deliver(
    { url, body, headers: { ...headers } },
    { policy: config.notifyAllow, lookup, timeoutMs: ANSWER_TIME, now: () => clock.now(), version: VERSION },
  );
}

/** Names no payment, so that no shop takes it for one. */
const TEST_EVENT = 'test';

/**
 * Sends the project's own payok_url a notification that is about nothing, once, and tells how that went. Throws
 * VALIDATION_FAILED when the project has no such address.
 */
export async function sendTestNotification(
  deps: Pick<Deps, 'vault' | 'clock' | 'config' | 'random'>,
  project: Project,
  lookup: Lookup = lookupSystem,
): Promise<DeliveryResult> {
  const { payok_url: url } = project.settings;
  if (url === undefined) {
    throw failValidation({ payok_url: ['The payok_url field is not set: save an address for notifications first.'] });
  }
  const body = JSON.stringify({ event: TEST_EVENT, livemode: false, sent_at: formatInstant(deps.clock.now()) });
  return sendSigned(deps, lookup, project, { webhookId: webhookIds(deps)(), url, body });
}
