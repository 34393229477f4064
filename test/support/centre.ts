import { DESK_LOCALES, type DeskLocale } from '../../src/core/locale.ts';
import { readCatalogue } from '../../src/developers/catalogue.ts';
import { readGuides } from '../../src/developers/guides.ts';
import { findSamples, writeSamples } from '../../src/developers/samples/index.ts';
import { keepSites } from '../../src/developers/site.ts';
import { translateCatalogue } from '../../src/developers/translate.ts';
import type { Endpoint, FieldRow, Group, Site } from '../../src/developers/types.ts';
import { developerRoutes } from '../../src/http/routes/developers.ts';
import type { SampleSource } from '../../src/pages/developers/site.tsx';
import { buildRawDocument } from './document.ts';

/** The developer centre of an installation, without the installation. */

export const CENTRE_URL = 'https://pay.shop.example';
export const readDocument = () => buildRawDocument(CENTRE_URL);

export const SAMPLES: SampleSource = {
  samplesOf: (endpoint) => writeSamples(endpoint, CENTRE_URL),
  samplesNamed: (name) => findSamples(name, CENTRE_URL),
};

export async function buildSites(): Promise<Readonly<Record<DeskLocale, Site>>> {
  const catalogue = readCatalogue(await readDocument());
  const [zh, en] = DESK_LOCALES.map(
    (locale): Site => ({
      locale,
      catalogue: translateCatalogue(catalogue, locale),
      guides: readGuides(locale, CENTRE_URL),
    }),
  );
  if (!zh || !en) throw new Error('a language is missing');
  return { 'zh-tw': zh, en };
}

export function openRoutes() {
  const document = readDocument();
  return developerRoutes(
    { config: { locale: 'zh-tw' } },
    keepSites(() => document),
    { waitFor: () => null },
  );
}

export function listGroups({ catalogue }: Site): readonly Group[] {
  return [...catalogue.groups, catalogue.notifications];
}

/** Every page there is, `''` for the first one. */
export function listPages(site: Site): readonly string[] {
  const groups = listGroups(site).map(({ id }) => id);
  return [...new Set(['', ...site.guides.map(({ id }): string => id), ...groups, 'errors'])];
}

export function listRows({ fields, credentials, answers }: Endpoint): readonly FieldRow[] {
  return [...fields, ...credentials, ...answers.flatMap((answer) => answer.fields)];
}
