import type { ErrorCode } from '../../core/errors.ts';
import type { Field } from '../../core/fields.ts';
import { DAY } from '../../core/time.ts';
import { CREATE_FIELDS } from '../../payments/request.ts';
import { describeCredentials, exampleEnvironment, exampleSecrets } from './credentials.ts';
import { describeErrors } from './errors.ts';
import { type Choice, exampleCreated, type Source } from './example.ts';
import { describeInfo } from './info.ts';
import { nameOf } from './names.ts';
import { describeFields, describeObject, describeSuccess } from './schema.ts';
import { type Answer, type Example, type Route, refer, type Schema } from './types.ts';

/** What any POST with a key and a JSON body may be answered. */
const POST_ERRORS: readonly ErrorCode[] = [
  'INVALID_JSON',
  'INVALID_ENCODING',
  'API_KEY_INVALID',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_FAILED',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_INVALID',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'STORAGE_UNAVAILABLE',
];

const CREATE_ERRORS: readonly ErrorCode[] = [
  ...POST_ERRORS,
  'INVALID_ARGUMENT',
  'ORDER_CONFLICT',
  'TEST_KEY_PRODUCTION',
  'PAYMENT_GATEWAY_ERROR',
  'PAYMENT_GATEWAY_TIMEOUT',
];

/** `POST /api/paycore/pay/{gateway}/{path}`. */
export async function describeCreate(source: Source, choice: Choice): Promise<Route> {
  const { gateway, method } = choice;
  const name = nameOf(gateway, method);
  const created = await exampleCreated(source, choice);
  return {
    verb: 'post',
    path: `/api/paycore/pay/${gateway.id}/${method.path}`,
    schemas: {
      [`${name}Request`]: describeRequest(choice),
      [`${name}Payment`]: describeCreated(choice),
      [`${nameOf(gateway)}Credentials`]: describeCredentials(gateway),
    },
    operation: {
      operationId: `create${name}`,
      tags: [gateway.name],
      summary: method.docs.title,
      description: writeDescription(choice),
      parameters: [refer('parameters', 'Idempotency-Key')],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: refer('schemas', `${name}Request`), examples: listRequestExamples(choice) },
        },
      },
      responses: {
        '201': describeAnswer(`${name}Payment`, 'The payment was made.', {
          success: true,
          data: created,
          message: 'Payment created successfully',
        }),
        '200': describeAnswer(`${name}Payment`, 'The order already has this very payment, and it is still pending.', {
          success: true,
          data: { ...created, created: false },
          message: 'Payment already exists',
        }),
        ...describeErrors(listErrors(choice)),
      },
    },
  };
}

function listErrors({ gateway, method }: Choice): readonly ErrorCode[] {
  const noTest: readonly ErrorCode[] = gateway.defaultEnvironment.test === null ? ['GATEWAY_HAS_NO_TEST_MODE'] : [];
  return [...CREATE_ERRORS, ...method.docs.errors, gateway.credentials.invalid, ...noTest];
}

function writeDescription({ method }: Choice): string {
  const { docs } = method;
  const days = method.defaultLifetimeMs / DAY;
  const lifetime = `Without \`expire_days\` the payer has ${days} ${days === 1 ? 'day' : 'days'}${method.callsGateway ? '' : ' to choose'}; the gateway’s own deadline wins.`;
  const again = method.mayChooseAgain
    ? 'A payer who comes back without paying may start again from the payment page.'
    : 'The number that was issued is the only one this payment gets.';
  const highlights = docs.highlights.map((name) => `\`${name}\``).join(', ');
  return [
    [docs.summary, docs.note].filter(Boolean).join(' '),
    `${lifetime} ${again}`,
    `Worth reading in the answer: ${highlights}.`,
  ].join('\n\n');
}

function describeRequest({ gateway, method }: Choice): Schema {
  const fields = describeFields(CREATE_FIELDS);
  const extras = describeFields(method.extras);
  return describeObject(
    {
      ...fields,
      currency: { ...fields.currency, enum: method.currencies },
      gateway_credentials: refer('schemas', `${nameOf(gateway)}Credentials`),
      ...(method.extras.length === 0
        ? {}
        : {
            [gateway.id]: {
              ...describeObject(extras, requiredOf(method.extras)),
              description: `Optional fields in ${gateway.name}’s own names.`,
            },
          }),
    },
    requiredOf(CREATE_FIELDS),
    'Fields that are not listed are ignored; null and empty text count as left out.',
  );
}

function requiredOf(fields: readonly Field[]): readonly string[] {
  return fields.filter((field) => field.required).map((field) => field.name);
}

function describeCreated({ gateway, method }: Choice): Schema {
  const own: Readonly<Record<string, Schema>> = {
    gateway: { const: gateway.id },
    method: { const: method.method },
    mode: { const: method.mode },
    payment_info: describeInfo(method.docs.exampleInfo),
    created: { type: 'boolean', description: 'False when the order had this payment already.' },
  };
  const redirect = method.callsGateway ? {} : { redirect_form: refer('schemas', 'RedirectForm') };
  return { allOf: [refer('schemas', 'Payment'), describeObject({ ...own, ...redirect })] };
}

function describeAnswer(schema: string, description: string, value: unknown): Answer {
  return {
    description,
    headers: { 'Idempotent-Replayed': refer('headers', 'Idempotent-Replayed') },
    content: {
      'application/json': { schema: describeSuccess(refer('schemas', schema)), example: value },
    },
  };
}

/** Fields of the ordinary example, in the order in which they are shown. */
const SHOWN = [
  'merchant_order_no',
  'amount',
  'currency',
  'payer_account',
  'success_url',
  'cancel_url',
  'payok_url',
  'item_name',
  'metadata',
];

function listRequestExamples({ gateway, method }: Choice): Record<string, Example> {
  const order = exampleValues(CREATE_FIELDS.filter((field) => SHOWN.includes(field.name)));
  const currency = method.currencies[0] ?? order.currency;
  const direct = {
    ...order,
    currency,
    gateway_credentials: { ...exampleSecrets(gateway), environment: exampleEnvironment(gateway) },
  };
  const extras = exampleValues(method.extras);
  return {
    direct: { summary: 'Credentials in the request', value: direct },
    stored: {
      summary: 'Credentials kept by the project',
      value: { merchant_order_no: order.merchant_order_no, amount: order.amount },
    },
    ...(method.extras.length === 0
      ? {}
      : {
          extras: { summary: `With every field of ${gateway.name}’s own`, value: { ...direct, [gateway.id]: extras } },
        }),
  };
}

function exampleValues(fields: readonly Field[]): Record<string, unknown> {
  const told = fields.filter((field) => field.example !== undefined && field.example !== '');
  return Object.fromEntries(told.map((field) => [field.name, field.example]));
}
