import type { Deps } from '../../deps.ts';
import type { Secrets } from '../../gateways/gateway.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import { noteProved, openSecrets } from '../projects/credentials.ts';

/** A stored set of credentials, opened. */
export interface KeySet {
  readonly stored: StoredCredential;
  readonly secrets: Secrets;
}

const CACHED = 1000;

/** Stored credentials never change, so what was read and opened once may be kept; the oldest is forgotten first. */
export function createKeySets(deps: Pick<Deps, 'store' | 'vault' | 'log' | 'clock'>) {
  const cache = new Map<number, KeySet>();

  const keep = (set: KeySet): KeySet => {
    const oldest = cache.keys().next();
    if (cache.size >= CACHED && !oldest.done) cache.delete(oldest.value);
    cache.set(set.stored.id, set);
    return set;
  };

  return {
    open: (stored: StoredCredential): KeySet =>
      cache.get(stored.id) ?? keep({ stored, secrets: openSecrets(deps, stored) }),

    findById: async (id: number): Promise<StoredCredential | null> =>
      cache.get(id)?.stored ?? deps.store.findCredential(id),

    /** Something signed with it was accepted: it is tried before those of which nothing is known. */
    async markProved({ stored, secrets }: KeySet): Promise<void> {
      if (stored.proved) return;
      await noteProved(deps, stored.id);
      cache.delete(stored.id);
      keep({ stored: { ...stored, proved: true }, secrets });
    },
  };
}

export type KeySets = ReturnType<typeof createKeySets>;
