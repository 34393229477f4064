import { findHindrance } from '../../core/hindrance.ts';
import { FLAGS, STATUSES } from '../../core/payment-query.ts';
import { dayInZone, startOfPeriods } from '../../core/zone.ts';
import type { Deps } from '../../deps.ts';
import type { FilterField } from '../../pages/admin/parts/filters.tsx';
import { sayMethod } from '../../pages/admin/parts/way.ts';
import { type PaymentLine, PaymentsPage } from '../../pages/admin/payments.tsx';
import { sayOf } from '../../pages/admin/texts.ts';
import type { Services } from '../../payments/index.ts';
import { findByNumber, listDeskPayments } from '../../payments/reports/desk-lists.ts';
import { type DeskQuery, readDays, readDeskQuery } from '../../payments/reports/desk-query.ts';
import type { Sheet } from '../../payments/reports/export/sheets.ts';
import type { ListedPayment } from '../../store/queries/list.ts';
import type { DeskArea, Shown, Visit } from './desk.ts';
import { createDownload } from './download.ts';
import { choiceField, cleanAddress, dayFields, projectNames, sayWrong, scopeOf } from './lists.ts';
import { moveTo } from './move.ts';

/** The list of payments, the search for one of them, and the list as a file. */
export function paymentsDesk(deps: Deps, services: Services): DeskArea {
  const download = createDownload(deps, services);
  return {
    pages: [
      { path: '/admin/payments', page: 'payments', right: 'staff', show: (visit) => showList(deps, visit) },
      {
        path: '/admin/payments.csv',
        page: 'payments',
        right: 'staff',
        show: async (visit) => download(visit, sheetOf(visit)),
      },
    ],
    actions: [],
  };
}

async function showList(deps: Deps, visit: Visit): Promise<Shown | Response> {
  const clean = cleanAddress(visit.url);
  if (clean !== null) return moveTo(clean);
  const asked = readDeskQuery(visit.url.searchParams, visit.timezone);
  const { search, cursor, filter } = asked;
  if (search !== null && cursor === null) {
    const paymentNo = await findByNumber(deps, visit.view, search);
    if (paymentNo !== null) return moveTo(`/admin/payments/${paymentNo}`);
  }
  const { payments, nextCursor, isCut } = await listDeskPayments(deps, { ...visit.view, filter, search, cursor });
  const nameOfProject = projectNames(visit);
  const model = {
    lines: payments.map((one) => lineOf(one, nameOfProject)),
    ...{ nextCursor, isCut },
    search: search ?? '',
    fields: fieldsOf(deps, visit, asked),
    wrong: sayWrong(visit, asked),
    nameOf: (id: string) => deps.gateways.find(id)?.name ?? id,
    month: monthOf(visit),
    hasProjects: visit.projects.length > 0,
  };
  return { title: visit.say('page.payments'), body: PaymentsPage({ frame: visit, model }) };
}

function lineOf({ payment, attempt }: ListedPayment, nameOfProject: (id: number) => string | null): PaymentLine {
  const { paymentNo, merchantOrderNo: orderNo, gateway, method, status, flags, amount, refunded, currency } = payment;
  return {
    ...{ paymentNo, orderNo, gateway, method, status, flags, amount, refunded, currency },
    createdAt: payment.createdAt,
    project: nameOfProject(payment.projectId),
    hindrance: findHindrance(payment, attempt),
  };
}

function fieldsOf(
  { gateways }: Pick<Deps, 'gateways'>,
  visit: Visit,
  asked: DeskQuery<unknown>,
): readonly FilterField[] {
  const { say } = visit;
  const methods = [...new Set(gateways.list.flatMap((gateway) => gateway.methods.map(({ method }) => method)))];
  const named = (group: string) => (value: string) => ({ value, label: sayOf(say, group, value) });
  return [
    choiceField(asked, 'status', say('payments.status'), STATUSES.map(named('status'))),
    choiceField(
      asked,
      'gateway',
      say('payments.gateway'),
      gateways.list.map(({ id, name }) => ({ value: id, label: name })),
    ),
    choiceField(
      asked,
      'method',
      say('payments.way'),
      methods.map((value) => ({ value, label: sayMethod(say, value) })),
    ),
    choiceField(asked, 'flag', say('payments.flag'), FLAGS.map(named('flag'))),
    ...dayFields(visit, asked),
  ];
}

/** This month so far: what a bookkeeper is given most often is the one before, which is two days away. */
function monthOf({ now, timezone }: Visit): { readonly from: string; readonly to: string } {
  return { from: dayInZone(startOfPeriods(now, timezone).month, timezone), to: dayInZone(now, timezone) };
}

function sheetOf({ url, timezone, view }: Visit): Sheet {
  if (url.searchParams.get('sheet') === 'books') {
    const { filter } = readDays(url.searchParams, timezone);
    return {
      of: 'books',
      asked: { ...scopeOf(view), from: filter.from ?? 0, to: filter.to ?? Number.MAX_SAFE_INTEGER },
    };
  }
  const { filter, search } = readDeskQuery(url.searchParams, timezone);
  return { of: 'payments', asked: { ...scopeOf(view), filter, search } };
}
