import type { Actor } from '../../core/actor.ts';
import type { Deps } from '../../deps.ts';
import { AttentionPage } from '../../pages/admin/attention.tsx';
import type { TroubleModel, TroubleProblem } from '../../pages/admin/parts/troubles.tsx';
import type { AttentionItem } from '../../payments/attention/attention.ts';
import type { Services } from '../../payments/index.ts';
import { settleRefund } from '../../payments/refund/settle.ts';
import type { DeskArea, Frame, Shown, Visit } from './desk.ts';

const PATH = '/admin/attention';
const PAGE = 20;

/** What needs a person. */
export function attentionDesk(deps: Deps, { attention }: Services): DeskArea {
  const show = async (visit: Visit, problem: TroubleProblem | null = null): Promise<Shown> => {
    const cursor = visit.url.searchParams.get('cursor');
    const { items, nextCursor } = await attention.list(visit.view, { cursor, limit: PAGE });
    const troubles = items.map((item) => toModel(visit, item));
    const model = { troubles, nextCursor, nameOf: nameGateways(deps), problem };
    return { title: visit.say('page.attention'), body: AttentionPage({ frame: visit, model }) };
  };

  return {
    pages: [{ path: PATH, page: 'attention', right: 'staff', show: (visit) => show(visit) }],
    badges: async (view) => ({ attention: await attention.count(view) }),
    actions: [
      {
        path: `${PATH}/:id/handled`,
        action: 'mark-handled',
        page: 'attention',
        right: 'owner',
        run: async (visit, form, { id }) => {
          const { kind, subject } = await attention.handle(readId(id), personOf(visit), readId(form.text('since')));
          return {
            to: PATH,
            notice: 'attention.done.handled',
            audit: { about: `${kind} ${subject}`, after: { kind } },
          };
        },
      },
      {
        path: `${PATH}/:id/resend`,
        action: 'resend',
        page: 'attention',
        right: 'staff',
        run: async (visit, _form, { id }) => {
          const { data, subject } = await attention.resend(readId(id), personOf(visit));
          return { to: PATH, notice: 'attention.done.resend', audit: { about: subject, after: { event: data.event } } };
        },
      },
      {
        path: `${PATH}/:id/settle-refund`,
        action: 'settle-refund',
        page: 'attention',
        right: 'refund',
        run: async (visit, form, { id }) => {
          const { data } = await attention.find(readId(id));
          const given = Object.fromEntries(Object.entries(form.values).filter(([, value]) => value.trim() !== ''));
          const refund = await settleRefund(deps, String(data.refund_no ?? ''), given, personOf(visit));
          attention.forget();
          const { refundNo, status, amount, gatewayRefundNo } = refund;
          const audit = { about: refundNo, before: { status: 'unknown' }, after: { status, amount, gatewayRefundNo } };
          return { to: PATH, notice: 'attention.done.settle', values: { no: refundNo }, audit };
        },
        again: (visit, problem, { id }) => show(visit, { id: readId(id), problem }),
      },
    ],
  };
}

/** 0: of nothing. */
const readId = (text = ''): number => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0);

const personOf = ({ person }: Visit): Actor => ({ type: 'person', id: person.id, name: person.name });

/** What a driver calls itself. */
export const nameGateways =
  ({ gateways }: Pick<Deps, 'gateways'>) =>
  (gateway: string): string =>
    gateways.find(gateway)?.name ?? gateway;

/** An item as it is shown. */
export function toModel({ view, projects }: Pick<Frame, 'view' | 'projects'>, item: AttentionItem): TroubleModel {
  const { payment, ...rest } = item;
  if (!payment) return { ...rest, payment: null };
  const { paymentNo, merchantOrderNo: orderNo, amount, currency, projectId } = payment;
  const isTold = view.projectId === null && projects.length > 1;
  const project = isTold ? (projects.find(({ id }) => id === projectId)?.name ?? null) : null;
  return { ...rest, payment: { paymentNo, orderNo, amount, currency, project } };
}
