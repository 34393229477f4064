import { createHash } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { equalInConstantTime } from '../security/vault.ts';
import type { PersonRow } from '../store/queries/people.ts';

/** Name of the setting that keeps the process, the person and the hash of the token. */
const SETTING = 'sign_in_link';
/** Where it leads, followed by `?token=`. */
export const SIGN_IN_PATH = '/admin/enter';
const TOKEN_BYTES = 24;

type Parts = Pick<Deps, 'store' | 'random' | 'processId'>;

/**
 * The token of a link that signs in whoever opens it: what a demo prints, for data that is thrown away. It ends with the
 * process that made it, so that data which is served later has no back door.
 */
export async function makeSignInLink({ store, random, processId }: Parts, { id }: Pick<PersonRow, 'id'>) {
  const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url');
  await store.writeSetting(SETTING, `${processId} ${id} ${hashOf(token)}`);
  return token;
}

/** Whom the link signs in; null: nobody, or not any more. */
export async function openSignInLink(
  { store, processId }: Pick<Parts, 'store' | 'processId'>,
  token: string,
): Promise<PersonRow | null> {
  const [process = '', id = '', known = ''] = (await store.readSetting(SETTING))?.split(' ') ?? [];
  if (!equalInConstantTime(known, hashOf(token)) || process !== processId) return null;
  const person = await store.findPerson(Number(id));
  return person?.disabledAt === null ? person : null;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
