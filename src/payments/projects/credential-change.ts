import { failValidation, PayCoreError } from '../../core/errors.ts';
import type { Environment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway } from '../../gateways/gateway.ts';
import { readCredentials, storeCredential } from './credentials.ts';

export interface SetCredentials {
  readonly environment: Environment;
  /** What names the merchant to the gateway; no secret. */
  readonly merchantId: string;
  /** Whose set this one takes the place of; null: there was none. */
  readonly replaced: string | null;
}

/**
 * Stores credentials and makes them those the project uses in their environment. Production unless they say otherwise.
 * Throws the gateway's own code for what is missing or malformed, VALIDATION_FAILED for names it does not know.
 */
export async function setCredentials(
  deps: Pick<Deps, 'store' | 'vault' | 'clock' | 'config'>,
  projectId: number,
  gateway: Gateway,
  given: Readonly<Record<string, unknown>>,
): Promise<SetCredentials> {
  requireKnownNames(gateway, given);
  const { secrets, environment } = readCredentials(deps, gateway, 'live', given);
  requireSameEnvironment(gateway, given.environment, environment);
  const before = await deps.store.findCurrentCredential(projectId, gateway.id, environment);
  const id = await storeCredential(deps, projectId, gateway, secrets, environment);
  await deps.store.makeCurrentCredential(id);
  await deps.store.closeReplacedTroubles({
    projectId,
    gateway: gateway.id,
    environment,
    kept: id,
    now: deps.clock.now(),
  });
  return {
    environment,
    merchantId: secrets[gateway.credentials.merchantField] ?? '',
    replaced: before?.merchantId ?? null,
  };
}

/** A misspelt optional name would be lost in silence. It is not repeated: it may be part of a secret. */
function requireKnownNames({ credentials }: Gateway, given: Readonly<Record<string, unknown>>): void {
  const known = new Set(['environment', ...credentials.fields.flatMap(({ name, aliases }) => [name, ...aliases])]);
  if (Object.keys(given).every((name) => known.has(name))) return;
  const names = [...credentials.fields.map(({ name }) => name), 'environment'];
  throw failValidation({ credentials: [`The credentials must name only these: ${names.join(', ')}.`] });
}

/** Stripe's keys say themselves where they belong: whoever says otherwise has mixed up two sets. */
function requireSameEnvironment({ name, credentials }: Gateway, wanted: unknown, environment: Environment): void {
  const { environments } = credentials;
  const word = typeof wanted === 'string' ? wanted.toLowerCase() : '';
  if (word === '' || (Object.hasOwn(environments, word) && environments[word] === environment)) return;
  const message = `These ${name} credentials belong to ${environment}, not to the environment that was asked for.`;
  throw new PayCoreError('GATEWAY_CREDENTIAL_INVALID', { message });
}
