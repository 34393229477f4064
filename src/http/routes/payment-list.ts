import { Elysia } from 'elysia';
import { LIST_FIELDS } from '../../core/payment-query.ts';
import type { Deps } from '../../deps.ts';
import { listPayments } from '../../payments/reports/payments.ts';
import { queryOf } from '../address.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, told } from '../openapi/describe.ts';
import { GET_ERRORS } from '../openapi/errors.ts';
import { exampleFirst } from '../openapi/examples.ts';
import { TAGS } from '../openapi/types.ts';
import { fieldSchemas } from '../schema/fields.ts';
import { listPage } from '../schema/list.ts';
import { paymentSchema } from '../schema/payment.ts';

const NEXT = 'vDk0yqQ8mZrT3f7uXJwL5n2aBcE9hGiKpS1oV6tYxM';

/** The payments of a key's project. */
export function paymentListRoutes(deps: Deps, api: Api) {
  return new Elysia().get(
    '/api/paycore/payments',
    ({ request }) =>
      api.get(request, async ({ caller }) =>
        succeed(await listPayments(deps, caller, queryOf(request)), 'Payments found'),
      ),
    describe({
      operationId: 'listPayments',
      tag: TAGS.payments,
      summary: 'List payments',
      description:
        'The payments of this key’s project and kind, newest first; filters narrow them and may be combined. Go on with `cursor` while `next_cursor` is not null: a page of a rare combination may be short, or empty, before the last one.',
      highlights: ['payments', 'next_cursor'],
      query: fieldSchemas(LIST_FIELDS),
      answers: {
        200: answer(listPage('payments', paymentSchema, 'Newest first.'), {
          description: 'One page.',
          example: told(() => ({ payments: [exampleFirst(deps)], next_cursor: NEXT }), 'Payments found'),
        }),
      },
      errors: [...GET_ERRORS, 'VALIDATION_FAILED'],
    }),
  );
}
