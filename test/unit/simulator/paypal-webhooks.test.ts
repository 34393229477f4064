import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../../src/simulator/index.ts';
import {
  CLIENT,
  type Client,
  connect,
  eventOf,
  eventTypes,
  type OrderChanges,
  SECRET,
  until,
  verify,
} from './paypal-support.ts';
import { get, orderOf, postJson, Shop, start, Timers } from './support.ts';

const HOOK = 'HOOK12345';
let shop: Shop;
let timers: Timers;
let simulator: Simulator;
let client: Client;
beforeEach(async () => {
  shop = new Shop();
  timers = new Timers();
  simulator = start({ setTimer: timers.set });
  client = await connect(simulator);
  const hook = { client_id: CLIENT, webhook_id: HOOK, url: shop.url('/hook') };
  await postJson(simulator, '/simulator/paypal/webhooks', hook);
});
afterEach(() => {
  simulator.stop();
  shop.stop();
});

const act = (id: string, action: string, input: object = {}) =>
  postJson(simulator, `/simulator/orders/${id}/${action}`, input);

async function verdict(...asked: Parameters<typeof verify>): Promise<unknown> {
  const { status, body } = await verify(...asked);
  return status === 200 ? body.verification_status : status;
}

/** An order paid for, with its events arrived: approval first, then the capture. */
async function paid(changes: OrderChanges = {}): Promise<string> {
  const id = await client.order(changes);
  await act(id, 'pay', { capture: true });
  return id;
}

describe('an event', () => {
  test('carries PayPal’s five headers and reads as JSON that no library writes the same way', async () => {
    const id = await client.order({ unit: { description: '測試 / tēst' } });
    await act(id, 'pay');
    const [received] = shop.received;
    expect(received?.path).toBe('/hook');
    const header = (name: string) => received?.headers.get(name) ?? '';
    expect(header('paypal-transmission-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(header('paypal-transmission-time')).toBe('2026-06-22T07:30:00Z');
    expect(header('paypal-transmission-sig')).toMatch(/^S[A-Za-z0-9+/]{341}==$/);
    expect(header('paypal-cert-url')).toStartWith('https://api.sandbox.paypal.com/');
    expect(header('paypal-auth-algo')).toBe('SHA256withRSA');
    const text = received?.body ?? '';
    const oddities = ['"10": 1.0 ,"9" : {}', '測試', '"description":"\\u6e2c\\u8a66 \\/ tēst"', '"summary" : "'];
    for (const oddity of oddities) expect(text).toContain(oddity);
    expect(JSON.stringify(JSON.parse(text))).not.toBe(text);
    expect(eventOf(received)).toMatchObject({
      event_type: 'CHECKOUT.ORDER.APPROVED',
      event_version: '1.0',
      resource_type: 'checkout-order',
      resource: { id, status: 'APPROVED', purchase_units: [{ custom_id: 'PAY1', description: '測試 / tēst' }] },
    });
    expect(eventOf(received).id).toMatch(/^WH-[0-9A-Z]{17}-[0-9A-Z]{17}$/);
  });

  test('keeps any text whole, half a surrogate pair too', async () => {
    const custom_id = 'a"b\\c/😀測試é\ud800';
    await act(await client.order({ unit: { custom_id } }), 'pay');
    expect(eventOf(shop.received[0]).resource).toMatchObject({ purchase_units: [{ custom_id }] });
    expect(await verdict(client, shop.received[0], HOOK)).toBe('SUCCESS');
  });

  test('goes out when the shop captures, without holding up the answer', async () => {
    const id = await client.order();
    await act(id, 'approve', { callback: false });
    let letGo = () => {};
    shop.answer = () => new Promise((resolve) => (letGo = () => resolve(new Response('', { status: 204 }))));
    const { status, body } = await client.capture(id);
    expect(status).toBe(201);
    await until(() => shop.received.length === 1);
    expect(eventOf(shop.received[0])).toMatchObject({
      event_type: 'PAYMENT.CAPTURE.COMPLETED',
      resource_type: 'capture',
      resource: {
        id: body.purchase_units[0]?.payments.captures[0]?.id,
        custom_id: 'PAY1',
        supplementary_data: { related_ids: { order_id: id } },
      },
    });
    letGo();
    await until(() => true);
  });

  test.each([
    ['pending', 'PAYMENT.CAPTURE.PENDING'],
    ['declined', 'PAYMENT.CAPTURE.DECLINED'],
  ])('tells a %s capture as %s', async (outcome, type) => {
    const id = await client.order();
    await act(id, 'outcome', { outcome });
    await act(id, 'pay', { capture: true });
    expect(eventTypes(shop)).toEqual(['CHECKOUT.ORDER.APPROVED', type]);
  });

  test.each([
    ['complete', 'PAYMENT.CAPTURE.COMPLETED', 'COMPLETED'],
    ['deny', 'PAYMENT.CAPTURE.DENIED', 'DECLINED'],
  ])('tells what %s makes of a pending capture', async (action, type, status) => {
    const id = await client.order();
    await act(id, 'outcome', { outcome: 'pending' });
    await act(id, 'pay', { capture: true });
    await act(id, action);
    expect(eventOf(shop.received[2])).toMatchObject({ event_type: type, resource: { status } });
  });

  test('tells a refund, whose capture is behind the link up', async () => {
    const id = await paid();
    const captureId = (await client.captureOf(id))?.id ?? '';
    await client.post(`/v2/payments/captures/${captureId}/refund`, {
      body: { amount: { currency_code: 'TWD', value: '80' } },
    });
    await until(() => shop.received.length === 3);
    const { event_type, resource } = eventOf(shop.received[2]);
    expect(event_type).toBe('PAYMENT.CAPTURE.REFUNDED');
    expect(resource).toMatchObject({ amount: { value: '80' }, custom_id: 'PAY1' });
    expect(JSON.stringify(resource.links)).toContain(`/v2/payments/captures/${captureId}`);
    await act(id, 'refund');
    expect(eventTypes(shop)[3]).toBe('PAYMENT.CAPTURE.REFUNDED');
  });

  test.each([
    ['decline', 'PAYER_ACTION_REQUIRED'],
    ['expire', 404],
  ])('tells of an approval that %s undoes', async (action, after) => {
    const id = await client.order();
    await act(id, 'approve');
    await act(id, action);
    expect(eventOf(shop.received[1])).toMatchObject({
      event_type: 'CHECKOUT.PAYMENT-APPROVAL.REVERSED',
      resource: { order_id: id, purchase_units: [{ custom_id: 'PAY1' }] },
    });
    const { status, body } = await client.get(`/v2/checkout/orders/${id}`);
    expect(status === 404 ? status : body.status).toBe(after);
  });

  test.each(['decline', 'expire'])('is not sent when %s comes before approval', async (action) => {
    const id = await client.order();
    expect((await act(id, action)).status).toBe(200);
    expect(shop.received).toHaveLength(0);
  });

  test('is left out when the caller says so', async () => {
    const id = await client.order();
    await act(id, 'outcome', { outcome: 'completed', callback: false });
    await act(id, 'pay', { capture: true, callback: false });
    expect((await orderOf(simulator, id)).status).toBe('COMPLETED');
    expect(shop.received).toHaveLength(0);
  });

  test('of the shop’s own capture is left out when the outcome says so', async () => {
    const id = await client.order();
    await act(id, 'outcome', { outcome: 'completed', callback: false });
    await act(id, 'approve', { callback: false });
    await client.capture(id);
    await act(id, 'refund');
    expect(eventTypes(shop)).toEqual(['PAYMENT.CAPTURE.REFUNDED']);
  });

  test('of approval is not sent again when PayPal captures later', async () => {
    const id = await client.order();
    await act(id, 'approve');
    await act(id, 'pay', { capture: true });
    expect(eventTypes(shop)).toEqual(['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED']);
  });

  test('is told late when a capture was told to be', async () => {
    const id = await client.order();
    await act(id, 'outcome', { delay_ms: 5000 });
    await act(id, 'approve', { callback: false });
    await client.capture(id);
    expect([shop.received.length, timers.waiting[0]?.ms]).toEqual([0, 5000]);
    await timers.fire();
    expect(eventTypes(shop)).toEqual(['PAYMENT.CAPTURE.COMPLETED']);
  });
});

describe('the shop that captures when it is told of the approval', () => {
  test('is not captured a second time by PayPal', async () => {
    const id = await client.order();
    shop.answer = async () => {
      if (eventTypes(shop).at(-1) === 'CHECKOUT.ORDER.APPROVED') await client.capture(id, 'C1');
      return new Response();
    };
    expect((await act(id, 'pay', { capture: true })).status).toBe(200);
    await until(() => shop.received.length === 2);
    expect(eventTypes(shop)).toEqual(['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED']);
    expect((await client.capture(id, 'C1')).status).toBe(200);
  });
});

describe('delivery', () => {
  test('ends with any 2xx', async () => {
    shop.answer = () => new Response('whatever', { status: 202 });
    const id = await client.order();
    await act(id, 'pay');
    expect((await orderOf(simulator, id)).callbacks).toMatchObject([
      { kind: 'CHECKOUT.ORDER.APPROVED', acknowledged: true, status: 202 },
    ]);
    expect(timers.waiting).toHaveLength(0);
  });

  test('comes again with the same bytes and headers after anything else, four times', async () => {
    shop.answer = () => new Response('', { status: 400 });
    await act(await client.order(), 'pay');
    for (let round = 0; round < 6; round += 1) await timers.fire();
    expect(shop.received).toHaveLength(5);
    expect(new Set(shop.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(shop.received.map(({ headers }) => headers.get('paypal-transmission-id'))).size).toBe(1);
  });

  test('can be many at once', async () => {
    await act(await client.order(), 'pay', { times: 7, parallel: true });
    expect(shop.received).toHaveLength(7);
  });

  test('is repeated as another transmission of the same event', async () => {
    const id = await client.order();
    expect((await act(id, 'repeat')).status).toBe(409);
    await act(id, 'pay');
    await act(id, 'repeat', { times: 2 });
    const [first, second, third] = shop.received;
    expect([second?.body, third?.body]).toEqual([first?.body ?? '', first?.body ?? '']);
    expect(second?.headers.get('paypal-transmission-id')).not.toBe(first?.headers.get('paypal-transmission-id'));
    expect(await verdict(client, second, HOOK)).toBe('SUCCESS');
  });

  test('goes to the shop’s own address when the account has registered none', async () => {
    const other = await connect(simulator, 'AnotherClient1');
    const id = await other.order({ context: { return_url: shop.url('/zh-tw/return?x=1') } });
    await act(id, 'pay');
    expect(shop.received[0]?.path).toBe('/api/paycore/webhooks/paypal');
    expect(await verdict(other, shop.received[0], 'SIMULATORWEBHOOK1')).toBe('SUCCESS');
  });

  test('goes there too when only a webhook id was registered', async () => {
    const other = await connect(simulator, 'AnotherClient1');
    const hook = { client_id: 'AnotherClient1', webhook_id: 'MINE1' };
    expect((await postJson(simulator, '/simulator/paypal/webhooks', hook)).status).toBe(201);
    await act(await other.order({ context: { return_url: shop.url('/return') } }), 'pay');
    expect(await verdict(other, shop.received[0], 'MINE1')).toBe('SUCCESS');
    expect(await verdict(other, shop.received[0], 'SIMULATORWEBHOOK1')).toBe('FAILURE');
  });

  test('does not happen when nothing tells where the shop is', async () => {
    const other = await connect(simulator, 'AnotherClient1');
    const id = await other.order({ context: { return_url: undefined } });
    expect((await act(id, 'pay')).status).toBe(200);
    expect((await orderOf(simulator, id)).callbacks).toEqual([]);
    expect((await act(id, 'forge', { kind: 'amount' })).status).toBe(409);
  });

  test.each([
    [{ client_id: 'short', webhook_id: HOOK }],
    [{ client_id: CLIENT, webhook_id: 'WH-12345' }],
    [{ client_id: CLIENT, webhook_id: 'x'.repeat(51) }],
    [{ client_id: CLIENT, webhook_id: HOOK, url: 'ftp://shop.example/' }],
    [{ webhook_id: HOOK }],
  ])('cannot be set up with %p', async (hook) => {
    expect((await postJson(simulator, '/simulator/paypal/webhooks', hook)).status).toBe(400);
    expect(await (await get(simulator, '/simulator/paypal/webhooks')).json()).toMatchObject({
      webhooks: [{ client_id: CLIENT, webhook_id: HOOK, url: shop.url('/hook') }],
    });
  });
});

describe('verification', () => {
  test('succeeds for the event as it was delivered', async () => {
    await paid();
    expect(await verdict(client, shop.received[0], HOOK)).toBe('SUCCESS');
    expect(await verdict(client, shop.received[1], HOOK)).toBe('SUCCESS');
    expect(await verdict(client, shop.received[0], HOOK, {}, ` ${shop.received[0]?.body}\n`)).toBe('SUCCESS');
  });

  test('fails for the event written anew, or another one', async () => {
    await paid();
    const [one, other] = shop.received;
    const body = one?.body ?? '';
    const texts = [JSON.stringify(JSON.parse(body)), body.replace('1.0', '1.00'), other?.body ?? '', '{}'];
    for (const text of texts) expect(await verdict(client, one, HOOK, {}, text)).toBe('FAILURE');
  });

  test.each([
    ['transmission_id', '00000000-0000-4000-8000-00000000000a'],
    ['transmission_time', '2026-06-22T07:30:01Z'],
    ['transmission_sig', 'Sabcdef'],
    ['cert_url', 'https://api.paypal.com/v1/notifications/certs/CERT-other'],
    ['auth_algo', 'SHA512withRSA'],
    ['webhook_id', 'HOOK12346'],
  ])('fails with another %s', async (name, value) => {
    await act(await client.order(), 'pay');
    expect(await verdict(client, shop.received[0], HOOK, { [name]: value })).toBe('FAILURE');
  });

  test('fails for another account, and once the webhook is another one', async () => {
    await act(await client.order(), 'pay');
    await postJson(simulator, '/simulator/paypal/webhooks', { client_id: 'AnotherClient1', webhook_id: HOOK });
    expect(await verdict(await connect(simulator, 'AnotherClient1'), shop.received[0], HOOK)).toBe('FAILURE');
    await postJson(simulator, '/simulator/paypal/webhooks', { client_id: CLIENT, webhook_id: 'NEWHOOK1' });
    expect(await verdict(client, shop.received[0], HOOK)).toBe('FAILURE');
    expect(await verdict(client, shop.received[0], 'NEWHOOK1')).toBe('FAILURE');
  });

  test.each([
    ['a webhook id with a hyphen', { webhook_id: 'WH-12345678' }],
    ['the webhook id of PayPal’s own simulator', { webhook_id: 'WEBHOOK_ID' }],
    ['no transmission id', { transmission_id: '' }],
    ['a transmission id of digits only', { transmission_id: '12345' }],
    ['a time that is none', { transmission_time: 'yesterday' }],
    ['an unknown field', { signature: 'x' }],
  ])('is refused with %s', async (_, changes) => {
    await act(await client.order(), 'pay');
    const { status, body } = await verify(client, shop.received[0], HOOK, changes);
    expect([status, body.name]).toEqual([400, 'VALIDATION_ERROR']);
  });

  test('is refused for a body that is no JSON, an event that is no object or comes twice', async () => {
    await act(await client.order(), 'pay');
    const [received] = shop.received;
    for (const event of ['', '"text"', '[]', `${received?.body},"webhook\\u005fevent":{}`]) {
      expect(await verdict(client, received, HOOK, {}, event)).toBe(400);
    }
  });

  test('needs a live token', async () => {
    await act(await client.order(), 'pay');
    await postJson(simulator, '/simulator/paypal/revoke');
    expect(await verdict(client, shop.received[0], HOOK)).toBe(401);
  });
});

describe('a forged event', () => {
  const forge = async (id: string, kind: string) => {
    expect((await act(id, 'forge', { kind })).status).toBe(200);
    return shop.received.at(-1);
  };

  test.each(['wrong-transmission', 'other-body', 'reserialised', 'wrong-webhook-id', 'simulator-webhook-id'])(
    'of the kind %s claims the money and fails verification',
    async (kind) => {
      const id = await client.order();
      const received = await forge(id, kind);
      expect(eventOf(received)).toMatchObject({
        event_type: 'PAYMENT.CAPTURE.COMPLETED',
        resource: { status: 'COMPLETED', custom_id: 'PAY1', amount: { value: '980' } },
      });
      expect(await verdict(client, received, HOOK)).toBe('FAILURE');
      const order = await orderOf(simulator, id);
      expect(order).toMatchObject({ paid: false, status: 'PAYER_ACTION_REQUIRED' });
      expect(order.callbacks).toMatchObject([{ kind: `forged:${kind}` }]);
    },
  );

  test('of the kind other-order passes verification and names an order that PayPal does not know', async () => {
    const id = await client.order();
    const received = await forge(id, 'other-order');
    expect(await verdict(client, received, HOOK)).toBe('SUCCESS');
    const { resource } = eventOf(received);
    expect(resource.custom_id).toBe('PAY1');
    const ids = resource.supplementary_data as { related_ids: { order_id: string } };
    expect(ids.related_ids.order_id).not.toBe(id);
    expect((await client.get(`/v2/checkout/orders/${ids.related_ids.order_id}`)).status).toBe(404);
  });

  test('of the kind amount passes verification with money that was never paid', async () => {
    const received = await forge(await client.order({ amount: { currency_code: 'USD', value: '10' } }), 'amount');
    expect(await verdict(client, received, HOOK)).toBe('SUCCESS');
    expect(eventOf(received).resource).toMatchObject({ amount: { value: '10.01' } });
  });

  test('is sent once, whatever the shop says, and must be of a known kind', async () => {
    shop.answer = () => new Response('', { status: 500 });
    const id = await client.order();
    await forge(id, 'other-body');
    expect(timers.waiting).toHaveLength(0);
    expect((await act(id, 'forge', { kind: 'colour' })).status).toBe(400);
    expect((await act(id, 'forge')).status).toBe(400);
  });
});

test('accounts, tokens, orders, request ids, webhooks and deliveries survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const dataFile = join(folder, 'simulator.jsonl');
  const first = start({ dataFile });
  const before = await connect(first);
  const hook = { client_id: CLIENT, webhook_id: HOOK, url: shop.url('/hook') };
  await postJson(first, '/simulator/paypal/webhooks', hook);
  const id = await before.order({}, 'R1');
  await postJson(first, `/simulator/orders/${id}/pay`);
  const saved = await orderOf(first, id);
  first.stop();

  const second = start({ dataFile });
  expect(await orderOf(second, id)).toEqual(saved);
  expect(saved.callbacks).toHaveLength(1);
  const after = await connect(second);
  expect((await after.create({}, 'R1')).body.id).toBe(id);
  expect(await verdict(after, shop.received[0], HOOK)).toBe('SUCCESS');
  expect((await after.capture(id)).status).toBe(201);
  await until(() => shop.received.length === 2);
  expect(await (await get(second, '/simulator/paypal/stats')).json()).toMatchObject({ token_calls: 2 });
  const text = await Bun.file(`${dataFile}.items`).text();
  expect(text).not.toContain(SECRET);
  second.stop();
  rmSync(folder, { recursive: true, force: true });
});
