import { PayCoreError } from '../core/errors.ts';
import { isLocale } from '../core/locale.ts';
import type { Deps } from '../deps.ts';
import { renderProblem } from '../pages/checkout/index.ts';
import { fail, toResponse } from './answer.ts';
import { html } from './messages.ts';

/** As Elysia lists them. */
interface Route {
  readonly method: string;
  readonly path: string;
}

/** What payers see stands under a language. */
const PAGES = '/:locale/';
/** Buttons and scripts of a payment's page post here. */
const BEHIND_PAGE = '/:locale/pay/:paymentNo/';

/** Answers what no route has taken: a path that nobody knows, or one that takes another method. */
export function createFallback({ config }: Pick<Deps, 'config'>, listRoutes: () => readonly Route[]) {
  let known: readonly (Route & { readonly pattern: RegExp })[] | null = null;

  return (request: Request): Response => {
    known ??= listRoutes().map((route) => ({ ...route, pattern: patternOf(route.path) }));
    const { pathname, search } = new URL(request.url);
    const matching = known.filter(({ pattern }) => pattern.test(pathname));
    const [first] = matching;
    if (!first) return toResponse(fail(new PayCoreError('ROUTE_NOT_FOUND')));
    const allow = listMethods(matching);
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
    if (!first.path.startsWith(PAGES)) return refuseMethod(request, allow);
    const [, locale = '', ...rest] = pathname.split('/');
    const back = first.path.startsWith(BEHIND_PAGE) ? `/${locale}/${rest.slice(0, 2).join('/')}${search}` : undefined;
    const page = html(renderProblem(isLocale(locale) ? locale : config.locale, 'method', back), 405);
    page.headers.set('allow', allow);
    return page;
  };
}

function refuseMethod({ method }: Request, allow: string): Response {
  const message = `This route takes ${allow}, not ${method}. See /swagger for what it is for.`;
  const answer = fail(new PayCoreError('METHOD_NOT_ALLOWED', { message }));
  return toResponse({ ...answer, headers: { allow } });
}

/** Elysia answers HEAD where there is GET. */
function listMethods(routes: readonly Route[]): string {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set([...methods, 'OPTIONS'])].join(', ');
}

/** `/:locale/pay/:paymentNo`, `/assets/*`; a slash at the end makes no difference to Elysia. */
function patternOf(path: string): RegExp {
  const parts = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : escapeRegExp(part)));
  return new RegExp(`^${parts.join('/')}/?$`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
