import { describe, expect, test } from 'bun:test';
import { CLIENT, connect, eventOf, eventTypes, HOOK, until, useOpenShop, verdict } from './paypal-support.ts';
import { get, orderOf, postJson } from './support.ts';

const { shop, timers, simulator, client, act, paid } = useOpenShop();

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
    await timers.fireTimes(4);
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
