import { ADDRESS_NAMES, OPTIONAL_EVENTS } from '../../../core/settings.ts';
import type { Deps } from '../../../deps.ts';
import type { DeskText } from '../../../pages/admin/frame.ts';
import { NotificationsPage, type SecretOnce, type TestSent } from '../../../pages/admin/project/notifications.tsx';
import { sendTestNotification } from '../../../payments/projects/notify.ts';
import { changeProject, openNotificationSecret, rotateSecret } from '../../../payments/projects/projects.ts';
import type { Project } from '../../../store/queries/projects.ts';
import type { AuditNote, DeskAction, DeskArea, Problem, Shown, Visit } from '../desk.ts';
import { findProject, modelOf, pathOf, requireProject, titleOf } from './support.ts';

const PATH = '/admin/projects/:id/notifications';

interface Told {
  readonly problem?: Problem;
  readonly once?: SecretOnce;
  readonly sent?: TestSent;
}

/** Where a project's payers and notifications go, and what notifications are signed with. */
export function notificationsDesk(deps: Deps): DeskArea {
  return {
    pages: [
      {
        ...{ path: PATH, page: 'project', right: 'staff' },
        async show(visit, params) {
          const project = await findProject(deps, params);
          return project && show(visit, project);
        },
      },
    ],
    actions: listActions(deps),
  };
}

function show(visit: Visit, project: Project, { problem, once, sent }: Told = {}): Shown {
  const { settings, events, previousSecret } = project;
  return {
    ...titleOf(project),
    body: NotificationsPage({
      ...modelOf(visit, project, 'notifications'),
      urls: readUrls((name) => settings[name] ?? ''),
      events: OPTIONAL_EVENTS.map((name) => ({ name, isWanted: events.includes(name) })),
      previousUntil: previousSecret !== null && previousSecret.until > visit.now ? previousSecret.until : null,
      ...{ problem: problem ?? null, once: once ?? null, sent: sent ?? null },
    }),
  };
}

function listActions(deps: Deps): readonly DeskAction[] {
  const act = (path: string, action: string, run: DeskAction['run']): DeskAction => ({
    ...{ path: `${PATH}/${path}`, action, page: 'project', right: 'owner', run },
    async again(visit, problem, params) {
      const project = await findProject(deps, params);
      return project && show(visit, project, { problem });
    },
  });

  const save = async (project: Project, change: Change, { before, after }: Pick<AuditNote, 'before' | 'after'>) => {
    await changeProject(deps, project.id, change);
    const notice: DeskText = 'notify.saved';
    return {
      to: pathOf(project, 'notifications'),
      notice,
      audit: { about: project.name, ...(before && { before }), ...(after && { after }) },
    };
  };

  return [
    act('addresses', 'set-addresses', async (_visit, form, params) => {
      const project = await requireProject(deps, params);
      const urls = readUrls((name) => form.text(name));
      const before = readUrls((name) => project.settings[name] ?? '');
      return save(project, urls, { before: mask(before), after: mask(urls) });
    }),
    act('events', 'set-events', async (_visit, form, params) => {
      const project = await requireProject(deps, params);
      const events = OPTIONAL_EVENTS.filter((name) => form.all('event').includes(name));
      return save(project, { events }, { before: { events: project.events }, after: { events } });
    }),
    act('secret', 'show-secret', async (visit, _form, params) => {
      const project = await requireProject(deps, params);
      const once = { secret: openNotificationSecret(deps, project), isNew: false };
      return { shown: show(visit, project, { once }), audit: { about: project.name, after: { shown: true } } };
    }),
    act('rotate', 'rotate-secret', async (visit, _form, params) => {
      const { id, name } = await requireProject(deps, params);
      const { secret, previousUntil } = await rotateSecret(deps, id);
      const project = await requireProject(deps, params);
      const until = new Date(previousUntil).toISOString();
      return {
        shown: show(visit, project, { once: { secret, isNew: true } }),
        audit: { about: name, after: { rotated: true, formerSignsUntil: until } },
      };
    }),
    act('test', 'send-test-notification', async (visit, _form, params) => {
      const project = await requireProject(deps, params);
      const result = await sendTestNotification(deps, project);
      const sent =
        result.outcome === 'delivered'
          ? { isTaken: true, told: `HTTP ${result.status}` }
          : { isTaken: false, told: result.reason };
      return {
        shown: show(visit, project, { sent }),
        audit: { about: project.name, after: { ...sent } },
      };
    }),
  ];
}

type Change = Readonly<Record<string, unknown>>;
type Urls = Readonly<Record<string, string>>;

/** An empty field takes its address back. */
function readUrls(read: (name: (typeof ADDRESS_NAMES)[number]) => string): Urls {
  return Object.fromEntries(ADDRESS_NAMES.map((name) => [name, read(name)]));
}

/** As the audit keeps them: what stands behind the question mark may be a shop's secret. */
function mask(urls: Urls): Urls {
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, url.replace(/[?#].*$/, '?…')]));
}
