import type { Attempt } from '../../core/attempt.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Hints, Located, Message, Secrets } from '../../gateways/gateway.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import type { FoundAttempt } from '../../store/queries/payments.ts';
import { openSecrets } from '../projects/credentials.ts';
import { createMatcher } from './match.ts';

/**
 * So many sets of credentials are tried on a sealed body, those in use and the newest first. Every wrongly typed key that
 * somebody sends is one more set, and those must not push the right one out.
 */
const MAX_KEYS_TRIED = 500;
const CACHED_SECRETS = 1000;

/** The attempt a callback is about and the secrets that may prove it. */
export interface Found extends FoundAttempt {
  readonly message: Message;
  /** Which of its hints led here, for the log. */
  readonly matchedBy: keyof Hints;
  /** In the order they are tried; the next is looked up only when the one before did not prove it. */
  readonly secrets: AsyncIterable<Secrets>;
}

/** Newest sets of a project for the same merchant that are tried besides the attempt's own. */
const RENEWED_TRIED = 3;

/**
 * Finds the attempt a callback is about. A text instead is what the gateway is told when there is none; null: it is none
 * of ours, and this gateway is told nothing about that.
 */
export function createFinder(deps: Pick<Deps, 'store' | 'vault'>) {
  const vault = createSecretCache(deps);
  const match = createMatcher(deps);

  /** The attempt's own, then what its project uses now, then its newest for this merchant: keys are renewed. */
  async function* listOfProject(payment: Payment, attempt: Attempt): AsyncGenerator<Secrets> {
    const { projectId } = payment;
    const { gateway } = attempt;
    const own = await vault.findById(attempt.credentialId);
    const environment = own?.environment ?? payment.environment;
    if (own) yield vault.open(own);
    const current = await deps.store.findCurrentCredential(projectId, gateway, environment);
    if (current && current.id !== own?.id) yield vault.open(current);
    if (!own) return;
    const owner = { projectId, gateway, environment, merchantId: own.merchantId };
    for (const stored of await deps.store.listRecentCredentials(owner, RENEWED_TRIED)) {
      if (stored.id !== own.id && stored.id !== current?.id) yield vault.open(stored);
    }
  }

  const findClear = async (gateway: Gateway, message: Message): Promise<Found | string | null> => {
    const found = await match(gateway, message.hints);
    if (!found) return gateway.callback.texts.unknown;
    return { message, ...found, secrets: listOfProject(found.payment, found.attempt) };
  };

  /** What opens the envelope must be the attempt's own credentials or its project's: others prove nothing about it. */
  const findSealed = async (
    gateway: Gateway,
    merchantId: string,
    envelope: Uint8Array,
  ): Promise<Found | string | null> => {
    for (const stored of await deps.store.findCredentialsOfMerchant(gateway.id, merchantId, MAX_KEYS_TRIED)) {
      const secrets = vault.open(stored);
      const message = gateway.callback.open?.(envelope, secrets) ?? null;
      const found = message && (await match(gateway, message.hints));
      if (!message || !found) continue;
      for await (const own of listOfProject(found.payment, found.attempt)) {
        if (sameSecrets(own, secrets)) return { message, ...found, secrets: listOne(secrets) };
      }
    }
    return gateway.callback.texts.unknownSealed ?? gateway.callback.texts.unknown;
  };

  return async (gateway: Gateway, located: Located): Promise<Found | string | null> => {
    if (located.type === 'dropped') return null;
    if (located.type === 'refused') return located.message;
    return located.type === 'clear'
      ? findClear(gateway, located.message)
      : findSealed(gateway, located.merchantId, located.envelope);
  };
}

async function* listOne(secrets: Secrets): AsyncGenerator<Secrets> {
  yield secrets;
}

function sameSecrets(a: Secrets, b: Secrets): boolean {
  return a === b || JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

/** Stored credentials never change, so what was read and opened once may be kept; the oldest is forgotten first. */
function createSecretCache(deps: Pick<Deps, 'store' | 'vault'>) {
  const cache = new Map<number, { readonly stored: StoredCredential; readonly secrets: Secrets }>();

  const open = (stored: StoredCredential): Secrets => {
    const known = cache.get(stored.id);
    if (known) return known.secrets;
    const secrets = openSecrets(deps, stored);
    const oldest = cache.keys().next();
    if (cache.size >= CACHED_SECRETS && !oldest.done) cache.delete(oldest.value);
    cache.set(stored.id, { stored, secrets });
    return secrets;
  };

  const findById = async (id: number): Promise<StoredCredential | null> =>
    cache.get(id)?.stored ?? deps.store.findCredential(id);

  return { open, findById };
}
