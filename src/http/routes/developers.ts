import { Elysia } from 'elysia';
import { preferredLocale } from '../../core/accept-language.ts';
import { type DeskLocale, deskLocaleOf, isLocale, type Locale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import { readCatalogue } from '../../developers/catalogue.ts';
import { readGuides } from '../../developers/guides.ts';
import { translateCatalogue } from '../../developers/translate.ts';
import type { Site } from '../../developers/types.ts';
import { renderDevelopers } from '../../pages/developers/site.tsx';
import { pageHeaders } from '../../security/csp.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';
import type { Document } from '../openapi/types.ts';
import { pack, packedAnswer } from '../packed.ts';

/**
 * The developer centre: `/developers` and the pages behind it in the language that the browser wants, and
 * `/{locale}/developers` in a named one. Pages are made of the API's document, once for each language.
 */
export function developerRoutes(deps: Pick<Deps, 'publicUrl' | 'config'>, readDocument: () => Promise<Document>) {
  const sites = new Map<DeskLocale, Promise<Site>>();
  const siteIn = (locale: DeskLocale): Promise<Site> => {
    const site = sites.get(locale) ?? makeSite(locale, readDocument);
    sites.set(locale, site);
    site.catch(() => sites.delete(locale));
    return site;
  };
  const show = async (request: Request, named: string | null, page: string): Promise<Response> => {
    const wanted: Locale =
      named !== null && isLocale(named)
        ? named
        : (preferredLocale(request.headers.get('accept-language')) ?? deps.config.locale);
    const html = renderDevelopers(await siteIn(deskLocaleOf(wanted)), page);
    const headers = { ...pageHeaders(), vary: 'accept-language' };
    return packedAnswer(pack(html ?? ''), { status: html === null ? 404 : 200, headers });
  };
  return new Elysia()
    .get('/developers', ({ request }) => show(request, null, ''), UNDOCUMENTED)
    .get('/developers/:page', ({ request, params }) => show(request, null, params.page), UNDOCUMENTED)
    .get('/:locale/developers', ({ request, params }) => show(request, params.locale, ''), UNDOCUMENTED)
    .get('/:locale/developers/:page', ({ request, params }) => show(request, params.locale, params.page), UNDOCUMENTED);
}

async function makeSite(locale: DeskLocale, readDocument: () => Promise<Document>): Promise<Site> {
  const catalogue = translateCatalogue(readCatalogue(await readDocument()), locale);
  return { locale, catalogue, guides: readGuides(locale, catalogue.url) };
}
