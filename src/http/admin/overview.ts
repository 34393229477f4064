import type { Deps } from '../../deps.ts';
import type { OverviewModel } from '../../pages/admin/overview.tsx';
import { OverviewPage } from '../../pages/admin/overview.tsx';
import { sayWay } from '../../pages/admin/parts/way.ts';
import type { Services } from '../../payments/index.ts';
import type { Report } from '../../payments/reports/report.ts';
import type { CurrencySum } from '../../store/queries/counters.ts';
import { nameGateways, toModel } from './attention.ts';
import type { DeskArea, Visit } from './desk.ts';

const NEWEST = 8;
/** The rest stands on its own page. */
const TROUBLES = 3;

/** What came in, and what needs a person before anything else. */
export function overviewDesk(deps: Deps, { report, attention }: Services): DeskArea {
  const nameOf = nameGateways(deps);

  const load = async (visit: Visit): Promise<OverviewModel> => {
    const { view, say } = visit;
    const [figures, troubles, troubleCount, newest] = await Promise.all([
      report(view),
      attention.list(view, { cursor: null, limit: TROUBLES }),
      attention.count(view),
      deps.store.listRecent({ projectId: view.projectId, keyKind: view.kind }, NEWEST),
    ]);
    return {
      ...describe(figures, chooseCurrency(figures, visit.url), (way) => sayWay(say, way, nameOf)),
      troubles: troubles.items.map((item) => toModel(visit, item)),
      // What is listed is of this moment, the count some seconds old.
      troubleCount: troubles.nextCursor === null ? troubles.items.length : Math.max(troubleCount, TROUBLES + 1),
      newest: newest.map(({ merchantOrderNo: orderNo, paymentNo, status, amount, currency, createdAt, ...way }) => ({
        ...{ paymentNo, orderNo, status, amount, currency, createdAt },
        way: sayWay(say, way, nameOf),
      })),
    };
  };

  return {
    pages: [
      {
        path: '/admin',
        page: 'overview',
        right: 'staff',
        show: async (visit) => ({
          title: visit.say('page.overview'),
          body: OverviewPage({ frame: visit, model: await load(visit) }),
        }),
      },
    ],
    actions: [],
  };
}

/** The one that is asked for, where there is money in it. */
function chooseCurrency({ currencies, currency }: Report, url: URL): string {
  const asked = url.searchParams.get('currency') ?? '';
  return currencies.includes(asked) ? asked : (currencies[0] ?? currency);
}

type SayWay = (way: { readonly gateway: string; readonly method: string }) => string;

function describe(report: Report, currency: string, say: SayWay) {
  const inIt = (sums: readonly CurrencySum[]) => {
    const sum = sums.find((one) => one.currency === currency);
    return { amount: sum?.amount ?? 0, count: sum?.count ?? 0 };
  };
  const { currencies, successRate, outcomes, pending } = report;
  return {
    ...{ currency, currencies, successRate, outcomes, pending },
    today: inIt(report.today),
    month: inIt(report.month),
    days: report.days.map(({ date, sums }) => ({ label: shorten(date), ...inIt(sums) })),
    shares: report.methods
      .filter((one) => one.currency === currency)
      .map(({ gateway, method, amount, count }) => ({
        ...{ key: `${gateway}/${method}`, amount, count },
        label: say({ gateway, method }),
      })),
  };
}

/** `2026-11-08` → `11/8`: thirty days need no year. */
function shorten(date: string): string {
  const [, month = '', day = ''] = date.split('-');
  return `${Number(month)}/${Number(day)}`;
}
