import { taipeiDay } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { GatewayRefusal } from '../../gateways/gateway.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';

type Parts = Pick<Deps, 'store' | 'clock' | 'log' | 'gateways'>;

/** Credentials that their gateway does not take any more: nobody can pay this way until a person puts in new ones. */

/** Nothing but a refusal of the credentials themselves is one. What a request brings and has never worked is its caller's matter. */
export async function noteRefusal(deps: Parts, credentialId: number, error: unknown): Promise<void> {
  if (!(error instanceof GatewayRefusal) || error.about !== 'account') return;
  const { gatewayCode, message } = error;
  await attempt(deps, async () => {
    const stored = await deps.store.findCredential(credentialId);
    if (stored && (await isInUse(deps, stored))) await raise(deps, stored, `${gatewayCode} ${message}`.trim());
  });
}

/** The same, as a test of stored credentials has shown. */
export async function noteTest(deps: Parts, credentialId: number, result: TestOutcome): Promise<void> {
  await attempt(deps, async () => {
    if (result.ok) return endTrouble(deps, credentialId);
    const stored = await deps.store.findCredential(credentialId);
    if (stored && (await isInUse(deps, stored))) await raise(deps, stored, result.message);
  });
}

interface TestOutcome {
  readonly ok: boolean;
  readonly message: string;
}

/** The gateway has taken something that was made with them. */
export async function endTrouble({ store, clock }: Pick<Deps, 'store' | 'clock'>, credentialId: number): Promise<void> {
  const subject = String(credentialId);
  if (await store.hasTrouble('credentials_refused', subject)) {
    await store.closeTrouble('credentials_refused', subject, clock.now());
  }
}

async function isInUse({ store }: Parts, stored: StoredCredential): Promise<boolean> {
  if (stored.current) return true;
  const { projectId, gateway, environment } = stored;
  return stored.proved && (await store.findCurrentCredential(projectId, gateway, environment)) === null;
}

const MAX_MESSAGE = 300;

/** In the list of the desk for as long as it lasts; outside it once a day. */
async function raise({ store, clock, gateways }: Parts, stored: StoredCredential, told: string): Promise<void> {
  const { id, projectId, gateway, environment, merchantId } = stored;
  const hasTests = gateways.find(gateway)?.defaultEnvironment.test !== null;
  const now = clock.now();
  const message = told.slice(0, MAX_MESSAGE);
  await store.raiseTrouble({
    kind: 'credentials_refused',
    subject: String(id),
    projectId,
    // What has no test environment may have something else in its place.
    keyKind: environment !== 'production' ? 'test' : hasTests ? 'live' : null,
    data: { gateway, environment, merchant_id: merchantId, message },
    since: now,
  });
  const data = { gateway, livemode: environment === 'production', reason: message };
  await store.raiseAlert({ kind: 'credentials_refused', about: `${id} ${taipeiDay(now)}`, projectId, data }, now);
}

/** What is written down beside something else must not make it fail. */
async function attempt({ log }: Parts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn('trouble with credentials could not be written down', { error });
  }
}
