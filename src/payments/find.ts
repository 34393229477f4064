import type { Attempt } from '../core/attempt.ts';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { Gateway, Located, Message, Secrets } from '../gateways/gateway.ts';
import type { StoredCredential } from '../store/credentials.ts';
import { openSecrets } from './secrets.ts';

/**
 * So many sets of credentials are tried on a sealed body, those in use and the newest first. Every wrongly typed key that
 * somebody sends is one more set, and those must not push the right one out.
 */
const MAX_KEYS_TRIED = 500;
const CACHED_SECRETS = 1000;

/** The attempt a callback is about and the secrets that may prove it. */
export interface Found {
  readonly message: Message;
  readonly payment: Payment;
  readonly attempt: Attempt;
  /** In the order they are tried; the next is looked up only when the one before did not prove it. */
  readonly secrets: Iterable<Secrets>;
}

/** Finds the attempt a callback is about. A text instead is what the gateway is told when there is none. */
export function createFinder(deps: Pick<Deps, 'store' | 'vault'>) {
  const vault = createSecretCache(deps);

  /** The attempt's own, then what its project uses now: keys may have been renewed since. */
  function* listOfProject(payment: Payment, attempt: Attempt): Generator<Secrets> {
    const own = vault.openById(attempt.credentialId);
    if (own) yield own;
    const current = deps.store.findCurrentCredential(payment.projectId, payment.gateway, payment.environment);
    if (current && current.id !== attempt.credentialId) yield vault.open(current);
  }

  const findClear = (gateway: Gateway, message: Message): Found | string => {
    const found = deps.store.findByGatewayOrderNo(gateway.id, message.orderNo);
    if (!found) return gateway.callback.texts.unknown;
    return { message, ...found, secrets: listOfProject(found.payment, found.attempt) };
  };

  /** What opens the envelope must be the attempt's own credentials or its project's: others prove nothing about it. */
  const findSealed = (gateway: Gateway, merchantId: string, envelope: string): Found | string => {
    for (const stored of deps.store.findCredentialsOfMerchant(gateway.id, merchantId, MAX_KEYS_TRIED)) {
      const secrets = vault.open(stored);
      const message = gateway.callback.open(envelope, secrets);
      const found = message && deps.store.findByGatewayOrderNo(gateway.id, message.orderNo);
      if (!message || !found) continue;
      for (const own of listOfProject(found.payment, found.attempt)) {
        if (sameSecrets(own, secrets)) return { message, ...found, secrets: [secrets] };
      }
    }
    return gateway.callback.texts.unknownSealed;
  };

  return (gateway: Gateway, located: Located): Found | string => {
    if (located.type === 'refused') return located.message;
    return located.type === 'clear'
      ? findClear(gateway, located.message)
      : findSealed(gateway, located.merchantId, located.envelope);
  };
}

function sameSecrets(a: Secrets, b: Secrets): boolean {
  return a === b || JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

/** Stored credentials never change, so what was opened once may be kept; the oldest is forgotten first. */
function createSecretCache(deps: Pick<Deps, 'store' | 'vault'>) {
  const cache = new Map<number, Secrets>();

  const open = (stored: StoredCredential): Secrets => {
    const known = cache.get(stored.id);
    if (known) return known;
    const secrets = openSecrets(deps, stored);
    const oldest = cache.keys().next();
    if (cache.size >= CACHED_SECRETS && !oldest.done) cache.delete(oldest.value);
    cache.set(stored.id, secrets);
    return secrets;
  };

  return {
    open,
    openById(id: number): Secrets | null {
      const known = cache.get(id);
      if (known) return known;
      const stored = deps.store.findCredential(id);
      return stored ? open(stored) : null;
    },
  };
}
