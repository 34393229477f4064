import { render } from 'preact-render-to-string';
import { LANGUAGE_TAGS } from '../../core/locale.ts';
import type { Endpoint, Site } from '../../developers/types.ts';

/** The page of this name, `''` for the first one; null when there is none. */
export function renderDevelopers({ locale, catalogue, guides }: Site, page: string): string | null {
  const shown = page === '' ? catalogue.groups : catalogue.groups.filter(({ id }) => id === page);
  const guide = guides.find(({ id }) => id === page);
  if (shown.length === 0 && !guide) return null;
  return `<!doctype html>${render(
    <html lang={LANGUAGE_TAGS[locale]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>PayCore</title>
      </head>
      <body>
        <main>
          {guide && <h1>{guide.title}</h1>}
          {shown.flatMap(({ endpoints }) => endpoints.map((one) => <EndpointPart key={one.id} endpoint={one} />))}
        </main>
      </body>
    </html>,
  )}`;
}

function EndpointPart({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <section id={endpoint.id}>
      <h2>{endpoint.title}</h2>
      <p>
        <code>{`${endpoint.verb} ${endpoint.path}`}</code>
      </p>
    </section>
  );
}
