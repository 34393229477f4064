import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type Demo, startDemo } from './support/demo.ts';
import { at, list, text } from './support/json.ts';
import { get, post, simulatorOrder } from './support/parties.ts';
import { poll, stopAll } from './support/process.ts';
import { isThere, openShop, type RunningShop, SHOPS, type Told } from './support/shops.ts';

/** The shops to copy, driven from end to end against `paycore demo`. */

setDefaultTimeout(60_000);

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(stopAll);

const secret = () => text(demo.facts, 'notification_secret');
const API = '/api/paycore/payments';
const show = async (no: string) => at((await get(`${demo.publicUrl}${API}/${no}`, demo.auth)).body, 'data');

interface Bought {
  readonly paymentNo: string;
  readonly orderNo: string;
}

/** The payer presses the button and takes an account number. */
async function buy(shop: RunningShop): Promise<Bought> {
  const page = await shop.buy();
  const [paymentNo = ''] = /PAY\d+[A-Z]+/.exec(page) ?? [];
  const fields = new URLSearchParams({ route: 'ecpay/atm' });
  await fetch(page.replace('?', '/choose?'), { method: 'POST', body: fields, redirect: 'manual' });
  return { paymentNo, orderNo: text(await show(paymentNo), 'merchant_order_no') };
}

async function pay({ paymentNo }: Bought): Promise<void> {
  await simulatorOrder(demo.simulatorUrl, text(await show(paymentNo), 'gateway_order_no'), 'pay');
}

function signed(body: string, options: { readonly id: string; readonly secret?: string; readonly at?: Date }): Told {
  const { id, at: time = new Date() } = options;
  const signature = new Webhook(options.secret ?? secret()).sign(id, time, body);
  const timestamp = String(Math.floor(time.getTime() / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return { headers: { 'content-type': 'application/json', ...headers }, body };
}

const STRANGE = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHERS = [
  { livemode: true },
  { amount: 98 },
  { currency: 'USD' },
  { payment_no: 'PAY1' },
  { merchant_order_no: 'ORD-X' },
];
const EMPTY = { 'webhook-id': 'msg_0', 'webhook-timestamp': '0', 'webhook-signature': '' };

/** Signed by anybody, with the key that such a secret decodes to. */
function forged(key: string): Told {
  const body = '{"event":"test"}';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`msg_5.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': 'msg_5', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { headers: { 'content-type': 'application/json', ...headers }, body };
}
const NO_SECRETS = [
  ['whsec_', ''],
  ['whsec_…', ''],
  ['whsec_Z3Vlc3NlZA==', 'guessed'],
] as const;

describe.each(Object.keys(SHOPS).filter(isThere))('the shop in %s', (name) => {
  let shop: RunningShop;
  let first: Bought;
  let paid: Told;
  beforeAll(async () => {
    const env = { PAYCORE_API_KEY: text(demo.facts, 'api_key'), PAYCORE_NOTIFICATION_SECRET: secret() };
    shop = await openShop(name, { PAYCORE_URL: demo.publicUrl, ...env });
  });
  afterAll(() => shop?.stop());

  test('waits as long as nothing is paid, whatever the browser says', async () => {
    first = await buy(shop);
    expect(await shop.thanks(first.orderNo)).toContain('We are waiting');
    expect(await shop.thanks('<script>alert(1)</script>')).not.toContain('<script>');
    expect(shop.shipped(first.orderNo)).toBe(0);
  });

  test('a forged notification changes nothing', async () => {
    const { paymentNo: payment_no, orderNo: merchant_order_no } = first;
    const order = { payment_no, merchant_order_no, amount: 980, currency: 'TWD', livemode: false };
    const body = JSON.stringify({ event: 'payment.paid', status: 'paid', ...order });
    const old = new Date(Date.now() - 400_000);
    const right = signed(body, { id: 'msg_1' });
    const refused: readonly Told[] = [
      signed(body, { id: 'msg_2', secret: STRANGE }),
      signed(body, { id: 'msg_3', at: old }),
      { ...right, body: body.replace('"amount":980', '"amount":98') },
      { headers: { ...right.headers, 'webhook-id': 'msg_4' }, body },
      { headers: { 'content-type': 'application/json' }, body },
      { headers: { 'content-type': 'application/json', ...EMPTY }, body },
    ];
    for (const one of refused) expect(await shop.tell(one)).toBe(400);
    // What is signed but not about this order's money, or about no real money in a real shop or the other way
    // round, is taken, and changes nothing either.
    for (const [index, change] of OTHERS.entries()) {
      const other = JSON.stringify({ ...JSON.parse(body), ...change });
      expect(await shop.tell(signed(other, { id: `msg_other_${index}` }))).toBe(204);
    }
    expect(await shop.thanks(merchant_order_no)).toContain('We are waiting');
    expect(shop.shipped(merchant_order_no)).toBe(0);
  });

  test.each(NO_SECRETS)('with %s for a secret, nobody can sign', async (told, key) => {
    const env = { PAYCORE_API_KEY: text(demo.facts, 'api_key'), PAYCORE_NOTIFICATION_SECRET: told };
    const open = openShop(name, { PAYCORE_URL: demo.publicUrl, ...env });
    const bare = await open.catch((error: Error) => error.message);
    if (typeof bare === 'string') {
      // It does not even start.
      expect(bare).toContain('PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore');
      return;
    }
    expect(await bare.tell(forged(key))).toBeGreaterThanOrEqual(400);
    await bare.stop();
  });

  test('what is paid in the simulator is shipped', async () => {
    await pay(first);
    await poll('shipped', () => (shop.shipped(first.orderNo) === 1 ? true : null));
    expect(await shop.thanks(first.orderNo)).toContain('your order is paid');
    [paid = { headers: {}, body: '' }] = shop.told.filter(({ body }) => body.includes('"payment.paid"'));
  });

  test('once, however often it is told', async () => {
    expect(await shop.tell(paid)).toBe(204);
    expect(await shop.tell(signed(paid.body, { id: 'msg_again' }))).toBe(204);
    const before = shop.told.length;
    await post(`${demo.publicUrl}${API}/${first.paymentNo}/notifications`, {}, demo.auth);
    await poll('told again', () => (shop.told.length > before ? true : null));
    const events = () => get(`${demo.publicUrl}${API}/${first.paymentNo}/events`, demo.auth);
    await poll('delivered again', async () => {
      const types = list((await events()).body, 'data', 'events').map((one) => at(one, 'type'));
      return types.filter((type) => type === 'notification.delivered').length >= 2 ? true : null;
    });
    expect(shop.shipped(first.orderNo)).toBe(1);
  });

  test('asks when a notification gets lost', async () => {
    const second = await buy(shop);
    shop.lose();
    await pay(second);
    await poll('lost', () => (shop.told.some(({ body }) => body.includes(second.orderNo)) ? true : null));
    expect(shop.shipped(second.orderNo)).toBe(0);
    expect(await shop.thanks(second.orderNo)).toContain('your order is paid');
    expect(await shop.thanks(second.orderNo)).toContain('your order is paid');
    await poll('shipped', () => (shop.shipped(second.orderNo) > 0 ? true : null));
    expect(shop.shipped(second.orderNo)).toBe(1);
  });
});
