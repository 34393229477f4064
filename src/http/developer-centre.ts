import { keepByName } from '../core/kept.ts';
import { DESK_LOCALES, type DeskLocale } from '../core/locale.ts';
import { createFinder } from '../developers/find.ts';
import { findSamples, writeSamples } from '../developers/samples/index.ts';
import { makeIndex } from '../developers/search.ts';
import type { ReadSite } from '../developers/site.ts';
import { renderDevelopers, renderMissing, renderSearch, type SampleSource } from '../pages/developers/site.tsx';
import { type Made, make } from './made.ts';

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
export function keepCentres(readSite: ReadSite): (locale: DeskLocale) => Promise<Centre> {
  const keep = keepByName<DeskLocale, Centre>();
  return (locale) => keep(locale, () => openCentre(locale, readSite));
}

async function openCentre(locale: DeskLocale, readSite: ReadSite): Promise<Centre> {
  const [site, other] = await Promise.all([locale, otherThan(locale)].map(readSite));
  if (!site || !other) throw new Error(`the developer centre does not speak ${locale}`);
  const pages = new Map<string, Made>();
  const index = once(() => makeIndex(site, other));
  const finder = once(() => createFinder(index()));
  const { url } = site.catalogue;
  const samples: SampleSource = {
    samplesOf: (endpoint) => writeSamples(endpoint, url),
    samplesNamed: (name) => findSamples(name, url),
  };
  return {
    page(name) {
      const known = pages.get(name);
      if (known) return known;
      const html = renderDevelopers(site, name, samples);
      if (html === null) return null;
      const made = make(html);
      pages.set(name, made);
      return made;
    },
    missing: () => renderMissing(site, samples),
    results(text) {
      // Half a letter at the end could stand in no address.
      const query = text
        .slice(0, LONGEST_QUERY)
        .replace(/[\uD800-\uDBFF]$/, '')
        .trim();
      const found = finder()(query, MOST_FOUND);
      return renderSearch(site, { query, found, isCut: found.length === MOST_FOUND }, samples);
    },
    index: once(() => make(JSON.stringify(index()))),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whose titles are found as well. */
function otherThan(locale: DeskLocale): DeskLocale {
  return DESK_LOCALES.find((other) => other !== locale) ?? locale;
}
