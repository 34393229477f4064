import { describeErrors } from './errors.ts';
import { describeObject, describeSuccess } from './schema.ts';
import { COMMON_TAG, type Operation, type Route, refer, type Schema } from './types.ts';

/** `GET /api/paycore/home/overview`. */
export function describeOverview(): Route {
  return {
    verb: 'get',
    path: '/api/paycore/home/overview',
    operation: buildOperation(),
    schemas: { Overview: overviewSchema },
  };
}

const number: Schema = { type: ['number', 'null'] };
const count: Schema = { type: ['integer', 'null'] };
const sums = { today_amount: number, month_amount: number, today_count: count, month_count: count };

const overviewSchema: Schema = describeObject({
  public: {
    type: 'boolean',
    description: 'True when anybody may see these figures: asked without a key on a public home page.',
  },
  timezone: { type: 'string', description: 'Zone by which days and months were cut.' },
  currency: { type: 'string', description: 'Main currency of the shop: the amounts beside it are in its major units.' },
  ...sums,
  by_currency: {
    type: 'object',
    additionalProperties: describeObject(sums),
    description: 'The same sums by ISO 4217 code.',
  },
  counts: describeObject({ pending: count, paid: count, failed: count, expired: count }),
  recent_transactions: {
    type: 'array',
    description: 'The newest ten. Without a key the order numbers are masked.',
    items: refer('schemas', 'RecentPayment'),
  },
});

const overviewSums = { today_amount: 12_800, month_amount: 356_420, today_count: 9, month_count: 241 };

const OVERVIEW = {
  public: false,
  timezone: 'Asia/Taipei',
  currency: 'TWD',
  ...overviewSums,
  by_currency: { TWD: overviewSums },
  counts: { pending: 6, paid: 1204, failed: 3, expired: 41 },
  recent_transactions: [
    {
      payment_no: 'PAY202606220001ABCDEFGH',
      merchant_order_no: 'ORDER202606220001',
      gateway: 'ecpay',
      method: 'atm',
      amount: 980,
      currency: 'TWD',
      status: 'pending',
      paid_at: null,
      created_at: '2026-06-22T15:30:00+08:00',
    },
  ],
};

/** Without a key, on a shop whose home page is not public. */
const HIDDEN = {
  ...OVERVIEW,
  ...Object.fromEntries(Object.keys(overviewSums).map((name) => [name, null])),
  by_currency: {},
  counts: { pending: null, paid: null, failed: null, expired: null },
  recent_transactions: [],
};

function buildOperation(): Operation {
  const success = (data: unknown) => ({ success: true, data, message: 'Overview loaded' });
  return {
    operationId: 'getOverview',
    tags: [COMMON_TAG],
    summary: 'Home overview',
    description:
      'Turnover of today and of this month by the time of payment, counts and the newest payments; figures are up to ten seconds old. With a key: those of its project and kind. Without one: those of the whole shop if `PAYCORE_PUBLIC_HOME` is on, and otherwise the same shape with nothing in it.',
    security: [{ 'X-API-KEY': [] }, {}],
    parameters: [refer('parameters', 'timezone'), refer('parameters', 'X-PayCore-Timezone')],
    responses: {
      '200': {
        description: 'The figures.',
        content: {
          'application/json': {
            schema: describeSuccess(refer('schemas', 'Overview')),
            examples: {
              project: { summary: 'With a key', value: success(OVERVIEW) },
              hidden: { summary: 'Without a key, home page not public', value: success(HIDDEN) },
            },
          },
        },
      },
      ...describeErrors(['API_KEY_INVALID', 'VALIDATION_FAILED', 'RATE_LIMITED', 'INTERNAL_ERROR']),
    },
  };
}
