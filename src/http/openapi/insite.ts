import { PAY_FIELDS } from '../../payments/checkout/insite.ts';
import { describeErrors, POST_ERRORS } from './errors.ts';
import { type Choice, exampleData, type Source } from './example.ts';
import { nameOf } from './names.ts';
import { describeFields, describeObject, describeSuccess } from './schema.ts';
import { type Route, refer, type Schema } from './types.ts';

const REQUEST: Schema = describeObject(describeFields(PAY_FIELDS));

const REDIRECT: Schema = {
  type: 'string',
  format: 'uri',
  description:
    'Where the payer goes on, for 3-D Secure or UnionPay. Missing when the payment needs nothing more of that kind.',
};

const PAID: Schema = { allOf: [refer('schemas', 'Payment'), describeObject({ redirect_url: REDIRECT }, [])] };

/** `POST /api/paycore/pay/{gateway}/{path}/{paymentNo}/create`. */
export function describeInSite(source: Source, choice: Choice): Route {
  const { gateway, method } = choice;
  const name = nameOf(gateway, method);
  const data = exampleData(source, choice);
  const success = (more: object, message: string) => ({ success: true, data: { ...data, ...more }, message });
  return {
    verb: 'post',
    path: `/api/paycore/pay/${gateway.id}/${method.path}/{paymentNo}/create`,
    schemas: { InSitePayRequest: REQUEST, InSitePayment: PAID },
    operation: {
      operationId: `pay${name}`,
      tags: [gateway.name],
      summary: `Pay in ${gateway.name}’s in-site form`,
      description:
        'Pays with the token that the gateway’s script gave the browser. PayCore’s own payment page calls this by itself; only a shop that shows the form on its own pages does, too. Instead of an API key, the token of the payment page may stand in the address, as it does in `payment_url`.',
      security: [{ 'X-API-KEY': [] }, {}],
      parameters: [
        refer('parameters', 'paymentNo'),
        refer('parameters', 'pageToken'),
        refer('parameters', 'locale'),
        refer('parameters', 'Idempotency-Key'),
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: refer('schemas', 'InSitePayRequest'),
            example: { PayToken: '6E1F0C1B2A3D4E5F60718293A4B5C6D7' },
          },
        },
      },
      responses: {
        '200': {
          description: 'The payer goes on at `redirect_url`, the payment is paid, or a number to pay was issued.',
          content: {
            'application/json': {
              schema: describeSuccess(refer('schemas', 'InSitePayment')),
              examples: {
                redirect: {
                  summary: 'The bank asks the payer',
                  value: success({ redirect_url: 'https://bank.example/3ds/1f7c' }, 'The payer goes on at the bank'),
                },
                paid: {
                  summary: 'Paid at once',
                  value: success(
                    { status: 'paid', paid_at: '2026-06-22T15:34:10+08:00' },
                    'Payment created successfully',
                  ),
                },
              },
            },
          },
        },
        ...describeErrors(
          [
            ...POST_ERRORS,
            'VALIDATION_FAILED',
            'PAYMENT_NOT_FOUND',
            'PAYMENT_NOT_PAYABLE',
            ...(gateway.inSite?.errors ?? []),
            'PAYMENT_GATEWAY_ERROR',
            'PAYMENT_GATEWAY_TIMEOUT',
          ],
          gateway,
        ),
      },
    },
  };
}
