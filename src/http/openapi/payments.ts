import { describeErrors, POST_ERRORS } from './errors.ts';
import { exampleData, type Source } from './example.ts';
import { describeJson, describeObject, describeSuccess } from './schema.ts';
import { COMMON_TAG, type Operation, type Route, refer, type Schema } from './types.ts';

/** Routes about one payment, whatever its gateway. */
export function describePayments(source: Source): readonly Route[] {
  const path = '/api/paycore/payments/{paymentNo}';
  return [
    { verb: 'get', path, operation: describeQuery(source) },
    { verb: 'post', path: `${path}/sync`, operation: describeSync(source), schemas: { Sync: syncSchema } },
  ];
}

function describeQuery(source: Source): Operation {
  return {
    operationId: 'getPayment',
    tags: [COMMON_TAG],
    summary: 'Query payment',
    description:
      'The payment as it stands now. A key sees the payments of its own project and of its own kind, live or test; all others do not exist for it.',
    parameters: [refer('parameters', 'paymentNo')],
    responses: {
      '200': describeJson(describeSuccess(refer('schemas', 'Payment')), 'The payment.', {
        success: true,
        data: exampleFound(source),
        message: 'Payment found',
      }),
      ...describeErrors(['API_KEY_INVALID', 'PAYMENT_NOT_FOUND', 'RATE_LIMITED', 'INTERNAL_ERROR']),
    },
  };
}

/** A payment whose answer shows the most: one with a number that the payer can pay. */
function exampleFound(source: Source): Record<string, unknown> {
  const choices = source.gateways.flatMap((gateway) => gateway.methods.map((method) => ({ gateway, method })));
  const choice = choices.find(({ method }) => method.callsGateway) ?? choices[0];
  return choice ? exampleData(source, choice) : {};
}

const syncSchema: Schema = describeObject({
  asked: {
    type: 'boolean',
    description: 'Whether the gateway was asked; once a payment is over there is nothing to ask.',
  },
  result: {
    type: 'string',
    enum: ['paid', 'unpaid', 'mismatch', 'unknown', 'not_found', 'over'],
    description:
      'What came of it: `mismatch` another amount was paid, `unknown` the gateway is still being called, `not_found` it does not know the order, `over` it was not asked any more.',
  },
  at: { type: 'string', format: 'date-time' },
});

function describeSync(source: Source): Operation {
  const data = {
    ...exampleFound(source),
    sync: { asked: true, result: 'unpaid', at: '2026-06-22T16:00:00+08:00' },
  };
  return {
    operationId: 'syncPayment',
    tags: [COMMON_TAG],
    summary: 'Sync payment status',
    description:
      'Asks the gateway what became of the payment, brings PayCore up to date and answers with the result. PayCore asks by itself as well, so there is no need to call this in a loop.',
    parameters: [refer('parameters', 'paymentNo'), refer('parameters', 'Idempotency-Key')],
    requestBody: {
      required: true,
      description: 'An empty object.',
      content: { 'application/json': { schema: { type: 'object' }, example: {} } },
    },
    responses: {
      '200': describeJson(
        describeSuccess({ allOf: [refer('schemas', 'Payment'), describeObject({ sync: refer('schemas', 'Sync') })] }),
        'The payment after asking.',
        { success: true, data, message: 'Payment synced' },
      ),
      ...describeErrors([
        ...POST_ERRORS,
        'PAYMENT_NOT_FOUND',
        'gateway_sync_not_supported',
        'GATEWAY_RESTING',
        'PAYMENT_GATEWAY_ERROR',
        'PAYMENT_GATEWAY_TIMEOUT',
      ]),
    },
  };
}
