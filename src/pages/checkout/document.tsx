import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import { assetPath, readAssetNow } from '../../assets.ts';
import { LANGUAGE_TAGS, type Locale } from '../../core/locale.ts';
import { cleanText, safePath, safeUrl } from '../safe.ts';
import { sheetPath } from '../sheet.ts';
import { type Say, speak } from '../text.ts';
import { Contact, Logo } from './brand.tsx';
import { Globe, Lock } from './icons.tsx';
import type { Brand, PageModel } from './model.ts';

export interface Frame {
  readonly locale: Locale;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly shopName?: string;
  /** The shop's name leads there. */
  readonly homeUrl?: string | null | undefined;
  /** Needs its pictures in the page's content policy (brand.tsx, listPictures). */
  readonly brand?: Brand | undefined;
  /** Shows the lock: only where the page really came over https. */
  readonly secure?: boolean;
  readonly test?: boolean;
  /** Beside the word that this is a test. */
  readonly practiceUrl?: string | null;
  readonly languages?: PageModel['languages'];
  /** Names of files in `web/`. */
  readonly scripts?: readonly string[];
  readonly foot?: ComponentChildren;
  /** How to reach the shop stands in the page, and so not in the foot. */
  readonly hasContact?: boolean;
}

/** The same on every page. */
const HEAD_BEFORE = render(
  <>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <meta name="referrer" content="no-referrer" />
    {/* No color-scheme here: with it, frames of a gateway that know of no dark get a white sheet behind them. */}
    {/* Phones would turn account numbers into links that dial. */}
    <meta name="format-detection" content="telephone=no, date=no, address=no" />
  </>,
);
/** In the page itself: on a slow line a file of its own would take its turn before what is to be read. */
const ICON = `data:image/svg+xml,${encodeURIComponent(readAssetNow('assets/icons/favicon.svg').trim())}`;
const HEAD_AFTER = render(<link rel="icon" type="image/svg+xml" href={ICON} />);

/** The whole document around one `<main>`. Nothing in it is inline, so the strictest content policy holds. */
export function renderDocument(frame: Frame): string {
  const say = speak(frame.locale);
  const { title, scripts = [] } = frame;
  const own = render(
    <>
      <link rel="stylesheet" href={sheetPath(frame.brand?.accent)} />
      {scripts.map((name) => (
        <script key={name} type="module" src={assetPath(`${name}.js`)} />
      ))}
    </>,
  );
  const body = render(
    <body>
      <Head frame={frame} say={say} />
      {frame.children}
      <footer class="foot">
        {!frame.hasContact && <Contact brand={frame.brand} say={say} />}
        {frame.foot}
        <p>PayCore</p>
      </footer>
      <p class="unseen" role="status" data-live />
    </body>,
  );
  const head = `${HEAD_BEFORE}${render(<title>{title}</title>)}${HEAD_AFTER}${own}`;
  return `<!doctype html><html lang="${LANGUAGE_TAGS[frame.locale]}"><head>${head}</head>${body}</html>`;
}

function Head({ frame, say }: { frame: Frame; say: Say }) {
  const { shopName, test, practiceUrl, secure, languages = [] } = frame;
  if (shopName === undefined && !test && languages.length === 0) return null;
  const shop = cleanText(shopName ?? '');
  const home = safeUrl(frame.homeUrl);
  return (
    <header>
      {test && (
        <p class="band">
          {say('page.test')}
          {practiceUrl && (
            <a class="practice" href={practiceUrl} data-practice>
              {say('page.practice')}
            </a>
          )}
        </p>
      )}
      <div class="head">
        <div class="sign-board">
          <Logo brand={frame.brand} shop={shop} />
          <p class="shop">
            {secure && (
              <span class="lock">
                <Lock />
                <span class="unseen">{say('page.secure')}</span>
              </span>
            )}
            {/* Kept up to date by checkout.js: what stands in the address changes with the payment. */}
            <a {...(home ? { href: home } : {})} data-shop>
              <bdi>{shop}</bdi>
            </a>
          </p>
        </div>
        <Languages current={frame.locale} languages={languages} say={say} />
      </div>
    </header>
  );
}

/** All of them, each in its own words: who is in the wrong one reads nothing else on the page. Opens without a script. */
function Languages(props: { current: Locale; languages: PageModel['languages']; say: Say }) {
  const links = props.languages.flatMap(({ locale, href }) => {
    const path = safePath(href);
    return path === null ? [] : [{ locale, path, tag: LANGUAGE_TAGS[locale], name: speak(locale)('language.name') }];
  });
  if (links.length < 2) return null;
  return (
    <nav aria-label={props.say('language.label')}>
      <details class="languages">
        <summary>
          <Globe />
          <span>{props.say('language.name')}</span>
        </summary>
        <ul>
          {links.map(({ locale, path, tag, name }) => (
            <li key={locale}>
              <a href={path} lang={tag} hreflang={tag} aria-current={locale === props.current ? 'true' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
