import { isLocale, type Locale } from '../core/locale.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import {
  listPictures,
  type Problem,
  type ProblemFacts,
  RELOAD,
  renderNotFound,
  renderPaymentPage,
  renderProblem,
  renderReturned,
  type ShopSign,
} from '../pages/checkout/index.ts';
import { type Arrival, buildPageModel, findForPage, listOrigins, revisionOf } from '../payments/checkout/page.ts';
import type { ReturnOutcome } from '../payments/checkout/return.ts';
import { createOnlyShop, describeShop, signOf } from '../payments/checkout/shop.ts';
import { listPostTargets } from '../payments/urls.ts';
import { type PageNeeds, pageHeaders } from '../security/csp.ts';
import type { PaymentWithAttempt } from '../store/queries/payments.ts';
import { queryOf } from './address.ts';
import { isNotReceived } from './intake.ts';
import type { LimitName, Limits } from './limits.ts';

/** What every page route needs: the payment behind an address, and ways to answer. */
export function createPageAnswers(deps: Deps, limits: Limits) {
  const pages = createPageCache(deps);
  const findOnlyShop = createOnlyShop(deps);

  /** `seconds`: after which the same is answered again. */
  const refuse = async (request: Request, locale: Locale, seconds: number): Promise<Response> => {
    const shop = await findOnlyShop();
    const page = renderProblem(locale, 'too_many_tries', wayBackTo(request), { shop, seconds });
    return showMessage(page, shop, 429, seconds);
  };

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
    async showReturned(locale: Locale): Promise<Response> {
      const shop = await findOnlyShop();
      return showMessage(renderReturned(locale, null, shop), shop);
    },
    /** The same, for who has the gateway's own number of it: what came of it, at whose shop, and nothing else. */
    async showResult(gatewayId: string, { found, notice }: ReturnOutcome, locale: Locale): Promise<Response> {
      const gateway = deps.gateways.find(gatewayId)?.name ?? '';
      const { status, projectId, livemode } = found.payment;
      const shop = { ...signOf(await deps.store.findProject(projectId)), livemode };
      return showMessage(renderReturned(locale, { status, notice, gateway }, shop), shop);
    },

    /** What stands in the way of a payment whose page the payer may open. */
    async showProblem(kind: Problem, { payment }: PaymentWithAttempt, locale: Locale, facts: ProblemFacts & Back) {
      const shop = describeShop(await deps.store.findProject(payment.projectId), payment);
      const page = renderProblem(locale, kind, facts.back, { ...facts, shop });
      return showMessage(page, shop, PROBLEM_STATUS[kind], kind === 'too_many_tries' ? facts.seconds : undefined);
    },

    /** The page's language, null when the address names none that we have. */
    localeOf: (text: string): Locale | null => (isLocale(text) ? text : null),

    find: (request: Request, paymentNo: string): Promise<PaymentWithAttempt | null> =>
      findForPage(deps, paymentNo, queryOf(request).get('token') ?? ''),

    notFound: async (locale: Locale | null): Promise<Response> => {
      const shop = await findOnlyShop();
      return showMessage(renderNotFound(locale ?? deps.config.locale, shop), shop, 404);
    },

    /** What comes too often, or cannot be read or written right now, is said on a page, not in JSON. */
    async guard(
      limit: LimitName,
      request: Request,
      locale: Locale | null,
      work: () => Promise<Response>,
    ): Promise<Response> {
      const language = locale ?? deps.config.locale;
      const wait = limits.waitFor(limit, request);
      if (wait !== null) return refuse(request, language, wait);
      try {
        return await work();
      } catch (error) {
        if (isNotReceived(error)) return html(renderProblem(language, 'unavailable', wayBackTo(request)), error.status);
        deps.log.error('page failed', { path: new URL(request.url).pathname, error });
        return html(renderProblem(language, 'unavailable', wayBackTo(request)), 503);
      }
    },
  };
}

export function html(body: string, status = 200, needs: PageNeeds = {}): Response {
  return new Response(body, { status, headers: pageHeaders(needs) });
}

/** What a problem is answered with. */
const PROBLEM_STATUS: Readonly<Record<Problem, number>> = {
  too_many_tries: 429,
  used_up: 429,
  refused: 422,
  unreachable: 502,
  unclear: 502,
  unavailable: 503,
  method: 405,
};

interface Back {
  /** The payment's page. */
  readonly back: string;
}

/** `seconds`: after which it may be tried again. */
function showMessage(body: string, shop: ShopSign | null, status = 200, seconds?: number): Response {
  const answer = html(body, status, { pictures: listPictures(shop?.brand) });
  if (seconds !== undefined) answer.headers.set('retry-after', String(seconds));
  return answer;
}

/**
 * Where the same is tried again: a page by loading it anew, a link's form on the link's page. The address of a payment's
 * page is not written into a page that nobody has checked a token for.
 */
function wayBackTo({ method, url }: Request): string | undefined {
  const { pathname, search } = new URL(url);
  if (method !== 'POST') return RELOAD;
  return search === '' ? pathname : undefined;
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
