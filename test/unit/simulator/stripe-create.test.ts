import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Simulator } from '../../../src/simulator/index.ts';
import { at, call, cardFields, create, errorOf, type Fields, qrFields, typedFields } from './stripe-support.ts';
import { get, ORIGIN, start, Timers } from './support.ts';

let simulator: Simulator;
beforeEach(() => {
  simulator = start({ setTimer: new Timers().set });
});
afterEach(() => simulator.stop());

/** What Stripe says to these fields: status, code, parameter. */
async function refusal(fields: Fields, headers: Fields = {}): Promise<unknown[]> {
  const answer = await create(simulator, fields, headers);
  const { code, param } = errorOf(answer);
  return [answer.status, code, param];
}

describe('who asks', () => {
  const probe = (authorization: string, version = '2026-08-26.dahlia') =>
    call(simulator, 'GET', '/v1/balance', {}, { authorization, 'stripe-version': version });

  test('any secret key of the right form is an account', async () => {
    for (const key of ['sk_test_a', 'sk_live_51Abc', 'sk_test_made_up']) {
      const answer = await probe(`Bearer ${key}`);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ object: 'balance', livemode: key.startsWith('sk_live_') });
    }
    expect((await probe(`Basic ${Buffer.from('sk_test_a:').toString('base64')}`)).status).toBe(200);
  });

  test.each([
    '',
    'Bearer ',
    'Bearer nonsense',
    'Bearer pk_test_a',
    'Bearer sk_test_bad',
    'Bearer rk_test_a',
    'sk_test_a',
  ])('authorization %p gets 401 as an invalid request', async (authorization) => {
    const answer = await probe(authorization);
    expect(answer.status).toBe(401);
    expect(errorOf(answer)).toMatchObject({ type: 'invalid_request_error' });
  });

  test('a key that is denied gets 403, and no refusal repeats a key', async () => {
    const denied = await probe('Bearer sk_test_denied1');
    expect(denied.status).toBe(403);
    expect(JSON.stringify(denied.body)).not.toContain('denied1');
    expect(JSON.stringify((await probe('Bearer sk_test_bad77')).body)).not.toContain('bad77');
  });

  test('the version must be there and look like one', async () => {
    expect((await probe('Bearer sk_test_a', '')).status).toBe(400);
    expect((await probe('Bearer sk_test_a', 'dahlia')).status).toBe(400);
  });

  test('both probes know the account, and other accounts are others', async () => {
    const first = await call(simulator, 'GET', '/v1/account');
    const second = await call(simulator, 'GET', '/v1/account', {}, { authorization: 'Bearer sk_test_x' });
    expect(first.body).toMatchObject({ object: 'account', charges_enabled: true });
    expect(first.body.id).toMatch(/^acct_1[0-9a-f]{16}$/);
    expect(second.body.id).not.toBe(first.body.id);
  });
});

describe('an intent for a page', () => {
  test('has Stripe’s fields and waits for a payment method', async () => {
    const { status, headers, body } = await create(simulator);
    expect(status).toBe(200);
    expect(headers.get('request-id')).toMatch(/^req_\w{14}$/);
    expect(body).toMatchObject({
      object: 'payment_intent',
      amount: 98_000,
      amount_received: 0,
      currency: 'twd',
      status: 'requires_payment_method',
      payment_method_types: ['card'],
      automatic_payment_methods: null,
      metadata: { gateway_order_no: 'G1', payment_no: 'PAY1' },
      description: '測試商品',
      livemode: false,
      next_action: null,
      last_payment_error: null,
      latest_charge: null,
      created: 1_782_113_400,
    });
    expect(body.id).toMatch(/^pi_3\w{23}$/);
    expect(body.client_secret).toMatch(new RegExp(`^${body.id}_secret_\\w{25}$`));
  });

  test('is found by both numbers and the id, without anything secret', async () => {
    const { body } = await create(simulator);
    for (const number of ['G1', 'PAY1', String(body.id)]) {
      const order = (await (await get(simulator, `/simulator/orders/${number}?gateway=stripe`)).json()) as object;
      expect(order).toMatchObject({
        gateway: 'stripe',
        order_no: 'G1',
        trade_no: body.id,
        amount: '980.00',
        currency: 'TWD',
        paid: false,
        info: { amount_minor: '98000' },
      });
      expect(JSON.stringify(order)).not.toContain('sk_test');
    }
  });

  test('of two with one number the newer one is meant', async () => {
    await create(simulator);
    const { body } = await create(simulator);
    const order = (await (await get(simulator, '/simulator/orders/G1')).json()) as { trade_no: string };
    expect(order.trade_no).toBe(String(body.id));
  });

  test('stands in the request log under its number', async () => {
    const { body } = await create(simulator);
    await call(simulator, 'GET', `/v1/payment_intents/${body.id}`);
    const { requests } = (await (await get(simulator, '/simulator/requests')).json()) as { requests: unknown[] };
    expect(requests).toMatchObject([
      { route: 'stripe-retrieve', merchant_trade_no: body.id, status: 200 },
      { route: 'stripe-create', merchant_trade_no: 'G1', status: 200 },
    ]);
  });

  test('without types offers whatever fits currency and amount', async () => {
    const { 'payment_method_types[]': _, ...fields } = cardFields({ currency: 'sgd' });
    const { body } = await create(simulator, fields);
    expect(body.payment_method_types).toEqual(['card', 'alipay', 'wechat_pay', 'grabpay', 'paynow']);
    expect(body.automatic_payment_methods).toEqual({ allow_redirects: 'always', enabled: true });
    const big = await create(simulator, { ...fields, amount: '100000000' });
    expect(big.body.payment_method_types).toEqual(['card']);
  });

  test('expands what it is asked to expand', async () => {
    const fields = cardFields({ confirm: 'true', payment_method: 'pm_card_visa', 'expand[]': 'latest_charge' });
    const { body } = await create(simulator, fields);
    expect(at(body, 'latest_charge', 'object')).toBe('charge');
    expect(await refusal(cardFields({ 'expand[]': 'customer' }))).toEqual([400, undefined, 'expand']);
  });
});

describe('strictness', () => {
  const cases: [string, Fields, unknown[]][] = [
    ['an unknown parameter', cardFields({ success_url: 'x' }), [400, 'parameter_unknown', 'success_url']],
    [
      'an unknown parameter further down',
      qrFields({ 'payment_method_data[colour]': 'x' }),
      [400, 'parameter_unknown', 'payment_method_data[colour]'],
    ],
    [
      'a card number from a server',
      qrFields({ 'payment_method_data[card][number]': '4242' }),
      [400, 'parameter_unknown', 'payment_method_data[card]'],
    ],
    ['an unknown value', cardFields({ capture_method: 'later' }), [400, undefined, 'capture_method']],
    ['no currency', { amount: '100' }, [400, 'parameter_missing', 'currency']],
    ['no amount', { currency: 'twd' }, [400, 'parameter_missing', 'amount']],
    ['an amount with a point', cardFields({ amount: '10.99' }), [400, 'parameter_invalid_integer', 'amount']],
    ['an amount of nothing', cardFields({ amount: '0' }), [400, 'parameter_invalid_integer', 'amount']],
    ['an amount below nothing', cardFields({ amount: '-5' }), [400, 'parameter_invalid_integer', 'amount']],
    ['an empty value', cardFields({ description: '' }), [400, 'parameter_invalid_empty', 'description']],
    ['a currency in capitals', cardFields({ currency: 'TWD' }), [400, undefined, 'currency']],
    ['a currency that is none', cardFields({ currency: 'zzz' }), [400, undefined, 'currency']],
    ['too little', cardFields({ currency: 'usd', amount: '49' }), [400, 'amount_too_small', 'amount']],
    [
      'too little by the currency’s own table',
      cardFields({ currency: 'hkd', amount: '399' }),
      [400, 'amount_too_small', 'amount'],
    ],
    ['nine digits without a card', qrFields({ amount: '100000000' }), [400, 'amount_too_large', 'amount']],
    ['thirteen digits', cardFields({ amount: '1000000000000' }), [400, 'amount_too_large', 'amount']],
    ['a third decimal', cardFields({ currency: 'kwd', amount: '5125' }), [400, 'invalid_charge_amount', 'amount']],
    ['parts of a króna', cardFields({ currency: 'isk', amount: '550' }), [400, 'invalid_charge_amount', 'amount']],
    ['parts of a shilling', cardFields({ currency: 'ugx', amount: '501' }), [400, 'invalid_charge_amount', 'amount']],
    [
      'a method that does not take the currency',
      cardFields({ 'payment_method_types[]': 'alipay' }),
      [400, 'payment_intent_invalid_parameter', 'payment_method_types'],
    ],
    [
      'a method nobody switched on',
      cardFields({ 'payment_method_types[]': 'klarna' }),
      [400, 'payment_method_unactivated', 'payment_method_types[0]'],
    ],
    ['return_url without confirm', cardFields({ return_url: 'https://shop.example' }), [400, undefined, 'return_url']],
    ['return_url that is none', qrFields({ return_url: 'back' }), [400, 'url_invalid', 'return_url']],
    [
      'statement_descriptor with a card',
      cardFields({ statement_descriptor: 'PAYCORE' }),
      [400, undefined, 'statement_descriptor'],
    ],
    [
      'a Chinese suffix',
      cardFields({ statement_descriptor_suffix: '商店' }),
      [400, undefined, 'statement_descriptor_suffix'],
    ],
    ['a long description', cardFields({ description: 'x'.repeat(1001) }), [400, undefined, 'description']],
    ['a long metadata value', cardFields({ 'metadata[a]': 'x'.repeat(501) }), [400, undefined, 'metadata']],
    ['a long metadata key', cardFields({ [`metadata[${'x'.repeat(41)}]`]: '1' }), [400, undefined, 'metadata']],
    ['51 metadata keys', { ...cardFields(), ...manyKeys(51) }, [400, undefined, 'metadata']],
    ['metadata as a text', cardFields({ metadata: 'x' }), [400, undefined, 'metadata']],
    [
      'no email for PromptPay',
      typedFields('promptpay', 'thb'),
      [400, 'parameter_missing', 'payment_method_data[billing_details][email]'],
    ],
    [
      'a broken email',
      typedFields('promptpay', 'thb', { 'payment_method_data[billing_details][email]': 'x' }),
      [400, 'email_invalid', 'payment_method_data[billing_details][email]'],
    ],
    [
      'no client for WeChat Pay',
      typedFields('wechat_pay', 'sgd'),
      [400, 'parameter_missing', 'payment_method_options[wechat_pay][client]'],
    ],
    [
      'a client in circulation that is none',
      typedFields('wechat_pay', 'sgd', { 'payment_method_options[wechat_pay][client]': 'mobile_web' }),
      [400, undefined, 'payment_method_options[wechat_pay][client]'],
    ],
    ['no bank for FPX', typedFields('fpx', 'myr'), [400, 'parameter_missing', 'payment_method_data[fpx][bank]']],
    [
      'a bank that is none',
      typedFields('fpx', 'myr', { 'payment_method_data[fpx][bank]': 'x' }),
      [400, undefined, 'payment_method_data[fpx][bank]'],
    ],
    [
      'no return_url where the payer leaves',
      without('return_url', typedFields('alipay', 'sgd')),
      [400, 'parameter_missing', 'return_url'],
    ],
    [
      'a method that is not on the list',
      qrFields({ 'payment_method_types[]': 'card' }),
      [400, 'payment_intent_incompatible_payment_method', 'payment_method'],
    ],
    [
      'a payment method that is not there',
      cardFields({ confirm: 'true', payment_method: 'pm_1' }),
      [400, 'resource_missing', 'payment_method'],
    ],
    [
      'two ways to name the types',
      cardFields({ 'automatic_payment_methods[enabled]': 'true' }),
      [400, 'parameters_exclusive', 'automatic_payment_methods'],
    ],
    ['what Stripe does and the simulator does not', cardFields({ customer: 'cus_1' }), [400, undefined, 'customer']],
    ['a later capture', cardFields({ capture_method: 'manual' }), [400, undefined, 'capture_method']],
  ];

  test.each(cases)('%s is refused', async (_, fields, expected) => {
    expect(await refusal(fields)).toEqual(expected);
    const { orders } = (await (await get(simulator, '/simulator/orders?gateway=stripe')).json()) as {
      orders: unknown[];
    };
    expect(orders).toEqual([]);
  });

  test('a body in JSON, a name sent twice and broken brackets are refused', async () => {
    const json = await simulator.fetch(
      new Request(`${ORIGIN}/v1/payment_intents`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer sk_test_a',
          'stripe-version': '2026-08-26.dahlia',
          'content-type': 'application/json',
        },
        body: '{"amount":100,"currency":"usd"}',
      }),
    );
    expect(json.status).toBe(400);
    const twice: [string, string][] = [...Object.entries(cardFields()), ['amount', '1']];
    expect((await call(simulator, 'POST', '/v1/payment_intents', twice)).status).toBe(400);
    expect((await create(simulator, cardFields({ 'metadata[a': '1' }))).status).toBe(400);
    expect((await create(simulator, cardFields({ 'amount[x]': '1' }))).status).toBe(400);
  });

  test('lists are taken with and without numbers', async () => {
    const { 'payment_method_types[]': _, ...fields } = cardFields({ currency: 'sgd' });
    const numbered = { ...fields, 'payment_method_types[1]': 'alipay', 'payment_method_types[0]': 'card' };
    expect((await create(simulator, numbered)).body.payment_method_types).toEqual(['card', 'alipay']);
  });

  test('amounts that Stripe takes', async () => {
    for (const [currency, amount] of [
      ['twd', '98050'],
      ['jpy', '50'],
      ['krw', '1000'],
      ['kwd', '5120'],
      ['isk', '500'],
      ['ugx', '500'],
      ['huf', '17545'],
      ['usd', '999999999999'],
    ] as const) {
      expect((await create(simulator, cardFields({ currency, amount }))).status).toBe(200);
    }
  });
});

describe('versions', () => {
  const version = (day: string) => ({ 'stripe-version': day });
  const { 'payment_method_types[]': _, ...bare } = cardFields({ currency: 'sgd' });
  const allowed = { ...bare, 'allowed_payment_method_types[]': 'fpx', 'allowed_payment_method_types[1]': 'paynow' };

  test('payment_method_types ends with 2026-09-30', async () => {
    const code = 'payment_method_types_no_longer_supported';
    expect(await refusal(cardFields(), version('2026-09-30.endive'))).toEqual([400, code, 'payment_method_types']);
    expect((await create(simulator, cardFields(), version('2026-09-29.dahlia'))).status).toBe(200);
  });

  test('allowed_payment_method_types begins with 2026-07-29 and leaves out what does not fit', async () => {
    expect(await refusal(allowed, version('2026-07-28.dahlia'))).toEqual([
      400,
      'parameter_unknown',
      'allowed_payment_method_types',
    ]);
    const { body } = await create(simulator, allowed, version('2026-09-30.endive'));
    expect(body.payment_method_types).toEqual(['paynow']);
    const none = { ...allowed, currency: 'twd' };
    expect((await refusal(none, version('2026-07-29.dahlia')))[1]).toBe('payment_intent_invalid_parameter');
  });
});

function manyKeys(count: number): Fields {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`metadata[k${at}]`, 'x']));
}

function without(name: string, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name));
}
