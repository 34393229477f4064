import { PayCoreError } from '../../core/errors.ts';
import type { Environment } from '../../core/payment.ts';
import { singleFlight } from '../../core/single-flight.ts';
import type { Deps } from '../../deps.ts';
import {
  type CredentialTestResult,
  type Gateway,
  GatewayForbidden,
  GatewayGarbage,
  GatewayRefusal,
  type Secrets,
} from '../../gateways/gateway.ts';
import { GatewayCallError } from '../../gateways/http.ts';
import type { AccountKey } from '../../store/commands/cooldowns.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import { COOLDOWN_MS } from '../sync/attempt.ts';
import { gatewayContext } from '../urls.ts';
import { noteRefusal, noteTest } from './credential-trouble.ts';
import { openSecrets } from './credentials.ts';

type Parts = Pick<
  Deps,
  'config' | 'gateways' | 'publicUrl' | 'store' | 'vault' | 'clock' | 'http' | 'gatewayMemory' | 'log'
>;

export interface CredentialTestSubject {
  readonly gateway: Gateway;
  readonly environment: Environment;
  readonly secrets: Secrets;
  /** Of what is stored: a person is told when it is refused. */
  readonly credentialId?: number;
}

const MAX_MESSAGE = 500;

/**
 * Tests credentials with a call that changes nothing. Always resolves, with one sentence for the merchant that holds no
 * secret; several that ask about the same credentials at once share one call.
 */
export function createCredentialTest(deps: Parts) {
  const flight = singleFlight<string, CredentialTestResult>();

  return function testCredentials(subject: CredentialTestSubject): Promise<CredentialTestResult> {
    const { gateway, environment, secrets } = subject;
    const print = deps.vault.fingerprint(JSON.stringify([gateway.id, environment, Object.entries(secrets).sort()]));
    const { credentialId = 0 } = subject;
    return flight.run(`${credentialId} ${Buffer.from(print).toString('hex')}`, () => testOnce(deps, subject));
  };
}

/** What is stored, as it is tested. */
export function openSubject(deps: Pick<Deps, 'vault' | 'gateways'>, stored: StoredCredential): CredentialTestSubject {
  const gateway = deps.gateways.find(stored.gateway);
  if (!gateway) throw new Error(`no driver for ${stored.gateway}: was this database written by a newer version?`);
  const { id: credentialId, environment } = stored;
  return { gateway, environment, secrets: openSecrets(deps, stored), credentialId };
}

async function testOnce(deps: Parts, subject: CredentialTestSubject): Promise<CredentialTestResult> {
  const { gateway, environment, secrets, credentialId } = subject;
  const account: AccountKey = {
    gateway: gateway.id,
    environment,
    merchantId: secrets[gateway.credentials.merchantField] ?? '',
  };
  if (!gateway.testCredentials) return { ok: false, message: `${gateway.name} has no call that tests credentials.` };
  if ((await deps.store.findCooldown(account, deps.clock.now())) !== null) return askedForRest(gateway);
  try {
    const { ok, message } = await gateway.testCredentials(secrets, environment, makeContext(deps, gateway));
    if (credentialId !== undefined) await noteTest(deps, credentialId, { ok, message });
    return { ok, message: message.slice(0, MAX_MESSAGE) };
  } catch (error) {
    if (error instanceof GatewayForbidden) {
      const now = deps.clock.now();
      await deps.store.startCooldown(account, now + COOLDOWN_MS, now);
      return askedForRest(gateway);
    }
    if (credentialId !== undefined) await noteRefusal(deps, credentialId, error);
    return { ok: false, message: explain(gateway, error).slice(0, MAX_MESSAGE) };
  }
}

function makeContext(deps: Parts, { id: gateway }: Gateway) {
  const { locale } = deps.config;
  return gatewayContext(deps, { gateway, paymentNo: '', gatewayOrderNo: '', locale, now: deps.clock.now() });
}

function askedForRest({ name }: Gateway): CredentialTestResult {
  return { ok: false, message: `${name} asked for a pause after too many queries: try again in half an hour.` };
}

const NOTHING_KNOWN = 'That says nothing about the credentials.';

function explain({ name }: Gateway, error: unknown): string {
  if (error instanceof GatewayRefusal)
    return `${name} refused these credentials: ${error.gatewayCode} ${error.message}`;
  if (error instanceof GatewayCallError) return `${name} could not be reached: ${error.message}. ${NOTHING_KNOWN}`;
  if (error instanceof GatewayGarbage) return `${error.message}. ${NOTHING_KNOWN}`;
  if (error instanceof PayCoreError) return error.message;
  throw error;
}
