import { expect, test } from 'bun:test';
import { useStripe } from './stripe-support.ts';

const bench = useStripe();

test.each([
  ['while the wallet’s bank has the money in hand', 'processing', 'waiting'],
  ['when Stripe has canceled its order', 'cancel', 'go'],
] as const)('the picture of a QR code is gone %s', async (_, action, screen) => {
  const { page, orderNo } = await bench.open('paynow', { amount: 10_000 });
  const picture = async () => (await bench.app.request(page.replace('?', '/qr.png?'))).status;
  expect(await picture()).toBe(200);
  await bench.app.simulate(orderNo, action);
  expect(await (await bench.app.request(page)).text()).toContain(`data-screen="${screen}"`);
  expect(await picture()).toBe(404);
});
