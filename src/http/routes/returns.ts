import { Elysia, t } from 'elysia';
import { PAYMENT_NO } from '../../core/ids.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway } from '../../gateways/gateway.ts';
import { findForPage } from '../../payments/checkout/page.ts';
import type { Services } from '../../payments/index.ts';
import { pagePath, RETURN_TOKEN } from '../../payments/urls.ts';
import { queryOf } from '../address.ts';
import type { Api } from '../api.ts';
import { describe, plainAnswer, UNDOCUMENTED } from '../openapi/describe.ts';
import { nameOf } from '../openapi/names.ts';
import { arriveIn, createPageAnswers, RETURNED, redirect } from '../page-answers.ts';
import { text } from '../schema/build.ts';
import { pageLocale, paymentNo } from '../schema/parameters.ts';
import { readCallback } from './webhooks.ts';

/** Where gateways send the payer's browser back to; whatever the body says, the payment page is next. */
export function returnRoutes(
  deps: Deps,
  api: Api,
  { receiveCallback, handleReturn }: Pick<Services, 'receiveCallback' | 'handleReturn'>,
) {
  const { showPayment, showResult, showReturned, localeOf, notFound, guard } = createPageAnswers(deps, api.limits);

  const show = (request: Request, gatewayId: string, params: { locale: string; paymentNo: string }) =>
    guard('return', request, localeOf(params.locale), async () => {
      const locale = localeOf(params.locale) ?? deps.config.locale;
      if (!PAYMENT_NO.test(params.paymentNo)) return notFound(locale);
      const back = await handleReturn(gatewayId, params.paymentNo, queryOf(request));
      const language = back?.locale ?? locale;
      if (back?.mayOpen)
        return showPayment(back.found, language, { returned: true, notice: back.notice, ...arriveIn(request) });
      if (back) return showResult(gatewayId, back, language);
      const known = await deps.store.findPayment(params.paymentNo);
      return known?.payment.gateway === gatewayId ? showReturned(locale) : notFound(locale);
    });

  const app = new Elysia().post(
    '/:locale/payment/:gateway/return/:paymentNo',
    ({ request, params }) =>
      guard('return', request, localeOf(params.locale), async () => {
        const gateway = deps.gateways.find(params.gateway);
        const locale = localeOf(params.locale) ?? deps.config.locale;
        if (!gateway || !PAYMENT_NO.test(params.paymentNo)) return notFound(locale);
        const raw = await readCallback(api, request).catch(() => null);
        const received = raw ? await receiveCallback(gateway, raw, api.addressOf(request), true) : null;
        // A genuine post proves that the browser is the payer's; without one, the token has to be in the address.
        const genuine = received?.payment?.paymentNo === params.paymentNo;
        const query = queryOf(request);
        const token = query.get(RETURN_TOKEN) ?? query.get('token') ?? '';
        const trusted = genuine || (await findForPage(deps, params.paymentNo, token)) !== null;
        const bare = `/${locale}/pay/${params.paymentNo}?${RETURNED}`;
        return redirect(trusted ? pagePath(deps, params.paymentNo, locale) : bare);
      }),
    UNDOCUMENTED,
  );
  for (const gateway of deps.gateways.list) {
    app.get(
      `/:locale/payment/${gateway.id}/return/:paymentNo`,
      ({ request, params }) => show(request, gateway.id, params),
      describeReturn(gateway),
    );
  }
  return app.get(
    '/:locale/payment/:gateway/return/:paymentNo',
    ({ request, params }) => show(request, params.gateway, params),
    UNDOCUMENTED,
  );
}

const page = (description: string, headers: readonly string[] = []) =>
  plainAnswer(text(), { description, type: 'text/html', headers });

function describeReturn(gateway: Gateway) {
  const own = gateway.returnsTradeNoAs;
  return describe({
    operationId: `return${nameOf(gateway)}Payer`,
    tag: gateway.name,
    summary: `Payer comes back from ${gateway.name}`,
    description:
      'The gateway sends the payer’s browser here; a shop never calls it. Nothing in the address proves a payment: the gateway is asked, and the payment page shows what it says.',
    notes: [
      'Only the token opens the payment page; the gateway’s own number shows what came of it and nothing else, and a payment number alone shows only that the payer is back.',
      ...(gateway.takesOnReturn
        ? [`${gateway.name} capture failed: the page says so and offers to try again; the payment stays open.`]
        : []),
    ],
    highlights: ['data-payment-no', 'data-status'],
    access: 'open',
    params: { locale: pageLocale, paymentNo },
    query: {
      [RETURN_TOKEN]: t.Optional(text('Token of the payment page.')),
      ...(own === undefined ? {} : { [own]: t.Optional(text(`${gateway.name}’s own number, added by the gateway.`)) }),
    },
    answers: {
      200: page('The payment page.'),
      404: page('Payment not found.'),
      429: page('Too many come back from this address; the page says to wait.', ['Retry-After']),
      503: page('The page cannot be made at the moment.'),
    },
  });
}
