import { Elysia, t } from 'elysia';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../payments/caller.ts';
import type { Services } from '../../payments/index.ts';
import { serializePayment } from '../../payments/serialize.ts';
import { syncPayment } from '../../payments/sync/request.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, EMPTY_BODY, REPEATABLE, told } from '../openapi/describe.ts';
import { GET_ERRORS, POST_ERRORS } from '../openapi/errors.ts';
import { exampleFound } from '../openapi/examples.ts';
import { TAGS } from '../openapi/types.ts';
import { findOwn } from '../own-payment.ts';
import { extend, instant, named, words } from '../schema/build.ts';
import { paymentNo } from '../schema/parameters.ts';
import { paymentSchema } from '../schema/payment.ts';

const syncSchema = named(
  'Sync',
  t.Object(
    {
      asked: t.Boolean({
        description: 'Whether the gateway was asked; once a payment is over there is nothing to ask.',
      }),
      result: words(['paid', 'unpaid', 'mismatch', 'unknown', 'not_found', 'over'], {
        description:
          'What came of it: `mismatch` another amount was paid, `unknown` the gateway is still being called, `not_found` it does not know the order, `over` it was not asked any more.',
      }),
      at: instant('When it was asked.'),
    },
    { description: 'What came of asking.' },
  ),
);

const SYNC = { asked: true, result: 'unpaid', at: '2026-06-22T16:00:00+08:00' };

/** One payment, whatever its gateway. */
export function paymentRoutes(deps: Deps, api: Api, { syncAttempt }: Pick<Services, 'syncAttempt'>) {
  return new Elysia()
    .get(
      '/api/paycore/payments/:paymentNo',
      ({ request, params }) =>
        api.get(request, async ({ caller }) => {
          const { payment, attempt } = await findOwn(deps, caller, params.paymentNo);
          return succeed(serializePayment(deps, payment, attempt), 'Payment found');
        }),
      describe({
        operationId: 'getPayment',
        tag: TAGS.payments,
        summary: 'Query payment',
        description:
          'The payment as it stands now. A key sees the payments of its own project and of its own kind, live or test; all others do not exist for it.',
        highlights: ['payment_no', 'merchant_order_no', 'status', 'paid_at', 'payment_info', 'flags'],
        params: { paymentNo },
        answers: {
          200: answer(paymentSchema, {
            description: 'The payment.',
            example: told(() => exampleFound(deps), 'Payment found'),
          }),
        },
        errors: [...GET_ERRORS, 'PAYMENT_NOT_FOUND'],
      }),
    )
    .post(
      '/api/paycore/payments/:paymentNo/sync',
      ({ request, params }) =>
        api.post(request, async ({ caller }) =>
          succeed(
            await syncPayment(deps, syncAttempt, await findOwn(deps, caller, params.paymentNo), actorOf(caller)),
            'Payment synced',
          ),
        ),
      describe({
        operationId: 'syncPayment',
        tag: TAGS.payments,
        summary: 'Sync payment status',
        description:
          'Asks the gateway what became of the payment, brings PayCore up to date and answers with the result.',
        notes: [
          'PayCore asks by itself as well, so there is no need to call this in a loop.',
          'A gateway that cannot be asked, and a payment whose gateway is not chosen yet, are `gateway_sync_not_supported`.',
        ],
        highlights: ['sync.result', 'payment_no', 'status', 'paid_at'],
        params: { paymentNo },
        headers: REPEATABLE,
        body: EMPTY_BODY,
        answers: {
          200: answer(extend(paymentSchema, { sync: syncSchema }), {
            description: 'The payment after asking.',
            example: told(() => ({ ...exampleFound(deps), sync: SYNC }), 'Payment synced'),
          }),
        },
        errors: [
          ...POST_ERRORS,
          'PAYMENT_NOT_FOUND',
          'gateway_sync_not_supported',
          'GATEWAY_RESTING',
          'PAYMENT_GATEWAY_ERROR',
          'PAYMENT_GATEWAY_TIMEOUT',
        ],
      }),
    );
}
