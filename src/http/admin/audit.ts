import type { Deps } from '../../deps.ts';
import { AuditPage } from '../../pages/admin/audit.tsx';
import type { Services } from '../../payments/index.ts';
import type { DeskArea, Shown, Visit } from './desk.ts';

const PAGE = 50;

/** Who changed what. It tells from where people come, so it is for owners. */
export function auditDesk({ store }: Deps, _services: Services): DeskArea {
  const show = async (visit: Visit): Promise<Shown> => {
    const query = visit.url.searchParams;
    const personId = readId(query.get('person'));
    const action = readAction(query.get('action'));
    const [people, actions, found] = await Promise.all([
      store.listPeople(),
      store.listAuditActions(),
      // One more than is shown, to know whether there are older ones.
      store.listAudit({ personId, action, beforeId: readId(query.get('cursor')), limit: PAGE + 1 }),
    ]);
    const entries = found.slice(0, PAGE);
    const older = found.length > PAGE ? (entries.at(-1)?.id ?? null) : null;
    const body = AuditPage({
      ...{ frame: visit, entries, older, actions, personId, action },
      people: people.map(({ id, name }) => ({ id, name })),
    });
    return { title: visit.say('page.audit'), body };
  };
  return { pages: [{ path: '/admin/audit', page: 'audit', right: 'owner', show }], actions: [] };
}

function readId(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

function readAction(text: string | null): string | null {
  return text !== null && /^[a-z][a-z0-9-]{0,59}$/.test(text) ? text : null;
}
