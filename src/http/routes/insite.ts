import { Elysia, t } from 'elysia';
import { failValidation, PayCoreError } from '../../core/errors.ts';
import { checkFields } from '../../core/fields.ts';
import { isLocale, type Locale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import type { GatewayMethod } from '../../gateways/registry.ts';
import { PAY_FIELDS } from '../../payments/checkout/insite.ts';
import { requireInSite } from '../../payments/checkout/insite-call.ts';
import { findForPage } from '../../payments/checkout/page.ts';
import type { Services } from '../../payments/index.ts';
import { serializePayment } from '../../payments/serialize.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { queryOf } from '../address.ts';
import { type ApiAnswer, succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { dropBody } from '../body.ts';
import { answer, describe, fieldsBody, REPEATABLE, told, UNDOCUMENTED } from '../openapi/describe.ts';
import { POST_ERRORS } from '../openapi/errors.ts';
import { exampleData } from '../openapi/examples.ts';
import { nameOf } from '../openapi/names.ts';
import { findOwn } from '../own-payment.ts';
import { address, extend, named } from '../schema/build.ts';
import { locale as localeParameter, pageToken, paymentNo } from '../schema/parameters.ts';
import { paymentSchema } from '../schema/payment.ts';

const paidSchema = named(
  'InSitePayment',
  extend(paymentSchema, {
    redirect_url: t.Optional(
      address(
        'Where the payer goes on, for 3-D Secure or UnionPay. Missing when the payment needs nothing more of that kind.',
      ),
    ),
  }),
);

function describePay(deps: Deps, of: GatewayMethod) {
  const { gateway, method } = of;
  const success = (more: object, message: string) => told(() => ({ ...exampleData(deps, of), ...more }), message);
  return describe({
    operationId: `pay${nameOf(gateway, method)}`,
    tag: gateway.name,
    summary: `Pay in ${gateway.name}’s in-site form`,
    description:
      'Pays with the token that the gateway’s script gave the browser. PayCore’s own payment page calls this by itself; only a shop that shows the form on its own pages does, too. Instead of an API key, the token of the payment page may stand in the address, as it does in `payment_url`.',
    highlights: ['redirect_url', 'status', 'payment_info'],
    access: 'either',
    params: { paymentNo },
    query: { token: pageToken, locale: localeParameter },
    headers: REPEATABLE,
    body: named(
      'InSitePayRequest',
      fieldsBody(PAY_FIELDS, { example: { PayToken: '6E1F0C1B2A3D4E5F60718293A4B5C6D7' } }),
    ),
    answers: {
      200: answer(paidSchema, {
        description: 'The payer goes on at `redirect_url`, the payment is paid, or a number to pay was issued.',
        examples: {
          redirect: {
            summary: 'The bank asks the payer',
            value: success({ redirect_url: 'https://bank.example/3ds/1f7c' }, 'The payer goes on at the bank'),
          },
          paid: {
            summary: 'Paid at once',
            value: success({ status: 'paid', paid_at: '2026-06-22T15:34:10+08:00' }, 'Payment created successfully'),
          },
        },
      }),
    },
    errors: [
      ...POST_ERRORS,
      'VALIDATION_FAILED',
      'PAYMENT_NOT_FOUND',
      'PAYMENT_NOT_PAYABLE',
      ...(gateway.inSite?.errors ?? []),
      'PAYMENT_GATEWAY_ERROR',
      'PAYMENT_GATEWAY_TIMEOUT',
    ],
    gateway,
  });
}

/** Pays with what the form gave; `reader`: who is told what came of it. */
function createPay(deps: Deps, inSite: Services['inSite']) {
  return async (
    found: PaymentWithAttempt,
    body: Readonly<Record<string, unknown>>,
    locale: Locale,
    reader: 'shop' | 'payer',
  ): Promise<ApiAnswer> => {
    const { values, errors } = checkFields(body, PAY_FIELDS);
    if (Object.keys(errors).length > 0) throw failValidation(errors);
    const result = await inSite.pay(found, String(values.PayToken), locale);
    const after = (await deps.store.findPayment(found.payment.paymentNo)) ?? found;
    const data = serializePayment(deps, after.payment, after.attempt, reader);
    return 'redirectUrl' in result
      ? succeed({ ...data, redirect_url: result.redirectUrl }, 'The payer goes on at the bank')
      : succeed(data, 'Payment created successfully');
  };
}

/** Paying in the page: the form's token for the page's script, and the payment call for the page or the shop. */
export function inSiteRoutes(deps: Deps, api: Api, { inSite }: Services) {
  const app = new Elysia();
  const findByToken = async (request: Request, paymentNo: string): Promise<PaymentWithAttempt> => {
    const found = await findForPage(deps, paymentNo, tokenOf(request));
    if (!found) throw new PayCoreError('PAYMENT_NOT_FOUND');
    return found;
  };

  const pay = createPay(deps, inSite);

  for (const gateway of deps.gateways.list.filter((one) => one.inSite)) {
    for (const method of gateway.methods.filter((one) => one.inSite)) {
      app.post(
        `/api/paycore/pay/${gateway.id}/${method.path}/:paymentNo/create`,
        ({ request, params }) => {
          const locale = readLocale(request, deps.config.locale);
          if (request.headers.has('x-api-key')) {
            return api.post(request, async ({ caller, body }) =>
              pay(await findOwn(deps, caller, params.paymentNo), body, locale, 'shop'),
            );
          }
          return api.postByPage(request, {
            admit: async () => {
              // Neither key nor token: whoever it is has not said who he is, and hears nothing about payments.
              if (tokenOf(request) === '') throw new PayCoreError('API_KEY_INVALID');
              return findByToken(request, params.paymentNo);
            },
            handle: (found, body) => pay(found, body, locale, 'payer'),
          });
        },
        describePay(deps, { gateway, method }),
      );
    }
  }

  return app.post(
    '/:locale/pay/:paymentNo/form',
    ({ request, params }) =>
      api.answer(request, async () => {
        dropBody(request);
        api.limits.chargeAddress('form', request);
        const found = await findByToken(request, params.paymentNo);
        requireInSite(deps, found.payment);
        const locale = isLocale(params.locale) ? params.locale : deps.config.locale;
        const renew = queryOf(request).has('renew');
        const { token, scriptUrl, settings, expiresAt } = await inSite.openForm(found, locale, {
          renew,
          mayDraw: async () => (await api.limits.waitForDraw(request)) === null,
        });
        return succeed(
          { token, script_url: scriptUrl, settings, expires_in_ms: expiresAt - deps.clock.now() },
          'Form ready',
        );
      }),
    UNDOCUMENTED,
  );
}

function tokenOf(request: Request): string {
  return queryOf(request).get('token') ?? '';
}

function readLocale(request: Request, fallback: Locale): Locale {
  const asked = queryOf(request).get('locale') ?? '';
  return isLocale(asked) ? asked : fallback;
}
