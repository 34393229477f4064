import { isLocale, type Locale } from '../core/locale.ts';
import type { Deps } from '../deps.ts';
import { renderNotFound, renderPaymentPage, renderProblem } from '../pages/checkout/index.ts';
import { type Arrival, buildPaymentView, findForPage, listOrigins } from '../payments/page.ts';
import { type PageNeeds, pageHeaders } from '../security/csp.ts';
import type { PaymentWithAttempt } from '../store/payments.ts';

/** What every page route needs: the payment behind an address, and ways to answer. */
export function createDesk(deps: Deps) {
  const html = (body: string, status = 200, needs: PageNeeds = {}): Response =>
    new Response(body, { status, headers: pageHeaders(needs) });

  const postsToGateway = Object.values(deps.config.origins);

  return {
    html,
    /** The payment's page, allowed to load and to lead where its driver declares. */
    async showPayment(found: PaymentWithAttempt, locale: Locale, arrival: Arrival = {}): Promise<Response> {
      const view = buildPaymentView(deps, found, locale, arrival);
      const vendor = listOrigins(deps, found.payment, view.screen);
      return html(await renderPaymentPage(view), 200, {
        ...(view.goAction === null && !vendor ? {} : { postsToGateway }),
        ...(vendor ? { vendor } : {}),
      });
    },
    /** The page's language, null when the address names none that we have. */
    localeOf: (text: string): Locale | null => (isLocale(text) ? text : null),

    find: (request: Request, paymentNo: string): PaymentWithAttempt | null =>
      findForPage(deps, paymentNo, new URL(request.url).searchParams.get('token') ?? ''),

    notFound: (locale: Locale | null): Response => html(renderNotFound(locale ?? deps.config.locale), 404),

    /** What cannot be read or written right now is said on a page, not in JSON. */
    async guard(request: Request, locale: Locale | null, work: () => Promise<Response>): Promise<Response> {
      try {
        return await work();
      } catch (error) {
        deps.log.error('page failed', { path: new URL(request.url).pathname, error });
        return html(renderProblem(locale ?? deps.config.locale, 'unavailable'), 503);
      }
    },
  };
}

export const NO_STORE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** After a post the browser shall get the page, not post again. */
export function redirect(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}
