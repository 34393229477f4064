import type { Deps } from '../../deps.ts';
import { type RefundLine, RefundsPage } from '../../pages/admin/refunds.tsx';
import { sayOf } from '../../pages/admin/texts.ts';
import type { Services } from '../../payments/index.ts';
import { listDeskRefunds } from '../../payments/reports/desk-lists.ts';
import { REFUND_SOURCES, REFUND_STATUSES, readRefundQuery } from '../../payments/reports/desk-query.ts';
import type { ListedRefund } from '../../store/queries/desk/refunds.ts';
import type { DeskArea, Shown, Visit } from './desk.ts';
import { createDownload } from './download.ts';
import { choiceField, cleanAddress, dayFields, projectNames, sayWrong, scopeOf } from './lists.ts';
import { moveTo } from './move.ts';

/** Refunds of all payments, and the list as a file. */
export function refundsDesk(deps: Deps, services: Services): DeskArea {
  const download = createDownload(deps, services);
  return {
    pages: [
      { path: '/admin/refunds', page: 'refunds', right: 'staff', show: (visit) => showList(deps, visit) },
      {
        path: '/admin/refunds.csv',
        page: 'refunds',
        right: 'staff',
        show: async (visit) => {
          const { filter } = readRefundQuery(visit.url.searchParams, visit.timezone);
          return download(visit, { of: 'refunds', asked: { ...scopeOf(visit.view), filter } });
        },
      },
    ],
    actions: [],
  };
}

async function showList(deps: Deps, visit: Visit): Promise<Shown | Response> {
  const clean = cleanAddress(visit.url);
  if (clean !== null) return moveTo(clean);
  const asked = readRefundQuery(visit.url.searchParams, visit.timezone);
  const { filter, cursor } = asked;
  const { refunds, nextCursor } = await listDeskRefunds(deps, { ...visit.view, filter, cursor });
  const nameOfProject = projectNames(visit);
  const { say } = visit;
  const named = (group: string) => (value: string) => ({ value, label: sayOf(say, group, value) });
  const model = {
    lines: refunds.map((one) => lineOf(one, nameOfProject)),
    nextCursor,
    fields: [
      choiceField(asked, 'status', say('payments.status'), REFUND_STATUSES.map(named('refunds.status'))),
      choiceField(asked, 'source', say('refunds.source'), REFUND_SOURCES.map(named('refunds.source'))),
      ...dayFields(visit, asked),
    ],
    wrong: sayWrong(visit, asked),
  };
  return { title: say('page.refunds'), body: RefundsPage({ frame: visit, model }) };
}

function lineOf({ refund, payment }: ListedRefund, nameOfProject: (id: number) => string | null): RefundLine {
  const { refundNo, status, source, reason, message, amount, createdAt } = refund;
  return {
    ...{ refundNo, status, source, reason, message, amount, createdAt },
    paymentNo: payment.paymentNo,
    orderNo: payment.merchantOrderNo,
    currency: payment.currency,
    project: nameOfProject(payment.projectId),
  };
}
