import { LOCALES } from '../../core/locale.ts';
import { describeError, listErrorExamples } from './errors.ts';
import type { Source } from './example.ts';
import { HEADERS } from './headers.ts';
import { notificationSchema } from './notifications.ts';
import { paymentSchema, redirectFormSchema, sharedFields } from './payment.ts';
import { describeObject } from './schema.ts';
import type { Components, Parameter, Route, Schema } from './types.ts';

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes the request safe to repeat: within a day the same key with the same body gets the first answer again, and nothing is done twice. Server errors, 409 and 429 are not kept.',
  schema: { type: 'string', maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
};

const PAYMENT_NO: Parameter = {
  name: 'paymentNo',
  in: 'path',
  required: true,
  description: '`payment_no` of the payment.',
  schema: { type: 'string' },
  example: 'PAY202606220001ABCDEFGH',
};

const PAGE_TOKEN: Parameter = {
  name: 'token',
  in: 'query',
  required: false,
  description: 'The `token` of `payment_url`, in place of an API key.',
  schema: { type: 'string' },
};

const LOCALE: Parameter = {
  name: 'locale',
  in: 'query',
  required: false,
  description: 'Language of the page that the payer comes back to.',
  schema: { type: 'string', enum: LOCALES },
};

const timezone = (place: 'query' | 'header', name: string, description: string): Parameter => ({
  name,
  in: place,
  required: false,
  description,
  schema: { type: 'string', maxLength: 64 },
  example: 'Asia/Taipei',
});

const recentPayment: Schema = describeObject({
  payment_no: { type: 'string' },
  merchant_order_no: { type: 'string' },
  gateway: sharedFields.gateway,
  method: sharedFields.method,
  amount: sharedFields.amount,
  currency: sharedFields.currency,
  status: sharedFields.status,
  paid_at: sharedFields.paid_at,
  created_at: { type: 'string', format: 'date-time' },
});

/** Everything the operations refer to by name. */
export function buildComponents(routes: readonly Route[], { gateways }: Source): Components {
  return {
    securitySchemes: {
      'X-API-KEY': {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-KEY',
        description: '`pc_live_…` or `pc_test_…`, made with `paycore key create`.',
      },
    },
    parameters: {
      'Idempotency-Key': IDEMPOTENCY_KEY,
      paymentNo: PAYMENT_NO,
      pageToken: PAGE_TOKEN,
      locale: LOCALE,
      pageLocale: { ...LOCALE, name: 'locale', in: 'path', required: true, description: 'Language of the page.' },
      timezone: timezone('query', 'timezone', 'IANA time zone for days and months; the shop’s own when left out.'),
      'X-PayCore-Timezone': timezone('header', 'X-PayCore-Timezone', 'The same as a header; the query wins.'),
    },
    headers: {
      'Idempotent-Replayed': {
        description: '`true` when this is the kept answer to an earlier request with the same Idempotency-Key.',
        schema: { type: 'string', enum: ['true'] },
      },
      ...HEADERS,
    },
    examples: listErrorExamples(gateways),
    schemas: {
      Payment: paymentSchema,
      RedirectForm: redirectFormSchema,
      RecentPayment: recentPayment,
      Notification: notificationSchema,
      Error: describeError(gateways),
      ...Object.assign({}, ...routes.map((route) => route.schemas ?? {})),
    },
  };
}
