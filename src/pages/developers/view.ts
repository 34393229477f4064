import type { DeskLocale } from '../../core/locale.ts';
import type { Endpoint, Group, Guide, Sample, Site } from '../../developers/types.ts';
import { createProse, type Prose } from './prose.tsx';
import { type Say, speakDevelopers } from './words.ts';

/** What every part of a page is given. */
export interface View {
  readonly site: Site;
  readonly say: Say;
  /** Of the page, `''` for the first one. */
  readonly page: string;
  /** The way to a page, and to a place on it: `errors#ORDER_CONFLICT`. */
  readonly to: (address: string) => string;
  readonly prose: Prose;
  readonly samplesOf: (endpoint: Endpoint) => readonly Sample[];
  readonly samplesNamed: (name: string) => readonly Sample[];
}

/** Samples are written elsewhere. */
export type SampleSource = Pick<View, 'samplesOf' | 'samplesNamed'>;

/**
 * All links lead on from where the page is, so that one and the same page stands under `/developers` and under
 * `/en/developers`.
 */
export function openView(site: Site, page: string, samples: SampleSource): View {
  const to = (address: string): string => linkTo(page, address);
  return { site, page, say: speakDevelopers(site.locale), to, prose: createProse(to), ...samples };
}

/** On the first page, whose address ends in `developers`, and on those behind it; `#…` and `.md` are of the first one. */
function linkTo(page: string, address: string): string {
  const isFirst = /^(?:[#.]|$)/.test(address);
  if (page === '') return `developers${isFirst ? '' : '/'}${address}`;
  return isFirst ? `../developers${address}` : address;
}

/** Stands for any page behind the first that is none. */
export const MISSING = 'missing';
export const SEARCH = 'search';

export function otherPath(page: string, locale: DeskLocale): string {
  return `/${locale}/developers${page === '' ? '' : `/${page}`}`;
}

export function listGroups({ site: { catalogue } }: View): readonly Group[] {
  return [...catalogue.groups, catalogue.notifications];
}

export function findGroup(view: View): Group | undefined {
  return listGroups(view).find(({ id }) => id === view.page);
}

export function findGuide(view: View): Guide | undefined {
  return view.site.guides.find(({ id }) => id === view.page);
}
