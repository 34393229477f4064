import type { Attempt } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { isEmptyList, isPlainObject } from '../../core/fields.ts';
import type { Environment, KeyKind } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { CredentialField, Gateway, Secrets } from '../../gateways/gateway.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import type { Caller } from '../caller.ts';
import { isOverridden } from '../urls.ts';
import { endTrouble } from './credential-trouble.ts';

type Parts = Pick<Deps, 'store' | 'vault' | 'clock' | 'config'>;

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
  const { secrets, environment } = readCredentials(deps, gateway, caller.kind, isEmptyList(given) ? {} : given);
  return { id: await storeCredential(deps, caller.projectId, gateway, secrets, environment), secrets, environment };
}

/** Checks credentials by the gateway's own table and brings them to its own names. */
export function readCredentials(
  deps: Pick<Deps, 'config'>,
  gateway: Gateway,
  kind: KeyKind,
  given: unknown,
): { secrets: Secrets; environment: Environment } {
  const schema = gateway.credentials;
  if (!isPlainObject(given)) throw refuseMissing(gateway);
  const secrets: Record<string, string> = {};
  for (const field of schema.fields) {
    const name = [field.name, ...field.aliases].find((alias) => isGiven(given[alias]));
    const text = name === undefined ? '' : String(given[name]).trim();
    if (text === '' && !field.required) continue;
    if (!field.pattern.test(text)) throw refuseField(gateway, field);
    secrets[field.name] = text;
  }
  refuseUnknown(gateway, given);
  const misfit = schema.checkSet?.(secrets);
  if (misfit) throw new PayCoreError(misfit);
  const environment = schema.environmentOf?.(secrets) ?? readEnvironment(deps, gateway, kind, given);
  requireReach(deps, gateway, kind, environment);
  return { secrets, environment };
}

/** A test key reaches no production, but for a gateway without a sandbox whose place something else has taken. */
function requireReach(deps: Pick<Deps, 'config'>, gateway: Gateway, kind: KeyKind, environment: Environment): void {
  if (kind !== 'test' || environment !== 'production') return;
  if (gateway.defaultEnvironment.test !== null) {
    throw new PayCoreError(gateway.credentials.productionRefusal ?? 'TEST_KEY_PRODUCTION');
  }
  if (!isOverridden(deps, gateway)) throw new PayCoreError('GATEWAY_HAS_NO_TEST_MODE');
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** The request brings no credentials and none are stored. */
function refuseMissing({ credentials }: Gateway): PayCoreError {
  const { invalid, missingMessage } = credentials;
  return new PayCoreError(invalid, missingMessage === undefined ? {} : { message: missingMessage });
}

function refuseField({ credentials }: Gateway, field: CredentialField): PayCoreError {
  const text = `The ${field.name} field is required: ${field.expected}.`;
  return new PayCoreError(field.invalid ?? credentials.invalid, {
    ...(field.message === undefined ? {} : { message: field.message }),
    details: { fields: { [`gateway_credentials.${field.name}`]: [text] } },
  });
}

/** Named in every set, also where the keys themselves say it. */
const ENVIRONMENT = ['environment', 'Environment'] as const;
const MAX_NAME = 60;

/** A typo in a name that may be left out would take effect by doing nothing. */
function refuseUnknown({ credentials }: Gateway, given: Readonly<Record<string, unknown>>): void {
  const known = new Set([...credentials.fields.flatMap(({ name, aliases }) => [name, ...aliases]), ...ENVIRONMENT]);
  const names = Object.keys(given).filter((name) => !known.has(name));
  if (names.length === 0) return;
  const fields = names.map((name) => {
    const field = `gateway_credentials.${name.slice(0, MAX_NAME)}`;
    return [field, [`The ${field} field is not known.`]] as const;
  });
  const expected = credentials.fields.map(({ name }) => name).join(', ');
  throw new PayCoreError(credentials.invalid, {
    message: `gateway_credentials has a field that is not known; it takes ${expected} and environment.`,
    details: { fields: Object.fromEntries(fields) },
  });
}

function readEnvironment(
  deps: Pick<Deps, 'config'>,
  gateway: Gateway,
  kind: KeyKind,
  credentials: Readonly<Record<string, unknown>>,
): Environment {
  const [lower, upper] = ENVIRONMENT;
  const given = credentials[lower] ?? credentials[upper];
  if (given === undefined || given === null || given === '') return defaultEnvironment(deps, gateway, kind);
  const { environments, environmentInvalid, invalid } = gateway.credentials;
  const word = typeof given === 'string' ? given.toLowerCase() : '';
  const environment = Object.hasOwn(environments, word) ? environments[word] : undefined;
  if (environment) return environment;
  const text = `The environment field must be one of: ${Object.keys(environments).join(', ')}.`;
  throw new PayCoreError(environmentInvalid ?? invalid, {
    details: { fields: { 'gateway_credentials.environment': [text] } },
  });
}

/** Where a key of this kind goes when nobody says. Throws GATEWAY_HAS_NO_TEST_MODE. */
export function defaultEnvironment(deps: Pick<Deps, 'config'>, gateway: Gateway, kind: KeyKind): Environment {
  const environment = findEnvironment(deps, gateway, kind);
  if (environment === null) throw new PayCoreError('GATEWAY_HAS_NO_TEST_MODE');
  return environment;
}

/** Null: this gateway has no test mode. */
function findEnvironment(deps: Pick<Deps, 'config'>, gateway: Gateway, kind: KeyKind): Environment | null {
  const environment = gateway.defaultEnvironment[kind];
  return environment === null && isOverridden(deps, gateway) ? gateway.defaultEnvironment.live : environment;
}

/**
 * What a project uses when nobody says: its own account, else, for test payments and where the project practises, the
 * built-in simulator's. Null: it has none.
 */
export async function findOwnCredential(
  deps: Pick<Deps, 'store' | 'config'>,
  { projectId, kind }: Pick<Caller, 'projectId' | 'kind'>,
  gateway: Gateway,
): Promise<StoredCredential | null> {
  const environment = findEnvironment(deps, gateway, kind);
  const find = (place: Environment) => deps.store.findCurrentCredential(projectId, gateway.id, place);
  const own = environment === null ? null : await find(environment);
  return own ?? (kind === 'test' ? find('simulator') : null);
}

async function loadCurrent(deps: Parts, caller: Caller, gateway: Gateway): Promise<ResolvedCredential> {
  const stored = await findOwnCredential(deps, caller, gateway);
  if (stored) return { id: stored.id, secrets: openSecrets(deps, stored), environment: stored.environment };
  defaultEnvironment(deps, gateway, caller.kind);
  throw refuseMissing(gateway);
}

/** Stores a set of credentials once, encrypted, and returns its id. */
export async function storeCredential(
  deps: Pick<Parts, 'store' | 'vault' | 'clock'>,
  projectId: number,
  gateway: Gateway,
  secrets: Secrets,
  environment: Environment,
): Promise<number> {
  const { merchantField, platformField = '' } = gateway.credentials;
  const platformId = secrets[platformField] ?? null;
  const text = JSON.stringify([environment, Object.entries(secrets).sort()]);
  const fingerprint = deps.vault.fingerprint(text);
  const found = await deps.store.findFingerprint(projectId, gateway.id, fingerprint);
  if (found !== null && platformId === null) return found;
  return deps.store.ensureCredential({
    projectId,
    gateway: gateway.id,
    merchantId: secrets[merchantField] ?? '',
    platformId,
    environment,
    fingerprint,
    sealed: deps.vault.seal(sealPurpose(gateway.id), JSON.stringify(secrets)),
    now: deps.clock.now(),
  });
}

/** The credentials that an attempt was opened with. They are never deleted: that they are missing is a fault of ours. */
export async function requireCredential({ store }: Pick<Deps, 'store'>, attempt: Attempt): Promise<StoredCredential> {
  const stored = await store.findCredential(attempt.credentialId);
  if (!stored) throw new Error(`credential ${attempt.credentialId} of ${attempt.gatewayOrderNo} is missing`);
  return stored;
}

/** The gateway has taken what was made with these: later they are tried before others. One look, but for the first time. */
export async function noteProved(deps: Pick<Deps, 'store' | 'log' | 'clock'>, credentialId: number): Promise<void> {
  const { store, log } = deps;
  try {
    const stored = await store.findCredential(credentialId);
    if (stored && !stored.proved) await store.markCredentialProved(credentialId);
    if (stored?.proved || stored?.current) await endTrouble(deps, credentialId);
  } catch (error) {
    log.warn('credentials could not be marked as proved', { credential: credentialId, error });
  }
}

export function openSecrets(deps: Pick<Deps, 'vault'>, stored: { gateway: string; sealed: Uint8Array }): Secrets {
  return JSON.parse(deps.vault.open(sealPurpose(stored.gateway), stored.sealed));
}

function sealPurpose(gateway: string): string {
  return `credentials ${gateway}`;
}
