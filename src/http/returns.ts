import { Elysia } from 'elysia';
import { PAYMENT_NO } from '../core/ids.ts';
import type { Deps } from '../deps.ts';
import { findGateway } from '../gateways/index.ts';
import type { Services } from '../payments/index.ts';
import { pagePath } from '../payments/urls.ts';
import type { Api } from './api.ts';
import { createDesk, redirect } from './desk.ts';
import { readCallback } from './webhooks.ts';

/** Where gateways send the payer's browser back to; whatever the body says, the payment page is next. */
export function returnRoutes(deps: Deps, api: Api, { receiveCallback }: Services) {
  const { localeOf, find, notFound, guard } = createDesk(deps);

  return new Elysia()
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
