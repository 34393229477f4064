import { type DeskLocale, isDeskLocale } from '../../core/locale.ts';
import type { View } from '../../pages/admin/frame.ts';
import type { ProjectSummary } from '../../store/queries/projects.ts';
import type { Form } from './form.ts';

/** What is looked at, kept in a cookie: `3.test.en`; `0` is every project. It opens nothing, so it is not signed. */
export const VIEW_COOKIE = 'paycore_view';
export const VIEW_AGE_S = 400 * 24 * 3600;

export interface Kept {
  readonly projectId: number | null;
  readonly kind: View['kind'] | null;
  readonly locale: DeskLocale | null;
}

export function readView(cookie: string | null): Kept {
  const [project = '', kind, locale = ''] = (cookie ?? '').split('.');
  return {
    projectId: /^[1-9]\d{0,14}$/.test(project) ? Number(project) : null,
    kind: kind === 'live' || kind === 'test' ? kind : null,
    locale: isDeskLocale(locale) ? locale : null,
  };
}

export function writeView({ projectId, kind, locale }: Kept): string {
  return `${projectId ?? 0}.${kind ?? ''}.${locale ?? ''}`;
}

const NAMES = ['project', 'kind', 'locale'] as const;

/** What an address says about the view, and the address without it; null when it says nothing. */
export function takeView(url: URL, kept: Kept): { readonly kept: Kept; readonly address: string } | null {
  const said = new URLSearchParams(
    NAMES.flatMap((name) => (url.searchParams.has(name) ? [[name, url.searchParams.get(name) ?? '']] : [])),
  );
  if (said.size === 0) return null;
  const rest = new URL(url);
  for (const name of NAMES) rest.searchParams.delete(name);
  const read = readView(`${said.get('project') ?? ''}.${said.get('kind') ?? ''}.${said.get('locale') ?? ''}`);
  return {
    kept: {
      projectId: said.has('project') ? read.projectId : kept.projectId,
      kind: read.kind ?? kept.kind,
      locale: read.locale ?? kept.locale,
    },
    address: rest.pathname + rest.search,
  };
}

/**
 * What was looked at where a form stood, which says it as `project` and `mode`: in another window something else may have
 * come in view since, and that was not what its person read. Without a word of it, what is in view now.
 */
export function shownView({ view, projects }: Seen, form: Pick<Form, 'text'>): View {
  const [project, mode] = [form.text('project'), form.text('mode')];
  const named = projects.find(({ id }) => String(id) === project)?.id;
  return {
    projectId: project === 'all' ? null : (named ?? view.projectId),
    kind: mode === 'live' || mode === 'test' ? mode : view.kind,
  };
}

interface Seen {
  readonly view: View;
  readonly projects: readonly Pick<ProjectSummary, 'id'>[];
}

/** Of a project that is gone nothing can be seen. Until there is a key for real money, tests are all there is to look at. */
export function completeView({ projectId, kind }: Kept, projects: readonly ProjectSummary[]): View {
  const isLive = projects.some(({ liveKeys }) => liveKeys > 0);
  return {
    projectId: projects.some(({ id }) => id === projectId) ? projectId : null,
    kind: kind ?? (isLive ? 'live' : 'test'),
  };
}
