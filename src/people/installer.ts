import { createHash } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { equalInConstantTime } from '../security/vault.ts';

const TOKEN_BYTES = 24;

/**
 * The token of the link by which the first administrator is made; null: there is one. Each start of a server makes another
 * in the place of its last one, beside those of other nodes that live. Only its hash is kept: whoever reads the database, the log or a backup cannot make himself the owner.
 */
export async function renewInstaller(
  deps: Pick<Deps, 'store' | 'random' | 'clock' | 'processId'>,
): Promise<string | null> {
  const { store, random, clock, processId: owner } = deps;
  if (await store.hasPeople()) return null;
  const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url');
  await store.addInstaller({ owner, hash: hashOf(token), now: clock.now() });
  return token;
}

/** Whether this token may make the first administrator. It cannot once there is one, used or not. */
export async function isInstaller({ store }: Pick<Deps, 'store'>, token: string): Promise<boolean> {
  const [known, isTaken] = await Promise.all([store.listInstallers(), store.hasPeople()]);
  const given = hashOf(token);
  return known.filter((hash) => equalInConstantTime(hash, given)).length > 0 && !isTaken;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
