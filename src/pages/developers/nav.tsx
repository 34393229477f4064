import { ERRORS_PAGE } from '../../developers/anchors.ts';
import { plainText } from '../../developers/sections.ts';
import { findGroup, findGuide, type View } from './view.ts';

/** The way to every page; of the one that is shown, to its parts too. */
export function Nav({ view }: { readonly view: View }) {
  const { say, site } = view;
  const { groups } = site.catalogue;
  const gateways = groups.filter(({ kind }) => kind === 'gateway');
  const common = groups.filter(({ kind }) => kind !== 'gateway');
  return (
    <nav aria-label={say('nav')}>
      <Part view={view} title={say('nav.guides')} pages={site.guides.map(({ id, title }) => [id, title])} />
      <Part view={view} title={say('nav.api')} pages={common.map(({ id, name }) => [id, name])} />
      <Part view={view} title={say('nav.gateways')} pages={gateways.map(({ id, name }) => [id, name])} />
      <p class="part">{say('nav.more')}</p>
      <ul>
        <PageLink view={view} id={ERRORS_PAGE} title={say('errors')} />
        <li>
          <a href="/swagger">{say('swagger')}</a>
        </li>
        <li>
          <a href={view.to('.md')}>{say('markdown')}</a>
        </li>
      </ul>
    </nav>
  );
}

interface PartProps {
  readonly view: View;
  readonly title: string;
  readonly pages: readonly (readonly [id: string, title: string])[];
}

function Part({ view, title, pages }: PartProps) {
  return (
    <>
      <p class="part">{title}</p>
      <ul>
        {pages.map(([id, name]) => (
          <PageLink key={id} view={view} id={id} title={name} />
        ))}
      </ul>
    </>
  );
}

function PageLink({ view, id, title }: { readonly view: View; readonly id: string; readonly title: string }) {
  const isShown = view.page === id;
  return (
    <li>
      <a href={view.to(id)} aria-current={isShown ? 'page' : undefined}>
        {title}
      </a>
      {isShown && <PlacesOnPage view={view} />}
    </li>
  );
}

function PlacesOnPage({ view }: { readonly view: View }) {
  const guide = findGuide(view);
  const headings = guide?.headings.filter(({ level }) => level === 2) ?? [];
  const places = [
    ...headings.map(({ id, title }) => ({ id, title: plainText(title) })),
    ...(findGroup(view)?.endpoints ?? []),
  ];
  if (places.length === 0) return null;
  return (
    <ul class="places">
      {places.map(({ id, title }) => (
        <li key={id}>
          <a href={`#${id}`}>{title}</a>
        </li>
      ))}
    </ul>
  );
}
