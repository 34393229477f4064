import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import { cancelPayment } from '../../payments/cancel.ts';
import type { Services } from '../../payments/index.ts';
import { resendNotification } from '../../payments/resend.ts';
import { serializePayment } from '../../payments/serialize.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { findOwn } from './payments.ts';

/** What a shop decides about a payment: to cancel it, to be notified of it again. */
export function decisionRoutes(deps: Deps, api: Api, { syncAttempt }: Pick<Services, 'syncAttempt'>) {
  return new Elysia()
    .post(
      '/api/paycore/payments/:paymentNo/cancel',
      ({ request, params }) =>
        api.post(request, async ({ caller }) => {
          const found = await findOwn(deps, caller, params.paymentNo);
          const { payment, attempt } = await cancelPayment(deps, syncAttempt, caller, found);
          const message = payment.reason === 'CANCELLED' ? 'Payment cancelled' : 'Payment was over already';
          return succeed(serializePayment(deps, payment, attempt), message);
        }),
      { parse: 'none' },
    )
    .post(
      '/api/paycore/payments/:paymentNo/notifications',
      ({ request, params }) =>
        api.post(request, async ({ caller }) => {
          const { payment } = await findOwn(deps, caller, params.paymentNo);
          return succeed(await resendNotification(deps, payment), 'Notification will be sent', 202);
        }),
      { parse: 'none' },
    );
}
