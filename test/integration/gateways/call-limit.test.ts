import { expect, test } from 'bun:test';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import type { GatewayResponse, GetOptions, PostOptions } from '../../../src/gateways/http.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { exampleOrder } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { inSiteHand, type Send } from '../../support/insite.ts';
import { bodyFor, registerStripe } from '../../support/orders.ts';

/** Whoever finds a call without an outcome after CALL_LIMIT takes its process for dead: none may take so long. */
const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } }, 'file');

/** Another process, and how long each of its calls to gateways may take at the longest. */
async function watchCalls() {
  const calls: { readonly path: string; readonly timeoutMs: number }[] = [];
  const { http } = app.deps;
  const watch =
    <Options extends GetOptions>(call: (url: string, options: Options) => Promise<GatewayResponse>) =>
    (url: string, options: Options) => {
      calls.push({ path: new URL(url).pathname, timeoutMs: options.timeoutMs });
      return call(url, options);
    };
  const twin = app.createTwin({ http: { get: watch(http.get), post: watch<PostOptions>(http.post) } });
  const { handle } = await twin.open();
  const send: Send = (path, init) => Promise.resolve(handle(new Request(app.url + path, init)));
  /** From this call on. */
  const longest = (isFirst: (path: string) => boolean = () => true) =>
    calls.slice(calls.findIndex(({ path }) => isFirst(path))).reduce((total, { timeoutMs }) => total + timeoutMs, 0);
  return { send, calls, longest };
}

const CREATING = GATEWAYS.flatMap(({ id, methods }) =>
  methods.filter(({ callsGateway }) => callsGateway).map(({ path }) => `${id}/${path}`),
);

test.each(CREATING)('a create of %s ends before its process is taken for dead', async (route) => {
  await registerStripe(app);
  const { send, calls, longest } = await watchCalls();
  const answer = await send(`/api/paycore/pay/${route}`, {
    method: 'POST',
    headers: { 'x-api-key': app.keys.test.api_key, 'content-type': 'application/json' },
    body: JSON.stringify({ ...exampleOrder(app.shop.url), ...bodyFor(route) }),
  });
  expect(answer.status).toBe(201);
  expect(calls.length).toBeGreaterThan(0);
  expect(longest()).toBeLessThan(CALL_LIMIT);
});

test('a payment in ECPay’s form ends before its process is taken for dead', async () => {
  const { send, longest } = await watchCalls();
  const { json } = await app.create('ecpay/ecpg', { buyer_email: 'buyer@example.com' });
  const page = String(json.data.payment_url).slice(app.url.length);
  const payToken = await inSiteHand(app).fillIn(page);
  expect((await inSiteHand(app, send).press(page, payToken)).json.data?.status).toBe('paid');
  expect(longest((path) => path === '/Merchant/CreatePayment')).toBeLessThan(CALL_LIMIT);
});

test('a capture by PayPal ends before its process is taken for dead', async () => {
  const shop = createShop(app);
  const { no, tradeNo } = await shop.sell();
  await shop.arrange(tradeNo, 'completed');
  await shop.approve(tradeNo);
  const { send, longest } = await watchCalls();
  await send(shop.wayBack(tradeNo));
  expect((await app.find(no)).status).toBe('paid');
  expect(longest((path) => path.endsWith('/capture'))).toBeLessThan(CALL_LIMIT);
});
