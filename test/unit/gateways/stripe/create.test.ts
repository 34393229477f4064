import { describe, expect, test } from 'bun:test';
import type { CreateInput } from '../../../../src/gateways/gateway.ts';
import { createIntent } from '../../../../src/gateways/stripe/create.ts';
import { rejection } from '../../../support/parts.ts';
import vectors from '../../../vectors/stripe.json';
import {
  createInput,
  failure,
  INTENT,
  intent,
  ORDER_NO,
  PAYMENT_NO,
  paymentOf,
  RETURN_URL,
  useStandIn,
} from './support.ts';

const wire = useStandIn();
const DEADLINE = '2026-06-23T15:30:00+08:00';
const create = (input: CreateInput) => createIntent(input, wire.ctx());

const nextActions = Object.fromEntries(vectors['next-action'].map((one) => [one.name, one.next_action]));
const QR = {
  'wechat-pay': { type: 'wechat_pay', currency: 'CNY', data: 'weixin://wxpay/bizpayurl?pr=x' },
  paynow: { type: 'paynow', currency: 'SGD', data: '00020101021226...' },
  promptpay: { type: 'promptpay', currency: 'THB', data: '00020101021229...' },
} as const;
type QrPath = keyof typeof QR;

const qrPayment = (path: QrPath, order = { buyerEmail: 'kao@example.com' }) =>
  paymentOf(order, { currency: QR[path].currency, amount: 10_000 });
const qrIntent = (path: QrPath, change: object = {}) =>
  intent({
    amount: 10_000,
    currency: QR[path].currency.toLowerCase(),
    status: 'requires_action',
    next_action: nextActions[QR[path].type],
    payment_method_types: [QR[path].type],
    ...change,
  });

const METADATA = {
  'metadata[payment_no]': PAYMENT_NO,
  'metadata[gateway_order_no]': ORDER_NO,
  'metadata[merchant_order_no]': 'ORDER-1',
};

describe('what is sent', () => {
  test('one form with the pinned version and a key that belongs to the number', async () => {
    wire.answer = () => Response.json(intent());
    await create(createInput('credit', paymentOf({ itemName: '茶壺' })));
    expect(wire.received).toHaveLength(1);
    const { path, headers } = wire.received[0] ?? { path: '', headers: {} };
    expect(path).toBe('/v1/payment_intents');
    expect(headers).toMatchObject({
      authorization: 'Bearer sk_test_51PayCoreUnit',
      'content-type': 'application/x-www-form-urlencoded',
      'stripe-version': '2026-08-26.dahlia',
      'idempotency-key': `paycore:${ORDER_NO}:create`,
    });
    expect(headers).not.toHaveProperty('x-stripe-client-telemetry');
    expect(wire.sent).toEqual({
      amount: '98000',
      currency: 'twd',
      'payment_method_types[0]': 'card',
      ...METADATA,
      description: '茶壺',
    });
  });

  test('a method of Stripe’s form is never confirmed here, and so has no return_url', async () => {
    for (const [path, currency] of [
      ['alipay', 'CNY'],
      ['grabpay', 'SGD'],
      ['fpx', 'MYR'],
    ] as const) {
      wire.answer = () => Response.json(intent({ currency: currency.toLowerCase() }));
      await create(createInput(path, paymentOf({}, { currency })));
      expect(wire.sent).toEqual({
        amount: '98000',
        currency: currency.toLowerCase(),
        'payment_method_types[0]': path,
        ...METADATA,
      });
    }
  });

  const CONFIRMED = { confirm: 'true', return_url: RETURN_URL };
  const EXTRA: Readonly<Record<QrPath, object>> = {
    'wechat-pay': { 'payment_method_options[wechat_pay][client]': 'web' },
    paynow: {},
    promptpay: { 'payment_method_data[billing_details][email]': 'kao@example.com' },
  };
  for (const path of Object.keys(QR) as QrPath[]) {
    test(`${path} is confirmed at once`, async () => {
      wire.answer = () => Response.json(qrIntent(path));
      await create(createInput(path, qrPayment(path)));
      expect(wire.sent).toEqual({
        amount: '10000',
        currency: QR[path].currency.toLowerCase(),
        'payment_method_types[0]': QR[path].type,
        'payment_method_data[type]': QR[path].type,
        ...CONFIRMED,
        ...METADATA,
        ...EXTRA[path],
      });
    });
  }

  test('the same again, byte for byte, whatever time it is', async () => {
    wire.answer = () => Response.json(qrIntent('paynow'));
    await create(createInput('paynow', qrPayment('paynow')));
    await createIntent(createInput('paynow', qrPayment('paynow')), wire.ctx({ now: Date.UTC(2026, 6, 1) }));
    const [first, second] = wire.received;
    expect(second?.body).toBe(first?.body ?? '');
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'] ?? '');
  });

  test('long texts are cut where Stripe would refuse them, and never inside a character', async () => {
    wire.answer = () => Response.json(intent());
    const payment = paymentOf({ description: '😀'.repeat(1200) }, { merchantOrderNo: '茶'.repeat(600) });
    await create(createInput('credit', payment));
    expect(wire.sent.description).toBe('😀'.repeat(1000));
    expect(wire.sent['metadata[merchant_order_no]']).toBe('茶'.repeat(500));
  });

  test('the description is the shop’s own before the name of the goods', async () => {
    wire.answer = () => Response.json(intent());
    await create(createInput('credit', paymentOf({ itemName: 'tea', description: 'Order 7' })));
    expect(wire.sent.description).toBe('Order 7');
  });
});

describe('what is answered', () => {
  test('the client secret for Stripe’s form', async () => {
    wire.answer = () => Response.json(intent());
    expect(await create(createInput('credit'))).toEqual({
      type: 'instructions',
      instructions: { type: 'element', clientSecret: `${INTENT}_secret_Qz8`, expireAt: DEADLINE },
      tradeNo: INTENT,
    });
  });

  for (const path of Object.keys(QR) as QrPath[]) {
    test(`the text of ${path}’s QR code`, async () => {
      wire.answer = () => Response.json(qrIntent(path));
      expect(await create(createInput(path, qrPayment(path)))).toEqual({
        type: 'instructions',
        instructions: { type: 'qr', data: QR[path].data, expireAt: DEADLINE },
        tradeNo: INTENT,
      });
    });
  }

  test('a confirmation that failed is a refusal with Stripe’s own words', async () => {
    const last_payment_error = { code: 'payment_method_not_available', message: 'PayNow is down.' };
    wire.answer = () =>
      Response.json(qrIntent('paynow', { status: 'requires_payment_method', next_action: null, last_payment_error }));
    expect(await rejection(create(createInput('paynow', qrPayment('paynow'))))).toMatchObject({
      name: 'GatewayRefusal',
      errorCode: 'STRIPE_PAYMENT_INTENT_CREATE_FAILED',
      gatewayCode: 'payment_method_not_available',
      message: 'PayNow is down.',
    });
  });

  const doubtful: readonly (readonly [string, object])[] = [
    ['another amount', { amount: 98_001 }],
    ['another currency', { currency: 'usd' }],
    ['live money for a test key', { livemode: true }],
    ['no mode', { livemode: undefined }],
    ['another order', { metadata: { gateway_order_no: 'PC260622ZZZZZZZZZZZZ' } }],
    ['no order', { metadata: {} }],
    ['no number', { id: undefined }],
    ['a number that is none', { id: '../pi_1' }],
    ['something else', { object: 'setup_intent' }],
    ['no client secret', { client_secret: null }],
    ['the client secret of another intent', { client_secret: 'pi_3Other_secret_x' }],
    ['a client secret with markup in it', { client_secret: `${INTENT}_secret_"><script>` }],
  ];
  for (const [what, change] of doubtful) {
    test(`an answer about ${what} is not believed`, async () => {
      wire.answer = () => Response.json(intent(change));
      expect(await rejection(create(createInput('credit')))).toMatchObject({ name: 'GatewayGarbage' });
    });
  }

  for (const [what, change] of [
    ['no next_action', { next_action: null }],
    ['the next_action of another method', { next_action: nextActions.promptpay }],
    ['an empty code', { next_action: { type: 'x', paynow_display_qr_code: { data: '' } } }],
    ['an endless code', { next_action: { type: 'x', paynow_display_qr_code: { data: '0'.repeat(3000) } } }],
    ['no sign of why there is no code', { status: 'requires_payment_method', next_action: null }],
  ] as const) {
    test(`a QR answer with ${what} leaves the outcome unknown`, async () => {
      wire.answer = () => Response.json(qrIntent('paynow', change));
      const error = await rejection(create(createInput('paynow', qrPayment('paynow'))));
      expect(error).toMatchObject({ name: 'GatewayGarbage' });
    });
  }

  test('a live key wants a live intent', async () => {
    const live = { ...createInput('credit', paymentOf({}, { environment: 'production' })) };
    wire.answer = () => Response.json(intent({ livemode: true }));
    expect(await create(live)).toMatchObject({ tradeNo: INTENT });
    wire.answer = () => Response.json(intent());
    expect(await rejection(create(live))).toMatchObject({ name: 'GatewayGarbage' });
  });
});

describe('refusals', () => {
  for (const vector of vectors.error) {
    test(`${vector.name}: ${vector.expected}`, async () => {
      wire.answer = () => failure(vector.http, vector.body.error);
      const error = await rejection(create(createInput('credit')));
      const isUnknown = vector.expected === 'unknown';
      expect(error).toMatchObject(
        isUnknown ? { name: 'GatewayGarbage' } : { name: 'GatewayRefusal', errorCode: vector.expected },
      );
      expect(wire.received).toHaveLength(1);
    });
  }

  test('Stripe’s code and text are handed on', async () => {
    wire.answer = () =>
      failure(400, { type: 'invalid_request_error', code: 'amount_too_small', message: 'At least 50.' });
    expect(await rejection(create(createInput('credit')))).toMatchObject({
      gatewayCode: 'amount_too_small',
      message: 'At least 50.',
    });
  });
});
