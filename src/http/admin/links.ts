import { PayCoreError } from '../../core/errors.ts';
import { type Link, stateOf } from '../../core/link.ts';
import type { Deps } from '../../deps.ts';
import { LinkPage, LinksPage, type LinkView, NewLinkPage } from '../../pages/admin/links.tsx';
import { shapeQr } from '../../pages/checkout/shapes.ts';
import type { Services } from '../../payments/index.ts';
import { closeDeskLink, listDeskLinks, readLinkForm } from '../../payments/links/desk.ts';
import { addLink, findLink, linkUrl } from '../../payments/links/links.ts';
import type { DeskAction, DeskArea, DeskPage, Form, Problem, Shown, Visit } from './desk.ts';
import { shownView } from './view.ts';

const PATH = '/admin/links';

/** Payment links: what they have brought, new ones, their addresses to hand out. */
export function linksDesk(deps: Deps, _services: Services): DeskArea {
  return { pages: listPages(deps), actions: listActions(deps) };
}

function listPages(deps: Deps): readonly DeskPage[] {
  const describe = ({ projects, now }: Visit, link: Link): LinkView => ({
    ...link,
    state: stateOf(link, now),
    projectName: projects.find(({ id }) => id === link.projectId)?.name ?? '',
    url: linkUrl(deps, link),
  });

  return [
    {
      ...{ path: PATH, page: 'links', right: 'staff' },
      async show(visit) {
        const { view, projects } = visit;
        const projectIds = view.projectId === null ? projects.map(({ id }) => id) : [view.projectId];
        const cursor = visit.url.searchParams.get('cursor');
        const { links, next } = await listDeskLinks(deps, { projectIds, kind: view.kind }, cursor);
        const rows = links.map((link) => describe(visit, link));
        return { title: visit.say('page.links'), body: LinksPage({ frame: visit, links: rows, next }) };
      },
    },
    { path: `${PATH}/new`, page: 'links', right: 'owner', show: async (visit) => showNew(deps, visit) },
    {
      ...{ path: `${PATH}/:linkNo`, page: 'links', right: 'staff' },
      async show(visit, { linkNo = '' }) {
        const link = await findLink(deps, linkNo);
        if (!link) return null;
        const view = describe(visit, link);
        const body = LinkPage({ frame: visit, link: view, shape: await shapeQr(view.url) });
        return { title: link.title, body, scripts: ['admin-print'] };
      },
    },
  ];
}

function showNew(deps: Deps, visit: Visit, problem: Problem | null = null): Shown {
  return {
    title: visit.say('links.new'),
    body: NewLinkPage({ frame: visit, currency: deps.config.currency, problem }),
  };
}

async function requireLink(deps: Deps, linkNo: string): Promise<Link> {
  const link = await findLink(deps, linkNo);
  if (!link) throw new PayCoreError('LINK_NOT_FOUND');
  return link;
}

function listActions(deps: Deps): readonly DeskAction[] {
  return [
    {
      ...{ path: `${PATH}/new`, action: 'create-link', page: 'links', right: 'owner' },
      async run(visit, form) {
        const projectId = readProject(visit, form);
        const { kind } = shownView(visit, form);
        const link = await addLink(deps, { projectId, kind }, readLinkForm(form));
        const { amount, minAmount, maxAmount, currency, isSingleUse, expiresAt } = link;
        return {
          ...{ to: `${PATH}/${link.linkNo}`, notice: 'links.created' },
          audit: {
            about: link.linkNo,
            after: { title: link.title, amount, minAmount, maxAmount, currency, isSingleUse, expiresAt },
          },
        };
      },
      again: async (visit, problem) => showNew(deps, visit, problem),
    },
    {
      ...{ path: `${PATH}/:linkNo/close`, action: 'close-link', page: 'links', right: 'owner' },
      async run(_visit, _form, { linkNo = '' }) {
        const link = await requireLink(deps, linkNo);
        const { closedAt } = await closeDeskLink(deps, link);
        return {
          ...{ to: `${PATH}/${link.linkNo}`, notice: 'links.closed', values: { title: link.title } },
          audit: { about: link.linkNo, before: { closedAt: link.closedAt }, after: { closedAt } },
        };
      },
    },
  ];
}

/** The project that was chosen, or the only one there is. Throws ROUTE_NOT_FOUND. */
function readProject({ projects, view }: Visit, form: Form): number {
  const chosen = form.text('project') === '' ? view.projectId : Number(form.text('project'));
  const found = projects.find(({ id }) => id === chosen) ?? (projects.length === 1 ? projects[0] : undefined);
  if (!found) throw new PayCoreError('ROUTE_NOT_FOUND');
  return found.id;
}
