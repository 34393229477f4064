import type { Deps } from '../../deps.ts';
import { UnmatchedOnePage, UnmatchedPage } from '../../pages/admin/unmatched.tsx';
import { findUnmatched, listUnmatched } from '../../payments/callback/unmatched.ts';
import type { Services } from '../../payments/index.ts';
import type { DeskArea, Shown, Visit } from './desk.ts';

const PATH = '/admin/unmatched';

/** Callbacks that belong to nobody: to be looked at, nothing can be done to them. */
export function unmatchedDesk(deps: Deps, _services: Services): DeskArea {
  return {
    pages: [
      { path: PATH, page: 'unmatched', right: 'staff', show: (visit) => showList(deps, visit) },
      {
        path: `${PATH}/:id`,
        page: 'unmatched',
        right: 'staff',
        show: (visit, { id = '' }) => showOne(deps, visit, id),
      },
    ],
    actions: [],
  };
}

async function showList(deps: Deps, visit: Visit): Promise<Shown> {
  const { url, view, say } = visit;
  const [gateway = '', cursor = ''] = ['gateway', 'cursor'].map((name) => url.searchParams.get(name) ?? '');
  const { callbacks, nextCursor } = await listUnmatched(deps, {
    projectId: view.projectId,
    gateway: gateway === '' ? null : gateway,
    cursor: cursor === '' ? null : cursor,
  });
  const gateways = deps.gateways.list.map(({ id, name }) => ({ id, name }));
  const model = { rows: callbacks, nextCursor, gateway, gateways };
  return { title: say('page.unmatched'), body: UnmatchedPage({ frame: visit, model }) };
}

async function showOne(deps: Deps, visit: Visit, id: string): Promise<Shown | null> {
  const model = /^[1-9]\d{0,14}$/.test(id) ? await findUnmatched(deps, Number(id)) : null;
  if (!model) return null;
  const title = visit.say('unmatched.title', { gateway: model.gatewayName });
  return { title, body: UnmatchedOnePage({ frame: visit, model }), data: { 'data-refusal': model.kind } };
}
