import { Elysia } from 'elysia';
import { PAYMENT_NO } from '../../core/ids.ts';
import type { Deps } from '../../deps.ts';
import { findForPage } from '../../payments/checkout/page.ts';
import type { Services } from '../../payments/index.ts';
import { pagePath, RETURN_TOKEN } from '../../payments/urls.ts';
import type { Api } from '../api.ts';
import { createPageAnswers, RETURNED, redirect } from '../page-answers.ts';
import { readCallback } from './webhooks.ts';

/** Where gateways send the payer's browser back to; whatever the body says, the payment page is next. */
export function returnRoutes(deps: Deps, api: Api, { receiveCallback, handleReturn }: Services) {
  const { showPayment, showReturned, localeOf, notFound, guard } = createPageAnswers(deps, api.limits);

  return new Elysia()
    .post(
      '/:locale/payment/:gateway/return/:paymentNo',
      ({ request, params }) =>
        guard('return', request, localeOf(params.locale), async () => {
          const gateway = deps.gateways.find(params.gateway);
          const locale = localeOf(params.locale) ?? deps.config.locale;
          if (!gateway || !PAYMENT_NO.test(params.paymentNo)) return notFound(locale);
          const raw = await readCallback(request);
          const received = raw ? await receiveCallback(gateway, raw, api.addressOf(request)) : null;
          // A genuine post proves that the browser is the payer's; without one, the token has to be in the address.
          const genuine = received?.payment?.paymentNo === params.paymentNo;
          const query = new URL(request.url).searchParams;
          const token = query.get(RETURN_TOKEN) ?? query.get('token') ?? '';
          const trusted = genuine || (await findForPage(deps, params.paymentNo, token)) !== null;
          const bare = `/${locale}/pay/${params.paymentNo}?${RETURNED}`;
          return redirect(trusted ? pagePath(deps, params.paymentNo, locale) : bare);
        }),
      { parse: 'none' },
    )
    .get('/:locale/payment/:gateway/return/:paymentNo', ({ request, params }) =>
      guard('return', request, localeOf(params.locale), async () => {
        const locale = localeOf(params.locale) ?? deps.config.locale;
        if (!PAYMENT_NO.test(params.paymentNo)) return notFound(locale);
        const comeback = await handleReturn(params.gateway, params.paymentNo, new URL(request.url).searchParams);
        if (comeback) return showPayment(comeback.found, locale, { returned: true, notice: comeback.notice });
        const known = await deps.store.findPayment(params.paymentNo);
        return known?.payment.gateway === params.gateway ? showReturned(locale) : notFound(locale);
      }),
    );
}
