import { Elysia, t } from 'elysia';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../payments/caller.ts';
import type { Services } from '../../payments/index.ts';
import { serializeRefund } from '../../payments/refund/refund.ts';
import { REFUND_FIELDS } from '../../payments/refund/request.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, fieldsBody, REPEATABLE, told } from '../openapi/describe.ts';
import { GET_ERRORS, POST_ERRORS } from '../openapi/errors.ts';
import { TAGS } from '../openapi/types.ts';
import { findOwn } from '../own-payment.ts';
import { paymentNo } from '../schema/parameters.ts';
import { type RefundData, refundSchema } from '../schema/refund.ts';

const REFUND: RefundData = {
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

const REFUNDING = [
  'Pays back a part or all, where the gateway can. All refunds together are never more than was paid.',
  'Send an `Idempotency-Key`: without one, the same request again is another refund. With one it never pays back twice, however often it is sent and whatever became of the answer: it finds the refund that it made before, for as long as the payment is kept.',
  'After 502 or 504 with a `refund_no` the outcome is unknown. The gateway is asked until it is known; ask for the refunds, or send the same request with the same key. ECPay cannot be asked: the payment gets the flag `attention`, and a person has to look there.',
].join(' ');

const PATH = '/api/paycore/payments/:paymentNo/refunds';

/** Paying back, and what was paid back. */
export function refundRoutes(deps: Deps, api: Api, { refundPayment }: Pick<Services, 'refundPayment'>) {
  return new Elysia()
    .post(
      PATH,
      ({ request, params }) =>
        api.post(request, async ({ caller, body }) => {
          const found = await findOwn(deps, caller, params.paymentNo);
          const asker = { by: actorOf(caller), idempotencyKey: request.headers.get('idempotency-key') };
          const { created, data } = await refundPayment(found, body, asker);
          return created ? succeed(data, 'Refund created', 201) : succeed(data, 'Refund already exists');
        }),
      describe({
        operationId: 'createRefund',
        tag: TAGS.refunds,
        summary: 'Refund a payment',
        description: REFUNDING,
        highlights: ['refund_no', 'status', 'amount_decimal'],
        params: { paymentNo },
        headers: REPEATABLE,
        body: fieldsBody(REFUND_FIELDS, { example: { amount: 100, reason: 'returned' } }),
        answers: {
          200: answer(refundSchema, {
            description: '200: the same request has made it before.',
            example: told(() => REFUND, 'Refund already exists'),
          }),
          201: answer(refundSchema, {
            description: '201: the refund was made, or is under way.',
            example: told(() => REFUND, 'Refund created'),
          }),
        },
        errors: [
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
        ],
      }),
    )
    .get(
      PATH,
      ({ request, params }) =>
        api.get(request, async ({ caller }) => {
          const { payment } = await findOwn(deps, caller, params.paymentNo);
          const stored = await deps.store.listRefunds(payment.id);
          const refunds = await Promise.all(stored.map((refund) => serializeRefund(deps, payment, refund)));
          return succeed({ refunds }, 'Refunds found');
        }),
      describe({
        operationId: 'listRefunds',
        tag: TAGS.refunds,
        summary: 'List refunds of a payment',
        description: 'In the order they were made, those made at the gateway’s own desk too; of many, the last 500.',
        highlights: ['refunds'],
        params: { paymentNo },
        answers: {
          200: answer(
            t.Object(
              { refunds: t.Array(refundSchema, { description: 'In the order they were made.' }) },
              { description: 'All of them.' },
            ),
            {
              description: 'The refunds.',
              example: told(() => ({ refunds: [REFUND] }), 'Refunds found'),
            },
          ),
        },
        errors: [...GET_ERRORS, 'PAYMENT_NOT_FOUND'],
      }),
    );
}
