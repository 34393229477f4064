import { render } from 'preact-render-to-string';
import { assetPath } from '../../assets.ts';
import { DESK_LOCALES, LANGUAGE_TAGS } from '../../core/locale.ts';
import { hasRight, type Right } from '../../core/person.ts';
import { LANGUAGE_NAMES } from '../languages.ts';
import { cleanText } from '../safe.ts';
import type { Frame, PageName, Shown } from './frame.ts';
import { CsrfField } from './parts/form.tsx';
import { PageIcon } from './parts/icons.tsx';
import { sayOf } from './texts.ts';

interface Entry {
  readonly page: PageName;
  readonly path: string;
  /** Who has less does not see it. */
  readonly right?: Right;
}

/** The rail, in groups: what comes in, how it is set up, the house. On a phone the first four stand in the bar. */
export const RAIL: readonly (readonly Entry[])[] = [
  [
    { page: 'overview', path: '/admin' },
    { page: 'attention', path: '/admin/attention' },
    { page: 'payments', path: '/admin/payments' },
    { page: 'refunds', path: '/admin/refunds' },
    { page: 'links', path: '/admin/links' },
    { page: 'deliveries', path: '/admin/deliveries' },
  ],
  [
    { page: 'projects', path: '/admin/projects' },
    { page: 'callbacks', path: '/admin/callbacks' },
    { page: 'unmatched', path: '/admin/unmatched' },
  ],
  [
    { page: 'people', path: '/admin/people' },
    { page: 'audit', path: '/admin/audit', right: 'owner' },
    { page: 'backups', path: '/admin/backups' },
    { page: 'settings', path: '/admin/settings' },
  ],
];

/** Pages that stand under another one in the rail. */
const PARENT: Readonly<Partial<Record<PageName, PageName>>> = { payment: 'payments', project: 'projects' };
const IN_BAR = 4;

/** The whole document. Nothing in it is inline, so the strictest content policy holds. */
export function renderDesk(frame: Frame, page: PageName, shown: Shown): string {
  const { say, locale } = frame;
  const title = say('frame.title', { title: shown.title });
  const test = frame.person !== null && frame.view.kind === 'test';
  const document = render(
    <html lang={LANGUAGE_TAGS[locale]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no, date=no, address=no" />
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href={assetPath('icons/favicon.svg')} />
        <link rel="stylesheet" href={assetPath('admin.css')} />
        {['admin', ...(shown.scripts ?? [])].map((name) => (
          <script key={name} type="module" src={assetPath(`${name}.js`)} />
        ))}
      </head>
      <body class={frame.person === null ? 'guest' : 'desk'}>
        <a class="skip" href="#main">
          {say('frame.skip')}
        </a>
        {test && <aside class="band">{say('frame.band')}</aside>}
        {frame.person === null ? <GuestHead frame={frame} /> : <Rail frame={frame} page={page} />}
        <div class="sheet">
          {frame.person !== null && <Top frame={frame} />}
          <main id="main" tabIndex={-1} data-page={page} {...shown.data}>
            {frame.notice !== null && (
              <p class="notice" role="status">
                {frame.notice}
              </p>
            )}
            {shown.body}
          </main>
        </div>
      </body>
    </html>,
  );
  return `<!doctype html>${document}`;
}

function Rail({ frame, page }: { frame: Frame; page: PageName }) {
  const { say } = frame;
  const current = PARENT[page] ?? page;
  const groups = RAIL.map((group) =>
    group.filter(({ right }) => right === undefined || (frame.person !== null && hasRight(frame.person, right))),
  );
  const all = groups.flat();
  const link = ({ page: name, path }: Entry) => (
    <a key={name} href={path} aria-current={name === current ? 'page' : undefined}>
      <PageIcon page={name} />
      <span>{sayOf(say, 'page', name)}</span>
      <Badge frame={frame} page={name} />
    </a>
  );
  return (
    <header class="rail">
      <a class="mark" href="/admin">
        PayCore
      </a>
      <nav aria-label={say('frame.nav')}>
        {groups.map((group) => (
          <div class="group" key={group[0]?.page}>
            {group.map(link)}
          </div>
        ))}
      </nav>
      <nav class="bar" aria-label={say('frame.nav')}>
        {all.slice(0, IN_BAR).map(link)}
        <details class="more">
          <summary>
            <PageIcon page="setup" />
            <span>{say('frame.more')}</span>
          </summary>
          <div class="menu">{all.slice(IN_BAR).map(link)}</div>
        </details>
      </nav>
    </header>
  );
}

function Badge({ frame, page }: { frame: Frame; page: PageName }) {
  const count = frame.badges[page] ?? 0;
  if (count === 0) return null;
  return (
    <span class="badge">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span class="unseen">{frame.say('frame.todo', { count })}</span>
    </span>
  );
}

/** The page's own address with a part of the view changed: the frame keeps it and goes on without it. */
export function withView(address: string, name: 'project' | 'kind' | 'locale', value: string): string {
  const url = new URL(address, 'http://desk');
  // What is filtered or paged belongs to what was in view.
  if (name !== 'locale') url.search = '';
  url.searchParams.set(name, value);
  return url.pathname + url.search;
}

function Top({ frame }: { frame: Frame }) {
  const { say, view, projects, person, address } = frame;
  const chosen = projects.find(({ id }) => id === view.projectId);
  return (
    <div class="top">
      <details class="pick">
        <summary>
          <span class="unseen">{say('frame.project')} </span>
          <bdi>{chosen ? cleanText(chosen.name) : say('frame.all')}</bdi>
        </summary>
        <div class="menu">
          <a href={withView(address, 'project', 'all')} aria-current={chosen ? undefined : 'true'}>
            {say('frame.all')}
          </a>
          {projects.map(({ id, name }) => (
            <a
              key={id}
              href={withView(address, 'project', String(id))}
              aria-current={id === view.projectId ? 'true' : undefined}
            >
              <bdi>{cleanText(name)}</bdi>
            </a>
          ))}
        </div>
      </details>
      <nav class="kind" aria-label={say('frame.kind')}>
        {(['live', 'test'] as const).map((kind) => (
          <a
            key={kind}
            href={withView(address, 'kind', kind)}
            aria-current={view.kind === kind ? 'true' : undefined}
            data-kind={kind}
          >
            {say(`frame.${kind}`)}
          </a>
        ))}
      </nav>
      <details class="pick account">
        <summary>
          <span class="unseen">{say('frame.account', { name: '' })} </span>
          <bdi>{cleanText(person?.name ?? '')}</bdi>
        </summary>
        <div class="menu">
          <a href="/admin/account">{say('people.account.title')}</a>
          <Languages frame={frame} />
          <form method="post" action="/admin/logout" data-action="logout">
            <CsrfField frame={frame} />
            <button type="submit" class="plain">
              {say('frame.logout')}
            </button>
          </form>
        </div>
      </details>
    </div>
  );
}

function Languages({ frame }: { frame: Frame }) {
  return (
    <>
      {DESK_LOCALES.filter((locale) => locale !== frame.locale).map((locale) => (
        <a
          key={locale}
          href={withView(frame.address, 'locale', locale)}
          lang={LANGUAGE_TAGS[locale]}
          hreflang={LANGUAGE_TAGS[locale]}
        >
          {LANGUAGE_NAMES[locale]}
        </a>
      ))}
    </>
  );
}

function GuestHead({ frame }: { frame: Frame }) {
  return (
    <header class="guest-head">
      <span class="mark">PayCore</span>
      <nav aria-label={frame.say('frame.language')}>
        <Languages frame={frame} />
      </nav>
    </header>
  );
}

/** A page that says why there is none. */
export function renderDeskProblem(
  frame: Frame,
  page: PageName,
  { title, message, back }: { readonly title: string; readonly message: string; readonly back: string },
): string {
  const body = (
    <section class="problem">
      <h1>{title}</h1>
      <p>{message}</p>
      <p>
        <a class="button" href={back}>
          {back === '/admin' ? frame.say('problem.back') : frame.say('frame.back')}
        </a>
      </p>
    </section>
  );
  return renderDesk(frame, page, { title, body });
}
