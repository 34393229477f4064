import type { ErrorRow } from '../../developers/types.ts';
import { ErrorText, Folded } from './answers.tsx';
import { CodeBlock, writeExample } from './code.tsx';
import { Heading, Name } from './parts.tsx';
import { Paragraphs } from './prose.tsx';
import { listGroups, type View } from './view.ts';

export function ErrorsPage({ view }: { readonly view: View }) {
  const { say, site, prose } = view;
  return (
    <>
      <header class="head">
        <h1>{say('errors')}</h1>
        <Paragraphs html={prose.blocks(say('errors.lead'))} />
      </header>
      {site.catalogue.errors.map((error) => (
        <ErrorPart key={error.code} view={view} error={error} />
      ))}
    </>
  );
}

function ErrorPart({ view, error }: { readonly view: View; readonly error: ErrorRow }) {
  const { say } = view;
  return (
    <section class="error pair" id={error.code}>
      <div class="about">
        <Heading id={error.code} level={2} title={error.code} say={say} isPlaced>
          <Name text={error.code} />
        </Heading>
        <div>
          <span class="status">{error.status || '–'}</span> <ErrorText view={view} error={error} />
        </div>
        <Answering view={view} error={error} />
      </div>
      <div class="aside">
        <CodeBlock code={writeExample(error.example, 'application/json')} />
      </div>
    </section>
  );
}

/** Where it may come. */
function Answering({ view, error: { code } }: { readonly view: View; readonly error: ErrorRow }) {
  const found = listGroups(view).flatMap((group) =>
    group.endpoints
      .filter(({ errors }) => errors.some((one) => one.code === code))
      .map((endpoint) => ({ group, endpoint })),
  );
  if (found.length === 0) return null;
  return (
    <Folded title={view.say('error.endpoints', { count: found.length })} isOpen={false}>
      <ul class="answering">
        {found.map(({ group, endpoint }) => (
          <li key={endpoint.id}>
            <a href={view.to(`${group.id}#${endpoint.id}`)}>{endpoint.title}</a>
          </li>
        ))}
      </ul>
    </Folded>
  );
}
