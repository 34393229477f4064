import { describe, expect, test } from 'bun:test';
import { LATER } from '../../../src/payments/callback/arrival.ts';
import { cancelPayment } from '../../../src/payments/cancel.ts';
import type { Services } from '../../../src/payments/index.ts';
import { syncPayment } from '../../../src/payments/sync/request.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { startApp } from '../../support/app.ts';
import { holdCalls } from '../../support/held.ts';
import { present } from '../../support/parts.ts';
import { countAnswers, hasPostgres, hurry, until, useTwoNodes } from '../../support/two-nodes.ts';

/** Two nodes that look at one attempt at the same moment. */

describe.skipIf(!hasPostgres)('an order that PayPal is asked about by two nodes', () => {
  const nodes = useTwoNodes((options) => startApp({ ...options, databaseClock: 'server' }));

  /** Approved at PayPal, whose word of that did not come yet. */
  async function approve() {
    const { app } = nodes;
    const shop = createShop(app);
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'completed');
    const [event] = await app.catchCallbacks(tradeNo, () => app.simulate(tradeNo, 'approve'));
    const { type, body, headers } = present(event);
    const path = '/api/paycore/webhooks/paypal';
    const tell = { method: 'POST', headers: { 'content-type': type, ...headers }, body };
    const raw = {
      contentType: type,
      body,
      headers: new Headers(headers),
      query: new URLSearchParams(),
    };
    return { shop, no, tradeNo, back: shop.wayBack(tradeNo), tell: () => nodes.second(path, tell), raw };
  }

  test('is captured once: the payer comes back to one, PayPal tells the other, and both hear that it is paid', async () => {
    const { shop, no, tradeNo, back, tell } = await approve();
    const [page, told] = await Promise.all([nodes.first(back), tell()]);
    expect([page.status, told.status]).toEqual([200, 200]);
    expect(await page.text()).toContain('data-status="paid"');
    expect(await nodes.app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    expect(shop.captures(tradeNo)).toHaveLength(1);
    expect(await shop.told()).toHaveLength(1);
  });

  test('while the one takes the money, the other waits for it: a callback, and a payer', async () => {
    const { shop, no, tradeNo, back, tell } = await approve();
    const held = holdCalls(nodes.app, (path) => path.endsWith('/capture'));
    const first = nodes.first(back);
    await held.arrived;
    const reads = countAnswers(nodes.program.deps.store, 'findAttempt');
    const others = Promise.all([tell(), nodes.second(back)]);
    await until(() => reads() > 6);
    held.release();
    const [told, page] = await others;
    expect([(await first).status, told.status, page.status]).toEqual([200, 200, 200]);
    expect(await page.text()).toContain('data-status="paid"');
    expect(await nodes.app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    expect(shop.captures(tradeNo)).toHaveLength(1);
  });

  test('when what the one took came to nothing, a callback at the other asks anew and takes it', async () => {
    const { shop, no, tradeNo, back, tell } = await approve();
    const held = holdCalls(nodes.app, (path) => path.endsWith('/capture'));
    const first = nodes.first(back);
    await held.arrived;
    const reads = countAnswers(nodes.program.deps.store, 'findAttempt');
    const told = tell();
    await until(() => reads() > 4);
    nodes.app.gateway.answer = null;
    held.release(() => declined());
    expect([(await first).status, (await told).status]).toEqual([200, 200]);
    expect(await nodes.app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    expect(shop.captures(tradeNo)).toHaveLength(2);
  });

  test('while the one that takes the money does not come back, nobody waits for it longer than he has patience', async () => {
    const { no, back, raw } = await approve();
    const { app, program } = nodes;
    const held = holdCalls(app, (path) => path.endsWith('/capture'));
    const first = nodes.first(back);
    await held.arrived;
    const { deps } = program;
    const found = present(await deps.store.findPayment(no));
    const paypal = present(deps.gateways.find('paypal'));
    const by = { type: 'operator' } as const;
    const asks = {
      back: ({ handleReturn }: Services) => handleReturn('paypal', no, new URL(back, app.url).searchParams),
      callback: ({ receiveCallback }: Services) => receiveCallback(paypal, raw, '203.0.113.9'),
      sync: ({ syncAttempt }: Services) => syncPayment(deps, syncAttempt, found, by),
      cancel: (services: Services) => cancelPayment(deps, services, by, found),
    };
    const answers = await Promise.all(
      Object.entries(asks).map(async ([name, ask]) => {
        const services = hurry(nodes);
        const told: unknown = await ask(services).catch(({ code }) => code);
        return [name, { seconds: services.seconds(), told }];
      }),
    );
    expect(Object.fromEntries(answers)).toMatchObject({
      back: { seconds: 10, told: { found: { payment: { status: 'pending' } }, notice: null } },
      // PayPal calls again.
      callback: { seconds: 10, told: { answer: { status: 400, body: expect.stringContaining(LATER) } } },
      sync: { seconds: 35, told: { sync: { asked: false, result: 'unknown' } } },
      cancel: { seconds: 35, told: 'PAYMENT_IN_PROGRESS' },
    });
    held.release();
    await first;
    expect((await app.find(no)).status).toBe('paid');
  });
});

function declined(): Response {
  const details = [{ issue: 'INSTRUMENT_DECLINED', description: 'The instrument was declined.' }];
  return Response.json({ name: 'UNPROCESSABLE_ENTITY', details }, { status: 422 });
}
