import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT, connect, eventOf, HOOK, SECRET, until, useOpenShop, verdict, verify } from './paypal-support.ts';
import { get, orderOf, postJson, start } from './support.ts';

const { shop, timers, simulator, client, act, paid } = useOpenShop();

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
  const text = await Bun.file(dataFile).text();
  expect(text).not.toContain(SECRET);
  second.stop();
  rmSync(folder, { recursive: true, force: true });
});
