import { render } from 'preact-render-to-string';
import { assetPath } from '../../assets.ts';
import { DESK_LOCALES, type DeskLocale, LANGUAGE_TAGS } from '../../core/locale.ts';
import { LANGUAGE_NAMES } from '../languages.ts';
import { Figures, type FiguresModel } from './figures.tsx';
import { type HomeText, type Say, speakHome } from './words.ts';

/** The public face of an installation. */
export interface HomeModel {
  readonly locale: DeskLocale;
  /** The address names the language, and so do those it leads to. */
  readonly isNamed: boolean;
  readonly guides: readonly { readonly id: string; readonly title: string }[];
  /** Null where they are nobody's business: nothing on the page says that there are any. */
  readonly figures: FiguresModel | null;
}

/** The whole document. Nothing in it is inline, so the strictest content policy holds. */
export function renderHome(model: HomeModel): string {
  const { locale, figures } = model;
  const say = speakHome(locale);
  return `<!doctype html>${render(
    <html lang={LANGUAGE_TAGS[locale]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no, date=no, address=no" />
        <title>{say('home.title')}</title>
        <link rel="icon" type="image/svg+xml" href={assetPath('icons/favicon.svg')} />
        <link rel="stylesheet" href={assetPath('home.css')} />
      </head>
      <body>
        <header class="head">
          <p class="mark">PayCore</p>
          <Languages current={locale} say={say} />
        </header>
        <main class="card">
          <section class="intro">
            <h1>{say('home.title')}</h1>
            <p>{say('home.what')}</p>
            <p>{say('home.whom')}</p>
          </section>
          {figures && <Figures figures={figures} locale={locale} say={say} />}
          <Places model={model} say={say} />
        </main>
      </body>
    </html>,
  )}`;
}

function Languages({ current, say }: { readonly current: DeskLocale; readonly say: Say }) {
  return (
    <nav aria-label={say('home.language')}>
      {DESK_LOCALES.filter((locale) => locale !== current).map((locale) => (
        <a key={locale} href={`/${locale}`} lang={LANGUAGE_TAGS[locale]} hreflang={LANGUAGE_TAGS[locale]}>
          {LANGUAGE_NAMES[locale]}
        </a>
      ))}
    </nav>
  );
}

interface Place {
  readonly path: string;
  readonly title: HomeText;
  readonly text: HomeText;
}

const PLACES: readonly Place[] = [
  { path: '/developers', title: 'home.developers', text: 'home.developers.text' },
  { path: '/swagger', title: 'home.swagger', text: 'home.swagger.text' },
  { path: '/admin', title: 'home.admin', text: 'home.admin.text' },
];

function Places({ model, say }: { readonly model: HomeModel; readonly say: Say }) {
  const developers = model.isNamed ? `/${model.locale}/developers` : '/developers';
  return (
    <>
      <section aria-labelledby="places">
        <h2 id="places">{say('home.places')}</h2>
        <ul class="places">
          {PLACES.map(({ path, title, text }) => (
            <li key={path}>
              <a href={path === '/developers' ? developers : path}>{say(title)}</a>
              <span>{say(text)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="guides">
        <h2 id="guides">{say('home.guides')}</h2>
        <ul class="guides">
          {model.guides.map(({ id, title }) => (
            <li key={id}>
              <a href={`${developers}/${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
