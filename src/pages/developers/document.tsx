import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import { assetPath } from '../../assets.ts';
import { DESK_LOCALES, LANGUAGE_TAGS } from '../../core/locale.ts';
import { KINDS } from '../../developers/find.ts';
import { LANGUAGE_NAMES } from '../languages.ts';
import { Nav } from './nav.tsx';
import { MISSING, otherPath, SEARCH, type View } from './view.ts';

interface Shown {
  readonly title: string;
  readonly body: ComponentChildren;
  /** What was looked for, which stands in the box. */
  readonly query?: string;
}

/** The whole document. Nothing in it is inline, so the strictest content policy holds. */
export function renderDocument(view: View, { title, body, query = '' }: Shown): string {
  const { say, site, page, to } = view;
  const document = render(
    <html lang={LANGUAGE_TAGS[site.locale]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no, date=no, address=no" />
        <title>{say('title', { title })}</title>
        <link rel="icon" type="image/svg+xml" href={assetPath('icons/favicon.svg')} />
        <link rel="stylesheet" href={assetPath('developers.css')} />
        <script src={assetPath('developers.js')} defer />
      </head>
      <body data-copy={say('copy')} data-copied={say('copied')} data-failed={say('copy.failed')}>
        <a class="skip" href="#main">
          {say('skip')}
        </a>
        <Bar view={view} query={query} />
        <div class="frame">
          <div class="rail">
            <Nav view={view} />
          </div>
          <main id="main" tabIndex={-1} data-page={page === '' ? 'home' : page}>
            {body}
            <footer class="foot">
              <p>{say('foot', { version: site.catalogue.version })}</p>
              <a href="/swagger">Swagger UI</a>
              <a href={to(markdownOf(view))}>Markdown</a>
              <a href="/llms.txt">{say('machines')}</a>
            </footer>
          </main>
        </div>
        <p class="unseen" role="status" data-live />
      </body>
    </html>,
  );
  return `<!doctype html>${document}`;
}

/** Of this page, where it has one. */
function markdownOf({ page }: View): string {
  return page === '' || page === MISSING || page === SEARCH ? '.md' : `${page}.md`;
}

function Bar({ view, query }: { readonly view: View; readonly query: string }) {
  const { say, to } = view;
  return (
    <header class="bar">
      <p class="brand">
        <a href="/">PayCore</a>
        <a class="centre" href={to('')}>
          {say('centre')}
        </a>
      </p>
      <SearchForm view={view} query={query} />
      <div class="links">
        <a href="/swagger">Swagger</a>
        <Languages view={view} query={query} />
      </div>
      <details class="menu">
        <summary>{say('menu')}</summary>
        <div class="sheet">
          <p class="links">
            <a href={to('')}>{say('centre')}</a>
            <Languages view={view} query={query} />
          </p>
          <Nav view={view} />
        </div>
      </details>
    </header>
  );
}

/** A form like any other; the script answers below it while one types. */
function SearchForm({ view, query }: { readonly view: View; readonly query: string }) {
  const { say, to, site } = view;
  const words = {
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, say(`kind.${kind}`)])),
    more: say('search.more'),
    found: say('search.found'),
    none: say('search.none'),
  };
  return (
    <search class="search">
      <form
        action={to(SEARCH)}
        data-index={`/developers/search/${site.locale}.json`}
        data-root={to('x').slice(0, -1)}
        data-words={JSON.stringify(words)}
      >
        <input
          type="search"
          name="q"
          value={query}
          placeholder={say('search.label')}
          aria-label={say('search.label')}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
        />
        <button type="submit">{say('search')}</button>
        <div class="found" id="found" role="listbox" aria-label={say('search.title')} hidden />
      </form>
    </search>
  );
}

function Languages({ view: { page, site }, query }: { readonly view: View; readonly query: string }) {
  return (
    <>
      {DESK_LOCALES.filter((locale) => locale !== site.locale).map((locale) => (
        <a
          key={locale}
          href={
            otherPath(page === MISSING ? '' : page, locale) + (query === '' ? '' : `?q=${encodeURIComponent(query)}`)
          }
          lang={LANGUAGE_TAGS[locale]}
          hreflang={LANGUAGE_TAGS[locale]}
        >
          {LANGUAGE_NAMES[locale]}
        </a>
      ))}
    </>
  );
}
