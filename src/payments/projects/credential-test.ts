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
import { gatewayContext, type Ways } from '../urls.ts';
import { noteRefusal, noteTest } from './credential-trouble.ts';
import { openSecrets } from './credentials.ts';

type Parts = Ways & Pick<Deps, 'publicUrl' | 'store' | 'vault' | 'clock' | 'http' | 'gatewayMemory' | 'log'>;

export interface CredentialTestSubject {
  readonly gateway: Gateway;
  readonly environment: Environment;
  readonly secrets: Secrets;
  /** Of what is stored: a person is told when it is refused. */
  readonly credentialId?: number;
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

async function testOnce(deps: Parts, subject: CredentialTestSubject): Promise<CredentialVerdict> {
  const { gateway, environment, secrets, credentialId } = subject;
  const account: AccountKey = {
    gateway: gateway.id,
    environment,
    merchantId: secrets[gateway.credentials.merchantField] ?? '',
  };
  if (!gateway.testCredentials) return verdict('untested', `${gateway.name} has no call that tests credentials.`);
  if ((await deps.store.findCooldown(account, deps.clock.now())) !== null) return askedForRest(gateway);
  try {
    const seen = await gateway.testCredentials(secrets, environment, makeContext(deps, gateway));
    if (credentialId !== undefined && !seen.isInconclusive) await noteTest(deps, credentialId, seen);
    return verdict(seen.isInconclusive ? 'untested' : seen.ok ? 'accepted' : 'refused', seen.message);
  } catch (error) {
    if (error instanceof GatewayForbidden) {
      const now = deps.clock.now();
      await deps.store.startCooldown(account, now + COOLDOWN_MS, now);
      return askedForRest(gateway);
    }
    if (credentialId !== undefined) await noteRefusal(deps, credentialId, error);
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
