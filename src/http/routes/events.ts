import { Elysia } from 'elysia';
import { PAGE_FIELDS } from '../../core/payment-query.ts';
import type { Deps } from '../../deps.ts';
import { listEvents } from '../../payments/reports/events.ts';
import { queryOf } from '../address.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, told } from '../openapi/describe.ts';
import { GET_ERRORS } from '../openapi/errors.ts';
import { TAGS } from '../openapi/types.ts';
import { findOwn } from '../own-payment.ts';
import { type EventData, eventSchema } from '../schema/event.ts';
import { fieldSchemas } from '../schema/fields.ts';
import { listPage } from '../schema/list.ts';
import { paymentNo } from '../schema/parameters.ts';

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
] as const satisfies readonly EventData[];

/** What happened to a payment. */
export function eventRoutes(deps: Deps, api: Api) {
  return new Elysia().get(
    '/api/paycore/payments/:paymentNo/events',
    ({ request, params }) =>
      api.get(request, async ({ caller }) => {
        const { payment } = await findOwn(deps, caller, params.paymentNo);
        return succeed(await listEvents(deps, payment, queryOf(request)), 'Events found');
      }),
    describe({
      operationId: 'listEvents',
      tag: TAGS.payments,
      summary: 'Timeline of a payment',
      description:
        'What happened to the payment and by whom, in the order in which it happened: tries, calls of gateways, callbacks, notifications. Amounts are in minor units.',
      highlights: ['events', 'next_cursor'],
      params: { paymentNo },
      query: fieldSchemas(PAGE_FIELDS),
      answers: {
        200: answer(listPage('events', eventSchema, 'In the order in which they happened.'), {
          description: 'One page.',
          example: told(() => ({ events: EVENTS, next_cursor: null }), 'Events found'),
        }),
      },
      errors: [...GET_ERRORS, 'PAYMENT_NOT_FOUND', 'VALIDATION_FAILED'],
    }),
  );
}
