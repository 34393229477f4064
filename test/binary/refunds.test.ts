import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { makeFolder } from './support/binary.ts';
import { at, list, text } from './support/json.ts';
import {
  type Answer,
  createKey,
  get,
  pointAt,
  post,
  type Server,
  Shop,
  serve,
  simulate,
  simulatorOrder,
} from './support/parties.ts';
import { poll, stopAll } from './support/process.ts';

setDefaultTimeout(150_000);

const KEYS = {
  secret_key: 'sk_test_51Binary',
  publishable_key: 'pk_test_51Binary',
  webhook_secret: 'whsec_binary',
} as const;
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9/';

const dataDir = makeFolder('data');
const shop = new Shop();
let simulator: Server;
let server: Server;
let auth: Record<string, string>;
beforeAll(async () => {
  simulator = await simulate();
  server = await serve(dataDir, pointAt(simulator.url));
  auth = { 'x-api-key': (await createKey(dataDir)).api_key };
});
afterAll(async () => {
  shop.stop();
  await stopAll();
});

const tellStripe = (webhook_url: string) =>
  post(`${simulator.url}/simulator/stripe/accounts`, { ...KEYS, webhook_url });

interface Sold {
  readonly no: string;
  readonly orderNo: string;
}

async function sell(orderNo: string): Promise<Sold> {
  await tellStripe(`${server.url}/api/paycore/webhooks/stripe`);
  const made = await post(
    `${server.url}/api/paycore/pay/stripe/credit`,
    { merchant_order_no: orderNo, amount: 98_000, payok_url: shop.url, gateway_credentials: KEYS },
    auth,
  );
  expect(made).toMatchObject({ status: 201 });
  const sold = { no: text(made.body, 'data', 'payment_no'), orderNo: text(made.body, 'data', 'gateway_order_no') };
  await simulatorOrder(simulator.url, sold.orderNo, 'pay');
  await poll('paid', async () => ((await find(sold.no)) === 'paid' ? true : null));
  return sold;
}

async function find(no: string): Promise<unknown> {
  return at((await get(`${server.url}/api/paycore/payments/${no}`, auth)).body, 'data', 'status');
}

const url = (no: string) => `${server.url}/api/paycore/payments/${no}/refunds`;
const refund = (no: string, body: object, key: Record<string, string> = {}): Promise<Answer> =>
  post(url(no), body, { ...auth, ...key });
const listed = async (no: string) =>
  list((await get(url(no), auth)).body, 'data', 'refunds').map((one) => [at(one, 'amount'), at(one, 'status')]);
const paidBack = async ({ orderNo }: Sold) =>
  at((await simulatorOrder(simulator.url, orderNo)).body, 'info', 'refunded') ?? null;

test('pays back in parts, and never more than was paid', async () => {
  const sold = await sell('PARTS');
  const answers = await Promise.all(Array.from({ length: 20 }, () => refund(sold.no, { amount: 10_000 })));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(9);
  expect(answers.filter(({ body }) => at(body, 'error', 'error_code') === 'REFUND_EXCEEDS_AMOUNT')).toHaveLength(11);
  expect(await refund(sold.no, {})).toMatchObject({
    status: 201,
    body: { data: { amount: 8000, status: 'succeeded' } },
  });
  expect([await paidBack(sold), (await listed(sold.no)).length]).toEqual(['980.00', 10]);
  const { body } = await get(`${server.url}/api/paycore/payments/${sold.no}`, auth);
  expect(at(body, 'data', 'refunded_amount')).toBe(98_000);
});

test('killed between the gateway’s deed and its answer, it finds both out and pays back once', async () => {
  const keyed = { 'idempotency-key': 'killed-1' };
  const [asked, forgotten] = [await sell('ASKED-AGAIN'), await sell('FORGOTTEN')];
  await tellStripe(NOWHERE);
  // Stripe pays back at once and answers late.
  await post(`${simulator.url}/simulator/faults`, { route: 'stripe-refund', kind: 'slow', seconds: 25, times: 2 });
  const hanging = [refund(asked.no, { amount: 30_000 }, keyed), refund(forgotten.no, { amount: 20_000 })];
  const broken = Promise.allSettled(hanging);
  for (const sold of [asked, forgotten]) await poll('paid back', () => paidBack(sold));
  await server.process.kill('SIGKILL');
  expect((await broken).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

  server = await serve(dataDir, pointAt(simulator.url));
  for (const sold of [asked, forgotten]) expect(await listed(sold.no)).toMatchObject([[expect.any(Number), 'unknown']]);
  const again = await refund(asked.no, { amount: 30_000 }, keyed);
  expect(again).toMatchObject({
    status: 200,
    body: { message: 'Refund already exists', data: { status: 'succeeded' } },
  });
  expect(await listed(asked.no)).toEqual([[30_000, 'succeeded']]);
  // Nobody asks for the other one: PayCore itself does when the call can no longer be under way.
  const settle = async () => ((await listed(forgotten.no))[0]?.[1] === 'succeeded' ? true : null);
  await poll('settled', settle, 75_000);
  expect([await paidBack(asked), await paidBack(forgotten)]).toEqual(['300.00', '200.00']);
  expect(await listed(forgotten.no)).toEqual([[20_000, 'succeeded']]);
});
