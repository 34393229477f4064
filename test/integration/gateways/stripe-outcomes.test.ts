import { describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import { pageUrl } from '../../../src/payments/urls.ts';
import { signatureHeader } from '../../../src/simulator/stripe/events.ts';
import type { Received } from '../../support/app.ts';
import { START } from '../../support/clock.ts';
import { codeOf, INTENTS, KEYS, useStripe } from './stripe-support.ts';

const bench = useStripe();

describe('an outcome that nobody knows', () => {
  test('a create that got no answer is made again under its key, byte for byte, and then known', async () => {
    const order = { merchant_order_no: 'STRIPE-LOST-1' };
    let first: Received | undefined;
    bench.answerCreates((request) => {
      first = request;
      return new Promise(() => {});
    });
    const lost = await bench.create('credit', order);
    expect(codeOf(lost)).toEqual([504, 'PAYMENT_GATEWAY_TIMEOUT']);
    const paymentNo = String(lost.json.error.payment_no);
    const page = await (await fetch(pageUrl(bench.app.deps, paymentNo, 'en'))).text();
    expect(page).toContain('Continue to payment');
    expect(page).not.toContain('Pay at Stripe');
    bench.app.gateway.answer = null;
    bench.app.gateway.received.length = 0;
    bench.app.clock.advance(10_000);
    await bench.app.check();
    const [again] = bench.app.gateway.received;
    expect([again?.path, again?.body]).toEqual([INTENTS, first?.body]);
    expect(again?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'] ?? '');
    expect(await bench.app.find(paymentNo)).toMatchObject({
      status: 'pending',
      gateway_trade_no: expect.stringMatching(/^pi_/),
    });
    const same = await bench.create('credit', order);
    expect([same.status, same.json.data.payment_no]).toEqual([200, paymentNo]);
  });

  test('Stripe made it and the answer was lost: the event finds it by our number, and nothing is made twice', async () => {
    let kept = '';
    bench.answerCreates(async ({ headers, body }) => {
      const { host: _, ...rest } = headers;
      bench.app.gateway.answer = null;
      kept = await (await fetch(bench.app.gateway.url + INTENTS, { method: 'POST', headers: rest, body })).text();
      return new Response('bad gateway', { status: 502 });
    });
    const lost = await bench.create('credit', { merchant_order_no: 'STRIPE-LOST-2' });
    expect(codeOf(lost)).toEqual([502, 'PAYMENT_GATEWAY_ERROR']);
    const { id, metadata } = JSON.parse(kept);
    await bench.app.simulate(metadata.gateway_order_no, 'pay');
    expect(await bench.app.find(String(lost.json.error.payment_no))).toMatchObject({
      status: 'paid',
      gateway_trade_no: id,
    });
  });

  test('after a crash in the middle of a create it is settled like any other', async () => {
    bench.answerCreates(() => new Promise(() => {}));
    const pending = bench.create('paynow', { merchant_order_no: 'STRIPE-CRASH', amount: 10_000 }).catch(() => null);
    while (bench.app.gateway.received.length === 0) await Bun.sleep(5);
    bench.app.gateway.answer = null;
    await bench.app.restart();
    await pending;
    bench.app.clock.advance(2 * MINUTE);
    await bench.app.check();
    const found = await bench.app.call('/api/paycore/pay/stripe/paynow', {
      merchant_order_no: 'STRIPE-CRASH',
      amount: 10_000,
      gateway_credentials: KEYS,
    });
    expect(found.json.data).toMatchObject({ created: false, payment_info: { qr_data: expect.any(String) } });
  });
});

describe('refusals', () => {
  const withKeys = (change: object) => ({ gateway_credentials: { ...KEYS, ...change } });
  const cases: readonly (readonly [string, string, object, string])[] = [
    ['no credentials at all', 'credit', { gateway_credentials: undefined }, 'STRIPE_SECRET_KEY_INVALID'],
    ['a secret key that is none', 'credit', withKeys({ secret_key: 'rk_test_1' }), 'STRIPE_SECRET_KEY_INVALID'],
    [
      'a live key for a test key of ours',
      'credit',
      { gateway_credentials: { secret_key: 'sk_live_1', publishable_key: 'pk_live_1' } },
      'STRIPE_SECRET_KEY_INVALID',
    ],
    ['a publishable key that is none', 'credit', withKeys({ publishable_key: 'x' }), 'STRIPE_PUBLISHABLE_KEY_INVALID'],
    ['keys of two modes', 'credit', withKeys({ publishable_key: 'pk_live_1' }), 'STRIPE_PUBLISHABLE_KEY_INVALID'],
    [
      'a webhook secret that is none',
      'credit',
      withKeys({ webhook_secret: 'secret' }),
      'STRIPE_WEBHOOK_SECRET_INVALID',
    ],
    ['a key that Stripe does not know', 'credit', withKeys({ secret_key: 'sk_test_bad' }), 'STRIPE_AUTH_FAILED'],
    ['a key that may not do this', 'credit', withKeys({ secret_key: 'sk_test_denied' }), 'STRIPE_AUTH_FAILED'],
    ['TWD, meant when nothing is said', 'alipay', {}, 'STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED'],
    ['a code that is no currency', 'credit', { currency: 'XXX' }, 'STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED'],
    ['less than Stripe takes', 'credit', { currency: 'USD', amount: 10 }, 'STRIPE_PAYMENT_INTENT_CREATE_FAILED'],
    ['more than eight digits', 'fpx', { amount: 100_000_000 }, 'INVALID_ARGUMENT'],
    ['PromptPay with an address that is none', 'promptpay', { buyer_email: 'x' }, 'VALIDATION_FAILED'],
  ];
  for (const [what, path, body, code] of cases) {
    test(`${what}: ${code}`, async () => {
      const answer = await bench.create(path, body);
      expect(codeOf(answer)).toEqual([422, code]);
      const calls = bench.app.gateway.received.length;
      expect(calls).toBe(['STRIPE_AUTH_FAILED', 'STRIPE_PAYMENT_INTENT_CREATE_FAILED'].includes(code) ? 1 : 0);
      expect(answer.text).not.toMatch(/[sr]k_(test|live)_\w/);
    });
  }

  test('Stripe’s own code and text stand beside ours', async () => {
    const { json } = await bench.create('credit', { currency: 'USD', amount: 10 });
    expect(json.error.gateway).toEqual({ code: 'amount_too_small', message: 'Amount must be at least 0.50 usd' });
  });

  test('a live key of ours may play with test keys of Stripe’s', async () => {
    const { status, json } = await bench.create('credit', {}, { 'x-api-key': bench.app.keys.live.api_key });
    expect([status, json.data.livemode, json.data.environment]).toEqual([201, false, 'sandbox']);
  });

  test('another amount for the same order: ORDER_CONFLICT', async () => {
    const order = { merchant_order_no: 'STRIPE-CONFLICT' };
    await bench.create('credit', order);
    expect(codeOf(await bench.create('credit', { ...order, amount: 98_100 }))).toEqual([409, 'ORDER_CONFLICT']);
  });

  test('a forged event: STRIPE_WEBHOOK_SIGNATURE_INVALID', async () => {
    const opened = await bench.open();
    const body = JSON.stringify({ data: { object: { object: 'payment_intent', id: opened.intent } } });
    const headers = { 'stripe-signature': signatureHeader('whsec_other', START / 1000, body) };
    const reply = await bench.app.callback(body, 'application/json', 'stripe', { headers });
    expect([reply.status, JSON.parse(reply.text).error.error_code]).toEqual([400, 'STRIPE_WEBHOOK_SIGNATURE_INVALID']);
  });
});

test('no key and no client secret is in the log', () => {
  const log = bench.app.log.join('\n');
  expect(log.length).toBeGreaterThan(1000);
  expect(log).not.toMatch(/[sr]k_(test|live)_\w|whsec_\w|_secret_\w/);
});
