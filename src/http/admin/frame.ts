import { Elysia } from 'elysia';
import { PayCoreError } from '../../core/errors.ts';
import { hasRight } from '../../core/person.ts';
import type { Deps } from '../../deps.ts';
import { checkCsrf, createSessions, SESSION_COOKIE, type Session } from '../../people/sessions.ts';
import type { Api } from '../api.ts';
import { MAX_FORM } from '../body.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';
import { createDeskAnswers } from './answers.ts';
import { createCallers } from './callers.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { DeskAction, DeskArea, DeskPage, OpenAction, OpenPage, PageName, Params } from './desk.ts';
import { type Form, readForm } from './form.ts';
import { createGuests } from './guests.ts';
import { backOf, createPerformer } from './perform.ts';
import { isTold } from './problems.ts';
import { readView, takeView, VIEW_AGE_S, VIEW_COOKIE, writeView } from './view.ts';

/** Routes of all areas. */
export function deskRoutes(deps: Deps, api: Api, areas: readonly DeskArea[]) {
  const { show, showOpen, act, actOpen } = createDesk(deps, api, areas);
  const app = new Elysia();
  for (const { pages, actions, open } of areas) {
    for (const page of pages) app.get(page.path, ({ request, params }) => show(request, page, params), UNDOCUMENTED);
    for (const page of open?.pages ?? [])
      app.get(page.path, ({ request, params }) => showOpen(request, page, params), UNDOCUMENTED);
    for (const one of actions) app.post(one.path, ({ request, params }) => act(request, one, params), UNDOCUMENTED);
    for (const one of open?.actions ?? [])
      app.post(one.path, ({ request, params }) => actOpen(request, one, params), UNDOCUMENTED);
  }
  return app;
}

/** What all pages and actions of the desk have in common: who it is, what he may, forms, the audit. */
function createDesk(deps: Deps, api: Api, areas: readonly DeskArea[]) {
  const answers = createDeskAnswers(deps);
  const { isSecure, move } = answers;
  const guests = createGuests(deps, isSecure);
  const callers = createCallers({ deps, areas, guests, addressOf: api.addressOf });
  const perform = createPerformer(deps, answers);
  const sessions = createSessions(deps);
  const doorOf = createDoor(deps);
  const guard = createGuard(deps, api, answers, (request) => callers.guestOf(request).guest);
  const sessionOf = (request: Request) => sessions.read(readCookie(request, SESSION_COOKIE));
  const formOf = async (request: Request): Promise<Form> => readForm(await api.receive(request, MAX_FORM));

  /** The view is kept, and the page asked for again without it. */
  const keepView = (request: Request): Response | null => {
    const taken = takeView(new URL(request.url), readView(readCookie(request, VIEW_COOKIE)));
    const options = { isSecure, maxAge: VIEW_AGE_S };
    return taken && move(taken.address, [writeCookie(VIEW_COOKIE, writeView(taken.kept), options)]);
  };

  const parts = { answers, guests, callers, perform, guard, doorOf, sessionOf, keepView };
  return { ...createShowing(parts), ...createActing({ ...parts, formOf }) };
}

interface Parts {
  readonly answers: ReturnType<typeof createDeskAnswers>;
  readonly guests: ReturnType<typeof createGuests>;
  readonly callers: ReturnType<typeof createCallers>;
  readonly perform: ReturnType<typeof createPerformer>;
  readonly guard: ReturnType<typeof createGuard>;
  readonly doorOf: ReturnType<typeof createDoor>;
  readonly sessionOf: (request: Request) => Promise<Session | null>;
  readonly keepView: (request: Request) => Response | null;
}

function createShowing({ answers, callers, guard, doorOf, sessionOf, keepView }: Parts) {
  const { move, answer, refuse } = answers;
  return {
    show: (request: Request, page: DeskPage, params: Params) =>
      guard(request, page.page, async () => {
        const session = await sessionOf(request);
        if (!session) return move(await doorOf(new URL(request.url)));
        const kept = keepView(request);
        if (kept) return kept;
        const visit = await callers.visitOf(request, session);
        if (!hasRight(session.person, page.right)) return refuse(visit, page.page, 'forbidden');
        const shown = await page.show(visit, params);
        if (shown instanceof Response) return shown;
        return shown ? answer(visit, page.page, shown) : refuse(visit, page.page, 'missing');
      }),

    showOpen: (request: Request, page: OpenPage, params: Params) =>
      guard(request, page.page, async () => {
        const kept = keepView(request);
        if (kept) return kept;
        const { guest, cookie } = callers.guestOf(request);
        const shown = await page.show(guest, params);
        if (shown instanceof Response) return shown;
        return shown ? answer(guest, page.page, shown, [cookie]) : refuse(guest, page.page, 'missing');
      }),
  };
}

function createActing(parts: Parts & { readonly formOf: (request: Request) => Promise<Form> }) {
  const { answers, guests, callers, perform, guard, doorOf, sessionOf, formOf } = parts;
  const { move, refuse } = answers;
  return {
    act: (request: Request, action: DeskAction, params: Params) =>
      guard(request, action.page, async () => {
        const session = await sessionOf(request);
        if (!session) return move(await doorOf(new URL('http://desk/admin')));
        const form = await formOf(request);
        const visit = await callers.visitOf(request, session);
        if (!checkCsrf(session, form.raw('csrf')))
          return refuse(visit, action.page, 'csrf', backOf(action.path, visit.url.pathname));
        if (!hasRight(session.person, action.right)) return refuse(visit, action.page, 'forbidden');
        const { again } = action;
        return perform(visit, {
          ...{ action, form },
          run: () => action.run(visit, form, params),
          again: again ? (problem) => again(visit, problem, params, form) : null,
        });
      }),

    actOpen: (request: Request, action: OpenAction, params: Params) =>
      guard(request, action.page, async () => {
        const form = await formOf(request);
        const { guest } = callers.guestOf(request);
        if (!guests.check(request, form.raw('csrf'))) return refuse(guest, action.page, 'csrf', guest.address);
        const { again } = action;
        return perform(guest, {
          ...{ action, form },
          run: () => action.run(guest, form, params),
          again: again ? (problem) => again(guest, problem, params, form) : null,
        });
      }),
  };
}

/** Where somebody goes who is not signed in. */
function createDoor({ store }: Pick<Deps, 'store'>) {
  let isSetUp = false;
  return async (url: URL): Promise<string> => {
    isSetUp ||= await store.hasPeople();
    if (!isSetUp) return '/admin/setup';
    const next = url.pathname + url.search;
    return next === '/admin' ? '/admin/login' : `/admin/login?next=${encodeURIComponent(next)}`;
  };
}

/** What comes too often, fails or cannot be read is said on a page, never as JSON or bare text. */
function createGuard(
  deps: Pick<Deps, 'log'>,
  { limits }: Api,
  { refuse, explain }: ReturnType<typeof createDeskAnswers>,
  guestOf: (request: Request) => Parameters<typeof refuse>[0],
) {
  return async (request: Request, page: PageName, work: () => Promise<Response>): Promise<Response> => {
    const wait = limits.waitFor('desk', request);
    if (wait !== null) {
      const busy = refuse(guestOf(request), page, 'busy');
      busy.headers.set('retry-after', String(wait));
      return busy;
    }
    try {
      return await work();
    } catch (error) {
      if (error instanceof PayCoreError && error.code === 'STORAGE_UNAVAILABLE')
        return refuse(guestOf(request), page, 'storage');
      if (isTold(error)) return explain(guestOf(request), page, error, '/admin');
      deps.log.error('page of the desk failed', { path: new URL(request.url).pathname, error });
      return refuse(guestOf(request), page, 'failed');
    }
  };
}
