import type { Attempt } from '../../core/attempt.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Hints, Located, Message } from '../../gateways/gateway.ts';
import type { FoundAttempt } from '../../store/queries/payments.ts';
import type { KeySet, KeySets } from './keysets.ts';
import { createMatcher } from './match.ts';
import { createOpener, type Sealed } from './sealed.ts';

/** The attempt a callback is about and the secrets that may prove it. */
export interface Found extends FoundAttempt {
  readonly message: Message;
  /** Which of its hints led here, for the log. */
  readonly matchedBy: keyof Hints;
  /** In the order they are tried; the next is looked up only when the one before did not prove it. */
  readonly keySets: AsyncIterable<KeySet>;
}

/** Newest sets of a project for the same merchant that are tried besides the attempt's own. */
const RENEWED_TRIED = 3;

/**
 * Finds the attempt a callback is about. A text instead is what the gateway is told when there is none; null: it is none
 * of ours, and this gateway is told nothing about that.
 */
export function createFinder(deps: Pick<Deps, 'store' | 'vault' | 'clock' | 'config'>, keySets: KeySets) {
  const match = createMatcher(deps);
  const openSealed = createOpener(deps, keySets);

  /** The attempt's own, then what its project uses now, then its newest for this merchant: keys are renewed. */
  async function* listOfProject(payment: Payment, attempt: Attempt): AsyncGenerator<KeySet> {
    const { projectId } = payment;
    const { gateway } = attempt;
    const own = await keySets.findById(attempt.credentialId);
    const environment = own?.environment ?? payment.environment;
    if (own) yield keySets.open(own);
    const current = await deps.store.findCurrentCredential(projectId, gateway, environment);
    if (current && current.id !== own?.id) yield keySets.open(current);
    if (!own) return;
    const owner = { projectId, gateway, environment, merchantId: own.merchantId };
    for (const stored of await deps.store.listRecentCredentials(owner, RENEWED_TRIED)) {
      if (stored.id !== own.id && stored.id !== current?.id) yield keySets.open(stored);
    }
  }

  const findClear = async (gateway: Gateway, message: Message): Promise<Found | string | null> => {
    const found = await match(gateway, message.hints);
    if (!found) return gateway.callback.texts.unknown;
    return { message, ...found, keySets: listOfProject(found.payment, found.attempt) };
  };

  /** What opens the envelope must be the attempt's own credentials or its project's: others prove nothing about it. */
  const findSealed = async (gateway: Gateway, sealed: Sealed, address: string): Promise<Found | string | null> => {
    for await (const { message, by } of openSealed(gateway, sealed, address)) {
      const found = await match(gateway, message.hints);
      if (!found) continue;
      for await (const own of listOfProject(found.payment, found.attempt)) {
        if (hasSameSecrets(own, by)) return { message, ...found, keySets: listOne(own) };
      }
    }
    return gateway.callback.texts.unknownSealed ?? gateway.callback.texts.unknown;
  };

  return async (gateway: Gateway, located: Located, address: string): Promise<Found | string | null> => {
    if (located.type === 'dropped') return null;
    if (located.type === 'refused') return located.message;
    return located.type === 'clear' ? findClear(gateway, located.message) : findSealed(gateway, located, address);
  };
}

async function* listOne(set: KeySet): AsyncGenerator<KeySet> {
  yield set;
}

function hasSameSecrets({ secrets: a }: KeySet, { secrets: b }: KeySet): boolean {
  return a === b || JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
