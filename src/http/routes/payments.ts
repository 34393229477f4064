import { Elysia } from 'elysia';
import { PayCoreError } from '../../core/errors.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import type { Deps } from '../../deps.ts';
import type { Caller } from '../../payments/caller.ts';
import type { Services } from '../../payments/index.ts';
import { serializePayment } from '../../payments/serialize.ts';
import { syncPayment } from '../../payments/sync/request.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';

/** Creating and asking for payments. The create routes are the methods of the registry. */
export function paymentRoutes(deps: Deps, api: Api, { createPayment, syncAttempt }: Services) {
  const app = new Elysia();
  for (const gateway of deps.gateways.list) {
    for (const method of gateway.methods) {
      app.post(
        `/api/paycore/pay/${gateway.id}/${method.path}`,
        ({ request }) =>
          api.post(request, async ({ caller, body }) => {
            const { created, data } = await createPayment(caller, gateway, method, body);
            return created
              ? succeed(data, 'Payment created successfully', 201)
              : succeed(data, 'Payment already exists');
          }),
        { parse: 'none' },
      );
    }
  }
  app.post(
    '/api/paycore/payments/:paymentNo/sync',
    ({ request, params }) =>
      api.post(request, async ({ caller }) =>
        succeed(await syncPayment(deps, syncAttempt, await findOwn(deps, caller, params.paymentNo)), 'Payment synced'),
      ),
    { parse: 'none' },
  );
  return app.get('/api/paycore/payments/:paymentNo', ({ request, params }) =>
    api.get(request, async ({ caller }) => {
      const { payment, attempt } = await findOwn(deps, caller, params.paymentNo);
      return succeed(serializePayment(deps, payment, attempt), 'Payment found');
    }),
  );
}

/** A payment of the caller's project and kind of key; others do not exist for it. Throws PAYMENT_NOT_FOUND. */
export async function findOwn(
  deps: Pick<Deps, 'store'>,
  caller: Caller,
  paymentNo: string,
): Promise<PaymentWithAttempt> {
  const found = PAYMENT_NO.test(paymentNo) ? await deps.store.findPayment(paymentNo) : null;
  if (!found || found.payment.projectId !== caller.projectId || found.payment.keyKind !== caller.kind) {
    throw new PayCoreError('PAYMENT_NOT_FOUND');
  }
  return found;
}
