import { createHash } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { equalInConstantTime } from '../security/vault.ts';

/** Name of the setting that keeps the hash of the link's token. */
const SETTING = 'installer';
const TOKEN_BYTES = 24;

/**
 * The token of the link by which the first administrator is made; null: there is one. Each start of a server makes another,
 * and only its hash is kept: whoever reads the database, the log or a backup cannot make himself the owner.
 */
export async function renewInstaller({ store, random }: Pick<Deps, 'store' | 'random'>): Promise<string | null> {
  if (await store.hasPeople()) return null;
  const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url');
  await store.writeSetting(SETTING, hashOf(token));
  return token;
}

/** Whether this token may make the first administrator. It cannot once there is one, used or not. */
export async function isInstaller({ store }: Pick<Deps, 'store'>, token: string): Promise<boolean> {
  const [known, isTaken] = await Promise.all([store.readSetting(SETTING), store.hasPeople()]);
  return known !== null && equalInConstantTime(known, hashOf(token)) && !isTaken;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
