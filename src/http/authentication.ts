import { PayCoreError } from '../core/errors.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../payments/caller.ts';
import { hashApiKey } from '../security/vault.ts';
import type { KeyOwner } from '../store/queries/keys.ts';
import type { Limits } from './limits.ts';

const API_KEY = /^pc_(live|test)_[A-Za-z0-9]{20,100}$/;

/** Whose key a request carries; counts the call. Throws API_KEY_INVALID or RATE_LIMITED. */
export function createAuthentication(deps: Pick<Deps, 'store' | 'clock'>, limits: Limits) {
  const findKey = createKeyFinder(deps);
  return async (request: Request): Promise<Caller> => {
    const given = request.headers.get('x-api-key') ?? '';
    const key = API_KEY.test(given) ? await findKey(hashApiKey(given)) : null;
    if (!key) {
      limits.chargeAddress('wrongKeys', request);
      throw new PayCoreError('API_KEY_INVALID');
    }
    limits.charge(request.method === 'GET' ? 'reads' : 'writes', String(key.id));
    return { keyId: key.id, projectId: key.projectId, kind: key.kind };
  };
}

/** A key that was found is known for so long: one that another process revokes works no longer than that. */
const KEY_KNOWN_MS = SECOND;
const MAX_KEYS_KNOWN = 1000;

function createKeyFinder({ store, clock }: Pick<Deps, 'store' | 'clock'>) {
  const known = new Map<string, { readonly key: KeyOwner; readonly until: number }>();

  return async (hash: Uint8Array): Promise<KeyOwner | null> => {
    const name = Buffer.from(hash).toString('latin1');
    const found = known.get(name);
    const now = clock.elapsed();
    if (found && now < found.until) return found.key;
    const key = await store.findKey(hash);
    if (known.size >= MAX_KEYS_KNOWN) known.clear();
    if (key) known.set(name, { key, until: now + KEY_KNOWN_MS });
    else known.delete(name);
    return key;
  };
}
