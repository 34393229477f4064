import { PayCoreError } from '../core/errors.ts';
import { isPlainObject } from '../core/fields.ts';
import type { Environment, KeyKind } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { Gateway, Secrets } from '../gateways/gateway.ts';
import type { Caller } from './caller.ts';

type Parts = Pick<Deps, 'store' | 'vault' | 'clock'>;

/** Credentials a payment is made with. */
export interface ResolvedCredential {
  readonly id: number;
  readonly secrets: Secrets;
  readonly environment: Environment;
}

/**
 * The credentials of a request: those in the body, stored on the way, or the project's own when it brings none.
 * Throws the gateway's own "credential invalid" code, TEST_KEY_PRODUCTION or GATEWAY_HAS_NO_TEST_MODE.
 */
export async function resolveCredential(
  deps: Parts,
  caller: Caller,
  gateway: Gateway,
  given: unknown,
): Promise<ResolvedCredential> {
  if (given === undefined || given === null) return loadCurrent(deps, caller, gateway);
  const { secrets, environment } = readCredentials(gateway, caller.kind, given);
  return { id: await storeCredential(deps, caller.projectId, gateway, secrets, environment), secrets, environment };
}

/** Checks credentials by the gateway's own table and brings them to its own names. */
export function readCredentials(
  gateway: Gateway,
  kind: KeyKind,
  given: unknown,
): { secrets: Secrets; environment: Environment } {
  const schema = gateway.credentials;
  if (!isPlainObject(given)) throw new PayCoreError(schema.invalid);
  const secrets: Record<string, string> = {};
  for (const field of schema.fields) {
    const name = [field.name, ...field.aliases].find((alias) => isGiven(given[alias]));
    const text = name === undefined ? '' : String(given[name]).trim();
    if (text === '' && !field.required) continue;
    if (!field.pattern.test(text)) throw refuse(gateway, field.name, field.expected);
    secrets[field.name] = text;
  }
  return { secrets, environment: readEnvironment(gateway, kind, given.environment ?? given.Environment) };
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function refuse(gateway: Gateway, field: string, expected: string): PayCoreError {
  return new PayCoreError(gateway.credentials.invalid, {
    details: { fields: { [`gateway_credentials.${field}`]: [`The ${field} field is required: ${expected}.`] } },
  });
}

function readEnvironment(gateway: Gateway, kind: KeyKind, given: unknown): Environment {
  if (given === undefined || given === null || given === '') return defaultEnvironment(gateway, kind);
  const { environments } = gateway.credentials;
  const word = typeof given === 'string' ? given.toLowerCase() : '';
  const environment = Object.hasOwn(environments, word) ? environments[word] : undefined;
  if (!environment) throw refuse(gateway, 'environment', Object.keys(environments).join(', '));
  if (kind === 'test' && environment === 'production') throw new PayCoreError('TEST_KEY_PRODUCTION');
  return environment;
}

export function defaultEnvironment(gateway: Gateway, kind: KeyKind): Environment {
  const environment = gateway.defaultEnvironment[kind];
  if (environment === null) throw new PayCoreError('GATEWAY_HAS_NO_TEST_MODE');
  return environment;
}

function loadCurrent(deps: Parts, caller: Caller, gateway: Gateway): ResolvedCredential {
  const environment = defaultEnvironment(gateway, caller.kind);
  const stored = deps.store.findCurrentCredential(caller.projectId, gateway.id, environment);
  if (!stored) throw new PayCoreError(gateway.credentials.invalid);
  return { id: stored.id, secrets: openSecrets(deps, stored), environment };
}

/** Stores a set of credentials once, encrypted, and returns its id. */
export async function storeCredential(
  deps: Parts,
  projectId: number,
  gateway: Gateway,
  secrets: Secrets,
  environment: Environment,
): Promise<number> {
  const text = JSON.stringify([environment, Object.entries(secrets).sort()]);
  const fingerprint = deps.vault.fingerprint(text);
  const found = deps.store.findFingerprint(projectId, gateway.id, fingerprint);
  if (found !== null) return found;
  return deps.store.ensureCredential({
    projectId,
    gateway: gateway.id,
    merchantId: secrets[gateway.credentials.merchantField] ?? '',
    environment,
    fingerprint,
    sealed: deps.vault.seal(sealPurpose(gateway.id), JSON.stringify(secrets)),
    now: deps.clock.now(),
  });
}

export function openSecrets(deps: Pick<Deps, 'vault'>, stored: { gateway: string; sealed: Uint8Array }): Secrets {
  return JSON.parse(deps.vault.open(sealPurpose(stored.gateway), stored.sealed));
}

function sealPurpose(gateway: string): string {
  return `credentials ${gateway}`;
}
