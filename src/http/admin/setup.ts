import { failValidation, PayCoreError } from '../../core/errors.ts';
import { MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { HowToStart, OwnerStep, SETUP_PATH, STEPS_PATH } from '../../pages/admin/setup.tsx';
import type { Services } from '../../payments/index.ts';
import { actorOf, recordAudit } from '../../people/audit.ts';
import { isInstaller } from '../../people/installer.ts';
import { createFirstOwner } from '../../people/people.ts';
import { createSessions, SESSION_COOKIE } from '../../people/sessions.ts';
import { openSignInLink, SIGN_IN_PATH } from '../../people/sign-in-link.ts';
import { createRateLimiter } from '../../security/ratelimit.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { DeskArea, Form, Guest, OpenAction, OpenPage } from './desk.ts';
import { setupSteps } from './setup-steps.ts';

/** Wrong links of one address. A token has 192 random bits: this is about the log and the database. */
const GUESSES = { limit: 30, windowMs: MINUTE };

/** The first start: who has the installer's link becomes the owner, and is led to the first test payment. */
export function setupDesk(deps: Deps, _services: Services): DeskArea {
  const door = createDoor(deps);
  const { pages, actions } = setupSteps(deps);
  return { pages, actions, open: { pages: [door.page, door.link], actions: [door.create] } };
}

function createDoor(deps: Deps) {
  const sessions = createSessions(deps);
  const guesses = createRateLimiter({ ...GUESSES, now: deps.clock.now });
  const isSecure = deps.publicUrl.startsWith('https:');

  const signIn = async (guest: Guest, person: { readonly id: number }): Promise<string> => {
    const userAgent = guest.request.headers.get('user-agent') ?? '';
    return writeCookie(SESSION_COOKIE, await sessions.open(person, { address: guest.from, userAgent }), { isSecure });
  };
  /** Throws RATE_LIMITED for an address that has tried too many. */
  const isGood = async (guest: Guest, token: string): Promise<boolean> => {
    if (guesses.isUsedUp(guest.from)) throw new PayCoreError('RATE_LIMITED');
    const isIt = await isInstaller(deps, token);
    if (!isIt) guesses.take(guest.from);
    return isIt;
  };

  const show = async (guest: Guest) => {
    const token = guest.url.searchParams.get('token') ?? '';
    if (await deps.store.hasPeople()) {
      const session = await sessions.read(readCookie(guest.request, SESSION_COOKIE));
      return lead(session ? STEPS_PATH : `/admin/login?next=${encodeURIComponent(STEPS_PATH)}`);
    }
    const isIt = token !== '' && (await isGood(guest, token));
    const body = isIt ? OwnerStep({ frame: guest, token }) : HowToStart({ frame: guest, isWrong: token !== '' });
    return { title: guest.say('page.setup'), body };
  };

  const page: OpenPage = { path: SETUP_PATH, page: 'setup', show };

  /** What a demo prints. */
  const link: OpenPage = {
    path: SIGN_IN_PATH,
    page: 'login',
    show: async (guest) => {
      if (guesses.isUsedUp(guest.from)) throw new PayCoreError('RATE_LIMITED');
      const person = await openSignInLink(deps, guest.url.searchParams.get('token') ?? '');
      if (person) return lead('/admin', await signIn(guest, person));
      guesses.take(guest.from);
      return lead('/admin/login');
    },
  };

  return { page, link, create: createOwner(deps, { isGood, signIn }) };
}

interface Door {
  readonly isGood: (guest: Guest, token: string) => Promise<boolean>;
  readonly signIn: (guest: Guest, person: { readonly id: number }) => Promise<string>;
}

function createOwner(deps: Deps, { isGood, signIn }: Door): OpenAction {
  return {
    path: SETUP_PATH,
    action: 'create-owner',
    page: 'setup',
    // Before somebody is known to have the link, nothing is written down: strangers must not fill the disk with it.
    auditsItself: true,
    run: async (guest, form) => {
      if (!(await isGood(guest, form.text('token')))) throw failValidation({ token: [NOT_GOOD] });
      const person = await createFirstOwner(deps, readOwner(guest, form));
      // Somebody else with the same link was faster.
      if (!person) throw failValidation({ token: [NOT_GOOD] });
      const about = person.email;
      await recordAudit(deps, actorOf(person, guest.from), {
        action: 'create-owner',
        about,
        after: { role: person.role },
      });
      return { to: STEPS_PATH, audit: { about }, cookies: [await signIn(guest, person)] };
    },
    again: async (guest, problem, _params, form) => {
      const title = guest.say('page.setup');
      if (problem.fields.token !== undefined) return { title, body: HowToStart({ frame: guest, isWrong: true }) };
      const again = problem.fields.again === undefined ? {} : { again: guest.say('setup.again.wrong') };
      const shown = { ...problem, fields: { ...problem.fields, ...again } };
      return { title, body: OwnerStep({ frame: guest, token: form.text('token'), problem: shown }) };
    },
  };
}

const NOT_GOOD = 'The token field must be that of the link that was printed last.';

/** Throws VALIDATION_FAILED when the password was not typed twice alike. */
function readOwner({ locale }: Guest, form: Form) {
  const password = form.raw('password');
  if (form.raw('again') !== password) throw failValidation({ again: ['The again field must repeat the password.'] });
  return { email: form.text('email'), name: form.text('name'), password, locale };
}

function lead(location: string, cookie?: string): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  if (cookie !== undefined) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}
