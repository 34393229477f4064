import { Elysia, t } from 'elysia';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../payments/caller.ts';
import { cancelPayment } from '../../payments/cancel.ts';
import type { Services } from '../../payments/index.ts';
import { resendNotification } from '../../payments/resend.ts';
import { serializePayment } from '../../payments/serialize.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, EMPTY_BODY, REPEATABLE, told } from '../openapi/describe.ts';
import { POST_ERRORS } from '../openapi/errors.ts';
import { exampleFirst } from '../openapi/examples.ts';
import { TAGS } from '../openapi/types.ts';
import { findOwn } from '../own-payment.ts';
import { named, text, words } from '../schema/build.ts';
import { paymentNo } from '../schema/parameters.ts';
import { paymentSchema, sharedFields } from '../schema/payment.ts';

const resentSchema = named(
  'ResentNotification',
  t.Object(
    {
      payment_no: sharedFields.payment_no,
      event: t.Literal('payment.paid', { description: 'What the shop is told.' }),
      webhook_id: text('The same as before, so that the shop can tell that it knows it.'),
      state: words(['pending', 'sending'], {
        description: '`sending`: it was on its way already when this was asked for.',
      }),
    },
    { description: 'The notification.' },
  ),
);

const RESENT = {
  payment_no: 'PAY202606220001ABCDEFGH',
  event: 'payment.paid',
  webhook_id: 'msg_mbrk2xk00a1B2c3D4e5F6g7',
  state: 'pending',
};

/** What a shop decides about a payment: to cancel it, to be notified of it again. */
export function paymentActionRoutes(
  deps: Deps,
  api: Api,
  { syncAttempt, calls }: Pick<Services, 'syncAttempt' | 'calls'>,
) {
  return new Elysia()
    .post(
      '/api/paycore/payments/:paymentNo/cancel',
      ({ request, params }) =>
        api.post(request, async ({ caller }) => {
          const found = await findOwn(deps, caller, params.paymentNo);
          const { payment, attempt } = await cancelPayment(deps, { syncAttempt, calls }, actorOf(caller), found);
          const message = payment.reason === 'CANCELLED' ? 'Payment cancelled' : 'Payment was over already';
          return succeed(serializePayment(deps, payment, attempt), message);
        }),
      describe({
        operationId: 'cancelPayment',
        tag: TAGS.payments,
        summary: 'Cancel payment',
        description:
          'Ends a pending payment: it becomes `failed` with the reason `CANCELLED`, and its order number is free again. Gateways that can end an order are asked to; a payer who has a number already can still pay elsewhere, and such money makes the payment `paid` with the flag `late`. A payment that failed or expired before is answered as it is. While a gateway takes the money, looks into it, or has not said how that ended, nothing is cancelled.',
        highlights: ['status=failed', 'reason=CANCELLED'],
        params: { paymentNo },
        headers: REPEATABLE,
        body: EMPTY_BODY,
        answers: {
          200: answer(paymentSchema, {
            description: 'The payment, which is over.',
            example: told(
              () => ({ ...exampleFirst(deps), status: 'failed', reason: 'CANCELLED' }),
              'Payment cancelled',
            ),
          }),
        },
        errors: [...POST_ERRORS, 'PAYMENT_NOT_FOUND', 'PAYMENT_ALREADY_PAID', 'PAYMENT_IN_PROGRESS'],
      }),
    )
    .post(
      '/api/paycore/payments/:paymentNo/notifications',
      ({ request, params }) =>
        api.post(request, async ({ caller }) => {
          const { payment } = await findOwn(deps, caller, params.paymentNo);
          return succeed(await resendNotification(deps, payment, actorOf(caller)), 'Notification will be sent', 202);
        }),
      describe({
        operationId: 'resendNotification',
        tag: TAGS.payments,
        summary: 'Send the notification again',
        description:
          'Sends the `payment.paid` notification to `payok_url` again: the same body under the same `webhook-id`, at once, and then as often as a new one.',
        highlights: ['webhook_id', 'state'],
        params: { paymentNo },
        headers: REPEATABLE,
        body: EMPTY_BODY,
        answers: {
          202: answer(resentSchema, {
            description: 'It will be sent.',
            example: told(() => RESENT, 'Notification will be sent'),
          }),
        },
        errors: [...POST_ERRORS, 'PAYMENT_NOT_FOUND', 'PAYMENT_NOT_PAID', 'NOTIFICATION_NOT_WANTED'],
      }),
    );
}
