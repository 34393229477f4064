import { DESK_LOCALES, type DeskLocale } from '../core/locale.ts';
import { readCatalogue } from '../developers/catalogue.ts';
import { createFinder, type Finder } from '../developers/find.ts';
import { readGuides } from '../developers/guides.ts';
import { findSamples, writeSamples } from '../developers/samples.ts';
import { makeIndex } from '../developers/search.ts';
import { translateCatalogue } from '../developers/translate.ts';
import type { Catalogue, Site } from '../developers/types.ts';
import { renderDevelopers, renderMissing, renderSearch, type SampleSource } from '../pages/developers/site.tsx';
import { type Made, make } from './made.ts';
import type { Document } from './openapi/types.ts';

/** As many as one page of results shows. */
const MOST_FOUND = 60;
/** Of what is looked for; no name is longer. */
const LONGEST_QUERY = 100;

/** The pages of the developer centre in one language, each made when it is first asked for. */
export interface Centre {
  /** Null: there is no such page. */
  page(name: string): Made | null;
  missing(): string;
  results(query: string): string;
  /** What the script of the pages searches in. */
  index(): Made;
}

/** Nothing of it is made before somebody asks. A failure is not kept. */
export function keepCentres(readDocument: () => Promise<Document>): (locale: DeskLocale) => Promise<Centre> {
  let kept: Promise<ReadonlyMap<DeskLocale, Centre>> | null = null;
  return async (locale) => {
    kept ??= openCentres(readDocument);
    kept.catch(() => {
      kept = null;
    });
    const centre = (await kept).get(locale);
    if (!centre) throw new Error(`the developer centre does not speak ${locale}`);
    return centre;
  };
}

async function openCentres(readDocument: () => Promise<Document>): Promise<ReadonlyMap<DeskLocale, Centre>> {
  const catalogue = readCatalogue(await readDocument());
  const sites = new Map<DeskLocale, Site>();
  const siteIn = (locale: DeskLocale): Site => {
    const site = sites.get(locale) ?? makeSite(catalogue, locale);
    sites.set(locale, site);
    return site;
  };
  return new Map(DESK_LOCALES.map((locale) => [locale, openCentre(locale, siteIn)]));
}

function makeSite(catalogue: Catalogue, locale: DeskLocale): Site {
  return { locale, catalogue: translateCatalogue(catalogue, locale), guides: readGuides(locale, catalogue.url) };
}

function openCentre(locale: DeskLocale, siteIn: (locale: DeskLocale) => Site): Centre {
  const pages = new Map<string, Made>();
  const site = once(() => siteIn(locale));
  const index = once(() => makeIndex(site(), siteIn(DESK_LOCALES.find((other) => other !== locale) ?? locale)));
  const finder = once((): Finder => createFinder(index()));
  const packedIndex = once(() => make(JSON.stringify(index())));
  const samples = once((): SampleSource => {
    const { url } = site().catalogue;
    return { samplesOf: (endpoint) => writeSamples(endpoint, url), samplesNamed: (name) => findSamples(name, url) };
  });
  return {
    page(name) {
      const known = pages.get(name);
      if (known) return known;
      const html = renderDevelopers(site(), name, samples());
      if (html === null) return null;
      const made = make(html);
      pages.set(name, made);
      return made;
    },
    missing: () => renderMissing(site(), samples()),
    results(text) {
      const query = text.slice(0, LONGEST_QUERY).trim();
      const found = finder()(query, MOST_FOUND);
      return renderSearch(site(), { query, found, isCut: found.length === MOST_FOUND }, samples());
    },
    index: packedIndex,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
