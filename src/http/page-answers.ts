import { isLocale, type Locale } from '../core/locale.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { listPictures, renderPaymentPage } from '../pages/checkout/index.ts';
import { findInAppBrowser } from '../payments/checkout/in-app.ts';
import { type Arrival, buildPageModel, findForPage, listOrigins, revisionOf } from '../payments/checkout/page.ts';
import { listPostTargets } from '../payments/urls.ts';
import type { PageNeeds } from '../security/csp.ts';
import type { PaymentWithAttempt } from '../store/queries/payments.ts';
import { queryOf } from './address.ts';
import { isNotReceived } from './intake.ts';
import type { Limits, OwnLimitName } from './limits.ts';
import { createMessages, html } from './messages.ts';
import { compressAnswer, type Packed, pack } from './packed.ts';

/** What every page route needs: the payment behind an address, and ways to answer. */
export function createPageAnswers(deps: Deps, limits: Limits) {
  const pages = createPageCache(deps);
  const messages = createMessages(deps);

  return {
    html,
    ...messages,
    /** The payment's page, allowed to load and to lead where its driver declares. */
    async showPayment(found: PaymentWithAttempt, locale: Locale, arrival: Arrival = {}): Promise<Response> {
      const name = JSON.stringify([found.payment.paymentNo, revisionOf(found, deps.clock.now()), locale, arrival]);
      const page = await pages.get(name, () => drawPayment(deps, found, locale, arrival));
      return html(page.body, 200, page.needs);
    },

    /** The page's language, null when the address names none that we have. */
    localeOf: (text: string): Locale | null => (isLocale(text) ? text : null),

    find: (request: Request, paymentNo: string): Promise<PaymentWithAttempt | null> =>
      findForPage(deps, paymentNo, queryOf(request).get('token') ?? ''),

    /** What comes too often, or cannot be read or written right now, is said on a page, not in JSON. */
    async guard(
      limit: OwnLimitName,
      request: Request,
      locale: Locale | null,
      work: () => Promise<Response>,
    ): Promise<Response> {
      const language = locale ?? deps.config.locale;
      const wait = limits.waitFor(limit, request);
      if (wait !== null) return messages.refuse(request, language, wait);
      try {
        return compressAnswer(request, await work());
      } catch (error) {
        if (isNotReceived(error)) return messages.showUnavailable(request, language, error.status);
        deps.log.error('page failed', { path: new URL(request.url).pathname, error });
        return messages.showUnavailable(request, language, 503);
      }
    },
  };
}

/** What the browser says of itself, as far as a page depends on it. */
export function arriveIn(request: Request): Pick<Arrival, 'inApp'> {
  const inApp = findInAppBrowser(request.headers.get('user-agent'));
  return inApp ? { inApp } : {};
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
    body: pack(await renderPaymentPage(model)),
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
  readonly body: Packed;
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
