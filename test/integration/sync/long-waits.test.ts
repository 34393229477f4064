import { describe, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { useApps } from '../../support/apps.ts';
import { registerStripe, SIMULATED } from '../../support/orders.ts';

/** Money that comes, or could come, when the time of its payment is over. */

const start = useApps();

describe('an eCheck that clears after some days', () => {
  test('is not expired while PayPal has the money under review', async () => {
    const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
    const shop = createShop(app);
    const { no, tradeNo, data } = await shop.sell();
    await shop.arrange(tradeNo, 'pending', { reason: 'ECHECK' });
    await shop.approve(tradeNo);
    await shop.handleReturn(shop.wayBack(tradeNo));
    expect((await app.find(no)).flags).toEqual(['under_review']);
    app.clock.advance(DAY + HOUR + MINUTE);
    await app.check();
    const after = await app.find(no);
    expect(after.status).toBe('pending');
    const again = await shop.create({ merchant_order_no: data.merchant_order_no });
    expect(again.json.data.payment_no).toBe(no);
  });
});

test('money paid at Stripe after expiry, its event lost, is found or impossible', async () => {
  const app = await start({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  await registerStripe(app);
  const { json } = await app.create('stripe/credit', { amount: 98_000, gateway_credentials: SIMULATED.stripe });
  const no = String(json.data.payment_no);
  const intent = String(json.data.gateway_trade_no);
  app.clock.advance(DAY + HOUR + MINUTE);
  await app.check();
  expect((await app.find(no)).status).toBe('expired');
  const paid = await app.simulate(intent, 'pay', { callback: false });
  for (let day = 0; day < 10; day += 1) {
    app.clock.advance(DAY);
    await app.check();
  }
  expect(paid.paid === true && (await app.find(no)).status === 'expired').toBe(false);
});
