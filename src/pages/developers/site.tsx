import { ERRORS_PAGE } from '../../developers/anchors.ts';
import type { Site } from '../../developers/types.ts';
import { renderDocument } from './document.tsx';
import { ErrorsPage } from './errors.tsx';
import { GroupPage } from './group.tsx';
import { GuidePage } from './guide.tsx';
import { HomePage } from './home.tsx';
import { type Search, SearchPage } from './search.tsx';
import { findGroup, findGuide, MISSING, openView, type SampleSource, SEARCH, type View } from './view.ts';

export type { SampleSource } from './view.ts';

/** The page of this name, `''` for the first one; null when there is none. */
export function renderDevelopers(site: Site, page: string, samples: SampleSource): string | null {
  const view = openView(site, page, samples);
  const shown = findPage(view);
  return shown && renderDocument(view, shown);
}

function findPage(view: View) {
  const { page, say } = view;
  if (page === '') return { title: say('home.title'), body: <HomePage view={view} /> };
  if (page === ERRORS_PAGE) return { title: say('errors'), body: <ErrorsPage view={view} /> };
  const guide = findGuide(view);
  if (guide) return { title: guide.title, body: <GuidePage view={view} guide={guide} /> };
  const group = findGroup(view);
  return group ? { title: group.name, body: <GroupPage view={view} group={group} /> } : null;
}

export function renderSearch(site: Site, search: Search, samples: SampleSource): string {
  const view = openView(site, SEARCH, samples);
  const title = search.query === '' ? view.say('search.title') : `${search.query} · ${view.say('search.title')}`;
  return renderDocument(view, { title, body: <SearchPage view={view} search={search} />, query: search.query });
}

/** Where there is no page, with the ways on. */
export function renderMissing(site: Site, samples: SampleSource): string {
  const view = openView(site, MISSING, samples);
  const { say } = view;
  const body = (
    <header class="head">
      <h1>{say('missing.title')}</h1>
      <p>{say('missing.text')}</p>
      <ul>
        {listWays(view).map(([page, title]) => (
          <li key={page}>
            <a href={view.to(page)}>{title}</a>
          </li>
        ))}
      </ul>
    </header>
  );
  return renderDocument(view, { title: say('missing.title'), body });
}

function listWays(view: View): readonly (readonly [page: string, title: string])[] {
  const { say, site } = view;
  return [
    ['', say('home.title')],
    ...site.guides.map(({ id, title }) => [id, title] as const),
    ...site.catalogue.groups.map(({ id, name }) => [id, name] as const),
    [ERRORS_PAGE, say('errors')],
  ];
}
