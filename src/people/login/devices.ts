import { isPlainObject } from '../../core/fields.ts';
import { makeId } from '../../core/ids.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import { createTokens } from '../tokens.ts';

/**
 * The browser in which somebody signed in keeps a signed cookie. It opens nothing; it only says that the next tries to
 * sign in as the same person from there are not counted with those of strangers.
 */
export interface Devices {
  /** The device's id, when it is known to this person; null for nobody, and since the password was changed. */
  find(cookie: string | null, person: PersonRow | null): Promise<string | null>;
  /** The cookie after this person signed in there. */
  remember(cookie: string | null, person: PersonRow): Promise<string>;
}

export const DEVICE_COOKIE = 'paycore_device';
export const DEVICE_TTL_MS = 400 * DAY;
/** People who share a browser, the newest last. */
const MAX_PEOPLE = 5;

type Parts = Pick<Deps, 'vault' | 'clock' | 'random'>;

export function createDevices({ vault, clock, random }: Parts): Devices {
  const tokens = createTokens({ vault, clock }, 'device');
  const read = async (cookie: string | null): Promise<{ id: string; people: Readonly<Record<string, unknown>> }> => {
    const { jti, of } = (await tokens.read(cookie)) ?? {};
    return { id: jti ?? makeId('dev', random), people: isPlainObject(of) ? of : {} };
  };
  return {
    async find(cookie, person) {
      if (cookie === null || person === null) return null;
      const { id, people } = await read(cookie);
      return people[person.id] === passwordMark(vault, person) ? id : null;
    },
    async remember(cookie, person) {
      const { id, people } = await read(cookie);
      // A number as a name stands where it belongs in an object's order, so order is kept by hand.
      const others = Object.entries(people).filter(([other]) => other !== String(person.id));
      const kept = Object.fromEntries(others.slice(-(MAX_PEOPLE - 1)).map(([other, mark]) => [other, String(mark)]));
      return tokens.make({ jti: id, of: { ...kept, [person.id]: passwordMark(vault, person) } }, DEVICE_TTL_MS);
    },
  };
}

/** Changes with the password, and tells nothing about it. */
export function passwordMark({ fingerprint }: Pick<Deps['vault'], 'fingerprint'>, person: PersonRow): string {
  const mark = fingerprint(`password mark ${person.id} ${person.passwordHash ?? ''}`);
  return Buffer.from(mark).toString('base64url').slice(0, 16);
}
