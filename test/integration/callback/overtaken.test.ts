import { expect, test } from 'bun:test';
import { createReceiver } from '../../../src/payments/callback/receiver.ts';
import { OURS } from '../../gateways/paypal-callbacks.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { useApp } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });

test('a callback that was read while the money was taken, and is asked about when that is over, finds it paid', async () => {
  const shop = createShop(app);
  const { no, tradeNo } = await shop.sell();
  const read = present(await app.deps.store.findPayment(no));
  const attempt = { ...present(read.attempt), status: 'unknown', movingSince: app.clock.now() } as const;
  await shop.approve(tradeNo);
  await app.request(shop.wayBack(tradeNo));
  expect((await app.find(no)).status).toBe('paid');
  const { syncAttempt } = app.program.services;
  // PayPal's own word of it makes us ask once more.
  while (shop.calls(`/v2/checkout/orders/${tradeNo}`).length < 2 || syncAttempt.findRunning(attempt.id))
    await Bun.sleep(2);
  const asked = await syncAttempt.anew(read.payment, attempt, 'request');
  expect(asked).toMatchObject({ asked: true, result: 'paid' });
});

test('a callback that makes us ask is not content with an answer that was on its way before it came', async () => {
  const shop = createShop(app);
  const { no, tradeNo } = await shop.sell();
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
  app.gateway.answer = async ({ path, headers }) => {
    if (path !== `/v2/checkout/orders/${tradeNo}`) return null;
    app.gateway.answer = null;
    const { host: _, ...rest } = headers;
    const body = await (await fetch(app.gateway.url + path, { headers: rest })).text();
    asked();
    await mayAnswer;
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  };
  // PayPal says that nobody has approved it; the payer approves, PayPal tells so, and only then its answer arrives.
  const sync = shop.sync(no);
  await isAsked;
  const approved = app.simulate(tradeNo, 'approve');
  while (shop.calls('/v1/notifications/verify-webhook-signature').length === 0) await Bun.sleep(2);
  await Bun.sleep(20);
  answer();
  await Promise.all([sync, approved]);
  expect((await app.find(no)).status).toBe('paid');
});

test('what proves nothing, and was read while the money was taken, is accepted when that ended before it was asked about', async () => {
  const shop = createShop(app);
  // Without a webhook_id an event is nothing but a reason to ask.
  const { no, tradeNo } = await shop.sell({ gateway_credentials: { ...OURS, environment: 'sandbox' } });
  const { deps, services } = app.program;
  const { syncAttempt } = services;
  const overtaken = Object.assign(
    async (...[payment, attempt, trigger]: Parameters<typeof syncAttempt>) => {
      await shop.approve(tradeNo);
      await shop.sync(no);
      return syncAttempt(payment, { ...attempt, status: 'unknown', movingSince: app.clock.now() }, trigger);
    },
    { findRunning: syncAttempt.findRunning, findLater: syncAttempt.findLater, anew: syncAttempt.anew },
  );
  const event = { event_type: 'CHECKOUT.ORDER.APPROVED', resource: { id: tradeNo } };
  const raw = {
    contentType: 'application/json',
    body: new TextEncoder().encode(JSON.stringify(event)),
    headers: new Headers(),
    query: new URLSearchParams(),
  };
  const gateway = present(deps.gateways.find('paypal'));
  const { answer } = await createReceiver(deps, overtaken)(gateway, raw, '192.0.2.7');
  expect(answer.status).toBe(200);
  expect((await app.find(no)).status).toBe('paid');
});
