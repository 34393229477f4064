import { afterEach, describe, expect, test } from 'bun:test';
import { exampleOrder, STAGE, startApp, type TestApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';

const app = useApp({}, 'file');
afterEach(() => {
  app.gateway.answer = null;
  app.gateway.received.length = 0;
});

const CREATE = '/api/paycore/pay/ecpay/aio';
const body = () => JSON.stringify(exampleOrder(app.shop.url));

describe('whatever is wrong with a call is told in the shape of the API', () => {
  const cases: Record<string, () => Promise<[Awaited<ReturnType<TestApp['call']>>, number, string]>> = {
    'no key': async () => [await app.call(CREATE, body(), { 'x-api-key': '' }), 401, 'API_KEY_INVALID'],
    'a key nobody has': async () => [
      await app.call(CREATE, body(), { 'x-api-key': `pc_test_${'a'.repeat(40)}` }),
      401,
      'API_KEY_INVALID',
    ],
    'a wrong key before anything else': async () => [
      await app.call(CREATE, '{', { 'x-api-key': 'x', 'content-type': 'text/plain' }),
      401,
      'API_KEY_INVALID',
    ],
    'a form': async () => [
      await app.call(CREATE, 'amount=1', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    'JSON called text': async () => [
      await app.call(CREATE, body(), { 'content-type': 'text/plain' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    '300 kB': async () => [
      await app.call(CREATE, JSON.stringify({ x: 'a'.repeat(300 * 1024) })),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    'broken JSON': async () => [await app.call(CREATE, '{"amount":'), 400, 'INVALID_JSON'],
    'an empty body': async () => [await app.call(CREATE, ''), 400, 'INVALID_JSON'],
    'a list': async () => [await app.call(CREATE, '[]'), 400, 'INVALID_JSON'],
    'JSON deeper than any stack': async () => [await app.call(CREATE, '['.repeat(200_000)), 400, 'INVALID_JSON'],
    'an unknown route': async () => [await app.call('/api/paycore/pay/ecpay/gold', body()), 404, 'ROUTE_NOT_FOUND'],
    'an unknown gateway': async () => [await app.call('/api/paycore/pay/nobody/atm', body()), 404, 'ROUTE_NOT_FOUND'],
    'an unknown payment': async () => [
      await app.call('/api/paycore/payments/PAY202606229999ABCDEFGH'),
      404,
      'PAYMENT_NOT_FOUND',
    ],
    'a payment number that is none': async () => [
      await app.call('/api/paycore/payments/%27%20OR%201=1'),
      404,
      'PAYMENT_NOT_FOUND',
    ],
    'a number with broken percent signs': async () => [
      await app.call('/api/paycore/payments/%E0%A4%A'),
      404,
      'PAYMENT_NOT_FOUND',
    ],
  };
  for (const [what, run] of Object.entries(cases)) {
    test(what, async () => {
      const [answer, status, code] = await run();
      expect([answer.status, answer.json.error.error_code]).toEqual([status, code]);
      expect(answer.json as unknown).toMatchObject({ success: false, message: expect.any(String) });
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });
  }

  test('300 kB without an announced length', async () => {
    const chunk = new Uint8Array(64 * 1024).fill(0x20);
    let sent = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (sent++ < 5) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const headers = { 'content-type': 'application/json', 'x-api-key': app.keys.test.api_key };
    const answer = await app.request(CREATE, { method: 'POST', headers, body: stream });
    expect(answer.status).toBe(413);
    const callback = await app.callback(new Blob([new Uint8Array(300 * 1024)]).stream(), 'application/json');
    expect([callback.status, callback.text.slice(0, 2)]).toEqual([400, '0|']);
  });

  test('one wrong key a second is answered; a flood is told to wait, and right keys still work', async () => {
    const flooded = await startApp();
    const tries = await Promise.all(Array.from({ length: 70 }, () => flooded.call(CREATE, '{}', { 'x-api-key': 'x' })));
    const limited = tries.filter(({ status }) => status === 429);
    expect(tries.filter(({ status }) => status === 401).length).toBe(60);
    expect(limited.length).toBe(10);
    expect(limited[0]?.json.error.error_code).toBe('RATE_LIMITED');
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await flooded.create('ecpay/aio')).status).toBe(201);
    flooded.clock.advance(1000);
    expect((await flooded.call(CREATE, '{}', { 'x-api-key': 'x' })).status).toBe(401);
    await flooded.stop();
  });

  test('the payment of another project or of the other kind of key does not exist', async () => {
    const { json } = await app.create('ecpay/aio');
    for (const key of [app.keys.other, app.keys.live]) {
      const found = await app.call(`/api/paycore/payments/${json.data.payment_no}`, undefined, {
        'x-api-key': key.api_key,
      });
      expect([found.status, found.json.error.error_code]).toEqual([404, 'PAYMENT_NOT_FOUND']);
    }
  });
});

describe('Idempotency-Key', () => {
  const create = (order: object, key: string, headers: Record<string, string> = {}, path = 'ecpay/atm') =>
    app.create(path, order, { 'idempotency-key': key, ...headers });
  const calls = () => app.gateway.received.filter(({ path }) => path.endsWith('GenPaymentCode')).length;

  test('replays the first answer to the byte, and says so', async () => {
    const order = exampleOrder(app.shop.url);
    const first = await create(order, 'replay');
    app.clock.advance(60_000);
    const again = await create(order, 'replay');
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(calls()).toBe(1);
  });

  test('with another body or on another route is refused', async () => {
    const order = exampleOrder(app.shop.url);
    await create(order, 'reused');
    const other = await create({ ...order, amount: 981 }, 'reused');
    expect([other.status, other.json.error.error_code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const elsewhere = await create(order, 'reused', {}, 'ecpay/cvs');
    expect([elsewhere.status, elsewhere.json.error.error_code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('replays refusals of the request and of the gateway too', async () => {
    const order = { ...exampleOrder(app.shop.url), gateway_credentials: { ...STAGE, hash_key: 'wrong-key-wrong!' } };
    const first = await create(order, 'refused');
    const again = await create(order, 'refused');
    expect([first.status, again.status, again.text]).toEqual([422, 422, first.text]);
    expect([again.headers.get('idempotent-replayed'), calls()]).toEqual(['true', 1]);
    const bad = { ...order, amount: 'x' };
    expect((await create(bad, 'invalid')).text).toBe((await create(bad, 'invalid')).text);
  });

  test('keeps no server error and no conflict, since trying those again is the point', async () => {
    const order = exampleOrder(app.shop.url);
    await app.create('ecpay/cvs', order);
    expect((await create(order, 'conflict')).status).toBe(409);
    const { merchant_order_no: _, ...rest } = order;
    const free = { ...rest, merchant_order_no: `${order.merchant_order_no}-b` };
    expect((await create(free, 'conflict')).status).toBe(201);

    const down = exampleOrder(app.shop.url);
    app.gateway.answer = () => new Response('busy', { status: 500 });
    const failed = await create(down, 'server-error');
    expect(failed.status).toBe(502);
    app.gateway.answer = null;
    const again = await create(down, 'server-error');
    expect(again.headers.get('idempotent-replayed')).toBeNull();
  });

  test('belongs to one project and one kind of key', async () => {
    const order = exampleOrder(app.shop.url);
    const first = await create(order, 'mine', {}, 'ecpay/aio');
    for (const key of [app.keys.live, app.keys.other]) {
      const other = await create(order, 'mine', { 'x-api-key': key.api_key }, 'ecpay/aio');
      expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([201, null]);
      expect(other.json.data.payment_no).not.toBe(first.json.data.payment_no);
    }
  });

  test('is forgotten after a day', async () => {
    const order = exampleOrder(app.shop.url);
    await create(order, 'yesterday', {}, 'ecpay/aio');
    app.clock.advance(24 * 3_600_000);
    const again = await create(order, 'yesterday', {}, 'ecpay/aio');
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, null]);
  });

  test('must be printable ASCII of at most 255 characters', async () => {
    for (const key of [' ', 'a b', 'x'.repeat(256)]) {
      const { status, json } = await create({}, key, {}, 'ecpay/aio');
      expect([key, status, json.error.error_code]).toEqual([key, 422, 'IDEMPOTENCY_KEY_INVALID']);
    }
  });

  test('left running by a process that died is taken over by the next one', async () => {
    const order = exampleOrder(app.shop.url);
    app.gateway.answer = () => new Promise(() => {});
    void create(order, 'orphan').catch(() => {});
    while (calls() === 0) await Bun.sleep(5);
    app.gateway.answer = null;
    await app.restart();
    const again = await create(order, 'orphan');
    expect(again.headers.get('idempotent-replayed')).toBeNull();
    // The order is known, what the gateway made of it is not yet.
    expect([200, 504]).toContain(again.status);
    expect(await app.rows.payments({ merchantOrderNo: order.merchant_order_no })).toHaveLength(1);
  });
});
