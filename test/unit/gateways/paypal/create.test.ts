import { describe, expect, test } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { type CreateInput, GatewayGarbage, GatewayRefusal } from '../../../../src/gateways/gateway.ts';
import { createOrder } from '../../../../src/gateways/paypal/create.ts';
import { paypal as gateway } from '../../../../src/gateways/paypal/index.ts';
import { START } from '../../../support/clock.ts';
import { rejection } from '../../../support/parts.ts';
import {
  createInput,
  DEBUG_ID,
  type Json,
  ORDER_ID,
  ORDER_NO,
  orderBody,
  PAYMENT_NO,
  payment,
  problem,
  say,
  unitBody,
  usePaypal,
} from './support.ts';

const paypal = usePaypal();

const create = (
  order: Order = {},
  change: Partial<CreateInput> = {},
  answer = say(orderBody('PAYER_ACTION_REQUIRED'), 201),
) => {
  paypal.steps = [answer];
  return createOrder(createInput(order, change), paypal.context());
};
const sent = (): Json => JSON.parse(paypal.calls().at(-1)?.body ?? '{}');
const unit = (): Json => (sent().purchase_units as Json[])[0] ?? {};
const withLinks = (...links: unknown[]) => say(orderBody('PAYER_ACTION_REQUIRED', [], { links }), 201);

describe('an order', () => {
  test('is asked for in these bytes', async () => {
    await create({ itemName: '手沖咖啡豆', description: 'not this' });
    const [call] = paypal.calls();
    expect(call?.path).toBe('/v2/checkout/orders');
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      prefer: 'return=representation',
      'paypal-request-id': ORDER_NO,
    });
    const page = `https://pay.example/zh-tw/payment/paypal/return/${PAYMENT_NO}?page=abcdefghijklmnopqrstuv`;
    expect(call?.body).toBe(
      `{"intent":"CAPTURE","purchase_units":[{"reference_id":"${ORDER_NO}","custom_id":"${PAYMENT_NO}","invoice_id":"${PAYMENT_NO}","description":"手沖咖啡豆","amount":{"currency_code":"TWD","value":"980"}}],"payment_source":{"paypal":{"experience_context":{"return_url":"${page}","cancel_url":"${page}&cancelled=1","user_action":"PAY_NOW","shipping_preference":"NO_SHIPPING","locale":"zh-TW"}}}}`,
    );
  });

  test('sends the payer to PayPal until the attempt ends, and is known by PayPal’s number', async () => {
    expect(await create()).toEqual({
      type: 'instructions',
      tradeNo: ORDER_ID,
      instructions: {
        type: 'redirect',
        url: `https://www.sandbox.paypal.com/checkoutnow?token=${ORDER_ID}`,
        expireAt: '2026-06-23T15:30:00+08:00',
      },
    });
  });

  test('asked for again is the same request, byte for byte, and the same answer', async () => {
    const first = await create();
    const again = await create({}, {}, say(orderBody('PAYER_ACTION_REQUIRED'), 200));
    expect(again).toEqual(first);
    const [one, two] = paypal.calls();
    expect(two?.body).toBe(one?.body ?? '');
    expect(two?.headers['paypal-request-id']).toBe(one?.headers['paypal-request-id'] ?? '');
  });

  test('speaks the payer’s language', async () => {
    const spoken = { 'zh-cn': 'zh-CN', en: 'en-US', ja: 'ja-JP', ko: 'ko-KR', th: 'th-TH', ms: 'en-US' } as const;
    for (const locale of ['zh-cn', 'en', 'ja', 'ko', 'th', 'ms'] as const) {
      await create({}, { locale });
      expect(JSON.stringify(sent())).toContain(`"locale":"${spoken[locale]}"`);
    }
  });

  test('goes to the place of its environment', async () => {
    const asked: string[] = [];
    paypal.steps = [say(orderBody('PAYER_ACTION_REQUIRED'), 201)];
    const originOf = (service: string, environment: string) => {
      asked.push(`${service} ${environment}`);
      return paypal.server.url;
    };
    await createOrder(
      createInput({}, { payment: payment({ environment: 'production' }) }),
      paypal.context({ originOf }),
    );
    expect(new Set(asked)).toEqual(new Set(['api production']));
    expect(gateway.services.api).toEqual({
      sandbox: 'https://api-m.sandbox.paypal.com',
      production: 'https://api-m.paypal.com',
    });
  });

  test('carries a description of at most 127 bytes, or none', async () => {
    await create({ itemName: '茶'.repeat(200) });
    expect(unit().description).toBe('茶'.repeat(42));
    await create({ description: 'Order payment' });
    expect(unit().description).toBe('Order payment');
    for (const order of [{}, { itemName: ' \n ' }]) {
      await create(order);
      expect(unit()).not.toHaveProperty('description');
    }
  });

  test('carries the amount in PayPal’s form', async () => {
    const price = (amount: number, currency: string) => ({
      payment: payment({ amount, currency }),
    });
    const echo = (currency_code: string, value: string) =>
      say(orderBody('PAYER_ACTION_REQUIRED', [], { purchase_units: [unitBody({ amount: { currency_code, value } })] }));
    await create({}, price(1099, 'USD'), echo('USD', '10.99'));
    expect(unit().amount).toEqual({ currency_code: 'USD', value: '10.99' });
    await create({}, price(98_000, 'HUF'), echo('HUF', '980'));
    expect(unit().amount).toEqual({ currency_code: 'HUF', value: '980' });
  });

  test('gives the shop approval_url beside our own page', async () => {
    const step = await create();
    const instructions = step.type === 'instructions' ? step.instructions : null;
    const url = `https://www.sandbox.paypal.com/checkoutnow?token=${ORDER_ID}`;
    type Linked = Parameters<NonNullable<typeof gateway.describeLinks>>[0];
    expect(gateway.describeLinks?.({ instructions } as Linked)).toEqual({ approval_url: url });
    expect(gateway.describeLinks?.({ instructions: null } as Linked)).toEqual({});
  });
});

describe('the address for the payer', () => {
  const urlOf = async (...links: unknown[]) => {
    const step = await create({}, {}, withLinks(...links));
    return step.type === 'instructions' && step.instructions.type === 'redirect' ? step.instructions.url : null;
  };

  test('is the link payer-action or approve', async () => {
    expect(
      await urlOf({ rel: 'self', href: 'https://a.example' }, { rel: 'approve', href: 'https://b.example/x' }),
    ).toBe('https://b.example/x');
  });

  test('may be at the operator’s own stand-in without https', async () => {
    const href = `${paypal.server.url}/checkoutnow?token=1`;
    expect(await urlOf({ rel: 'payer-action', href })).toBe(href);
  });

  for (const href of [
    'http://www.paypal.com/checkoutnow',
    'http://127.0.0.1:1/checkoutnow',
    'javascript:alert(1)',
    'data:text/html,x',
    '//www.paypal.com/x',
    '/checkoutnow',
    'https://paypal.com@evil.example/x',
    `https://www.paypal.com/${'x'.repeat(2000)}`,
    '',
    null,
    5,
  ]) {
    test(`is never ${String(href).slice(0, 40)}`, async () => {
      expect(await rejection(urlOf({ rel: 'payer-action', href }))).toBeInstanceOf(GatewayGarbage);
    });
  }
});

describe('an answer that cannot be believed leaves the outcome open', () => {
  const lies: [string, Json][] = [
    ['no number', { id: undefined }],
    ['a number that is no number', { id: '../../x' }],
    ['no status', { status: undefined }],
    ['no links', { links: undefined }],
    ['links of another kind', { links: 'x' }],
    ['another payment in custom_id', { purchase_units: [unitBody({ custom_id: 'PAY202606220002ABCDEFGH' })] }],
    ['another payment in invoice_id', { purchase_units: [unitBody({ invoice_id: 'other' })] }],
    ['another amount', { purchase_units: [unitBody({ amount: { currency_code: 'TWD', value: '98' } })] }],
    ['another currency', { purchase_units: [unitBody({ amount: { currency_code: 'USD', value: '980' } })] }],
    ['an amount of nothing', { purchase_units: [unitBody({ amount: {} })] }],
  ];
  for (const [what, change] of lies) {
    test(what, async () => {
      const answer = say(orderBody('PAYER_ACTION_REQUIRED', [], change), 201);
      expect(await rejection(create({}, {}, answer))).toBeInstanceOf(GatewayGarbage);
    });
  }

  for (const [what, answer] of [
    ['500', problem(500, null)],
    ['503', say({}, 503)],
    ['429', say({ name: 'RATE_LIMIT_REACHED', message: 'Too many requests.' }, 429)],
    ['409', problem(409, 'PREVIOUS_REQUEST_IN_PROGRESS')],
    ['202', say(orderBody('CREATED'), 202)],
    ['a redirect', () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } })],
    ['a page', () => new Response('<html>')],
    ['a page of a proxy that says 404', () => new Response('<html>', { status: 404 })],
    ['a list', say([])],
    ['half an answer', () => new Response('{"id":"5O19')],
    ['bytes', () => new Response(new Uint8Array([0xff, 0xfe]))],
    ['a PayPal-Request-Id that was used for another request', problem(422, 'PAYPAL_REQUEST_ID_PREVIOUSLY_USED')],
  ] as const) {
    test(what, async () => expect(await rejection(create({}, {}, answer))).toBeInstanceOf(GatewayGarbage));
  }

  test('an order without amount and names is believed by its number alone', async () => {
    expect(await create({}, {}, say(orderBody('CREATED', [], { purchase_units: undefined })))).toMatchObject({
      tradeNo: ORDER_ID,
    });
  });
});

describe('PayPal’s no', () => {
  for (const [status, issue] of [
    [422, 'INVALID_CURRENCY_CODE'],
    [422, 'DECIMAL_PRECISION'],
    [422, 'DUPLICATE_INVOICE_ID'],
    [400, 'INVALID_STRING_LENGTH'],
    [403, 'PERMISSION_DENIED'],
    [404, 'INVALID_RESOURCE_ID'],
  ] as const) {
    test(`${status} ${issue} is a refusal with PayPal’s words and its debug_id`, async () => {
      const error = await rejection(create({}, {}, problem(status, issue, 'What is wrong.')));
      expect(error).toBeInstanceOf(GatewayRefusal);
      expect(error).toMatchObject({
        errorCode: 'PAYPAL_REQUEST_REJECTED',
        gatewayCode: issue,
        message: `What is wrong. (debug_id ${DEBUG_ID})`,
      });
    });
  }

  test('names the field', async () => {
    const detail = {
      issue: 'INVALID_PARAMETER_SYNTAX',
      field: '/purchase_units/0/amount',
      description: 'What is wrong.',
    };
    const answer = say({ name: 'INVALID_REQUEST', details: [detail], debug_id: DEBUG_ID }, 400);
    const error = await rejection(create({}, {}, answer));
    expect((error as Error).message).toBe(`What is wrong. (field /purchase_units/0/amount) (debug_id ${DEBUG_ID})`);
  });

  test('without details is told by its name', async () => {
    const error = await rejection(create({}, {}, problem(422, null)));
    expect(error).toMatchObject({ gatewayCode: 'UNPROCESSABLE_ENTITY' });
  });

  test('to the token, twice, is a refusal: nothing was made', async () => {
    paypal.steps = [problem(401, null), problem(401, null)];
    const error = await rejection(createOrder(createInput(), paypal.context({ now: START })));
    expect(error).toMatchObject({ errorCode: 'PAYPAL_REQUEST_REJECTED', gatewayCode: 'AUTHENTICATION_FAILURE' });
    expect(paypal.calls()).toHaveLength(2);
  });
});
