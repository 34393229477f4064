import { ERRORS_PAGE } from '../../developers/anchors.ts';
import { EndpointList } from './group.tsx';
import { GuideText } from './guide.tsx';
import { Heading } from './parts.tsx';
import { listGroups, type View } from './view.ts';

export function HomePage({ view }: { readonly view: View }) {
  const { say, site, to } = view;
  const { catalogue, guides } = site;
  const start = guides.find(({ id }) => id === 'quick-start');
  return (
    <>
      <header class="head">
        <h1>{say('home.title')}</h1>
        <p>{say('home.lead', { url: catalogue.url })}</p>
      </header>
      {start && (
        <section class="head">
          <Heading id={start.id} level={2} title={start.title} say={say} />
          <GuideText view={view} guide={start} deeper={1} />
        </section>
      )}
      <section class="catalogue">
        <Heading id="catalogue" level={2} title={say('home.catalogue')} say={say} />
        {listGroups(view).map((group) => (
          <div key={group.id}>
            <h3>
              <a href={to(group.id)}>{group.name}</a>
            </h3>
            <EndpointList view={view} group={group} />
          </div>
        ))}
        <h3>
          <a href={to(ERRORS_PAGE)}>{say('errors')}</a>
        </h3>
        <p>{say('home.errors', { count: catalogue.errors.length })}</p>
      </section>
    </>
  );
}
