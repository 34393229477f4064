import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { createIntent } from '../../../../src/gateways/stripe/create.ts';
import { stripe } from '../../../../src/gateways/stripe/index.ts';
import { cancelIntent, queryIntent } from '../../../../src/gateways/stripe/query.ts';
import { refundIntent } from '../../../../src/gateways/stripe/refund.ts';
import { present } from '../../../support/parts.ts';
import { createInput, INTENT, intent, ORDER_NO, paymentOf, queryInput, SECRETS, useStandIn } from './support.ts';

/**
 * What the driver sends, held against Stripe's own schemas of 2026-08-26.dahlia. They are Stripe's and not part of this
 * project: PAYCORE_VENDOR_SPECS names the folder that has them.
 */
const FILE = 'stripe-payment-intents-dahlia.json';
const FIXTURES = 'stripe-fixtures.json';
const folder = process.env.PAYCORE_VENDOR_SPECS ?? '';
const isThere = folder !== '' && existsSync(join(folder, FILE));

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly request?: { readonly contentType: string; readonly schema: object };
}
interface Specs {
  readonly $id: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly status: { readonly enum: readonly string[] };
}

const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

/** The tree of a bracketed form, with numbers and booleans where the schema wants them. */
function readForm(body: string): unknown {
  const root: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.split(/[[\]]+/).filter((part) => part !== '');
    const last = present(path.pop(), name);
    const branch = path.reduce<Record<string, unknown>>((at, part) => {
      at[part] ??= {};
      return at[part] as Record<string, unknown>;
    }, root);
    branch[last] = value;
  }
  return listArrays(root);
}

function listArrays(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [name, listArrays(value)] as const);
  const isList = entries.length > 0 && entries.every(([name], at) => name === String(at));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

if (!isThere) {
  test.skip(`requests fit Stripe’s schemas (PAYCORE_VENDOR_SPECS names no folder with ${FILE})`, () => {});
} else {
  describe('requests fit Stripe’s schemas', () => {
    const specs = read<Specs>(FILE);
    const ajv = new Ajv({ strict: false, coerceTypes: true, allErrors: true });
    const wire = useStandIn();
    const validators = new Map<string, ValidateFunction>();
    const validatorOf = (name: string, schema: object): ValidateFunction => {
      const found = validators.get(name) ?? ajv.compile(schema);
      validators.set(name, found);
      return found;
    };

    const check = (name: string, path: string) => {
      const operation = present(specs.operations[name], name);
      const request = present(wire.received.at(-1), 'request');
      expect(request.path).toBe(path);
      expect(request.path).toMatch(new RegExp(`^${operation.path.replace('{intent}', '[^/]+')}$`));
      if (!operation.request) return expect(request.body).toBe('');
      expect(request.headers['content-type']).toBe(operation.request.contentType);
      const validate = validatorOf(name, operation.request.schema);
      validate(readForm(request.body));
      expect(validate.errors ?? []).toEqual([]);
    };

    test('the version sent is that of the schemas', async () => {
      wire.answer = () => Response.json(intent());
      await createIntent(createInput('fpx'), wire.ctx());
      expect(`stripe-${wire.received[0]?.headers['stripe-version']}`).toBe(specs.$id);
    });

    for (const { path, currencies } of stripe.methods) {
      test(`creating ${path}`, async () => {
        const currency = present(currencies[0], path);
        const order = { itemName: '茶', description: 'x', buyerEmail: 'kao@example.com' };
        // Whatever is answered: this is about the request.
        await Promise.allSettled([createIntent(createInput(path, paymentOf(order, { currency })), wire.ctx())]);
        check('PostPaymentIntents', '/v1/payment_intents');
      });
    }

    test('a request with a mistake in it does not fit', () => {
      const { request } = present(specs.operations.PostPaymentIntents, 'operation');
      const validate = validatorOf('PostPaymentIntents', present(request, 'request').schema);
      expect(validate(readForm('amount=98000&currency=twd&payment_method_types[0]=card'))).toBe(true);
      expect(validate(readForm('amount=980.5&currency=twd'))).toBe(false);
      expect(validate(readForm('amount=98000&currency=twd&success_url=x'))).toBe(false);
      expect(validate(readForm('currency=twd'))).toBe(false);
    });

    test('asking, canceling, paying back', async () => {
      wire.answer = () => Response.json(intent({ status: 'canceled' }));
      await queryIntent(queryInput(), wire.ctx());
      check('GetPaymentIntentsIntent', `/v1/payment_intents/${INTENT}`);
      await cancelIntent(queryInput(), wire.ctx());
      check('PostPaymentIntentsIntentCancel', `/v1/payment_intents/${INTENT}/cancel`);
      for (const reason of ['duplicate', '客人反悔']) {
        const { method } = queryInput();
        const input = { method, payment: paymentOf(), gatewayOrderNo: ORDER_NO, tradeNo: INTENT, secrets: SECRETS };
        await Promise.allSettled([refundIntent({ ...input, amount: 1, refundNo: 'R1', reason }, wire.ctx())]);
        check('PostRefunds', '/v1/refunds');
      }
    });

    test('every status there is can be read', async () => {
      for (const status of specs.status.enum) {
        wire.answer = () => Response.json(intent({ status }));
        expect((await queryIntent(queryInput(), wire.ctx())).type).toBe('facts');
      }
    });

    test('Stripe’s own sample of an intent can be read', async () => {
      const { payment_intent } = read<{ resources: Record<string, Record<string, unknown>> }>(FIXTURES).resources;
      const sample = present(payment_intent, 'payment_intent');
      wire.answer = () => Response.json(sample);
      const tradeNo = String(sample.id);
      expect(await queryIntent(queryInput({ tradeNo }), wire.ctx())).toMatchObject({ type: 'facts' });
    });
  });
}
