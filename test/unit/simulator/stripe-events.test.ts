import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signatureHeader } from '../../../src/simulator/stripe/events.ts';
import {
  call,
  cardFields,
  codeOf,
  create,
  eventOf,
  hmac,
  isGenuine,
  OTHER_KEY,
  partsOf,
  qrFields,
  SECRET_KEY,
  STANDARD_SECRET,
  secretHeaders,
  typesOf,
  useOpenShop,
} from './stripe-support.ts';
import { get, NOW, orderOf, postForm, postJson, start } from './support.ts';

const { shop, timers, clock, simulator, act, quietly } = useOpenShop();

describe('an event', () => {
  test('is signed over the very bytes, with the documented secret', async () => {
    await quietly();
    await act('pay');
    const received = shop.received.at(-1);
    const { t, v1, ...others } = partsOf(received?.headers.get('stripe-signature') ?? null);
    expect(others).toEqual({});
    expect(t).toBe(String(NOW / 1000));
    expect(v1).toBe(hmac(STANDARD_SECRET, NOW / 1000, received?.body ?? ''));
    expect(received?.headers.get('content-type')).toBe('application/json; charset=utf-8');
    // Serialised anew the body is another one.
    expect(JSON.stringify(JSON.parse(received?.body ?? ''))).not.toBe(received?.body ?? '');
  });

  test('is signed by the rule that Stripe’s own library signs and judges by', () => {
    // Made with generateTestHeaderStringAsync of npm stripe 22.6.2.
    expect(signatureHeader('whsec_test', 1_782_115_200, '{"id":"evt_1","object":"event"}')).toBe(
      't=1782115200,v1=6cac8c79a9503c52e299bac7b34dcb38d3a839a8aca4bb7ad5a6ccc3359dbc67',
    );
  });

  test('has Stripe’s shape', async () => {
    const intent = await quietly();
    await act('pay');
    const { event, object, id } = eventOf(shop, -1);
    expect(id).toMatch(/^evt_1\w{23}$/);
    expect(event).toMatchObject({
      object: 'event',
      api_version: '2026-08-26.dahlia',
      created: NOW / 1000,
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
    });
    expect(object).toMatchObject({
      id: intent.id,
      status: 'succeeded',
      amount: 1099,
      amount_received: 1099,
      currency: 'sgd',
      metadata: { gateway_order_no: 'G1' },
    });
  });

  test('names the request that caused it', async () => {
    const answer = await create(simulator, qrFields(), { 'idempotency-key': 'k1' });
    await timers.fire();
    expect(eventOf(shop, 0).event.request).toEqual({ id: answer.headers.get('request-id'), idempotency_key: 'k1' });
  });
});

describe('what is told', () => {
  test('follows the answer, in the order of the states', async () => {
    await create(simulator, qrFields());
    expect(shop.received).toHaveLength(0);
    await timers.fire();
    expect(typesOf(shop).sort()).toEqual(['payment_intent.created', 'payment_intent.requires_action']);
  });

  test('a paid card: the charge and the intent', async () => {
    await create(simulator, cardFields({ confirm: 'true', payment_method: 'pm_card_visa' }));
    await timers.fire();
    expect(typesOf(shop).sort()).toEqual(['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded']);
  });

  test('processing, then paid', async () => {
    await quietly();
    await act('processing');
    await act('pay');
    expect(typesOf(shop)).toEqual(['payment_intent.processing', 'charge.succeeded', 'payment_intent.succeeded']);
  });

  test('declined, expired and canceled', async () => {
    await quietly();
    await act('decline', { message: 'No' });
    expect(eventOf(shop, -1)).toMatchObject({
      type: 'payment_intent.payment_failed',
      object: { status: 'requires_payment_method', last_payment_error: { message: 'No' } },
    });
    expect(await codeOf(await act('expire'))).toBe('NOTHING_TO_EXPIRE');
    await quietly(qrFields({ 'metadata[gateway_order_no]': 'G2' }));
    await act('expire', {}, 'G2');
    expect(eventOf(shop, -1).object).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_payment_attempt_expired' },
    });
    await act('cancel', { reason: 'abandoned' }, 'G2');
    expect(eventOf(shop, -1)).toMatchObject({
      type: 'payment_intent.canceled',
      object: { status: 'canceled', cancellation_reason: 'abandoned' },
    });
    expect(await codeOf(await act('pay', {}, 'G2'))).toBe('ORDER_CANCELED');
  });

  test('money that comes after the code timed out still comes through, once', async () => {
    await quietly();
    await act('expire');
    expect((await act('pay')).status).toBe(200);
    expect((await orderOf(simulator, 'G1')).status).toBe('succeeded');
    expect(await codeOf(await act('pay'))).toBe('ORDER_ALREADY_PAID');
    expect(await codeOf(await act('decline'))).toBe('ORDER_ALREADY_PAID');
  });

  test('an intent that nobody confirmed can be paid with one of its methods', async () => {
    await quietly(cardFields({ currency: 'sgd', 'payment_method_types[1]': 'grabpay' }));
    expect((await act('pay', { method: 'fpx' })).status).toBe(400);
    await act('pay', { method: 'grabpay' });
    expect((await orderOf(simulator, 'G1')).method).toBe('grabpay');
  });

  test('is sent as often and as late as wished; what says "paid" is meant', async () => {
    await quietly();
    await act('pay', { times: 3, parallel: true });
    expect(typesOf(shop)).toEqual(['charge.succeeded', ...Array(3).fill('payment_intent.succeeded')]);
    expect(new Set([1, 2, 3].map((index) => eventOf(shop, index).id)).size).toBe(1);
    await quietly(qrFields({ 'metadata[gateway_order_no]': 'G2' }));
    await act('pay', { delay_ms: 600_000 }, 'G2');
    expect(shop.received).toHaveLength(0);
    clock.ms += 600_000;
    await timers.fire();
    expect(shop.received).toHaveLength(2);
    // Signed when it went out, or nobody would take it any more.
    expect(isGenuine(shop, -1, STANDARD_SECRET, clock.ms)).toBe(true);
  });

  test('is kept when nobody is to be told, and repeated on demand under its own id', async () => {
    await quietly();
    await act('pay', { callback: false });
    expect(shop.received).toHaveLength(0);
    await act('repeat', { times: 2 });
    clock.ms += 3600_000;
    await act('repeat');
    expect(typesOf(shop)).toEqual(Array(3).fill('payment_intent.succeeded'));
    expect(new Set([0, 1, 2].map((index) => eventOf(shop, index).id)).size).toBe(1);
    expect(isGenuine(shop, 2, STANDARD_SECRET, clock.ms)).toBe(true);
  });
});

describe('deliveries', () => {
  test.each([200, 204, 299])('status %d ends them', async (status) => {
    shop.answer = () => new Response(null, { status });
    await quietly();
    await act('pay');
    expect(timers.waiting).toHaveLength(0);
    expect((await orderOf(simulator, 'G1')).callbacks.at(-1)).toMatchObject({ acknowledged: true, status });
  });

  test.each([300, 302, 400, 500])('status %d brings them back, signed anew', async (status) => {
    shop.answer = () => new Response('', { status });
    await quietly();
    await act('pay');
    expect(timers.waiting).toHaveLength(2);
    clock.ms += 3600_000;
    shop.answer = () => new Response('');
    await timers.fire();
    expect(shop.received).toHaveLength(4);
    expect(isGenuine(shop, 3, STANDARD_SECRET, clock.ms)).toBe(true);
    expect(timers.waiting).toHaveLength(0);
    expect((await orderOf(simulator, 'G1')).callbacks).toHaveLength(4);
  });

  test('go to the account’s own address and are signed with its own secret', async () => {
    const secret = 'whsec_of_the_account';
    await postJson(simulator, '/simulator/stripe/accounts', {
      secret_key: SECRET_KEY,
      webhook_secret: secret,
      webhook_url: shop.url('/own'),
    });
    await quietly();
    await create(simulator, qrFields({ 'metadata[gateway_order_no]': 'G2' }), secretHeaders(OTHER_KEY));
    timers.waiting.length = 0;
    await act('pay');
    await act('pay', {}, 'G2');
    expect(shop.received.map(({ path }) => path)).toEqual(['/own', '/own', '/hook', '/hook']);
    expect([isGenuine(shop, 1, secret), isGenuine(shop, 1), isGenuine(shop, 3)]).toEqual([true, false, true]);
  });

  test('find PayCore by the return_url when nobody told an address, and else stay at home', async () => {
    await postJson(simulator, '/simulator/stripe/settings', { webhook_url: '' });
    await quietly(qrFields({ return_url: shop.url('/pay/1?x=y') }));
    await act('pay');
    expect(shop.received.at(-1)?.path).toBe('/api/paycore/webhooks/stripe');
    await quietly(cardFields({ 'metadata[gateway_order_no]': 'G2' }));
    await act('pay', {}, 'G2');
    expect(shop.received).toHaveLength(0);
    expect(await orderOf(simulator, 'G2')).toMatchObject({ status: 'succeeded', callbacks: [] });
  });
});

test('a person finds every action on the order’s page', async () => {
  await quietly();
  const page = await (await get(simulator, '/simulator/orders/G1/page')).text();
  for (const action of ['pay', 'decline', 'expire', 'processing', 'cancel', 'repeat', 'refund', 'dispute']) {
    expect(page).toContain(`data-action="${action}"`);
  }
  expect(page).toContain('/stripe/authorize/pa_nonce_');
  const pressed = await postForm(simulator, '/simulator/orders/G1/pay?gateway=stripe', {});
  expect(pressed.status).toBe(303);
});

test('everything survives a restart: intents, keys, accounts, settings, events', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const dataFile = join(folder, 'simulator.jsonl');
  const before = start({ dataFile, setTimer: timers.set });
  const account = { secret_key: SECRET_KEY, webhook_secret: 'whsec_kept' };
  await postJson(before, '/simulator/stripe/accounts', account);
  await postJson(before, '/simulator/stripe/settings', { webhook_url: shop.url('/kept') });
  const made = await create(before, qrFields(), { 'idempotency-key': 'k' });
  await postJson(before, '/simulator/orders/G1/pay');
  const saved = await orderOf(before, 'G1');
  before.stop();

  const after = start({ dataFile, setTimer: timers.set });
  expect(await orderOf(after, 'G1')).toEqual(saved);
  expect((await create(after, qrFields(), { 'idempotency-key': 'k' })).body).toEqual(made.body);
  await postJson(after, '/simulator/orders/G1/repeat');
  expect(shop.received.at(-1)?.path).toBe('/kept');
  expect(isGenuine(shop, -1, 'whsec_kept')).toBe(true);
  expect(eventOf(shop, -1).id).toBe(eventOf(shop, -2).id);
  await postJson(after, '/simulator/reset');
  expect((await get(after, '/simulator/orders/G1')).status).toBe(404);
  expect((await call(after, 'GET', `/v1/payment_intents/${made.body.id}`)).status).toBe(404);
  after.stop();
  rmSync(folder, { recursive: true, force: true });
});
