import { Elysia } from 'elysia';
import { PAYMENT_NO } from '../core/ids.ts';
import { isLocale, type Locale } from '../core/locale.ts';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import { findGateway } from '../gateways/index.ts';
import { renderFormPost, renderNotFound, renderPaymentPage, renderProblem } from '../pages/checkout/index.ts';
import type { PaymentView } from '../pages/checkout/view.ts';
import type { Services } from '../payments/index.ts';
import { listScriptOrigins } from '../payments/insite.ts';
import { buildPaymentView, findForPage, openForPayer, revisionOf } from '../payments/page.ts';
import { createViewRefresh } from '../payments/sync.ts';
import { pagePath } from '../payments/urls.ts';
import { type PageNeeds, pageHeaders } from '../security/csp.ts';
import type { Api } from './api.ts';
import { readCallback } from './webhooks.ts';

/** What payers see. */
export function pageRoutes(deps: Deps, api: Api, { receiveCallback, look }: Services) {
  const refresh = createViewRefresh(deps, look);
  const gatewayOrigins = Object.values(deps.config.origins);
  const localeOf = (text: string): Locale | null => (isLocale(text) ? text : null);

  const html = (body: string, status = 200, needs: PageNeeds = {}): Response =>
    new Response(body, { status, headers: pageHeaders(needs) });

  /** What the screen loads and where it leads, as its driver declares. */
  const needsOf = (view: PaymentView, payment: Payment): PageNeeds => ({
    ...(view.goAction === null && view.screen !== 'insite' ? {} : { postsToGateway: gatewayOrigins }),
    ...(view.screen === 'insite' ? { vendor: listScriptOrigins(deps, payment) } : {}),
  });

  const notFound = (locale: Locale | null): Response => html(renderNotFound(locale ?? deps.config.locale), 404);

  const find = (request: Request, paymentNo: string) =>
    findForPage(deps, paymentNo, new URL(request.url).searchParams.get('token') ?? '');

  /** What cannot be read or written right now is said on a page, not in JSON. */
  const guard = async (request: Request, locale: Locale | null, work: () => Promise<Response>): Promise<Response> => {
    try {
      return await work();
    } catch (error) {
      deps.log.error('page failed', { path: new URL(request.url).pathname, error });
      return html(renderProblem(locale ?? deps.config.locale, 'unavailable'), 503);
    }
  };

  return new Elysia()
    .get('/:locale/pay/:paymentNo', ({ request, params }) =>
      guard(request, localeOf(params.locale), async () => {
        const locale = localeOf(params.locale);
        const found = find(request, params.paymentNo);
        if (!found) return notFound(locale);
        if (!locale) return redirect(pagePath(deps, params.paymentNo, deps.config.locale));
        refresh(found);
        const view = buildPaymentView(deps, found, locale);
        return html(await renderPaymentPage(view), 200, needsOf(view, found.payment));
      }),
    )
    .get('/:locale/pay/:paymentNo/status', ({ request, params }) => {
      const found = find(request, params.paymentNo);
      if (!found) return Response.json({ status: 'not_found' }, { status: 404, headers: NO_STORE });
      const { payment } = found;
      return Response.json({ status: payment.status, revision: revisionOf(payment) }, { headers: NO_STORE });
    })
    .post(
      '/:locale/pay/:paymentNo/go',
      ({ request, params }) =>
        guard(request, localeOf(params.locale), async () => {
          const locale = localeOf(params.locale) ?? deps.config.locale;
          const found = find(request, params.paymentNo);
          if (!found) return notFound(locale);
          const back = pagePath(deps, params.paymentNo, locale);
          const result = await openForPayer(deps, found, locale);
          if (result.type === 'form') return html(renderFormPost(result.view), 200, { postsToGateway: gatewayOrigins });
          if (result.type === 'redirect') return redirect(result.url);
          return result.type === 'too_many' ? html(renderProblem(locale, 'too_many_tries', back), 429) : redirect(back);
        }),
      { parse: 'none' },
    )
    .post(
      '/:locale/payment/:gateway/return/:paymentNo',
      ({ request, params }) =>
        guard(request, localeOf(params.locale), async () => {
          const gateway = findGateway(params.gateway);
          const locale = localeOf(params.locale) ?? deps.config.locale;
          if (!gateway || !PAYMENT_NO.test(params.paymentNo)) return notFound(locale);
          const raw = await readCallback(request);
          const received = raw ? await receiveCallback(gateway, raw, api.addressOf(request)) : null;
          // A genuine post proves that the browser is the payer's; without one, the token has to be in the address.
          const genuine = received?.payment?.paymentNo === params.paymentNo;
          const trusted = genuine || find(request, params.paymentNo) !== null;
          return redirect(trusted ? pagePath(deps, params.paymentNo, locale) : `/${locale}/pay/${params.paymentNo}`);
        }),
      { parse: 'none' },
    )
    .get('/:locale/payment/:gateway/return/:paymentNo', ({ request, params }) => {
      const locale = localeOf(params.locale) ?? deps.config.locale;
      return find(request, params.paymentNo) ? redirect(pagePath(deps, params.paymentNo, locale)) : notFound(locale);
    });
}

const NO_STORE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** After a post the browser shall get the page, not post again. */
function redirect(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}
