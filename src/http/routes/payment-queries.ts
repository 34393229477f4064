import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import { listMethods } from '../../payments/projects/methods.ts';
import { listEvents } from '../../payments/reports/events.ts';
import { listPayments } from '../../payments/reports/payments.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { findOwn } from './payments.ts';

/** What a key can look through: its payments, what happened to one of them, and the ways to pay. */
export function listingRoutes(deps: Deps, api: Api) {
  return new Elysia()
    .get('/api/paycore/payments', ({ request }) =>
      api.get(request, async ({ caller }) =>
        succeed(await listPayments(deps, caller, queryOf(request)), 'Payments found'),
      ),
    )
    .get('/api/paycore/payments/:paymentNo/events', ({ request, params }) =>
      api.get(request, async ({ caller }) => {
        const { payment } = await findOwn(deps, caller, params.paymentNo);
        return succeed(await listEvents(deps, payment, queryOf(request)), 'Events found');
      }),
    )
    .get('/api/paycore/methods', ({ request }) =>
      api.get(request, async ({ caller }) => succeed({ methods: await listMethods(deps, caller) }, 'Methods found')),
    );
}

function queryOf(request: Request): URLSearchParams {
  return new URL(request.url).searchParams;
}
