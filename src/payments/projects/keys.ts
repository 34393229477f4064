import { makeApiKey } from '../../core/ids.ts';
import type { KeyKind } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import { hashApiKey } from '../../security/vault.ts';
import type { ApiKey } from '../../store/queries/keys.ts';
import { makeSealedSecret, openNotificationSecret } from './projects.ts';

/** API keys as the merchant keeps them: made, shown once, revoked. */

type Keeper = Pick<Deps, 'store' | 'vault' | 'random' | 'clock'>;

/** First letters that stay readable: what kind it is, and enough to tell it from others. */
const HINT_LENGTH = 12;

export interface CreatedKey {
  readonly api_key: string;
  readonly project: string;
  readonly notification_secret: string;
}

/** Makes a key, and its project when there is none of that name. */
export async function createKey(deps: Keeper, name: string, kind: KeyKind): Promise<CreatedKey> {
  const project = await deps.store.ensureProject(name, makeSealedSecret(deps), deps.clock.now());
  return {
    api_key: await addKey(deps, project.id, kind),
    project: project.name,
    notification_secret: openNotificationSecret(deps, project),
  };
}

/** A further key of a project. It is given back this once; only its hash is stored. */
export async function addKey(
  { store, random, clock }: Omit<Keeper, 'vault'>,
  projectId: number,
  kind: KeyKind,
): Promise<string> {
  const key = makeApiKey(kind, random);
  await store.addKey({ projectId, kind, hash: hashApiKey(key), hint: key.slice(0, HINT_LENGTH), now: clock.now() });
  return key;
}

/** More than anybody keeps; of many the newest are shown. */
const MAX_LISTED = 100;

/** A project's keys: those in use first, then the newest. */
export function listKeys({ store }: Pick<Deps, 'store'>, projectId: number): Promise<readonly ApiKey[]> {
  return store.listProjectKeys(projectId, MAX_LISTED);
}

/** No call is taken with it from now on. Null: the project has no such key, or it was revoked before. */
export async function revokeProjectKey(
  deps: Pick<Deps, 'store' | 'clock'>,
  projectId: number,
  keyId: number,
): Promise<ApiKey | null> {
  const key = (await listKeys(deps, projectId)).find(({ id }) => id === keyId);
  return key && (await deps.store.revokeKey(keyId, deps.clock.now())) ? key : null;
}
