import { beforeEach, describe, expect, test } from 'bun:test';
import {
  create,
  eventOf,
  hmac,
  isGenuine,
  type Json,
  partsOf,
  qrFields,
  STANDARD_SECRET,
  useOpenShop,
} from './stripe-support.ts';
import { NOW, orderOf, postJson } from './support.ts';

let intent: Json;
const { shop, timers, clock, simulator, act, quietly } = useOpenShop();
beforeEach(async () => {
  shop.answer = () => new Response('no', { status: 400 });
  intent = await quietly();
});

const forge = (kind: string, input: Json = {}) => act('forge', { kind, ...input });
const header = () => shop.received.at(-1)?.headers.get('stripe-signature') ?? null;
const bodyOf = () => shop.received.at(-1)?.body ?? '';

test.each(['bad-signature', 'no-signature', 'v0-only', 'old-timestamp', 'other-secret', 'empty-secret'])(
  '%s claims that the order is paid, and is not genuine',
  async (kind) => {
    expect((await forge(kind)).status).toBe(200);
    expect(eventOf(shop, -1)).toMatchObject({
      type: 'payment_intent.succeeded',
      object: { id: intent.id, status: 'succeeded', amount_received: 1099, currency: 'sgd', next_action: null },
    });
    expect(isGenuine(shop, -1)).toBe(false);
  },
);

describe('what is wrong is this alone:', () => {
  test('bad-signature: one digit', async () => {
    await forge('bad-signature');
    const { t, v1 = '' } = partsOf(header());
    const right = hmac(STANDARD_SECRET, t ?? '', bodyOf());
    expect(v1).toMatch(/^[0-9a-f]{64}$/);
    expect(v1.slice(0, -1)).toBe(right.slice(0, -1));
    expect(v1).not.toBe(right);
  });

  test('no-signature: the header', async () => {
    await forge('no-signature');
    expect(header()).toBeNull();
  });

  test('v0-only: the scheme', async () => {
    await forge('v0-only');
    expect(partsOf(header())).toEqual({
      t: String(NOW / 1000),
      v0: hmac(STANDARD_SECRET, NOW / 1000, bodyOf()),
    });
  });

  test('old-timestamp: the age', async () => {
    await forge('old-timestamp');
    const { t, v1 } = partsOf(header());
    expect(t).toBe(String(NOW / 1000 - 600));
    expect(v1).toBe(hmac(STANDARD_SECRET, NOW / 1000 - 600, bodyOf()));
  });

  test('empty-secret: the secret', async () => {
    await forge('empty-secret');
    expect(isGenuine(shop, -1, '')).toBe(true);
  });

  test('amount: the sum received', async () => {
    await forge('amount');
    expect(isGenuine(shop, -1)).toBe(true);
    expect(eventOf(shop, -1).object).toMatchObject({ amount: 1099, amount_received: 1, id: intent.id });
    await forge('amount', { amount_received: 1100 });
    expect(eventOf(shop, -1).object).toMatchObject({ amount_received: 1100 });
  });

  test('currency: the currency', async () => {
    await forge('currency');
    expect(isGenuine(shop, -1)).toBe(true);
    expect(eventOf(shop, -1).object).toMatchObject({ amount_received: 1099, currency: 'jpy' });
  });

  test('other-intent: the intent, another one of the shop if there is one', async () => {
    await forge('other-intent');
    expect(isGenuine(shop, -1)).toBe(true);
    expect(eventOf(shop, -1).object.id).toMatch(/^pi_3\w{23}$/);
    expect(eventOf(shop, -1).object.id).not.toBe(String(intent.id));
    const { body } = await create(simulator, qrFields({ 'metadata[gateway_order_no]': 'G2' }));
    await forge('other-intent');
    expect(eventOf(shop, -1).object).toMatchObject({ id: body.id, metadata: { gateway_order_no: 'G1' } });
  });

  test('replay: the time; every byte is that of the last delivery', async () => {
    expect((await forge('replay')).status).toBe(409);
    await act('pay');
    const real = shop.received.at(-1);
    const signature = header();
    clock.ms += 3600_000;
    await forge('replay');
    expect(bodyOf()).toBe(real?.body ?? '');
    expect(header()).toBe(signature);
    expect(isGenuine(shop, -1, STANDARD_SECRET, clock.ms)).toBe(false);
  });
});

test('a forgery changes nothing, is written down and never comes again', async () => {
  await forge('amount');
  const order = await orderOf(simulator, 'G1');
  expect(order.status).toBe('requires_action');
  expect(order.callbacks).toEqual([expect.objectContaining({ kind: 'forged:amount', status: 400, answer: 'no' })]);
  expect(timers.waiting).toHaveLength(0);
});

test('unknown kinds and an unknown address are said', async () => {
  expect((await forge('nonsense')).status).toBe(422);
  expect((await forge('constructor')).status).toBe(422);
  await postJson(simulator, '/simulator/stripe/settings', { webhook_url: '' });
  const bare = { amount: '1099', currency: 'sgd', 'metadata[gateway_order_no]': 'G3' };
  await create(simulator, bare);
  const answer = await act('forge', { kind: 'amount' }, 'G3');
  expect(answer.status).toBe(409);
});
