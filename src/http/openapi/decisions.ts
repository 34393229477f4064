import { describeErrors, POST_ERRORS } from './errors.ts';
import { exampleData, type Source } from './example.ts';
import { describeJson, describeObject, describeSuccess } from './schema.ts';
import { COMMON_TAG, type Operation, type Route, refer, type Schema } from './types.ts';

/** What a shop decides about a payment. */
export function describeDecisions(source: Source): readonly Route[] {
  const path = '/api/paycore/payments/{paymentNo}';
  return [
    { verb: 'post', path: `${path}/cancel`, operation: describeCancel(source) },
    {
      verb: 'post',
      path: `${path}/notifications`,
      operation: describeResend(),
      schemas: { ResentNotification: resentSchema },
    },
  ];
}

const COMMON: Pick<Operation, 'tags' | 'parameters' | 'requestBody'> = {
  tags: [COMMON_TAG],
  parameters: [refer('parameters', 'paymentNo'), refer('parameters', 'Idempotency-Key')],
  requestBody: {
    required: true,
    description: 'An empty object.',
    content: { 'application/json': { schema: { type: 'object' }, example: {} } },
  },
};

function describeCancel(source: Source): Operation {
  const [gateway] = source.gateways;
  const [method] = gateway?.methods ?? [];
  const data = gateway && method ? exampleData(source, { gateway, method }) : {};
  return {
    ...COMMON,
    operationId: 'cancelPayment',
    summary: 'Cancel payment',
    description:
      'Ends a pending payment: it becomes `failed` with the reason `CANCELLED`, and its order number is free again. Gateways that can end an order are asked to; a payer who has a number already can still pay elsewhere, and such money makes the payment `paid` with the flag `late`. A payment that failed or expired before is answered as it is.',
    responses: {
      '200': describeJson(describeSuccess(refer('schemas', 'Payment')), 'The payment, which is over.', {
        success: true,
        data: { ...data, status: 'failed', reason: 'CANCELLED' },
        message: 'Payment cancelled',
      }),
      ...describeErrors([...POST_ERRORS, 'PAYMENT_NOT_FOUND', 'PAYMENT_ALREADY_PAID']),
    },
  };
}

const resentSchema: Schema = describeObject({
  payment_no: { type: 'string' },
  event: { const: 'payment.paid' },
  webhook_id: { type: 'string', description: 'The same as before, so that the shop can tell that it knows it.' },
  state: {
    type: 'string',
    enum: ['pending', 'sending'],
    description: '`sending`: it was on its way already when this was asked for.',
  },
});

function describeResend(): Operation {
  return {
    ...COMMON,
    operationId: 'resendNotification',
    summary: 'Send the notification again',
    description:
      'Sends the `payment.paid` notification to `payok_url` again: the same body under the same `webhook-id`, at once, and then as often as a new one.',
    responses: {
      '202': describeJson(describeSuccess(refer('schemas', 'ResentNotification')), 'It will be sent.', {
        success: true,
        data: {
          payment_no: 'PAY202606220001ABCDEFGH',
          event: 'payment.paid',
          webhook_id: 'msg_mbrk2xk00a1B2c3D4e5F6g7',
          state: 'pending',
        },
        message: 'Notification will be sent',
      }),
      ...describeErrors([...POST_ERRORS, 'PAYMENT_NOT_FOUND', 'PAYMENT_NOT_PAID', 'NOTIFICATION_NOT_WANTED']),
    },
  };
}
