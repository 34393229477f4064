import { keepByName } from '../core/kept.ts';
import type { DeskLocale } from '../core/locale.ts';
import type { Document } from '../http/openapi/types.ts';
import { readCatalogue } from './catalogue.ts';
import { readGuides } from './guides.ts';
import { translateCatalogue } from './translate.ts';
import type { Site } from './types.ts';

export type ReadSite = (locale: DeskLocale) => Promise<Site>;

/** The developer centre of this installation, made once for each language when it is first asked for. A failure is not kept. */
export function keepSites(readDocument: () => Promise<Document>): ReadSite {
  const keep = keepByName<DeskLocale, Site>();
  return (locale) => keep(locale, () => makeSite(locale, readDocument));
}

async function makeSite(locale: DeskLocale, readDocument: () => Promise<Document>): Promise<Site> {
  const catalogue = translateCatalogue(readCatalogue(await readDocument()), locale);
  return { locale, catalogue, guides: readGuides(locale, catalogue.url) };
}
