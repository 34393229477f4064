import { Elysia, type TSchema, t } from 'elysia';
import type { ErrorCode, ErrorRef } from '../../core/errors.ts';
import type { Field } from '../../core/fields.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { GatewayMethod } from '../../gateways/registry.ts';
import { CREATE_FIELDS, createFields, defaultCurrency } from '../../payments/create/request.ts';
import type { Services } from '../../payments/index.ts';
import { listMethods } from '../../payments/projects/projects.ts';
import { succeedCreate } from '../answer.ts';
import type { Api } from '../api.ts';
import { credentialsSchema } from '../openapi/credentials.ts';
import { answer, describe, jsonBody, REPEATABLE } from '../openapi/describe.ts';
import { POST_ERRORS } from '../openapi/errors.ts';
import { createExamples, exampleCurrency } from '../openapi/examples.ts';
import { infoSchema } from '../openapi/info.ts';
import { nameOf } from '../openapi/names.ts';
import { address, extend, named } from '../schema/build.ts';
import { fieldSchemas } from '../schema/fields.ts';
import { createdField, paymentSchema, redirectFormSchema } from '../schema/payment.ts';

/** `POST /api/paycore/pay/{gateway}/{path}`: every method of every driver. */
export function createRoutes(deps: Deps, api: Api, { createPayment }: Pick<Services, 'createPayment'>) {
  const app = new Elysia();
  for (const { name, gateway, method } of listMethods(deps.gateways)) {
    app.post(
      `/api/paycore/pay/${name}`,
      ({ request }) =>
        api.post(request, async ({ caller, body }) =>
          succeedCreate(await createPayment(caller, gateway, method, body)),
        ),
      describeCreate({ gateway, method }),
    );
  }
  return app;
}

function describeCreate(of: GatewayMethod) {
  const { gateway, method } = of;
  const created = named(`${nameOf(gateway, method)}Payment`, createdSchema(of));
  // One for both, so that the document of many methods stays light.
  const made = answer(created, {
    description:
      '201: the payment was made. 200: the order already has this very payment, which is still pending; the answer is the same with `created: false` and the message "Payment already exists".',
    headers: ['Idempotent-Replayed'],
  });
  return describe({
    operationId: `create${nameOf(gateway, method)}`,
    tag: gateway.name,
    summary: method.docs.title,
    description: method.docs.summary,
    notes: listNotes(of),
    highlights: method.docs.highlights,
    headers: REPEATABLE,
    body: jsonBody(named(`${nameOf(gateway, method)}Request`, requestSchema(of)), { examples: createExamples(of) }),
    answers: { 200: made, 201: made },
    errors: listErrors(of),
    gateway,
  });
}

const CREATE_ERRORS: readonly ErrorCode[] = [
  ...POST_ERRORS,
  'VALIDATION_FAILED',
  'INVALID_ARGUMENT',
  'ORDER_CONFLICT',
  'TEST_KEY_PRODUCTION',
  'PAYMENT_GATEWAY_ERROR',
  'PAYMENT_GATEWAY_TIMEOUT',
];

function listErrors({ gateway, method }: GatewayMethod): readonly ErrorRef[] {
  const noTest: readonly ErrorCode[] = gateway.defaultEnvironment.test === null ? ['GATEWAY_HAS_NO_TEST_MODE'] : [];
  // An earlier call without an outcome is asked for before the same request is answered again.
  const cooldown: readonly ErrorCode[] = method.callsGateway && gateway.query ? ['GATEWAY_RESTING'] : [];
  return [...CREATE_ERRORS, ...method.docs.errors, gateway.credentials.invalid, ...noTest, ...cooldown];
}

function listNotes({ gateway, method }: GatewayMethod): readonly string[] {
  const { docs, defaultLifetimeMs, mayChooseAgain } = method;
  const days = defaultLifetimeMs / DAY;
  return [
    ...(docs.notes ?? []),
    `Without \`expire_days\` the payer has ${days} ${days === 1 ? 'day' : 'days'}; the gateway’s own deadline wins.`,
    mayChooseAgain
      ? 'A payer who comes back without paying may start again from the payment page.'
      : 'The number that was issued is the only one this payment gets.',
    `A callback about another amount is refused: "${gateway.callback.texts.amount}"`,
    ...listNeeds(method).map((list) => `One of these is needed: ${quote(list)}.`),
  ];
}

function quote(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** Methods have limits and currencies of their own. */
const DIFFERING = ['amount', 'currency'];

/** What every create takes, alike. */
const COMMON_REQUEST = named(
  'CreateRequest',
  t.Object(fieldSchemas(CREATE_FIELDS.filter(({ name }) => !DIFFERING.includes(name))), {
    description: 'Fields that are not listed are ignored; null and empty text count as left out.',
  }),
);

function requestSchema({ gateway, method }: GatewayMethod): TSchema {
  const { fields = [] } = method;
  const own = [...createFields(method).filter(({ name }) => DIFFERING.includes(name)), ...fields];
  const schema = t.Intersect([
    COMMON_REQUEST,
    t.Object({
      ...fieldSchemas(own.map((field) => adapt(field, method))),
      gateway_credentials: t.Optional(credentialsSchema(gateway)),
      ...extrasSchemas(gateway, method),
    }),
  ]);
  const lists = listNeeds(method);
  return lists.length === 0 ? schema : { ...schema, anyOf: combine(lists).map((required) => ({ required })) };
}

/** Every way to take one of each list. */
function combine(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const none: readonly (readonly string[])[] = [[]];
  return lists.reduce((taken, list) => taken.flatMap((before) => list.map((name) => [...before, name])), none);
}

/** What a request has to say of the payer; the rest is asked on the page. */
const listNeeds = ({ needs = [], asksPayer }: Method): readonly (readonly string[])[] => (asksPayer ? [] : needs);

function extrasSchemas(gateway: Gateway, { extras }: Method): Record<string, TSchema> {
  if (extras.length === 0) return {};
  const schema = t.Object(fieldSchemas(extras), {
    description: `Optional fields in ${gateway.name}’s own names; any other name is refused.`,
    additionalProperties: false,
  });
  return { [gateway.id]: extras.some(({ required }) => required) ? schema : t.Optional(schema) };
}

/** What a method knows better about a field that all have: its limits, and its currencies. */
function adapt(field: Field, method: Method): Field {
  if (field.name === 'amount') {
    const { min, max } = method.limits;
    const limits = `From ${min} to ${max}, unless the project has other terms with the gateway.`;
    return { ...field, description: `${field.description} ${limits}` };
  }
  return field.name === 'currency' ? adaptCurrency(field, method) : field;
}

/** The one that is meant when none is named, and those that are taken. */
function adaptCurrency({ default: _, ...field }: Field, method: Method): Field {
  const fallback = defaultCurrency(method);
  const isTaken = method.currencies.includes(fallback);
  return {
    ...field,
    oneOf: method.currencies,
    ...(isTaken ? { default: fallback } : {}),
    example: exampleCurrency(method),
  };
}

function createdSchema({ gateway, method }: GatewayMethod): TSchema {
  const links = Object.keys(method.docs.exampleLinks ?? {});
  return extend(paymentSchema, {
    gateway: t.Literal(gateway.id),
    method: t.Literal(method.method),
    mode: t.Literal(method.mode),
    payment_info: infoSchema(method.docs.exampleInfo, method.docs.info),
    created: createdField,
    ...(!method.callsGateway && !method.inSite ? { redirect_form: redirectFormSchema } : {}),
    ...Object.fromEntries(links.map((name) => [name, address('Where the payer goes on at the gateway.')])),
  });
}
