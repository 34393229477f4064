import type { Deps } from '../../deps.ts';
import { DEVICE_COOKIE, DEVICE_TTL_MS } from '../../people/login/devices.ts';
import type { Origin } from '../../people/login/gate.ts';
import { createSignIn, type SignedIn } from '../../people/login/sign-in.ts';
import { createSessions, SESSION_COOKIE } from '../../people/sessions.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { Guest, Visit } from './desk.ts';

/** What the pages about people share: signing in, and the cookies that come of it. */
export function createPeopleServices(deps: Deps) {
  const isSecure = deps.publicUrl.startsWith('https:');
  const sessions = createSessions(deps);
  const device = (value: string) =>
    writeCookie(DEVICE_COOKIE, value, { isSecure, maxAge: DEVICE_TTL_MS / 1000, sameSite: 'Strict' });
  return {
    deps,
    isSecure,
    sessions,
    signIn: createSignIn(deps, sessions),
    originOf,
    deviceCookie: device,
    /** Of a browser in which somebody has just signed in. */
    cookiesOf: ({ sessionCookie, deviceCookie }: SignedIn): readonly string[] => [
      writeCookie(SESSION_COOKIE, sessionCookie, { isSecure }),
      device(deviceCookie),
    ],
  };
}

export type PeopleServices = ReturnType<typeof createPeopleServices>;

function originOf({ request, from }: Visit | Guest): Origin {
  return {
    address: from,
    userAgent: request.headers.get('user-agent') ?? '',
    deviceCookie: readCookie(request, DEVICE_COOKIE),
  };
}
