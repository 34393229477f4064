import { CHECKOUT_FIELDS } from '../../payments/create/request.ts';
import { describeErrors, POST_ERRORS } from './errors.ts';
import { exampleData, type Source } from './example.ts';
import { describeFields, describeJson, describeObject, describeSuccess } from './schema.ts';
import { COMMON_TAG, type Route, refer } from './types.ts';

/** `POST /api/paycore/checkout`. */
export function describeCheckout(source: Source): readonly Route[] {
  const [gateway] = source.gateways;
  const [method] = gateway?.methods ?? [];
  if (!gateway || !method) return [];
  const data = {
    ...exampleData(source, { gateway, method }),
    gateway: null,
    method: 'checkout',
    mode: 'checkout',
    payment_info: {},
    gateway_order_no: null,
    gateway_trade_no: null,
  };
  const created = (isNew: boolean) => ({
    success: true,
    data: { ...data, created: isNew },
    message: isNew ? 'Payment created successfully' : 'Payment already exists',
  });
  const schema = describeSuccess({
    allOf: [
      refer('schemas', 'Payment'),
      describeObject({ created: { type: 'boolean', description: 'False when the order had this payment already.' } }),
    ],
  });
  const examples = CHECKOUT_FIELDS.filter(({ name }) =>
    ['merchant_order_no', 'amount', 'item_name', 'payok_url'].includes(name),
  );
  return [
    {
      verb: 'post',
      path: '/api/paycore/checkout',
      operation: {
        operationId: 'createCheckout',
        tags: [COMMON_TAG],
        summary: 'Create an All-in-One payment',
        description:
          'The shop names order and amount; at `payment_url` the payer picks one of the ways to pay that the project has credentials for and has not switched off, and may pick another until one is paid. What the payer left is listened to all the same: a second payment is flagged `duplicate`. `gateway` is null and `method` is `checkout` until the first choice.',
        parameters: [refer('parameters', 'Idempotency-Key')],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: describeObject(describeFields(CHECKOUT_FIELDS), ['merchant_order_no', 'amount']),
              example: Object.fromEntries(examples.map(({ name, example }) => [name, example])),
            },
          },
        },
        responses: {
          '201': describeJson(schema, 'The payment was made.', created(true)),
          '200': describeJson(
            schema,
            'The order already has this very payment, and it is still pending.',
            created(false),
          ),
          ...describeErrors([...POST_ERRORS, 'VALIDATION_FAILED', 'ORDER_CONFLICT']),
        },
      },
    },
  ];
}
