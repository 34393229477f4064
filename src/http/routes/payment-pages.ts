import { Elysia } from 'elysia';
import { PayCoreError } from '../../core/errors.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import type { Locale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import { nameFor } from '../../gateways/names.ts';
import { listPictures, renderFormPost } from '../../pages/checkout/index.ts';
import type { Asked } from '../../pages/checkout/model.ts';
import { revisionOf } from '../../payments/checkout/page.ts';
import { takeDetails } from '../../payments/checkout/payer-details.ts';
import type { Trouble } from '../../payments/failure.ts';
import type { Services } from '../../payments/index.ts';
import { createViewRefresh } from '../../payments/sync/request.ts';
import { CHOOSING, listPostTargets, pagePath } from '../../payments/urls.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { queryOf } from '../address.ts';
import { fail, toResponse } from '../answer.ts';
import type { Api } from '../api.ts';
import { MAX_FORM } from '../body.ts';
import { otherLanguage, turnTo } from '../language.ts';
import { arriveIn, createPageAnswers, NO_STORE, RETURNED, redirect } from '../page-answers.ts';

interface Address {
  readonly locale: string;
  readonly paymentNo: string;
}

type Work = (
  found: PaymentWithAttempt,
  way: { readonly request: Request; readonly locale: Locale; readonly back: string },
) => Promise<Response>;

/** What payers see. */
export function paymentPageRoutes(
  deps: Deps,
  { limits, receive }: Api,
  { syncAttempt, startPayment, selectMethod }: Services,
) {
  const answers = createPageAnswers(deps, limits);
  const { html, showPayment, showProblem, localeOf, find, notFound, guard } = answers;
  const refresh = createViewRefresh(deps, syncAttempt);

  /** A button on the page of a payment: `work` gets the payment, its language and the way back to its page. */
  const press = (request: Request, { locale: asked, paymentNo }: Address, work: Work): Promise<Response> =>
    guard('go', request, localeOf(asked), async () => {
      const locale = localeOf(asked) ?? deps.config.locale;
      const found = await find(request, paymentNo);
      return found ? work(found, { request, locale, back: pagePath(deps, paymentNo, locale) }) : notFound(locale);
    });

  /** Says why nothing was started, where the page itself does not. */
  const explain = (kind: Obstacle, stopped: Stopped): Promise<Response> =>
    showProblem(kind === 'too_many' ? 'too_many_tries' : kind, stopped.found, stopped.locale, {
      ...listFacts(kind, stopped),
      gateway: nameFor(deps.gateways.find(stopped.gateway), stopped.locale),
    });

  const start: Work = async (before, { request, locale, back }) => {
    const details = await takeDetails(deps, before, readForm(await receive(request, MAX_FORM)));
    if (details.type === 'missing') return showPayment(before, locale, askAgain(request, details.asked));
    const { found } = details;
    const draws = countDraws(limits, request);
    const result = await startPayment(found, locale, draws.mayDraw);
    if (result.type === 'form') {
      const pictures = listPictures(result.model.brand);
      return html(renderFormPost(result.model), 200, { postsToGateway: listPostTargets(deps), pictures });
    }
    if (result.type === 'redirect') return redirect(result.url);
    if (result.type === 'page') return redirect(back);
    return explain(result.type, { found, draws, locale, back, gateway: found.payment.gateway });
  };

  const choose: Work = async (found, { request, locale, back }) => {
    const route = readRoute(await receive(request, MAX_FORM));
    const draws = countDraws(limits, request);
    const result = await selectMethod(found, route, locale, draws.mayDraw);
    if (result === 'page') return redirect(back);
    return explain(result, { found, draws, locale, back, gateway: route.split('/')[0] ?? '' });
  };

  return new Elysia()
    .get('/:locale/pay/:paymentNo', ({ request, params }) =>
      guard('page', request, localeOf(params.locale), async () => {
        const locale = localeOf(params.locale);
        const found = await find(request, params.paymentNo);
        const other = found && otherLanguage(request, locale);
        if (other) return turnTo(request, other);
        if (!found) {
          const isBack = await isReturn(deps, request, params.paymentNo);
          return isBack && locale ? answers.showReturned(locale) : notFound(locale);
        }
        if (!locale) return redirect(pagePath(deps, params.paymentNo, deps.config.locale));
        refresh(found);
        return showPayment(found, locale, { choose: queryOf(request).has('choose'), ...arriveIn(request) });
      }),
    )
    .get('/:locale/pay/:paymentNo/status', async ({ request, params }) => {
      const wait = limits.waitFor('poll', request);
      if (wait !== null) return toResponse(fail(new PayCoreError('RATE_LIMITED', { details: { retry_after: wait } })));
      const found = await find(request, params.paymentNo);
      if (!found) return Response.json({ status: 'not_found' }, { status: 404, headers: NO_STORE });
      const revision = revisionOf(found, deps.clock.now());
      return Response.json({ status: found.payment.status, revision }, { headers: NO_STORE });
    })
    .post('/:locale/pay/:paymentNo/go', ({ request, params }) => press(request, params, start), { parse: 'none' })
    .post('/:locale/pay/:paymentNo/choose', ({ request, params }) => press(request, params, choose), { parse: 'none' });
}

/** He is at the address of the form, where nothing can be read. */
const askAgain = (request: Request, asked: readonly Asked[]) => ({ asked, returned: true, ...arriveIn(request) });

/** Why a press led nowhere. */
type Obstacle = 'too_many' | 'used_up' | Trouble;

interface Stopped {
  readonly found: PaymentWithAttempt;
  readonly draws: ReturnType<typeof countDraws>;
  readonly locale: Locale;
  readonly back: string;
  /** Whose answer it was. */
  readonly gateway: string;
}

/** A payer who waited for another's press was refused with it, and waits as long as the limit lasts. */
const DRAWS_LIMIT_SECONDS = 60;

/** Asks whether one more order, number or form may be drawn from a gateway, and remembers for how long not. */
function countDraws(limits: Api['limits'], request: Request) {
  let seconds: number | null = null;
  return {
    mayDraw: async (): Promise<boolean> => {
      seconds = await limits.waitForDraw(request);
      return seconds === null;
    },
    wait: (): number => seconds ?? DRAWS_LIMIT_SECONDS,
  };
}

/** The ways on. Where one has to wait, another way to pay is no way around it. */
function listFacts(kind: Obstacle, { found, draws, back }: Stopped) {
  const mayChange = found.payment.isCheckout && kind !== 'too_many';
  return { back, changeUrl: mayChange ? `${back}${CHOOSING}` : null, seconds: draws.wait() };
}

/** Where returns.ts sends a payer who has no token. A token that opens nothing is none of those. */
async function isReturn({ store }: Deps, request: Request, paymentNo: string): Promise<boolean> {
  const query = new URL(request.url).searchParams;
  if (!query.has(RETURNED) || query.has('token') || !PAYMENT_NO.test(paymentNo)) return false;
  return (await store.findPayment(paymentNo)) !== null;
}

function readForm(body: Uint8Array): URLSearchParams {
  return new URLSearchParams(new TextDecoder().decode(body));
}

/** The way to pay that the form names; what is none is not offered either. */
function readRoute(body: Uint8Array): string {
  return (readForm(body).get('route') ?? '').slice(0, MAX_ROUTE);
}

const MAX_ROUTE = 100;
