import { PayCoreError } from '../../core/errors.ts';
import type { Environment } from '../../core/payment.ts';
import { singleFlight } from '../../core/single-flight.ts';
import type { Deps } from '../../deps.ts';
import {
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
import { openSecrets } from './credentials.ts';

type Parts = Pick<Deps, 'config' | 'gateways' | 'publicUrl' | 'store' | 'vault' | 'clock' | 'http' | 'gatewayMemory'>;

export interface CredentialTestSubject {
  readonly gateway: Gateway;
  readonly environment: Environment;
  readonly secrets: Secrets;
}

/** `untested`: nothing was found out about them, and the message says why. */
export type CredentialTestOutcome = 'accepted' | 'refused' | 'unreachable' | 'untested';

export interface CredentialVerdict {
  readonly ok: boolean;
  readonly outcome: CredentialTestOutcome;
  readonly message: string;
}

const MAX_MESSAGE = 500;

const verdict = (outcome: CredentialTestOutcome, message: string): CredentialVerdict => ({
  ok: outcome === 'accepted',
  outcome,
  message: message.slice(0, MAX_MESSAGE),
});

/**
 * Tests credentials with a call that changes nothing. Always resolves, with one sentence for the merchant that holds no
 * secret; several that ask about the same credentials at once share one call.
 */
export function createCredentialTest(deps: Parts) {
  const flight = singleFlight<string, CredentialVerdict>();

  return function testCredentials(subject: CredentialTestSubject): Promise<CredentialVerdict> {
    const { gateway, environment, secrets } = subject;
    const print = deps.vault.fingerprint(JSON.stringify([gateway.id, environment, Object.entries(secrets).sort()]));
    return flight.run(Buffer.from(print).toString('hex'), () => testOnce(deps, subject));
  };
}

/** What is stored, as it is tested. */
export function openSubject(deps: Pick<Deps, 'vault' | 'gateways'>, stored: StoredCredential): CredentialTestSubject {
  const gateway = deps.gateways.find(stored.gateway);
  if (!gateway) throw new Error(`no driver for ${stored.gateway}: was this database written by a newer version?`);
  return { gateway, environment: stored.environment, secrets: openSecrets(deps, stored) };
}

async function testOnce(deps: Parts, subject: CredentialTestSubject): Promise<CredentialVerdict> {
  const { gateway, environment, secrets } = subject;
  const account: AccountKey = {
    gateway: gateway.id,
    environment,
    merchantId: secrets[gateway.credentials.merchantField] ?? '',
  };
  if (!gateway.testCredentials) return verdict('untested', `${gateway.name} has no call that tests credentials.`);
  if ((await deps.store.findCooldown(account, deps.clock.now())) !== null) return askedForRest(gateway);
  try {
    const seen = await gateway.testCredentials(secrets, environment, makeContext(deps, gateway));
    return verdict(seen.isInconclusive ? 'untested' : seen.ok ? 'accepted' : 'refused', seen.message);
  } catch (error) {
    if (error instanceof GatewayForbidden) {
      await deps.store.startCooldown(account, deps.clock.now() + COOLDOWN_MS);
      return askedForRest(gateway);
    }
    return explain(gateway, error);
  }
}

function makeContext(deps: Parts, { id: gateway }: Gateway) {
  const { locale } = deps.config;
  return gatewayContext(deps, { gateway, paymentNo: '', gatewayOrderNo: '', locale, now: deps.clock.now() });
}

function askedForRest({ name }: Gateway): CredentialVerdict {
  return verdict('untested', `${name} asked for a pause after too many queries: try again in half an hour.`);
}

const NOTHING_KNOWN = 'That says nothing about the credentials.';

function explain({ name }: Gateway, error: unknown): CredentialVerdict {
  if (error instanceof GatewayRefusal)
    return verdict('refused', `${name} refused these credentials: ${error.gatewayCode} ${error.message}`);
  if (error instanceof GatewayCallError)
    return verdict('unreachable', `${name} could not be reached: ${error.message}. ${NOTHING_KNOWN}`);
  if (error instanceof GatewayGarbage) return verdict('untested', `${error.message}. ${NOTHING_KNOWN}`);
  if (error instanceof PayCoreError) return verdict('untested', error.message);
  throw error;
}
