import { createHmac } from 'node:crypto';
import type { Deps } from '../../deps.ts';
import { equalInConstantTime } from '../../security/vault.ts';
import { readCookie, writeCookie } from './cookies.ts';

const GUEST_COOKIE = 'paycore_guest';
const SECRET_BYTES = 24;
const SOUND = /^[A-Za-z0-9_-]{32}$/;

/** A browser before anybody has signed in: its forms are bound to a cookie, so that no other site can send them. */
export interface GuestMark {
  readonly csrf: string;
  /** To be set, when the browser has none yet. */
  readonly cookie: string | null;
}

export function createGuests({ vault, random }: Pick<Deps, 'vault' | 'random'>, isSecure: boolean) {
  const key = vault.deriveKey('guest csrf');
  const csrfOf = (secret: string) => createHmac('sha256', key).update(secret).digest('base64url');

  return {
    mark(request: Request): GuestMark {
      const known = readCookie(request, GUEST_COOKIE);
      if (known !== null && SOUND.test(known)) return { csrf: csrfOf(known), cookie: null };
      const secret = Buffer.from(random(SECRET_BYTES)).toString('base64url');
      return { csrf: csrfOf(secret), cookie: writeCookie(GUEST_COOKIE, secret, { isSecure, sameSite: 'Strict' }) };
    },
    check(request: Request, given: string): boolean {
      const known = readCookie(request, GUEST_COOKIE);
      return known !== null && SOUND.test(known) && equalInConstantTime(csrfOf(known), given);
    },
  };
}
