import { REFUND_FIELDS } from '../../payments/refund/request.ts';
import { describeErrors, POST_ERRORS } from './errors.ts';
import { describeFields, describeJson, describeObject, describeSuccess } from './schema.ts';
import { COMMON_TAG, type Operation, type Route, refer, type Schema } from './types.ts';

const EXAMPLE = {
  refund_no: 'RF260622A1B2C3D4E5F6',
  payment_no: 'PAY202606220001ABCDEFGH',
  amount: 100,
  amount_decimal: '100.00',
  currency: 'TWD',
  status: 'succeeded',
  reason: 'returned',
  source: 'api',
  gateway_trade_no: '5O190127TN364715T',
  gateway_refund_no: '1JU08902781691411',
  message: '',
  created_at: '2026-06-25T10:00:00+08:00',
  updated_at: '2026-06-25T10:00:01+08:00',
};

const text: Schema = { type: 'string' };
const refundSchema: Schema = describeObject({
  refund_no: text,
  payment_no: text,
  amount: { type: 'number', description: 'In the unit of the route the payment came by.' },
  amount_decimal: text,
  currency: text,
  status: {
    type: 'string',
    enum: ['unknown', 'pending', 'succeeded', 'failed'],
    description:
      '`unknown`: the gateway’s answer was lost and is being asked for; never send it again because of that.',
  },
  reason: text,
  source: {
    type: 'string',
    enum: ['api', 'gateway'],
    description: '`gateway`: somebody paid back at the gateway’s own desk, or the payer’s bank did.',
  },
  gateway_trade_no: { type: ['string', 'null'], description: 'The gateway’s number of the money that went back.' },
  gateway_refund_no: {
    type: ['string', 'null'],
    description: 'The gateway’s number of the refund, where it has one of its own.',
  },
  message: { type: 'string', description: 'What the gateway said last, or why its answer is not known.' },
  created_at: { type: 'string', format: 'date-time' },
  updated_at: { type: 'string', format: 'date-time' },
});

const DESCRIPTION = [
  'Pays back a part or all, where the gateway can. All refunds together are never more than was paid.',
  'Send an `Idempotency-Key`: without one, the same request again is another refund. With one it never pays back twice, however often it is sent and whatever became of the answer: it finds the refund that it made before, for as long as the payment is kept.',
  'After 502 or 504 with a `refund_no` the outcome is unknown. The gateway is asked until it is known; ask for the refunds, or send the same request with the same key. ECPay cannot be asked: the payment gets the flag `attention`, and a person has to look there.',
].join(' ');

const PATH = '/api/paycore/payments/{paymentNo}/refunds';
const REFUND = describeSuccess(refer('schemas', 'Refund'));

const tell = (data: unknown, message: string) => ({ success: true, data, message });

/** `POST` and `GET` of a payment's refunds. */
export function describeRefunds(): readonly Route[] {
  return [
    { verb: 'post', path: PATH, schemas: { Refund: refundSchema }, operation: describeCreate() },
    { verb: 'get', path: PATH, operation: describeList() },
  ];
}

function describeCreate(): Operation {
  const schema = describeObject(describeFields(REFUND_FIELDS), []);
  const example = { amount: 100, reason: 'returned' };
  return {
    operationId: 'createRefund',
    tags: [COMMON_TAG],
    summary: 'Refund a payment',
    description: DESCRIPTION,
    parameters: [refer('parameters', 'paymentNo'), refer('parameters', 'Idempotency-Key')],
    requestBody: { required: true, content: { 'application/json': { schema, example } } },
    responses: {
      '200': describeJson(REFUND, 'The same request has made it before.', tell(EXAMPLE, 'Refund already exists')),
      '201': describeJson(REFUND, 'The refund was made, or is under way.', tell(EXAMPLE, 'Refund created')),
      ...describeErrors([
        ...POST_ERRORS,
        'PAYMENT_NOT_FOUND',
        'VALIDATION_FAILED',
        'PAYMENT_NOT_PAID',
        'REFUND_NOT_SUPPORTED',
        'REFUND_EXCEEDS_AMOUNT',
        'REFUND_TOO_MANY',
        'REFUND_REFUSED',
        'PAYMENT_GATEWAY_ERROR',
        'PAYMENT_GATEWAY_TIMEOUT',
        'GATEWAY_RESTING',
      ]),
    },
  };
}

function describeList(): Operation {
  const list = describeObject({ refunds: { type: 'array', items: refer('schemas', 'Refund') } });
  const example = tell({ refunds: [EXAMPLE] }, 'Refunds found');
  return {
    operationId: 'listRefunds',
    tags: [COMMON_TAG],
    summary: 'List refunds of a payment',
    description: 'In the order they were made, those made at the gateway’s own desk too; of many, the last 500.',
    parameters: [refer('parameters', 'paymentNo')],
    responses: {
      '200': describeJson(describeSuccess(list), 'The refunds.', example),
      ...describeErrors(['API_KEY_INVALID', 'PAYMENT_NOT_FOUND', 'RATE_LIMITED', 'INTERNAL_ERROR']),
    },
  };
}
