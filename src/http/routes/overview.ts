import { Elysia } from 'elysia';
import { failValidation } from '../../core/errors.ts';
import { isTimeZone } from '../../core/zone.ts';
import type { Deps } from '../../deps.ts';
import type { Services } from '../../payments/index.ts';
import { HIDDEN_FIGURES } from '../../payments/reports/overview.ts';
import { queryOf } from '../address.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, told } from '../openapi/describe.ts';
import { GET_ERRORS } from '../openapi/errors.ts';
import { TAGS } from '../openapi/types.ts';
import { type OverviewData, overviewSchema } from '../schema/overview.ts';
import { timezone, timezoneHeader } from '../schema/parameters.ts';

const SUMS = { today_amount: 12_800, month_amount: 356_420, today_count: 9, month_count: 241 };

const OVERVIEW: OverviewData = {
  public: false,
  timezone: 'Asia/Taipei',
  currency: 'TWD',
  ...SUMS,
  by_currency: { TWD: SUMS },
  counts: { pending: 6, paid: 1204, failed: 3, expired: 41 },
  recent_transactions: [
    {
      payment_no: 'PAY202606220001ABCDEFGH',
      merchant_order_no: 'ORDER202606220001',
      gateway: 'ecpay',
      method: 'atm',
      amount: 980,
      amount_decimal: '980.00',
      currency: 'TWD',
      status: 'pending',
      paid_at: null,
      created_at: '2026-06-22T15:30:00+08:00',
    },
  ],
};

/** Without a key, on a shop whose home page is not public. */
const HIDDEN: OverviewData = { ...OVERVIEW, ...HIDDEN_FIGURES };

/** Figures of today and this month; the key is optional. */
export function overviewRoutes(deps: Deps, api: Api, { overview }: Pick<Services, 'overview'>) {
  return new Elysia().get(
    '/api/paycore/home/overview',
    ({ request }) =>
      api.answer(request, async () => {
        const caller = request.headers.has('x-api-key') ? await api.authenticate(request) : null;
        if (!caller) api.limits.chargeAddress('open', request);
        return succeed(await overview(caller, readTimezone(request, deps.config.timezone)), 'Overview loaded');
      }),
    describe({
      operationId: 'getOverview',
      tag: TAGS.installation,
      summary: 'Home overview',
      description:
        'Turnover of today and of this month by the time of payment, counts and the newest payments; figures are up to ten seconds old. With a key: those of its project and kind. Without one: those of the whole shop if `PAYCORE_PUBLIC_HOME` is on, and otherwise the same shape with nothing in it.',
      access: 'either',
      query: { timezone },
      headers: { 'X-PayCore-Timezone': timezoneHeader },
      answers: {
        200: answer(overviewSchema, {
          description: 'The figures.',
          examples: {
            project: { summary: 'With a key', value: told(() => OVERVIEW, 'Overview loaded') },
            hidden: {
              summary: 'Without a key, home page not public',
              value: told(() => HIDDEN, 'Overview loaded'),
            },
          },
        }),
      },
      errors: [...GET_ERRORS, 'VALIDATION_FAILED'],
    }),
  );
}

function readTimezone(request: Request, fallback: string): string {
  const asked = queryOf(request).get('timezone') ?? request.headers.get('x-paycore-timezone');
  if (asked === null || asked === '') return fallback;
  if (!isTimeZone(asked)) {
    throw failValidation({ timezone: ['The timezone field must be an IANA time zone such as Asia/Taipei.'] });
  }
  return asked;
}
