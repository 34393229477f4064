import { Elysia } from 'elysia';
import { preferredLocale } from '../../core/accept-language.ts';
import { type DeskLocale, deskLocaleOf, isDeskLocale, isLocale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import type { ReadSite } from '../../developers/site.ts';
import { pageHeaders } from '../../security/csp.ts';
import { type Centre, keepCentres } from '../developer-centre.ts';
import { sendMade } from '../made.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';

/** A page is kept by browsers and asked about each time: a new release, or another address, changes it. */
const CACHING = 'no-cache';

/**
 * The developer centre: `/developers` and the pages behind it in the language that the browser wants, and
 * `/{locale}/developers` in a named one. Pages are made of the API's document, once for each language.
 */
export function developerRoutes(deps: { readonly config: Pick<Deps['config'], 'locale'> }, readSite: ReadSite) {
  const centreIn = keepCentres(readSite);
  const show = async (request: Request, named: string | null, page: string): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    // Links of a page lead on from where it is.
    if (pathname.endsWith('/')) return moveTo(pathname.replace(/\/+$/, '') + search);
    const centre = await centreIn(localeFor(request, named, deps.config.locale));
    const isNamed = named === null || isLocale(named);
    return isNamed ? answer(request, centre, page) : answerMissing(centre);
  };
  return new Elysia()
    .get('/developers', ({ request }) => show(request, null, ''), UNDOCUMENTED)
    .get('/developers/:page', ({ request, params }) => show(request, null, params.page), UNDOCUMENTED)
    .get('/:locale/developers', ({ request, params }) => show(request, params.locale, ''), UNDOCUMENTED)
    .get('/:locale/developers/:page', ({ request, params }) => show(request, params.locale, params.page), UNDOCUMENTED)
    .get(
      '/developers/search/:file',
      async ({ request, params }) => {
        const locale = params.file.replace(/\.json$/, '');
        if (!isDeskLocale(locale)) return new Response('Not found', { status: 404 });
        const type = 'application/json; charset=utf-8';
        return sendMade(request, (await centreIn(locale)).index(), { type, caching: CACHING });
      },
      UNDOCUMENTED,
    );
}

/** The one that the address names, else the one that the browser wants, else the one that the installation speaks. */
function localeFor(request: Request, named: string | null, usual: Deps['config']['locale']): DeskLocale {
  if (named !== null && isLocale(named)) return deskLocaleOf(named);
  return deskLocaleOf(preferredLocale(request.headers.get('accept-language')) ?? usual);
}

function answer(request: Request, centre: Centre, page: string): Response {
  if (page === 'search') return send(centre.results(new URL(request.url).searchParams.get('q') ?? ''), 200);
  const made = centre.page(page);
  if (!made) return answerMissing(centre);
  const headers = pageHeaders();
  const type = headers['content-type'] ?? '';
  return sendMade(request, made, { type, caching: CACHING, vary: 'accept-language', headers });
}

function answerMissing(centre: Centre): Response {
  return send(centre.missing(), 404);
}

function send(html: string, status: number): Response {
  return new Response(html, { status, headers: { ...pageHeaders(), vary: 'accept-language' } });
}

function moveTo(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}
