import type { ErrorCode, ErrorRef } from '../../core/errors.ts';
import type { Field } from '../../core/fields.ts';
import { DAY } from '../../core/time.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import { CREATE_FIELDS, createFields, defaultCurrency } from '../../payments/create/request.ts';
import { describeCredentials, exampleEnvironment, exampleSecrets } from './credentials.ts';
import { describeErrors, POST_ERRORS } from './errors.ts';
import { type Choice, exampleCreated, exampleCurrency, type Source } from './example.ts';
import { describeInfo } from './info.ts';
import { nameOf } from './names.ts';
import { describeFields, describeObject, describeSuccess } from './schema.ts';
import { type Answer, type Example, type Route, refer, type Schema } from './types.ts';

const CREATE_ERRORS: readonly ErrorCode[] = [
  ...POST_ERRORS,
  'VALIDATION_FAILED',
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
      [`${name}Payment`]: describeCreated(choice, 'redirect_form' in created),
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
        ...describeErrors(listErrors(choice), gateway),
      },
    },
  };
}

function listErrors({ gateway, method }: Choice): readonly ErrorRef[] {
  const noTest: readonly ErrorCode[] = gateway.defaultEnvironment.test === null ? ['GATEWAY_HAS_NO_TEST_MODE'] : [];
  // An earlier call without an outcome is asked for before the same request is answered again.
  const resting: readonly ErrorCode[] = method.callsGateway && gateway.query ? ['GATEWAY_RESTING'] : [];
  return [...CREATE_ERRORS, ...method.docs.errors, gateway.credentials.invalid, ...noTest, ...resting];
}

function writeDescription({ method }: Choice): string {
  const { docs } = method;
  const days = method.defaultLifetimeMs / DAY;
  const lifetime = `Without \`expire_days\` the payer has ${days} ${days === 1 ? 'day' : 'days'}; the gateway’s own deadline wins.`;
  const again = method.mayChooseAgain
    ? 'A payer who comes back without paying may start again from the payment page.'
    : 'The number that was issued is the only one this payment gets.';
  return [
    [docs.summary, docs.note].filter(Boolean).join(' '),
    `${lifetime} ${again}`,
    ...(method.needsOneOf ? [`One of these is needed: ${quote(method.needsOneOf)}.`] : []),
    `Worth reading in the answer: ${quote(docs.highlights)}.`,
  ].join('\n\n');
}

function quote(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function describeRequest({ gateway, method }: Choice): Schema {
  const common = createFields(method);
  const fields = describeFields(common);
  const { min, max } = method.limits;
  const limits = `From ${min} to ${max}, unless the project has other terms with the gateway.`;
  const request = describeObject(
    {
      ...fields,
      amount: { ...fields.amount, description: `${fields.amount?.description} ${limits}` },
      currency: describeCurrency(fields.currency, method),
      gateway_credentials: refer('schemas', `${nameOf(gateway)}Credentials`),
      ...describeExtras(gateway, method),
    },
    requiredOf(common),
    'Fields that are not listed are ignored; null and empty text count as left out.',
  );
  return method.needsOneOf ? { ...request, anyOf: method.needsOneOf.map((name) => ({ required: [name] })) } : request;
}

/** The one that is meant when none is named, and those that are taken. */
function describeCurrency(schema: Schema | undefined, method: Method): Schema {
  const { default: _, ...rest } = schema ?? {};
  const fallback = defaultCurrency(method);
  const isTaken = method.currencies === 'any' || method.currencies.includes(fallback);
  return {
    ...rest,
    ...(method.currencies === 'any' ? {} : { enum: method.currencies }),
    ...(isTaken ? { default: fallback } : {}),
    examples: [exampleCurrency(method)],
  };
}

function describeExtras(gateway: Gateway, { extras }: Method): Record<string, Schema> {
  if (extras.length === 0) return {};
  const description = `Optional fields in ${gateway.name}’s own names.`;
  return { [gateway.id]: describeObject(describeFields(extras), requiredOf(extras), description) };
}

function requiredOf(fields: readonly Field[]): readonly string[] {
  return fields.filter((field) => field.required).map((field) => field.name);
}

function describeCreated({ gateway, method }: Choice, hasForm: boolean): Schema {
  const own: Readonly<Record<string, Schema>> = {
    gateway: { const: gateway.id },
    method: { const: method.method },
    mode: { const: method.mode },
    payment_info: describeInfo(method.docs.exampleInfo),
    created: { type: 'boolean', description: 'False when the order had this payment already.' },
  };
  const redirect = hasForm ? { redirect_form: refer('schemas', 'RedirectForm') } : {};
  const link: Schema = { type: 'string', format: 'uri', description: 'Where the payer goes on at the gateway.' };
  const links = Object.fromEntries(Object.keys(method.docs.exampleLinks ?? {}).map((name) => [name, link]));
  return { allOf: [refer('schemas', 'Payment'), describeObject({ ...own, ...redirect, ...links })] };
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

/** Said only where credentials do not say it themselves and there is a choice. */
function describeChoice(gateway: Gateway): Record<string, string> {
  const hasChoice = !gateway.credentials.environmentOf && Object.keys(gateway.credentials.environments).length > 1;
  return hasChoice ? { environment: exampleEnvironment(gateway) } : {};
}

/** Fields of the ordinary example, in the order in which they are shown. */
const SHOWN = [
  'merchant_order_no',
  'amount',
  'payer_account',
  'success_url',
  'cancel_url',
  'payok_url',
  'item_name',
  'metadata',
];

function listRequestExamples({ gateway, method }: Choice): Record<string, Example> {
  const needed = {
    ...exampleValues(CREATE_FIELDS.filter((field) => field.name === method.needsOneOf?.[0])),
    ...(exampleCurrency(method) === defaultCurrency(method) ? {} : { currency: exampleCurrency(method) }),
  };
  const direct = {
    ...exampleValues(CREATE_FIELDS.filter((field) => SHOWN.includes(field.name))),
    currency: exampleCurrency(method),
    ...needed,
    ...exampleValues(method.fields ?? []),
    gateway_credentials: { ...exampleSecrets(gateway), ...describeChoice(gateway) },
  };
  const stored = { ...exampleValues(CREATE_FIELDS.filter((field) => field.required)), ...needed };
  const extras = exampleValues(method.extras);
  return {
    direct: { summary: 'Credentials in the request', value: direct },
    stored: { summary: 'Credentials kept by the project', value: stored },
    ...(method.extras.length === 0
      ? {}
      : { extras: { summary: `Every field of ${gateway.name}’s own`, value: { ...direct, [gateway.id]: extras } } }),
  };
}

function exampleValues(fields: readonly Field[]): Record<string, unknown> {
  const told = fields.filter((field) => field.example !== undefined && field.example !== '');
  return Object.fromEntries(told.map((field) => [field.name, field.example]));
}
