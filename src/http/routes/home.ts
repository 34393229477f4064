import { Elysia } from 'elysia';
import { type DeskLocale, LOCALES, type Locale } from '../../core/locale.ts';
import { majorToMinor, toMinorUnits } from '../../core/money.ts';
import type { Deps } from '../../deps.ts';
import { readGuides } from '../../developers/guides.ts';
import type { Guide } from '../../developers/types.ts';
import type { FiguresModel } from '../../pages/home/figures.tsx';
import { renderHome } from '../../pages/home/home.tsx';
import type { Services } from '../../payments/index.ts';
import { pageHeaders } from '../../security/csp.ts';
import { failTooOften, toResponse } from '../answer.ts';
import { chooseDeskLocale } from '../language.ts';
import type { Limits } from '../limits.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';
import type { OverviewData } from '../schema/overview.ts';

/**
 * The public home of an installation: `/` in the language that the browser wants, `/{locale}` in that one. Each language is
 * a route of its own, since any other path of one part is nobody's.
 */
export function homeRoutes(deps: Deps, { overview }: Pick<Services, 'overview'>, limits: Pick<Limits, 'waitFor'>) {
  const guides = new Map<DeskLocale, readonly Guide[]>();
  const guidesIn = (locale: DeskLocale): readonly Guide[] => {
    const read = guides.get(locale) ?? readGuides(locale, deps.publicUrl);
    guides.set(locale, read);
    return read;
  };
  const show = async (request: Request, named: Locale | null): Promise<Response> => {
    const wait = limits.waitFor('guide', request);
    if (wait !== null) return toResponse(failTooOften(wait));
    const locale = chooseDeskLocale(request, named, deps.config.locale);
    const html = renderHome({
      locale,
      isNamed: named !== null,
      guides: guidesIn(locale),
      figures: readFigures(deps, await overview(null, deps.config.timezone)),
    });
    return new Response(html, { headers: { ...pageHeaders(), vary: 'accept-language' } });
  };

  const app = new Elysia().get('/', ({ request }) => show(request, null), UNDOCUMENTED);
  for (const locale of LOCALES) app.get(`/${locale}`, ({ request }) => show(request, locale), UNDOCUMENTED);
  return app;
}

/** Null: the home is not public. */
function readFigures(deps: Deps, data: OverviewData): FiguresModel | null {
  if (!data.public) return null;
  const { pending, paid, failed, expired } = data.counts;
  return {
    timezone: data.timezone,
    now: deps.clock.now(),
    sums: Object.entries(data.by_currency).map(([currency, sum]) => ({
      currency,
      today: { amount: Math.round(majorToMinor(sum.today_amount ?? 0, currency)), count: sum.today_count ?? 0 },
      month: { amount: Math.round(majorToMinor(sum.month_amount ?? 0, currency)), count: sum.month_count ?? 0 },
    })),
    counts: { pending: pending ?? 0, paid: paid ?? 0, failed: failed ?? 0, expired: expired ?? 0 },
    recent: data.recent_transactions.map((one) => ({
      orderNo: one.merchant_order_no,
      gateway: one.gateway === null ? null : (deps.gateways.find(one.gateway)?.name ?? one.gateway),
      method: one.method,
      status: one.status,
      amount: toMinorUnits(one.amount_decimal, one.currency, 'major') ?? 0,
      currency: one.currency,
      createdAt: Date.parse(one.created_at),
    })),
  };
}
