import { Elysia } from 'elysia';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import { renderFormPost, renderPaymentPage, renderProblem } from '../pages/checkout/index.ts';
import type { PaymentView } from '../pages/checkout/view.ts';
import type { Services } from '../payments/index.ts';
import { listScriptOrigins } from '../payments/insite.ts';
import { buildPaymentView, openForPayer, revisionOf } from '../payments/page.ts';
import { createViewRefresh } from '../payments/sync.ts';
import { pagePath } from '../payments/urls.ts';
import type { PageNeeds } from '../security/csp.ts';
import { createDesk, NO_STORE, redirect } from './desk.ts';

/** What payers see. */
export function pageRoutes(deps: Deps, { look }: Services) {
  const { html, localeOf, find, notFound, guard } = createDesk(deps);
  const refresh = createViewRefresh(deps, look);
  const postsToGateway = Object.values(deps.config.origins);

  /** What the screen loads and where it leads, as its driver declares. */
  const needsOf = (view: PaymentView, payment: Payment): PageNeeds => ({
    ...(view.goAction === null && view.screen !== 'insite' ? {} : { postsToGateway }),
    ...(view.screen === 'insite' ? { vendor: listScriptOrigins(deps, payment) } : {}),
  });

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
          if (result.type === 'form') return html(renderFormPost(result.view), 200, { postsToGateway });
          if (result.type === 'redirect') return redirect(result.url);
          return result.type === 'too_many' ? html(renderProblem(locale, 'too_many_tries', back), 429) : redirect(back);
        }),
      { parse: 'none' },
    );
}
