import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import { createCheckout } from '../../payments/create/checkout.ts';
import { CHECKOUT_FIELDS } from '../../payments/create/request.ts';
import { succeedCreate } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, fieldsBody, REPEATABLE, told } from '../openapi/describe.ts';
import { POST_ERRORS } from '../openapi/errors.ts';
import { exampleFirst, exampleOrderNo } from '../openapi/examples.ts';
import { TAGS } from '../openapi/types.ts';
import { extend } from '../schema/build.ts';
import { createdField, paymentSchema } from '../schema/payment.ts';

const SHOWN = ['merchant_order_no', 'amount', 'item_name', 'payok_url'];

const UNCHOSEN_YET = {
  gateway: null,
  method: 'checkout',
  mode: 'checkout',
  payment_info: {},
  gateway_order_no: null,
  gateway_trade_no: null,
};

/** `POST /api/paycore/checkout`: a payment whose method the payer chooses. */
export function checkoutRoutes(deps: Deps, api: Api) {
  const schema = extend(paymentSchema, { created: createdField });
  const merchant_order_no = exampleOrderNo('checkout');
  const example = (created: boolean) => () => ({
    ...exampleFirst(deps),
    ...UNCHOSEN_YET,
    merchant_order_no,
    created,
  });
  const shown = CHECKOUT_FIELDS.filter(({ name }) => SHOWN.includes(name));
  return new Elysia().post(
    '/api/paycore/checkout',
    ({ request }) =>
      api.post(request, async ({ caller, body }) => succeedCreate(await createCheckout(deps, caller, body))),
    describe({
      operationId: 'createCheckout',
      tag: TAGS.checkout,
      summary: 'Create an All-in-One payment',
      description:
        'The shop names order and amount; at `payment_url` the payer picks one of the ways to pay that the project has credentials for and has not switched off, and may pick another until one is paid. What the payer left is listened to all the same: a second payment is flagged `duplicate`. `gateway` is null and `method` is `checkout` until the first choice.',
      headers: REPEATABLE,
      body: fieldsBody(CHECKOUT_FIELDS, {
        example: { ...Object.fromEntries(shown.map(({ name, example }) => [name, example])), merchant_order_no },
      }),
      answers: {
        201: answer(schema, {
          description: 'The payment was made.',
          example: told(example(true), 'Payment created successfully'),
        }),
        200: answer(schema, {
          description: 'The order already has this very payment, and it is still pending.',
          example: told(example(false), 'Payment already exists'),
        }),
      },
      errors: [...POST_ERRORS, 'VALIDATION_FAILED', 'ORDER_CONFLICT'],
    }),
  );
}
