import { describeErrors } from './errors.ts';
import { exampleData, type Source } from './example.ts';
import { describeObject, describeSuccess } from './schema.ts';
import { type Answer, COMMON_TAG, type Operation, type Route, refer, type Schema } from './types.ts';

/** Routes that belong to no gateway. */
export function listCommonRoutes(source: Source): readonly Route[] {
  return [
    { verb: 'get', path: '/api/paycore/payments/{paymentNo}', operation: describeQuery(source) },
    {
      verb: 'get',
      path: '/api/paycore/home/overview',
      operation: describeOverview(),
      schemas: { Overview: overviewSchema },
    },
    { verb: 'get', path: '/healthz', operation: health },
    { verb: 'get', path: '/readyz', operation: readiness, schemas: { Readiness: readinessSchema } },
  ];
}

function describeQuery(source: Source): Operation {
  return {
    operationId: 'getPayment',
    tags: [COMMON_TAG],
    summary: 'Query payment',
    description:
      'The payment as it stands now. A key sees the payments of its own project and of its own kind, live or test; all others do not exist for it.',
    parameters: [refer('parameters', 'paymentNo')],
    responses: {
      '200': describeJson(describeSuccess(refer('schemas', 'Payment')), 'The payment.', {
        success: true,
        data: exampleFound(source),
        message: 'Payment found',
      }),
      ...describeErrors(['API_KEY_INVALID', 'PAYMENT_NOT_FOUND', 'RATE_LIMITED', 'INTERNAL_ERROR']),
    },
  };
}

/** A payment whose answer shows the most: one with a number that the payer can pay. */
function exampleFound(source: Source): unknown {
  const choices = source.gateways.flatMap((gateway) => gateway.methods.map((method) => ({ gateway, method })));
  const choice = choices.find(({ method }) => method.callsGateway) ?? choices[0];
  return choice ? exampleData(source, choice) : {};
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

function describeOverview(): Operation {
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

const health: Operation = {
  operationId: 'checkHealth',
  tags: [COMMON_TAG],
  summary: 'Liveness',
  description: 'Answers as long as the process runs.',
  security: [],
  responses: {
    '200': describeJson(
      describeObject({ status: { const: 'ok' }, version: { type: 'string', description: 'Version of PayCore.' } }),
      'It runs.',
      { status: 'ok', version: '0.1.0' },
    ),
  },
};

const check = describeObject({
  ok: { type: 'boolean' },
  detail: { type: 'string', description: 'What was found, for people.' },
});

const readinessSchema: Schema = describeObject({
  status: { type: 'string', enum: ['ready', 'not ready'] },
  checks: describeObject({ database: check, disk: check }),
});

const readiness: Operation = {
  operationId: 'checkReadiness',
  tags: [COMMON_TAG],
  summary: 'Readiness',
  description: 'Whether payments can be taken: the database can be written and the disk has room.',
  security: [],
  responses: {
    '200': describeJson(refer('schemas', 'Readiness'), 'Everything is in order.', {
      status: 'ready',
      checks: { database: { ok: true, detail: 'writable' }, disk: { ok: true, detail: '18342 MB free' } },
    }),
    '503': describeJson(refer('schemas', 'Readiness'), 'Something is wrong; the checks say what.', {
      status: 'not ready',
      checks: {
        database: { ok: true, detail: 'writable' },
        disk: { ok: false, detail: 'only 12 MB free: make room on the disk of the data directory' },
      },
    }),
  },
};

function describeJson(schema: Schema, description: string, value: unknown): Answer {
  return { description, content: { 'application/json': { schema, example: value } } };
}
