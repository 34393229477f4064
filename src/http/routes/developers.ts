import { Elysia } from 'elysia';
import { isDeskLocale, isLocale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import type { ReadSite } from '../../developers/site.ts';
import { SEARCH } from '../../pages/developers/view.ts';
import { pageHeaders } from '../../security/csp.ts';
import { failTooOften, toResponse } from '../answer.ts';
import { keepCentres } from '../developer-centre.ts';
import { chooseDeskLocale } from '../language.ts';
import type { Limits } from '../limits.ts';
import { type Made, sendMade } from '../made.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';

/** A page is kept by browsers and asked about each time: a new release, or another address, changes it. */
const CACHING = 'no-cache';

/**
 * The developer centre: `/developers` and the pages behind it in the language that the browser wants, and
 * `/{locale}/developers` in a named one. Pages are made of the API's document, once for each language.
 */
export function developerRoutes(
  deps: { readonly config: Pick<Deps['config'], 'locale'> },
  readSite: ReadSite,
  limits: Pick<Limits, 'waitFor'>,
) {
  const centreIn = keepCentres(readSite);
  const show = async (request: Request, named: string | null, page: string): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    // Links of a page lead on from where it is.
    if (pathname.endsWith('/')) return moveTo(pathname.replace(/\/+$/, '') + search);
    const centre = await centreIn(chooseDeskLocale(request, named, deps.config.locale));
    const isNamed = named === null || isLocale(named);
    const made = isNamed ? centre.page(page) : null;
    if (made) return sendPage(request, made);
    // Nobody has rendered what is looked for, or is not there, before.
    const wait = limits.waitFor('guide', request);
    if (wait !== null) return toResponse(failTooOften(wait));
    if (!isNamed || page !== SEARCH) return send(centre.missing(), 404);
    return send(centre.results(new URL(request.url).searchParams.get('q') ?? ''), 200);
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

function sendPage(request: Request, made: Made): Response {
  const headers = pageHeaders();
  const type = headers['content-type'] ?? '';
  return sendMade(request, made, { type, caching: CACHING, vary: 'accept-language', headers });
}

function send(html: string, status: number): Response {
  return new Response(html, { status, headers: { ...pageHeaders(), vary: 'accept-language' } });
}

function moveTo(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}
