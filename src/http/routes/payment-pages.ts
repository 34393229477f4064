import { Elysia } from 'elysia';
import { PayCoreError } from '../../core/errors.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import type { Locale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import { listPictures, renderFormPost, renderProblem } from '../../pages/checkout/index.ts';
import { revisionOf } from '../../payments/checkout/page.ts';
import { takeDetails } from '../../payments/checkout/payer-details.ts';
import type { Services } from '../../payments/index.ts';
import { createViewRefresh } from '../../payments/sync/request.ts';
import { listPostTargets, pagePath } from '../../payments/urls.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { fail, toResponse } from '../answer.ts';
import type { Api } from '../api.ts';
import { MAX_FORM } from '../body.ts';
import { otherLanguage, turnTo } from '../language.ts';
import { createPageAnswers, NO_STORE, RETURNED, redirect } from '../page-answers.ts';

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
  const { html, showPayment, showReturned, localeOf, find, notFound, guard } = createPageAnswers(deps, limits);
  const refresh = createViewRefresh(deps, syncAttempt);

  /** A button on the page of a payment: `work` gets the payment, its language and the way back to its page. */
  const press = (request: Request, { locale: asked, paymentNo }: Address, work: Work): Promise<Response> =>
    guard('go', request, localeOf(asked), async () => {
      const locale = localeOf(asked) ?? deps.config.locale;
      const found = await find(request, paymentNo);
      return found ? work(found, { request, locale, back: pagePath(deps, paymentNo, locale) }) : notFound(locale);
    });
  const refuse = (locale: Locale, back: string) => html(renderProblem(locale, 'too_many_tries', back), 429);

  const mayDraw = (request: Request) => () => limits.waitFor('draws', request) === null;

  const start: Work = async (before, { request, locale, back }) => {
    const details = await takeDetails(deps, before, readForm(await receive(request, MAX_FORM)));
    if (details.type === 'missing') return showPayment(before, locale, { sent: details.sent });
    const { found } = details;
    const result = await startPayment(found, locale, mayDraw(request));
    if (result.type === 'form') {
      const pictures = listPictures(result.model.brand);
      return html(renderFormPost(result.model), 200, { postsToGateway: listPostTargets(deps), pictures });
    }
    if (result.type === 'redirect') return redirect(result.url);
    if (result.type === 'trouble') return html(renderProblem(locale, 'gateway', back), 502);
    return result.type === 'too_many' ? refuse(locale, back) : redirect(back);
  };

  const choose: Work = async (found, { request, locale, back }) => {
    const route = readRoute(await receive(request, MAX_FORM));
    const result = await selectMethod(found, route, locale, mayDraw(request));
    if (result === 'trouble') return html(renderProblem(locale, 'gateway', `${back}&choose=1`), 502);
    return result === 'too_many' ? refuse(locale, back) : redirect(back);
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
          return isBack && locale ? showReturned(locale) : notFound(locale);
        }
        if (!locale) return redirect(pagePath(deps, params.paymentNo, deps.config.locale));
        refresh(found);
        return showPayment(found, locale, { choose: new URL(request.url).searchParams.has('choose') });
      }),
    )
    .get('/:locale/pay/:paymentNo/status', async ({ request, params }) => {
      const wait = limits.waitFor('poll', request);
      if (wait !== null) return toResponse(fail(new PayCoreError('RATE_LIMITED', { details: { retry_after: wait } })));
      const found = await find(request, params.paymentNo);
      if (!found) return Response.json({ status: 'not_found' }, { status: 404, headers: NO_STORE });
      const { payment } = found;
      return Response.json({ status: payment.status, revision: revisionOf(payment) }, { headers: NO_STORE });
    })
    .post('/:locale/pay/:paymentNo/go', ({ request, params }) => press(request, params, start), { parse: 'none' })
    .post('/:locale/pay/:paymentNo/choose', ({ request, params }) => press(request, params, choose), { parse: 'none' });
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
