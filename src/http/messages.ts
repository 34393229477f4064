import type { Locale } from '../core/locale.ts';
import type { Deps } from '../deps.ts';
import { nameFor } from '../gateways/names.ts';
import {
  listPictures,
  type Problem,
  type ProblemFacts,
  RELOAD,
  renderNotFound,
  renderProblem,
  renderReturned,
  type ShopSign,
} from '../pages/checkout/index.ts';
import type { ReturnOutcome } from '../payments/checkout/return.ts';
import { createOnlyShop, describeShop, signOf } from '../payments/checkout/shop.ts';
import { type PageNeeds, pageHeaders } from '../security/csp.ts';
import type { PaymentWithAttempt } from '../store/queries/payments.ts';
import { type Packed, pack, packedAnswer } from './packed.ts';

/** Pages that are no payment's: what stands in the way of one, and what is said to whom nothing opens one. */
export function createMessages(deps: Deps) {
  const findOnlyShop = createOnlyShop(deps);
  const drawRefusal = createRefusals();

  return {
    /** `seconds`: after which the same is answered again. */
    async refuse(request: Request, locale: Locale, seconds: number): Promise<Response> {
      const shop = await findOnlyShop();
      return showMessage(drawRefusal(locale, wayBackTo(request), { shop, seconds }), shop, 429, seconds);
    },

    showUnavailable: (request: Request, locale: Locale, status: number): Response =>
      html(renderProblem(locale, 'unavailable', wayBackTo(request)), status),

    /** After paying, without anything that opens the payment: that there is such a payment is all it tells. */
    async showReturned(locale: Locale): Promise<Response> {
      const shop = await findOnlyShop();
      return showMessage(renderReturned(locale, null, shop), shop);
    },

    /** The same, for who has the gateway's own number of it: what came of it, at whose shop, and nothing else. */
    async showResult(gatewayId: string, { found, notice }: ReturnOutcome, locale: Locale): Promise<Response> {
      const gateway = nameFor(deps.gateways.find(gatewayId), locale);
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

    async notFound(locale: Locale | null): Promise<Response> {
      const shop = await findOnlyShop();
      return showMessage(renderNotFound(locale ?? deps.config.locale, shop), shop, 404);
    },
  };
}

/**
 * A page may travel compressed though it has a secret in it, the token of its own address: who could have it sent again and
 * again beside words of his own, to learn from its length (BREACH), has to know that address already.
 */
export function html(body: string | Packed, status = 200, needs: PageNeeds = {}): Response {
  const packed = typeof body === 'string' ? pack(body) : body;
  return packedAnswer(packed, { status, headers: pageHeaders(needs) });
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
 * Where the same is tried again: a page by loading it anew, and by the same address a link's form. The address of a payment's
 * page is not written into a page that nobody has checked a token for.
 */
function wayBackTo({ method, url }: Request): typeof RELOAD | undefined {
  return method !== 'POST' || new URL(url).search === '' ? RELOAD : undefined;
}

/** As many as there are languages and seconds of a minute. */
const MAX_REFUSALS = 500;

interface Refused {
  readonly shop: ShopSign | null;
  readonly seconds: number;
}

/** Drawn once for all who are told the same while the shop is: to refuse must cost less than to answer. */
export function createRefusals(draw = renderProblem) {
  const drawn = new Map<string, string>();
  let told: ShopSign | null = null;
  return (locale: Locale, back: typeof RELOAD | undefined, { shop, seconds }: Refused): string => {
    if (shop !== told || drawn.size >= MAX_REFUSALS) drawn.clear();
    told = shop;
    const name = `${locale} ${back === RELOAD} ${seconds}`;
    const page = drawn.get(name) ?? draw(locale, 'too_many_tries', back, { shop, seconds });
    drawn.set(name, page);
    return page;
  };
}
