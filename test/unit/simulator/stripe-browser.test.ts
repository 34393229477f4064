import { describe, expect, test } from 'bun:test';
import {
  browse,
  call,
  cardFields,
  create,
  errorOf,
  type Fields,
  type Json,
  PUBLIC_KEY,
  pathOf,
  qrFields,
  RETURN_URL,
  SECRET_KEY,
} from './stripe-support.ts';
import { get, postJson, useSimulator } from './support.ts';

/** What Stripe.js asks for, without Stripe.js. */

const { simulator } = useSimulator();

const secretOf = (intent: Json): Fields => ({ client_secret: String(intent.client_secret) });

const card = (number: string, changes: Fields = {}): Fields => ({
  type: 'card',
  'card[number]': number,
  'card[exp_month]': '12',
  'card[exp_year]': '34',
  'card[cvc]': '123',
  ...changes,
});

async function confirm(intent: Json, number: string, changes: Fields = {}) {
  const made = await browse(simulator, 'POST', '/v1/payment_methods', card(number));
  const fields = { ...secretOf(intent), payment_method: String(made.body.id), return_url: RETURN_URL, ...changes };
  return browse(simulator, 'POST', pathOf(intent, '/confirm'), fields);
}

describe('an intent, to whoever has its client_secret', () => {
  test('is shown without metadata, charge and everything else that is the shop’s', async () => {
    const { body } = await create(simulator);
    const seen = await browse(simulator, 'GET', pathOf(body), secretOf(body));
    expect(seen.status).toBe(200);
    expect(seen.body).toMatchObject({ id: body.id, amount: 98_000, status: 'requires_payment_method' });
    for (const name of ['metadata', 'latest_charge', 'amount_received', 'customer', 'payment_method_options']) {
      expect(seen.body).not.toHaveProperty(name);
    }
    expect(seen.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('is not there for anybody else', async () => {
    const { body } = await create(simulator);
    const other = await create(simulator);
    const wrong = secretOf(other.body);
    for (const answer of [
      await browse(simulator, 'GET', pathOf(body), wrong),
      await browse(simulator, 'GET', pathOf(body), secretOf(body), 'pk_live_shop'),
      await browse(simulator, 'POST', pathOf(body, '/confirm'), { ...wrong, payment_method: 'pm_card_visa' }),
      await call(simulator, 'GET', pathOf(body), wrong),
    ]) {
      expect(answer.status).toBe(404);
      expect(errorOf(answer)).toMatchObject({ code: 'resource_missing' });
    }
    expect(errorOf(await browse(simulator, 'GET', pathOf(body), {}))).toMatchObject({ param: 'client_secret' });
  });

  test('of a linked account wants the account’s own publishable key', async () => {
    await postJson(simulator, '/simulator/stripe/accounts', { secret_key: SECRET_KEY, publishable_key: PUBLIC_KEY });
    const { body } = await create(simulator);
    expect((await browse(simulator, 'GET', pathOf(body), secretOf(body))).status).toBe(200);
    expect((await browse(simulator, 'GET', pathOf(body), secretOf(body), 'pk_test_other')).status).toBe(404);
  });

  test('can be confirmed with what the browser typed, which the shop never sees', async () => {
    const { body } = await create(simulator);
    const paid = await confirm(body, '4242 4242 4242 4242');
    expect(paid.body).toMatchObject({ status: 'succeeded' });
    const order = await (await get(simulator, '/simulator/orders/G1')).text();
    expect(order).not.toContain('4242424242424242');
    expect(order).toContain('"method":"card"');
  });

  test('can be declined', async () => {
    const { body } = await create(simulator);
    const declined = await confirm(body, '4000000000000002');
    expect(declined.status).toBe(402);
    expect(errorOf(declined)).toMatchObject({ type: 'card_error', code: 'card_declined' });
    expect(errorOf(declined).payment_intent).not.toHaveProperty('metadata');
    expect(errorOf(declined).payment_intent).toMatchObject({ last_payment_error: { code: 'card_declined' } });
  });

  test('sends the payer to the bank with the card for that', async () => {
    const { body } = await create(simulator);
    expect((await confirm(body, '4000000000003220')).body).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: RETURN_URL } },
    });
  });

  test('takes no shop’s parameters from a browser', async () => {
    const { body } = await create(simulator);
    for (const stray of [{ amount: '1' }, { 'metadata[a]': 'b' }, { 'payment_method_options[card][moto]': 'true' }]) {
      expect(errorOf(await confirm(body, '4242424242424242', stray as Fields)).code).toBe('parameter_unknown');
    }
    const expected = await confirm(body, '4242424242424242', { expected_payment_method_type: 'fpx' });
    expect(errorOf(expected)).toMatchObject({ param: 'expected_payment_method_type' });
  });

  test('of WeChat Pay needs no client from a browser', async () => {
    const fields = { 'payment_method_types[]': 'wechat_pay', currency: 'sgd' };
    const { body } = await create(simulator, cardFields(fields));
    const answer = await browse(simulator, 'POST', pathOf(body, '/confirm'), {
      ...secretOf(body),
      'payment_method_data[type]': 'wechat_pay',
      return_url: RETURN_URL,
    });
    expect(answer.body).toMatchObject({ status: 'requires_action' });
  });
});

describe('payment methods', () => {
  test.each([
    ['4242424242424241', {}, 'incorrect_number'],
    ['42', {}, 'incorrect_number'],
    ['4242424242424242', { 'card[exp_month]': '13' }, 'invalid_expiry_month'],
    ['4242424242424242', { 'card[exp_year]': '26', 'card[exp_month]': '5' }, 'invalid_expiry_year'],
  ])('%s %p is refused as %s', async (number, changes, code) => {
    const answer = await browse(simulator, 'POST', '/v1/payment_methods', card(number, changes));
    expect(answer.status).toBe(402);
    expect(errorOf(answer)).toMatchObject({ type: 'card_error', code });
  });

  test('a card is good until the end of its month', async () => {
    const month = { 'card[exp_year]': '2026', 'card[exp_month]': '6' };
    const { body } = await browse(simulator, 'POST', '/v1/payment_methods', card('4242424242424242', month));
    expect(body).toMatchObject({ object: 'payment_method', type: 'card', card: { brand: 'visa', last4: '4242' } });
    expect(JSON.stringify(body)).not.toContain('424242424242');
  });

  test('a real card is declined', async () => {
    const { body } = await create(simulator);
    expect(errorOf(await confirm(body, '4111111111111111'))).toMatchObject({ decline_code: 'test_mode_live_card' });
  });

  test('belong to the key they were made with', async () => {
    const { body } = await create(simulator);
    const made = await browse(simulator, 'POST', '/v1/payment_methods', card('4242424242424242'), 'pk_test_other');
    const fields = { ...secretOf(body), payment_method: String(made.body.id), return_url: RETURN_URL };
    expect(errorOf(await browse(simulator, 'POST', pathOf(body, '/confirm'), fields))).toMatchObject({
      code: 'resource_missing',
      param: 'payment_method',
    });
  });

  test('are made by browsers only', async () => {
    expect((await call(simulator, 'POST', '/v1/payment_methods', card('4242424242424242'))).status).toBe(400);
  });
});

test('a publishable key opens nothing else', async () => {
  const { body } = await create(simulator, qrFields());
  for (const [method, path] of [
    ['POST', '/v1/payment_intents'],
    ['POST', pathOf(body, '/cancel')],
    ['POST', '/v1/refunds'],
    ['GET', '/v1/balance'],
  ] as const) {
    const byHeader = await call(simulator, method, path, {}, { authorization: `Bearer ${PUBLIC_KEY}` });
    expect(byHeader.status).toBe(401);
    expect(errorOf(byHeader)).toMatchObject({ code: 'secret_key_required' });
    expect((await browse(simulator, method, path, secretOf(body))).status).toBe(401);
  }
});

test('the script stands at Stripe’s paths, for every page', async () => {
  const scripts = await Promise.all(['/dahlia/stripe.js', '/v3/', '/v3'].map((path) => get(simulator, path)));
  for (const script of scripts) {
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(await script.text()).toContain('window.Stripe = Stripe');
  }
});

test('the frame may stand in every page and runs nothing of its own text', async () => {
  const frame = await get(simulator, '/stripe/elements/payment');
  const policy = frame.headers.get('content-security-policy');
  expect(policy).toContain('frame-ancestors *');
  expect(policy).toContain("script-src 'self'");
  expect(await frame.text()).not.toMatch(/<style|style=|<script[^>]*>[^<]/);
});
