import { describe, expect, test } from 'bun:test';
import {
  type Answer,
  call,
  cardFields,
  create,
  errorOf,
  type Fields,
  OTHER_KEY,
  secretHeaders,
} from './stripe-support.ts';
import { get, postJson, useSimulator } from './support.ts';

const DAY_MS = 24 * 3600 * 1000;
const { clock, timers, simulator } = useSimulator();

const withKey = (fields: Fields = cardFields(), key = 'paycore:PAY1:create', headers: Fields = {}): Promise<Answer> =>
  create(simulator, fields, { 'idempotency-key': key, ...headers });

async function countIntents(): Promise<number> {
  const { orders } = (await (await get(simulator, '/simulator/orders?gateway=stripe')).json()) as { orders: unknown[] };
  return orders.length;
}

describe('the same key', () => {
  test('with the same parameters gets the first answer again, whatever their order', async () => {
    const first = await withKey();
    const again = await withKey(Object.fromEntries(Object.entries(cardFields()).reverse()));
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(await countIntents()).toBe(1);
  });

  test('with other parameters is an error', async () => {
    await withKey();
    const other = await withKey(cardFields({ amount: '98100' }));
    expect(other.status).toBe(400);
    expect(errorOf(other)).toMatchObject({ type: 'idempotency_error' });
    expect(await countIntents()).toBe(1);
  });

  test('on another path is an error as well', async () => {
    const { body } = await withKey();
    const other = await call(
      simulator,
      'POST',
      `/v1/payment_intents/${body.id}/cancel`,
      {},
      {
        'idempotency-key': 'paycore:PAY1:create',
      },
    );
    expect(errorOf(other)).toMatchObject({ type: 'idempotency_error' });
  });

  test('of another account is another key', async () => {
    const first = await withKey();
    const other = await withKey(cardFields(), 'paycore:PAY1:create', secretHeaders(OTHER_KEY));
    expect(other.status).toBe(200);
    expect(other.body.id).not.toBe(first.body.id);
  });

  test('is forgotten after a day', async () => {
    const first = await withKey();
    clock.now += DAY_MS;
    expect((await withKey()).body.id).not.toBe(first.body.id);
  });

  test('gives a declined card again, and charges nothing a second time', async () => {
    const fields = cardFields({ confirm: 'true', payment_method: 'pm_card_chargeDeclined' });
    const first = await withKey(fields);
    const again = await withKey(fields);
    expect([first.status, again.status]).toEqual([402, 402]);
    expect(again.body).toEqual(first.body);
    expect(await countIntents()).toBe(1);
  });

  test('keeps what the account or the money forbids', async () => {
    const tiny = cardFields({ currency: 'usd', amount: '10' });
    expect(errorOf(await withKey(tiny))).toMatchObject({ code: 'amount_too_small' });
    expect((await withKey(tiny)).headers.get('idempotent-replayed')).toBe('true');
    expect(errorOf(await withKey())).toMatchObject({ type: 'idempotency_error' });
  });

  test('keeps nothing of parameters that were wrong: the mended request goes through', async () => {
    expect((await withKey(cardFields({ success_url: 'x' }))).status).toBe(400);
    expect((await withKey(cardFields({ currency: 'TWD' }))).status).toBe(400);
    expect((await withKey()).status).toBe(200);
  });

  test('keeps nothing of a key that was refused', async () => {
    expect((await withKey(cardFields(), 'k', { authorization: 'Bearer sk_test_bad' })).status).toBe(401);
    expect((await withKey(cardFields(), 'k')).status).toBe(200);
  });

  test('may have 255 characters', async () => {
    expect((await withKey(cardFields(), 'k'.repeat(255))).status).toBe(200);
    expect((await withKey(cardFields(), 'k'.repeat(256))).status).toBe(400);
  });
});

test('a key is in use while the first request runs, and free for the same request afterwards', async () => {
  await postJson(simulator, '/simulator/stripe/settings', { latency_ms: 1000 });
  const first = withKey();
  const second = await withKey();
  expect(second.status).toBe(409);
  expect(errorOf(second)).toMatchObject({ type: 'idempotency_error', code: 'idempotency_key_in_use' });
  expect(await countIntents()).toBe(0);
  await timers.fire();
  const { body, status } = await first;
  expect(status).toBe(200);
  expect((await withKey()).body.id).toBe(body.id);
  expect(await countIntents()).toBe(1);
});

test('an answer that got lost on the way is given again', async () => {
  await postJson(simulator, '/simulator/faults', { route: 'stripe-create', kind: 'lost' });
  await withKey().catch(() => null);
  expect(await countIntents()).toBe(1);
  const again = await withKey();
  expect(again.status).toBe(200);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await countIntents()).toBe(1);
});

test('calls that only look ignore the key', async () => {
  const { body } = await create(simulator);
  const key = { 'idempotency-key': 'look' };
  const path = `/v1/payment_intents/${body.id}`;
  expect((await call(simulator, 'GET', path, {}, key)).body).toMatchObject({ status: 'requires_payment_method' });
  await postJson(simulator, '/simulator/orders/G1/pay');
  expect((await call(simulator, 'GET', path, {}, key)).body).toMatchObject({ status: 'succeeded' });
});
