import { describe, expect, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import type { Attempt } from '../../../src/core/attempt.ts';
import { checkFields, type Field } from '../../../src/core/fields.ts';
import type { Payment } from '../../../src/core/payment.ts';
import type { CallbackSubject, Gateway, Method } from '../../../src/gateways/gateway.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { createGateways } from '../../../src/gateways/registry.ts';
import { exampleSecrets } from '../../../src/http/openapi/credentials.ts';
import { examplePayment } from '../../../src/http/openapi/examples.ts';
import { tidySchema } from '../../../src/http/openapi/schemas.ts';
import { asSchema, type Content, type Example, type Schema } from '../../../src/http/openapi/types.ts';
import { fieldSchema } from '../../../src/http/schema/fields.ts';
import { CREATE_FIELDS, readCreateRequest } from '../../../src/payments/create/request.ts';
import { readCredentials } from '../../../src/payments/projects/credentials.ts';
import { serializePayment } from '../../../src/payments/serialize.ts';
import { findOriginVariables, loadConfig } from '../../../src/program.ts';
import { buildDocument } from '../../support/document.ts';
import { gateways } from '../../support/gateways.ts';
import { present, testVault } from '../../support/parts.ts';
import { findFaults, listProperties, resolve } from './openapi-schema.ts';

/** The document against the code that it describes. */

const PUBLIC_URL = 'https://pay.shop.example';
const document = await buildDocument(PUBLIC_URL);
// As with the simulator: gateways without a sandbox take a test key then.
const config = loadConfig(Object.fromEntries(findOriginVariables().map((name) => [name, 'http://127.0.0.1:9090'])));
const choices = GATEWAYS.flatMap((gateway) => gateway.methods.map((method) => ({ gateway, method })));

function contentOf(gateway: Gateway, method: Method): Content[string] {
  const operation = document.paths[`/api/paycore/pay/${gateway.id}/${method.path}`]?.post;
  return present(operation?.requestBody?.content['application/json']);
}

describe('requests', () => {
  test('every example is taken as it stands', () => {
    for (const { gateway, method } of choices) {
      for (const example of Object.values(contentOf(gateway, method).examples ?? {})) {
        const body = (example as Example).value as Record<string, unknown>;
        const deps = { config, gateways: createGateways(GATEWAYS), limits: {}, settings: {} };
        expect(readCreateRequest(body, gateway, method, deps).amount).toBeGreaterThan(0);
        if (body.gateway_credentials) readCredentials({ config }, gateway, 'test', body.gateway_credentials);
      }
    }
  });

  test('a field is refused by its schema exactly when it is refused by its check', () => {
    const fields = [...CREATE_FIELDS, ...choices.flatMap(({ method }) => [...method.extras, ...(method.fields ?? [])])];
    for (const field of fields) {
      const schema = tidySchema(asSchema(fieldSchema(field)), new Map());
      for (const value of listCandidates(field)) {
        const accepted = Object.keys(checkFields({ [field.name]: value }, [field]).errors).length === 0;
        const fits = findFaults(document, schema, value).length === 0;
        expect({ field: field.name, value, fits }).toEqual({ field: field.name, value, fits: accepted });
      }
    }
  });

  test('credentials are described by the patterns that check them', () => {
    for (const gateway of GATEWAYS) {
      const name = gateway.id.slice(0, 1).toUpperCase() + gateway.id.slice(1);
      const schema = present(document.components.schemas[`${name}Credentials`]);
      for (const field of gateway.credentials.fields) {
        const one = present(schema.properties?.[field.name]);
        for (const alias of field.aliases) expect(one.description).toContain(alias);
        expect(findFaults(document, one, field.example).length === 0).toBe(field.pattern.test(field.example));
        expect(findFaults(document, one, 'white space').length === 0).toBe(field.pattern.test('white space'));
      }
      expect(schema.required).toEqual(gateway.credentials.fields.filter((one) => one.required).map((one) => one.name));
    }
  });
});

/**
 * Values around the limits of a field. Text that stands for a number is left out: only `amount` promises to take it. So is
 * PHP's empty list, which is taken for an empty object and promised to nobody.
 */
function listCandidates(field: Field): readonly unknown[] {
  const { min = 0, max = 50, oneOf = [], type, example } = field;
  const wrong = [true, {}, [], 1.5, 'no such value'].filter(
    (value) => !(type === 'object' && typeof value === 'object') && !(type === 'metadata' && Array.isArray(value)),
  );
  const given = [...wrong, ...oneOf, ...(example === undefined || example === '' ? [] : [example])];
  if (type === 'amount') return [...given, min - 1, min, max, max + 1, '980', '9.8', '-1', '1'.repeat(16)];
  if (type === 'integer') return [...given, min - 1, min, ...(field.max === undefined ? [] : [max, max + 1])];
  if (type === 'url') return [...given, 'ftp://a.example', 'https://a.example', `https://${'a'.repeat(2000)}`];
  if (type === 'metadata') return [...given, ...listMetadata()];
  if (type === 'list') return [...given, [oneOf[0]], [oneOf[0], oneOf[0]], ['no such value']];
  if (type === 'string')
    return [...given, 'a'.repeat(max), 'a'.repeat(max + 1), '文'.repeat(max), 'a\u0000b', '<b>', 'A#B'];
  return given;
}

function listMetadata(): readonly unknown[] {
  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
  const long = (size: number) => 'x'.repeat(size);
  return [pairs(20), pairs(21), { [long(40)]: '' }, { [long(41)]: '' }, { a: long(500) }, { a: long(501) }, { a: 1 }];
}

describe('answers', () => {
  const deps = { publicUrl: PUBLIC_URL, vault: testVault(), config, gateways };
  const schema: Schema = { $ref: '#/components/schemas/Payment' };

  test('a payment has the fields that are described, and no others', () => {
    for (const choice of choices) {
      const payment: Payment = { ...examplePayment(choice), reason: 'GATEWAY_REFUSED', paidAt: 0 };
      const data = serializePayment(deps, payment, null);
      expect(findFaults(document, schema, data)).toEqual([]);
      expect(new Set(Object.keys(data))).toEqual(new Set(listProperties(document, schema)));
    }
  });

  test('what is shown as payment_info is what the driver makes', () => {
    for (const choice of choices.filter(({ method }) => method.callsGateway)) {
      const { gateway, method } = choice;
      const info = gateway.describeInfo(examplePayment(choice), exampleAttempt(choice), PUBLIC_URL);
      const operation = present(document.paths[`/api/paycore/pay/${gateway.id}/${method.path}`]?.post);
      const { schema } = present(operation.responses['201']?.content?.['application/json']);
      const answer = resolve(document, present(schema.$ref)) as Schema;
      const name = present(answer.properties?.data?.$ref?.split('/').pop());
      const described = document.components.schemas[name]?.allOf?.[1]?.properties?.payment_info;
      expect(findFaults(document, present(described), info)).toEqual([]);
      expect({ name, keys: Object.keys(info).sort() }).toEqual({
        name,
        keys: Object.keys(method.docs.exampleInfo).sort(),
      });
    }
  });
});

const EXPIRE_AT = '2026-06-28T23:59:59+08:00';
const OFFLINE: Readonly<Record<string, Attempt['instructions']>> = {
  atm: {
    type: 'atm',
    bankCode: '822',
    virtualAccount: '9103522175887271',
    payUrl: 'https://plus.example/pay',
    expireAt: EXPIRE_AT,
  },
  cvs: { type: 'cvs', paymentCode: 'LLL26213917389', expireAt: EXPIRE_AT },
  barcode: { type: 'barcode', barcodes: ['150628A1F', '6763618191673429', '062800000000980'], expireAt: EXPIRE_AT },
  checkout: {
    type: 'redirect',
    url: 'https://www.paypal.com/checkoutnow?token=5O190127TN364715T',
    expireAt: EXPIRE_AT,
  },
};
const QR: Attempt['instructions'] = { type: 'qr', data: 'weixin://wxpay/bizpayurl?pr=1', expireAt: EXPIRE_AT };
const ELEMENT: Attempt['instructions'] = { type: 'element', clientSecret: 'pi_1_secret_1', expireAt: EXPIRE_AT };

/** An attempt that got what its method gets. */
function exampleAttempt({ method }: { readonly method: Method }): Attempt {
  const shown = 'qr_data' in method.docs.exampleInfo ? QR : ELEMENT;
  const instructions = OFFLINE[method.method] ?? shown;
  return { instructions, gatewayTradeNo: '2606221530127264', gatewayOrderNo: 'PC260622K7Q2M9XW4ZT1' } as Attempt;
}

describe('callbacks and notifications', () => {
  test('what ECPay is shown to post is genuine, by the driver’s own word', () => {
    const [gateway] = GATEWAYS;
    const { callback, methods } = present(gateway);
    const secrets = exampleSecrets(present(gateway));
    const payment = examplePayment({ gateway: present(gateway), method: present(methods[0]) });
    const { content } = present(document.paths['/api/paycore/webhooks/ecpay']?.post?.requestBody);
    for (const [contentType, { example }] of Object.entries(content)) {
      const fields = example as Record<string, string>;
      const text = contentType === 'application/json' ? JSON.stringify(fields) : String(new URLSearchParams(fields));
      const raw = { contentType, body: Buffer.from(text), query: new URLSearchParams(), headers: new Headers() };
      const located = callback.locate(raw);
      const message = located.type === 'sealed' ? callback.open?.(located.envelope, secrets) : located;
      const opened = present(message && 'message' in message ? message.message : message);
      if (typeof opened === 'string' || !('fields' in opened)) throw new Error('refused');
      expect(callback.verify(opened, secrets, { payment } as CallbackSubject)).toEqual({ ok: true });
      const facts = callback.parse(opened, payment);
      expect(facts[0]).toMatchObject({ type: 'paid', amount: payment.amount, simulated: false });
    }
  });

  test('the answers to a gateway are those of its driver', () => {
    for (const { id, callback } of GATEWAYS) {
      const { responses } = present(document.paths[`/api/paycore/webhooks/${id}`]?.post);
      const said = callback.accept(null);
      const [type = ''] = said.contentType.split(';');
      const read = (body: string): unknown => (type === 'application/json' ? JSON.parse(body) : body);
      expect(responses['200']?.content?.[type]?.example).toEqual(read(said.body));
      const refused = Object.values(present(responses['400']?.content)).flatMap(({ examples }) =>
        Object.values(examples ?? {}),
      );
      const bodies = (refused as Example[]).map(({ value }) => value);
      for (const text of Object.values(callback.texts).filter((one) => one !== null)) {
        expect(bodies).toContainEqual(read(callback.refuse(text).body));
      }
    }
  });

  test('a notification has the fields that are described, and its example is signed as it says', () => {
    const operation = present(document.webhooks['payment.refunded']?.post);
    const { example } = present(operation.requestBody?.content['application/json']);
    const described = listProperties(document, { $ref: '#/components/schemas/Notification' });
    expect(new Set(Object.keys(example as object))).toEqual(new Set(described));
    const headers = Object.fromEntries(
      (operation.parameters ?? []).map((one) => ('name' in one ? [one.name, String(one.example ?? '')] : ['', ''])),
    );
    const secret = Buffer.from('paycore-example-secret!!').toString('base64');
    const webhook = new Webhook(secret);
    const sentAt = new Date(Number(headers['webhook-timestamp']) * 1000);
    const signature = webhook.sign(headers['webhook-id'] ?? '', sentAt, JSON.stringify(example));
    expect(headers['webhook-signature']).toBe(signature);
  });
});
