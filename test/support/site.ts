import type { DeskLocale } from '../../src/core/locale.ts';
import { keepSites } from '../../src/developers/site.ts';
import type { Catalogue, Endpoint, Site } from '../../src/developers/types.ts';
import { buildRawDocument } from './document.ts';

export const SITE_URL = 'https://pay.shop.example';

const readSite = keepSites(() => buildRawDocument(SITE_URL));

/** The developer centre of an installation, made once for all tests. */
export function readTestSite(locale: DeskLocale = 'en'): Promise<Site> {
  return readSite(locale);
}

export function listEndpoints({ groups, notifications }: Catalogue): readonly Endpoint[] {
  return [...groups, notifications].flatMap(({ endpoints }) => endpoints);
}
