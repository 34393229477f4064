import { isLocale, type Locale } from '../core/locale.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { nameFor } from '../gateways/names.ts';
import {
  listPictures,
  renderNotFound,
  renderPaymentPage,
  renderProblem,
  renderReturned,
} from '../pages/checkout/index.ts';
import { type Arrival, buildPageModel, findForPage, listOrigins, revisionOf } from '../payments/checkout/page.ts';
import type { ReturnOutcome } from '../payments/checkout/return.ts';
import { listPostTargets } from '../payments/urls.ts';
import { type PageNeeds, pageHeaders } from '../security/csp.ts';
import type { PaymentWithAttempt } from '../store/queries/payments.ts';
import { queryOf } from './address.ts';
import { isNotReceived } from './intake.ts';
import type { LimitName, Limits } from './limits.ts';

/** What every page route needs: the payment behind an address, and ways to answer. */
export function createPageAnswers(deps: Deps, limits: Limits) {
  const pages = createPageCache(deps);
  const refuse = createRefusal();

  return {
    html,
    refuse,
    /** The payment's page, allowed to load and to lead where its driver declares. */
    async showPayment(found: PaymentWithAttempt, locale: Locale, arrival: Arrival = {}): Promise<Response> {
      const name = JSON.stringify([found.payment.paymentNo, revisionOf(found.payment), locale, arrival]);
      const page = await pages.get(name, () => drawPayment(deps, found, locale, arrival));
      return html(page.body, 200, page.needs);
    },
    /** After paying, without anything that opens the payment: that there is such a payment is all it tells. */
    showReturned: (locale: Locale): Response => html(renderReturned(locale)),
    /** The same, for who has the gateway's own number of it: what came of it, and nothing else. */
    showResult(gatewayId: string, { found, notice }: ReturnOutcome, locale: Locale): Response {
      const gateway = deps.gateways.find(gatewayId);
      const name = gateway ? nameFor(gateway, locale) : '';
      return html(renderReturned(locale, { status: found.payment.status, notice, gateway: name }));
    },

    /** The page's language, null when the address names none that we have. */
    localeOf: (text: string): Locale | null => (isLocale(text) ? text : null),

    find: (request: Request, paymentNo: string): Promise<PaymentWithAttempt | null> =>
      findForPage(deps, paymentNo, queryOf(request).get('token') ?? ''),

    notFound: (locale: Locale | null): Response => html(renderNotFound(locale ?? deps.config.locale), 404),

    /** What comes too often, or cannot be read or written right now, is said on a page, not in JSON. */
    async guard(
      limit: LimitName,
      request: Request,
      locale: Locale | null,
      work: () => Promise<Response>,
    ): Promise<Response> {
      const language = locale ?? deps.config.locale;
      const wait = limits.waitFor(limit, request);
      if (wait !== null) return refuse(language, wait);
      try {
        return await work();
      } catch (error) {
        if (isNotReceived(error)) return html(renderProblem(language, 'unavailable'), error.status);
        deps.log.error('page failed', { path: new URL(request.url).pathname, error });
        return html(renderProblem(language, 'unavailable'), 503);
      }
    },
  };
}

export function html(body: string, status = 200, needs: PageNeeds = {}): Response {
  return new Response(body, { status, headers: pageHeaders(needs) });
}

/** Made once a language: to refuse must cost less than to answer. */
function createRefusal() {
  const pages = new Map<Locale, string>();
  return (locale: Locale, seconds: number): Response => {
    const page = pages.get(locale) ?? renderProblem(locale, 'too_many_tries');
    pages.set(locale, page);
    const answer = html(page, 429);
    answer.headers.set('retry-after', String(seconds));
    return answer;
  };
}

async function drawPayment(
  deps: Deps,
  found: PaymentWithAttempt,
  locale: Locale,
  arrival: Arrival,
): Promise<DrawnPage> {
  const model = await buildPageModel(deps, found, locale, arrival);
  const vendor = listOrigins(deps, found.payment, model.screen);
  const postsToGateway = listPostTargets(deps);
  return {
    body: await renderPaymentPage(model),
    needs: {
      ...(model.startAction === null && !vendor ? {} : { postsToGateway }),
      ...(vendor ? { vendor } : {}),
      pictures: listPictures(model.brand),
    },
  };
}

/** Marks the address of a payment's page for a payer who is back from a gateway and has no token. */
export const RETURNED = 'returned';

export const NO_STORE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** After a post the browser shall get the page, not post again. */
export function redirect(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}

interface DrawnPage {
  readonly body: string;
  readonly needs: PageNeeds;
}

/** A page that is asked for again is the same page for so long: it shows the time, and what the merchant may change. */
const SAME_PAGE_MS = SECOND;
const MAX_PAGES = 500;

/** Payment pages by number, revision, language and how the payer came. */
function createPageCache({ clock }: Pick<Deps, 'clock'>) {
  const drawn = new Map<string, { readonly page: Promise<DrawnPage>; readonly at: number }>();
  return {
    get(name: string, draw: () => Promise<DrawnPage>): Promise<DrawnPage> {
      const known = drawn.get(name);
      const now = clock.now();
      if (known && now - known.at < SAME_PAGE_MS && now >= known.at) return known.page;
      const page = draw();
      drawn.delete(name);
      for (const [old, { at }] of drawn) {
        if (drawn.size < MAX_PAGES && now - at < SAME_PAGE_MS) break;
        drawn.delete(old);
      }
      drawn.set(name, { page, at: now });
      page.catch(() => drawn.delete(name));
      return page;
    },
  };
}
