import { PayCoreError } from '../../core/errors.ts';
import { EVENTS } from '../../core/settings.ts';
import { DAY } from '../../core/time.ts';
import { VERSION } from '../../core/version.ts';
import type { Deps } from '../../deps.ts';
import { DeliveriesPage } from '../../pages/admin/deliveries.tsx';
import { DeliveryPage, type DeliveryTryModel } from '../../pages/admin/delivery.tsx';
import {
  DELIVERY_STATES,
  type DeliveryDetail,
  findDelivery,
  type DeliveryPage as Listed,
  listDeliveries,
} from '../../payments/deliveries/list.ts';
import {
  countDead,
  type DeadWanted,
  MAX_RESENT,
  resendDead,
  resendDelivery,
} from '../../payments/deliveries/resend.ts';
import type { Services } from '../../payments/index.ts';
import type { DeskArea, Done, Form, Params, Shown, Visit } from './desk.ts';
import { sayField } from './problems.ts';
import { withoutEmpty } from './query.ts';
import { shownView } from './view.ts';

const PATH = '/admin/deliveries';

/** Notifications to shops: how each went, one of them, and sending again. */
export function deliveriesDesk(deps: Deps, _services: Services): DeskArea {
  return {
    pages: [
      { path: PATH, page: 'deliveries', right: 'staff', show: (visit) => showList(deps, visit) },
      {
        path: `${PATH}/:webhookId`,
        page: 'deliveries',
        right: 'staff',
        show: (visit, { webhookId = '' }) => showOne(deps, visit, webhookId),
      },
    ],
    actions: [
      {
        path: `${PATH}/:webhookId/resend`,
        action: 'resend',
        page: 'deliveries',
        right: 'staff',
        run: (visit, _form, params) => resendOne(deps, visit, params),
      },
      {
        path: `${PATH}/resend-all`,
        action: 'resend-all',
        page: 'deliveries',
        right: 'staff',
        run: (visit, form) => resendAll(deps, visit, form),
      },
    ],
  };
}

async function showList(deps: Deps, visit: Visit): Promise<Shown> {
  const { say, view, now } = visit;
  const { page, wrong } = await list(deps, visit);
  const since = page.filter.days === null ? 0 : now - page.filter.days * DAY;
  const count = await countDead(deps, { ...view, since });
  const model = {
    ...{ rows: page.deliveries, nextCursor: page.nextCursor, filter: page.filter, wrong },
    ...{ states: DELIVERY_STATES, events: EVENTS },
    dead: count === 0 ? null : { count, most: MAX_RESENT, since },
  };
  const status = Object.keys(wrong).length > 0 ? 422 : 200;
  return { title: say('page.deliveries'), body: DeliveriesPage({ frame: visit, model }), status };
}

const NOTHING: Listed = { filter: { state: null, event: null, days: null }, deliveries: [], nextCursor: null };

/** What cannot be read in an address is said at its field, above an empty list. */
async function list(deps: Deps, { url, view, say }: Visit) {
  try {
    return { page: await listDeliveries(deps, view, withoutEmpty(url.searchParams)), wrong: {} };
  } catch (error) {
    if (!(error instanceof PayCoreError) || error.code !== 'VALIDATION_FAILED') throw error;
    const fields = Object.entries(error.details.fields ?? {});
    const wrong = Object.fromEntries(fields.map(([name, [first = '']]) => [name, sayField(say, first)]));
    return { page: NOTHING, wrong };
  }
}

async function showOne(deps: Deps, visit: Visit, webhookId: string): Promise<Shown | null> {
  const found = await findDelivery(deps, webhookId);
  if (!found) return null;
  const project = visit.projects.find(({ id }) => id === found.projectId)?.name ?? '';
  const model = { ...found, project, version: VERSION, history: found.history.map(readTry) };
  return {
    title: visit.say('page.deliveries'),
    body: DeliveryPage({ frame: visit, model }),
    data: { 'data-webhook-id': webhookId, 'data-payment-no': found.paymentNo, 'data-state': found.state },
  };
}

function readTry({ type, data, at }: DeliveryDetail['history'][number]): DeliveryTryModel {
  return {
    at,
    isDelivered: type === 'notification.delivered',
    number: typeof data.try === 'number' ? data.try : null,
    status: typeof data.status === 'number' ? data.status : null,
    reason: typeof data.reason === 'string' ? data.reason : null,
  };
}

async function resendOne(deps: Deps, { person }: Visit, { webhookId = '' }: Params): Promise<Done> {
  const before = await findDelivery(deps, webhookId);
  const { underWay } = await resendDelivery(deps, webhookId, { type: 'person', id: person.id, name: person.name });
  return {
    to: `${PATH}/${webhookId}`,
    notice: underWay ? 'deliveries.underway' : 'deliveries.resent',
    audit: {
      about: webhookId,
      before: { state: before?.state ?? null, tries: before?.tries ?? null, payment_no: before?.paymentNo ?? null },
      after: { state: underWay ? 'sending' : 'waiting' },
    },
  };
}

/** All of it is that of the question: what was made meanwhile is younger, and was not counted in it. */
async function resendAll(deps: Deps, visit: Visit, form: Form): Promise<Done> {
  const { projects } = visit;
  const view = shownView(visit, form);
  const wanted: DeadWanted = { ...view, since: readSince(form.text('since')) };
  const { sent, isMore } = await resendDead(deps, wanted);
  const about = projects.find(({ id }) => id === view.projectId)?.name ?? 'all projects';
  return {
    to: PATH,
    notice: isMore ? 'deliveries.all.more' : 'deliveries.all.done',
    values: { count: sent },
    audit: { about, after: { sent, kind: view.kind, since: wanted.since } },
  };
}

function readSince(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
