import type { Field } from '../../core/fields.ts';
import { LIST_FIELDS, PAGE_FIELDS } from '../../core/payment-query.ts';
import { ACTORS } from '../../payments/reports/events.ts';
import { exampleEnvironment } from './credentials.ts';
import { describeErrors, listErrorCodes } from './errors.ts';
import { exampleData, type Source } from './example.ts';
import { sharedFields } from './payment.ts';
import { describeField, describeJson, describeObject, describeSuccess } from './schema.ts';
import { COMMON_TAG, type Parameter, type Route, refer, type Schema } from './types.ts';

const NEXT = 'vDk0yqQ8mZrT3f7uXJwL5n2aBcE9hGiKpS1oV6tYxM';
export const nextCursor: Schema = {
  type: ['string', 'null'],
  description: '`cursor` of the next page; null: this was the last one.',
};
const GET_ERRORS = ['API_KEY_INVALID', 'RATE_LIMITED', 'INTERNAL_ERROR'] as const;

/** Routes that show what there is: a key's payments, the timeline of one, the ways to pay. */
export function describeListing(source: Source): readonly Route[] {
  return [describeList(source), describeTimeline(), describeMethods(source)];
}

export function describeParameters(fields: readonly Field[]): readonly Parameter[] {
  return fields.map((field) => {
    const { description, ...schema } = describeField(field);
    const example = field.example === undefined ? {} : { example: String(field.example) };
    return { name: field.name, in: 'query', required: false, description: description ?? '', schema, ...example };
  });
}

function describeList(source: Source): Route {
  const [gateway] = source.gateways;
  const [method] = gateway?.methods ?? [];
  const payments = gateway && method ? [exampleData(source, { gateway, method })] : [];
  return {
    verb: 'get',
    path: '/api/paycore/payments',
    operation: {
      operationId: 'listPayments',
      tags: [COMMON_TAG],
      summary: 'List payments',
      description:
        'The payments of this key’s project and kind, newest first; filters narrow them and may be combined. Go on with `cursor` while `next_cursor` is not null: a page of a rare combination may be short, or empty, before the last one.',
      parameters: describeParameters(LIST_FIELDS),
      responses: {
        '200': describeJson(
          describeSuccess(
            describeObject({
              payments: { type: 'array', items: refer('schemas', 'Payment') },
              next_cursor: nextCursor,
            }),
          ),
          'One page.',
          { success: true, data: { payments, next_cursor: NEXT }, message: 'Payments found' },
        ),
        ...describeErrors([...GET_ERRORS, 'VALIDATION_FAILED']),
      },
    },
  };
}

const eventSchema: Schema = describeObject({
  type: { type: 'string', description: 'E.g. `payment.created`, `callback.accepted`, `notification.delivered`.' },
  at: { type: 'string', format: 'date-time' },
  by: {
    ...describeObject({
      type: { type: 'string', enum: ACTORS },
      name: { type: ['string', 'null'], description: 'The gateway, or the first letters of the key.' },
    }),
    description: 'Who or what it came from.',
  },
  gateway_order_no: { type: ['string', 'null'], description: 'The try that it is about.' },
  data: { type: 'object', description: 'What else is known, by type; more may be added.' },
});

const EVENTS = [
  {
    type: 'payment.created',
    at: '2026-06-22T15:30:00+08:00',
    by: { type: 'api_key', name: 'pc_test_k3Wx…' },
    gateway_order_no: null,
    data: { mode: 'background' },
  },
  {
    type: 'callback.accepted',
    at: '2026-06-23T18:30:02+08:00',
    by: { type: 'gateway', name: 'ecpay' },
    gateway_order_no: 'PC260622K7Q2M9XW4ZT1',
    data: {
      fact: 'paid',
      amount: 98_000,
      currency: 'TWD',
      trade_no: '2606221530127264',
      simulated: false,
      channel: 'ATM_LAND',
      verdict: 'applied',
    },
  },
];

function describeTimeline(): Route {
  return {
    verb: 'get',
    path: '/api/paycore/payments/{paymentNo}/events',
    schemas: { Event: eventSchema },
    operation: {
      operationId: 'listEvents',
      tags: [COMMON_TAG],
      summary: 'Timeline of a payment',
      description:
        'What happened to the payment and by whom, in the order in which it happened: tries, calls of gateways, callbacks, notifications. Amounts are in minor units.',
      parameters: [refer('parameters', 'paymentNo'), ...describeParameters(PAGE_FIELDS)],
      responses: {
        '200': describeJson(
          describeSuccess(
            describeObject({ events: { type: 'array', items: refer('schemas', 'Event') }, next_cursor: nextCursor }),
          ),
          'One page.',
          { success: true, data: { events: EVENTS, next_cursor: null }, message: 'Events found' },
        ),
        ...describeErrors([...GET_ERRORS, 'PAYMENT_NOT_FOUND', 'VALIDATION_FAILED']),
      },
    },
  };
}

const describeMethod = (gateways: Source['gateways']): Schema =>
  describeObject({
    name: { type: 'string', description: 'Gateway and last part of the route.' },
    route: { type: 'string', description: 'Where a payment is made this way.' },
    gateway: sharedFields.gateway,
    gateway_name: { type: 'string' },
    method: { type: 'string' },
    mode: { type: 'string' },
    title: { type: 'string' },
    currencies: {
      type: ['array', 'null'],
      items: { type: 'string' },
      description: 'ISO 4217 codes; null: the gateway decides.',
    },
    unit: {
      type: 'string',
      enum: ['major', 'minor'],
      description: 'What `amount` and the limits count: whole units of the currency, or its minor units.',
    },
    max_expire_days: { type: 'integer' },
    refundable: { type: 'boolean', description: 'Money taken this way can be paid back through the gateway.' },
    limits: {
      ...describeObject({ min: { type: 'number' }, max: { type: 'number' } }),
      description: 'The project’s own terms, else the gateway’s.',
    },
    enabled: { type: 'boolean', description: 'It can be used as it stands: the project keeps credentials for it.' },
    credentials: {
      type: 'string',
      enum: ['stored', 'required'],
      description: '`required`: a request has to bring gateway_credentials.',
    },
    environment: {
      type: ['string', 'null'],
      description: 'The gateway’s system that a request means when it names none.',
    },
    problem: {
      type: ['object', 'null'],
      properties: { error_code: { type: 'string', enum: listErrorCodes(gateways) }, message: { type: 'string' } },
      description: 'Why this key cannot use it at all, as a create would answer.',
    },
    in_checkout: { type: 'boolean', description: 'Payers can choose it on the All-in-One page.' },
  });

function describeMethods({ gateways }: Source): Route {
  const methods = gateways.slice(0, 1).flatMap((gateway) =>
    gateway.methods.slice(0, 1).map((method) => ({
      name: `${gateway.id}/${method.path}`,
      route: `/api/paycore/pay/${gateway.id}/${method.path}`,
      gateway: gateway.id,
      gateway_name: gateway.name,
      method: method.method,
      mode: method.mode,
      title: method.docs.title,
      currencies: method.currencies === 'any' ? null : method.currencies,
      unit: method.unit,
      max_expire_days: method.maxExpireDays,
      refundable: method.refundable === true,
      limits: method.limits,
      enabled: true,
      credentials: 'stored',
      environment: exampleEnvironment(gateway),
      problem: null,
      in_checkout: true,
    })),
  );
  return {
    verb: 'get',
    path: '/api/paycore/methods',
    schemas: { Method: describeMethod(gateways) },
    operation: {
      operationId: 'listMethods',
      tags: [COMMON_TAG],
      summary: 'List ways to pay',
      description: 'Every method with its currencies and limits, and what this key needs in order to use it.',
      responses: {
        '200': describeJson(
          describeSuccess(describeObject({ methods: { type: 'array', items: refer('schemas', 'Method') } })),
          'In the merchant’s order.',
          { success: true, data: { methods }, message: 'Methods found' },
        ),
        ...describeErrors(GET_ERRORS),
      },
    },
  };
}
