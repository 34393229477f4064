import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Payment } from '../../../../src/core/payment.ts';
import { createOrder } from '../../../../src/gateways/paypal/create.ts';
import { queryOrder } from '../../../../src/gateways/paypal/query.ts';
import { refundPayment } from '../../../../src/gateways/paypal/refund.ts';
import { verifyEvent } from '../../../../src/gateways/paypal/verify.ts';
import type { Received } from '../../../support/standin.ts';
import {
  captureBody,
  createInput,
  type Json,
  ORDER_ID,
  orderBody,
  payment,
  queryInput,
  refundInput,
  SECRETS,
  say,
  tokenBody,
  usePaypal,
  webhook,
} from './support.ts';

/** What the driver sends, against PayPal's own schemas; they are not part of this repository. */
const folder = process.env.PAYCORE_VENDOR_SPECS;

const FILES = ['paypal-oauth2', 'paypal-orders', 'paypal-payments', 'paypal-webhooks'] as const;
type File = (typeof FILES)[number];

interface Operation {
  readonly path: string;
  readonly headers: Readonly<Record<string, { readonly required: boolean; readonly schema: Json }>>;
  readonly request: { readonly contentType: string; readonly schema: Json } | null;
  readonly responses: Readonly<Record<string, Json | null>>;
}

function loadSpecs(from: string) {
  // PayPal's patterns are not all valid with JavaScript's flag `u`.
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }));
  const operations = new Map<string, Operation>();
  for (const file of FILES) {
    const spec = JSON.parse(readFileSync(join(from, `${file}.json`), 'utf8'));
    ajv.addSchema({ $id: file, $defs: spec.$defs });
    for (const [name, operation] of Object.entries(spec.operations)) operations.set(name, operation as Operation);
  }
  return {
    operation: (name: string): Operation => {
      const found = operations.get(name);
      if (!found) throw new Error(`the specification has no ${name}`);
      return found;
    },
    /** What is wrong with a value. */
    judge(file: File, schema: Json, value: unknown): string[] {
      const text = JSON.stringify(schema).replaceAll('"#/$defs/', `"${file}#/$defs/`);
      const validate = ajv.compile(JSON.parse(text));
      validate(value);
      return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    },
  };
}

describe.skipIf(folder === undefined)(
  `PayPal’s schemas${folder === undefined ? ' (skipped: PAYCORE_VENDOR_SPECS names no folder)' : ''}`,
  () => {
    const specs = folder === undefined ? null : loadSpecs(folder);
    const paypal = usePaypal();

    const check = (file: File, name: string, call: Received | undefined, body: unknown): string[] => {
      if (!specs || !call) return ['no call'];
      const { path, headers, request } = specs.operation(name);
      const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
      const wrong = Object.entries(headers).flatMap(([header, { required, schema }]) => {
        const value = call.headers[header.toLowerCase()];
        if (value === undefined) return required ? [`${header} is missing`] : [];
        return specs.judge(file, schema, value);
      });
      const type = request && call.headers['content-type'] !== request.contentType ? ['content type'] : [];
      const path_ = pattern.test(call.path) ? [] : [`path ${call.path}`];
      return [...path_, ...wrong, ...type, ...(request ? specs.judge(file, request.schema, body) : [])];
    };
    const json = (call: Received | undefined): unknown => JSON.parse(call?.body ?? 'null');
    const answer = (file: File, name: string, status: number, body: unknown) =>
      specs?.judge(file, specs.operation(name).responses[status] ?? {}, body);

    test('find nothing wrong with the call for a token', async () => {
      paypal.steps = [say(orderBody('CREATED'))];
      await queryOrder(queryInput(), paypal.context());
      const [call] = paypal.tokens();
      const fields = Object.fromEntries(new URLSearchParams(call?.body));
      expect(check('paypal-oauth2', 'oauth2.token', call, fields)).toEqual([]);
    });

    for (const [what, change] of [
      ['a short order', {}],
      ['an order with the longest text', { payment: payment({ order: { itemName: '茶'.repeat(200) } }) }],
      ['an order in English over cents', { locale: 'en', payment: payment({ amount: 1, currency: 'USD' }) }],
      ['an order over the largest amount', { payment: payment({ amount: 99_999_999_999_900 }) }],
    ] as const) {
      test(`find nothing wrong with ${what}`, async () => {
        paypal.steps = [say(orderBody('PAYER_ACTION_REQUIRED', [], { purchase_units: undefined }), 201)];
        await createOrder(createInput({}, change), paypal.context());
        const [call] = paypal.calls();
        expect(check('paypal-orders', 'orders.create', call, json(call))).toEqual([]);
      });
    }

    test('find nothing wrong with a look at an order and its capture', async () => {
      paypal.steps = [say(orderBody('APPROVED')), say(orderBody('COMPLETED', [captureBody()]), 201)];
      await queryOrder(queryInput({ declines: 12 }), paypal.context());
      const [shown, captured] = paypal.calls();
      expect(check('paypal-orders', 'orders.get', shown, null)).toEqual([]);
      expect(check('paypal-orders', 'orders.capture', captured, json(captured))).toEqual([]);
    });

    test('find nothing wrong with a refund', async () => {
      paypal.steps = [say(orderBody('COMPLETED', [captureBody()])), say({ id: 'X', status: 'COMPLETED' }, 201)];
      await refundPayment(refundInput({ reason: `退\n貨${'x'.repeat(300)}` }), paypal.context());
      const [, call] = paypal.calls();
      expect(check('paypal-payments', 'captures.refund', call, json(call))).toEqual([]);
    });

    test('find nothing wrong with the verification of a webhook', async () => {
      paypal.steps = [say({ verification_status: 'SUCCESS' })];
      const raw = webhook({ id: 'WH-1', event_type: 'CHECKOUT.ORDER.APPROVED', resource: { id: ORDER_ID } });
      const message = { kind: 'x', hints: {}, fields: {}, raw };
      const secrets = { ...SECRETS, webhook_id: '1JE4291016473214C' };
      await verifyEvent(message, secrets, { payment: { environment: 'sandbox' } as Payment, ctx: paypal.context() });
      const [call] = paypal.calls();
      expect(check('paypal-webhooks', 'verify-webhook-signature.post', call, json(call))).toEqual([]);
    });

    test('find nothing wrong with the answers that these tests believe in', () => {
      expect(answer('paypal-oauth2', 'oauth2.token', 200, tokenBody('x'))).toEqual([]);
      expect(answer('paypal-orders', 'orders.create', 201, orderBody('PAYER_ACTION_REQUIRED'))).toEqual([]);
      expect(answer('paypal-orders', 'orders.get', 200, orderBody('COMPLETED', [captureBody()]))).toEqual([]);
    });

    test('would find what is wrong', () => {
      const bad = { intent: 'CAPTURE', purchase_units: [{ amount: { currency_code: 'TWD', value: 980 } }] };
      const schema = specs?.operation('orders.create').request?.schema ?? {};
      expect(specs?.judge('paypal-orders', schema, bad)).not.toEqual([]);
    });
  },
);
