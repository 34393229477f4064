import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import type { Services } from '../../payments/index.ts';
import { serializeRefund } from '../../payments/refund/refund.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { findOwn } from './payments.ts';

/** Paying back, and what was paid back. */
export function refundRoutes(deps: Deps, api: Api, { refundPayment }: Services) {
  return new Elysia()
    .post(
      '/api/paycore/payments/:paymentNo/refunds',
      ({ request, params }) =>
        api.post(request, async ({ caller, body }) => {
          const found = await findOwn(deps, caller, params.paymentNo);
          const by = { type: 'api_key', id: caller.keyId } as const;
          const asker = { by, idempotencyKey: request.headers.get('idempotency-key') };
          const { created, data } = await refundPayment(found, body, asker);
          return created ? succeed(data, 'Refund created', 201) : succeed(data, 'Refund already exists');
        }),
      { parse: 'none' },
    )
    .get('/api/paycore/payments/:paymentNo/refunds', ({ request, params }) =>
      api.get(request, async ({ caller }) => {
        const { payment } = await findOwn(deps, caller, params.paymentNo);
        const stored = await deps.store.listRefunds(payment.id);
        const refunds = await Promise.all(stored.map((refund) => serializeRefund(deps, payment, refund)));
        return succeed({ refunds }, 'Refunds found');
      }),
    );
}
