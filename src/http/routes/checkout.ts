import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import { createCheckout } from '../../payments/create/checkout.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';

/** `POST /api/paycore/checkout`: a payment whose method the payer chooses. */
export function checkoutRoutes(deps: Deps, api: Api) {
  return new Elysia().post(
    '/api/paycore/checkout',
    ({ request }) =>
      api.post(request, async ({ caller, body }) => {
        const { created, data } = await createCheckout(deps, caller, body);
        return created ? succeed(data, 'Payment created successfully', 201) : succeed(data, 'Payment already exists');
      }),
    { parse: 'none' },
  );
}
