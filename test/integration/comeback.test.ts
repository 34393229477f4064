import { afterEach, beforeEach, expect, test } from 'bun:test';
import { createShop, type Shop } from '../gateways/paypal-shop.ts';
import { startApp, type TestApp } from '../support/app.ts';

/** What a payer is told who comes back from the gateway after its callback has. */

let app: TestApp;
let shop: Shop;
beforeEach(async () => {
  app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  shop = createShop(app);
});
afterEach(() => app.stop());

test('that his payment was declined, though the webhook was faster than he', async () => {
  const { no, tradeNo } = await shop.sell();
  await shop.arrange(tradeNo, 'instrument_declined');
  await app.simulate(tradeNo, 'approve');
  const page = await shop.comeBack(shop.wayBack(tradeNo));
  expect([page.status, page.notice]).toEqual([200, 'declined']);
  expect(await shop.find(no)).toMatchObject({ status: 'pending' });
});

test('nothing, when no payment of his was declined', async () => {
  const { tradeNo } = await shop.sell();
  const page = await shop.comeBack(shop.wayBack(tradeNo));
  expect([page.status, page.notice]).toEqual([200, undefined]);
});
