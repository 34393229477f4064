import { Elysia } from 'elysia';
import { failValidation, PayCoreError } from '../../core/errors.ts';
import { checkFields } from '../../core/fields.ts';
import { isLocale, type Locale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import { PAY_FIELDS, requireInSite } from '../../payments/checkout/insite.ts';
import { findForPage } from '../../payments/checkout/page.ts';
import type { Services } from '../../payments/index.ts';
import { serializePayment } from '../../payments/serialize.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import type { ApiAnswer } from '../answer.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { findOwn } from './payments.ts';

/** Paying in the page: the form's token for the page's script, and the payment call for the page or the shop. */
export function inSiteRoutes(deps: Deps, api: Api, { inSite }: Services) {
  const app = new Elysia();
  const findByToken = async (request: Request, paymentNo: string): Promise<PaymentWithAttempt> => {
    const found = await findForPage(deps, paymentNo, new URL(request.url).searchParams.get('token') ?? '');
    if (!found) throw new PayCoreError('PAYMENT_NOT_FOUND');
    return found;
  };

  const pay = async (
    found: PaymentWithAttempt,
    body: Readonly<Record<string, unknown>>,
    locale: Locale,
  ): Promise<ApiAnswer> => {
    const { values, errors } = checkFields(body, PAY_FIELDS);
    if (Object.keys(errors).length > 0) throw failValidation(errors);
    const result = await inSite.pay(found, String(values.PayToken), locale);
    const after = (await deps.store.findPayment(found.payment.paymentNo)) ?? found;
    const data = serializePayment(deps, after.payment, after.attempt);
    return 'redirectUrl' in result
      ? succeed({ ...data, redirect_url: result.redirectUrl }, 'The payer goes on at the bank')
      : succeed(data, 'Payment created successfully');
  };

  for (const gateway of deps.gateways.list.filter((one) => one.inSite)) {
    for (const method of gateway.methods.filter((one) => one.inSite)) {
      app.post(
        `/api/paycore/pay/${gateway.id}/${method.path}/:paymentNo/create`,
        ({ request, params }) => {
          const locale = readLocale(request, deps.config.locale);
          if (request.headers.has('x-api-key')) {
            return api.post(request, async ({ caller, body }) =>
              pay(await findOwn(deps, caller, params.paymentNo), body, locale),
            );
          }
          return api.postByPage(request, async (body) =>
            pay(await findByToken(request, params.paymentNo), body, locale),
          );
        },
        { parse: 'none' },
      );
    }
  }

  return app.post(
    '/:locale/pay/:paymentNo/form',
    ({ request, params }) =>
      api.answer(request, async () => {
        api.limits.chargeAddress('form', request);
        const found = await findByToken(request, params.paymentNo);
        requireInSite(deps, found.payment);
        const locale = isLocale(params.locale) ? params.locale : deps.config.locale;
        const renew = new URL(request.url).searchParams.has('renew');
        const { token, scriptUrl, settings, expiresAt } = await inSite.openForm(found, locale, renew);
        return succeed(
          { token, script_url: scriptUrl, settings, expires_in_ms: expiresAt - deps.clock.now() },
          'Form ready',
        );
      }),
    { parse: 'none' },
  );
}

function readLocale(request: Request, fallback: Locale): Locale {
  const asked = new URL(request.url).searchParams.get('locale') ?? '';
  return isLocale(asked) ? asked : fallback;
}
