import { MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Located, Message } from '../../gateways/gateway.ts';
import { clientKey, createRateLimiter } from '../../security/ratelimit.ts';
import type { KeySet, KeySets } from './keysets.ts';

/**
 * A sealed body names only its merchant, so the sets stored for him are tried. Every project may have sets for any
 * merchant, and every wrongly typed key that somebody sends is one more set: so each project has tries of its own, which
 * no other can use up, and what has proved itself comes first.
 */
const PROVED_TRIED = 10;
const UNPROVED_TRIED = 40;

/** So many envelopes of one address that nothing opens are tried on every set a minute; further ones on the proved only. */
const UNOPENABLE_A_MINUTE = 60;

export type Sealed = Extract<Located, { readonly type: 'sealed' }>;

export interface Opened {
  readonly message: Message;
  readonly by: KeySet;
}

export function createOpener(deps: Pick<Deps, 'store' | 'clock' | 'config'>, keySets: KeySets) {
  const now = () => deps.clock.now();
  const unopenable = createRateLimiter({ limit: UNOPENABLE_A_MINUTE, windowMs: MINUTE, now });

  async function* listSets(gateway: string, merchantId: string, mayGuess: boolean): AsyncGenerator<KeySet> {
    const projects = await deps.store.listProjectsOfMerchant(gateway, merchantId);
    for (const projectId of projects) {
      const owner = { projectId, gateway, merchantId };
      for (const stored of await deps.store.listProvedCredentials(owner, PROVED_TRIED)) yield keySets.open(stored);
    }
    for (const projectId of mayGuess ? projects : []) {
      const owner = { projectId, gateway, merchantId };
      for (const stored of await deps.store.listUnprovedCredentials(owner, UNPROVED_TRIED)) yield keySets.open(stored);
    }
  }

  /** What is inside, once for every set that opens it, until the caller has found what he looks for. */
  return async function* openSealed(gateway: Gateway, sealed: Sealed, address: string): AsyncGenerator<Opened> {
    const caller = clientKey(address);
    const mayGuess = !deps.config.rateLimit || !unopenable.isUsedUp(caller);
    let isOpened = false;
    for await (const by of listSets(gateway.id, sealed.merchantId, mayGuess)) {
      const message = gateway.callback.open?.(sealed.envelope, by.secrets) ?? null;
      if (!message) continue;
      isOpened = true;
      yield { message, by };
    }
    if (!isOpened) unopenable.take(caller);
  };
}
