import type { Deps } from '../../deps.ts';
import { CodePage, LinkGonePage, LoginPage, WelcomePage } from '../../pages/admin/login.tsx';
import type { Services } from '../../payments/index.ts';
import { actorOf, recordAudit } from '../../people/audit.ts';
import { findByLink, setPasswordByLink } from '../../people/links.ts';
import type { Refused } from '../../people/login/gate.ts';
import type { CodeAsked, SignedIn } from '../../people/login/sign-in.ts';
import { sayWeakness } from '../../people/people.ts';
import { SESSION_COOKIE } from '../../people/sessions.ts';
import { accountDesk } from './account.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { DeskArea, DeskText, Done, Form, Guest, Params, Problem, Shown } from './desk.ts';
import { createPeopleServices, type PeopleServices } from './people-services.ts';
import { sayField } from './problems.ts';

/** Signing in and out, and one's own account: they share who may guess how often. */
export function loginDesk(deps: Deps, _services: Services): DeskArea {
  const people = createPeopleServices(deps);
  const own = accountDesk(people);
  const door = createDoor(people);
  return {
    pages: own.pages,
    actions: [
      ...own.actions,
      { path: '/admin/logout', action: 'logout', page: 'login', right: 'staff', run: door.signOut },
    ],
    open: {
      pages: [
        { path: '/admin/login', page: 'login', show: door.showLogin },
        { path: '/admin/login/code', page: 'login', show: door.showCode },
        { path: '/admin/welcome/:token', page: 'login', show: door.showWelcome },
      ],
      actions: [
        { path: '/admin/login', action: 'login', page: 'login', auditsItself: true, run: door.signIn },
        { path: '/admin/login/code', action: 'login-code', page: 'login', auditsItself: true, run: door.enterCode },
        { path: '/admin/welcome/:token', action: 'set-password', page: 'login', auditsItself: true, run: door.welcome },
      ],
    },
  };
}

/** Its use case has written it. */
const UNAUDITED = { about: '' };

/** Between password and code. */
const STEP_COOKIE = 'paycore_step';
const STEP_AGE_S = 300;

/** Where somebody wanted to go; nowhere else than to the desk. */
export function readNext(next: string): string {
  return /^\/admin(?:[/?][\x21-\x7e]*)?$/.test(next) && !next.includes('\\') ? next : '/admin';
}

type GoOn = (guest: Guest, outcome: SignedIn | CodeAsked, next: string) => Promise<Done>;

function createDoor(people: PeopleServices) {
  const { isSecure, sessions, signIn, originOf, cookiesOf } = people;
  const step = (value: string, maxAge: number) =>
    writeCookie(STEP_COOKIE, value, { isSecure, maxAge, sameSite: 'Strict' });

  /** Whoever was signed in in this browser before is not any more. */
  const endOld = async ({ request }: Guest): Promise<void> => {
    const old = await sessions.read(readCookie(request, SESSION_COOKIE));
    if (old) await sessions.end(old);
  };

  const goOn: GoOn = async (guest, outcome, next) => {
    if (outcome.kind === 'code') {
      const to = `/admin/login/code?next=${encodeURIComponent(next)}`;
      return { to, cookies: [step(outcome.ticket, STEP_AGE_S)], audit: UNAUDITED };
    }
    await endOld(guest);
    const cookies = [...cookiesOf(outcome), step('', 0)];
    if (outcome.codesLeft === null) return { to: next, cookies, audit: UNAUDITED };
    const values = { n: outcome.codesLeft };
    return { to: '/admin/account', notice: 'login.codesleft', values, cookies, audit: UNAUDITED };
  };

  return {
    ...createWelcome(people, goOn),
    showLogin: async (guest: Guest) => signInPage(guest, readNext(guest.url.searchParams.get('next') ?? '')),

    showCode: async (guest: Guest) => {
      const next = readNext(guest.url.searchParams.get('next') ?? '');
      return readCookie(guest.request, STEP_COOKIE) ? codePage(guest, next) : signInPage(guest, next);
    },

    async signIn(guest: Guest, form: Form): Promise<Done> {
      const next = readNext(form.text('next'));
      const typed = { email: form.text('email'), password: form.raw('password') };
      const outcome = await signIn.withPassword(typed, originOf(guest));
      if (outcome.kind === 'in' || outcome.kind === 'code') return goOn(guest, outcome, next);
      const problem = describe(guest, outcome, 'login.wrong', typed.email);
      return { shown: { ...signInPage(guest, next, problem), status: statusOf(outcome) }, audit: UNAUDITED };
    },

    async enterCode(guest: Guest, form: Form): Promise<Done> {
      const next = readNext(form.text('next'));
      const typed = { ticket: readCookie(guest.request, STEP_COOKIE), code: form.text('code') };
      const outcome = await signIn.withCode(typed, originOf(guest));
      if (outcome.kind === 'in') return goOn(guest, outcome, next);
      if (outcome.kind === 'late') {
        const shown = { ...signInPage(guest, next, describe(guest, outcome, 'login.late')), status: 422 };
        return { shown, cookies: [step('', 0)], audit: UNAUDITED };
      }
      const problem = describe(guest, outcome, 'login.code.wrong');
      return { shown: { ...codePage(guest, next, problem), status: statusOf(outcome) }, audit: UNAUDITED };
    },

    async signOut({ session, person }: { session: Parameters<typeof sessions.end>[0]; person: { email: string } }) {
      await sessions.end(session);
      const cookies = [writeCookie(SESSION_COOKIE, '', { isSecure, maxAge: 0 })];
      return { to: '/admin/login', notice: 'login.out', cookies, audit: { about: person.email } } satisfies Done;
    },
  };
}

/** By a one-time link: who was invited, and who was locked out. */
function createWelcome({ deps, signIn, originOf }: PeopleServices, goOn: GoOn) {
  return {
    async showWelcome(guest: Guest, { token = '' }: Params): Promise<Shown> {
      const person = await findByLink(deps, token);
      if (!person) return gonePage(guest);
      return {
        title: guest.say('login.welcome.title'),
        body: WelcomePage({ frame: guest, person, token, problem: null }),
      };
    },

    async welcome(guest: Guest, form: Form, { token = '' }: Params): Promise<Done> {
      const outcome = await setPasswordByLink(deps, token, form.raw('password'));
      const person = typeof outcome === 'string' ? await findByLink(deps, token) : outcome;
      if (person === null || outcome === null) return { shown: gonePage(guest), audit: UNAUDITED };
      if (typeof outcome === 'string') {
        const fields = { password: sayField(guest.say, sayWeakness(outcome)) };
        const problem = { message: guest.say('problem.form'), fields, given: {} };
        const body = WelcomePage({ frame: guest, person, token, problem });
        const shown = { title: guest.say('login.welcome.title'), body, status: 422 };
        return { shown, audit: UNAUDITED };
      }
      await recordAudit(deps, actorOf(person, guest.from), { action: 'set-password', about: person.email });
      return goOn(guest, await signIn.withLink(person, originOf(guest)), '/admin');
    },
  };
}

const signInPage = (guest: Guest, next: string, problem: Problem | null = null): Shown => ({
  title: guest.say('page.login'),
  body: LoginPage({ frame: guest, next, problem }),
});
const codePage = (guest: Guest, next: string, problem: Problem | null = null): Shown => ({
  title: guest.say('login.code.title'),
  body: CodePage({ frame: guest, next, problem }),
});
const gonePage = (guest: Guest): Shown => ({
  title: guest.say('login.gone.title'),
  body: LinkGonePage({ frame: guest }),
  status: 404,
});

type Failed = Refused | { readonly kind: 'wrong' | 'late' };

const STATUS: Readonly<Record<Failed['kind'], number>> = { wrong: 422, late: 422, wait: 429, busy: 503 };

function statusOf({ kind }: Failed): number {
  return STATUS[kind];
}

function describe({ say }: Guest, outcome: Failed, wrong: DeskText, email = ''): Problem {
  const minutes = 'seconds' in outcome ? Math.max(1, Math.ceil(outcome.seconds / 60)) : 0;
  const message =
    outcome.kind === 'wait' ? say('login.wait', { n: minutes }) : say(outcome.kind === 'busy' ? 'login.busy' : wrong);
  return { message, fields: {}, given: email === '' ? {} : { email } };
}
