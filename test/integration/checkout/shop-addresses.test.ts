import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { checkMacValue } from '../../../src/simulator/ecpay/checksum.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { STAGE, startApp, type TestApp } from '../../support/app.ts';
import { linkHand, paymentOf } from '../../support/links.ts';
import { linksTo, ODD_PATHS, withOurs } from '../../support/shop-addresses.ts';

/** success_url and cancel_url come back byte for byte, with payment_no, merchant_order_no and status behind. */

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const HOSTS = ['https://Shop.Example', 'http://商店.example:8443', 'https://user:p%40ss@staging.shop.example'];
const cases = HOSTS.flatMap((host, at) =>
  ODD_PATHS.filter((_, path) => at === 0 || path % 4 === at).map((path) => host + path),
);

let orders = 0;
async function make(route: string, addresses: object, extra: object = {}) {
  orders += 1;
  const order = `A ${orders}&b=茶`;
  const { status, json } = await app.create(route, { merchant_order_no: order, ...addresses, ...extra });
  expect(status).toBe(201);
  const { payment_no, payment_url, gateway_order_no } = json.data;
  const ours = (now: string) => `payment_no=${payment_no}&merchant_order_no=${encodeURIComponent(order)}&status=${now}`;
  const { pathname, search } = new URL(String(payment_url));
  return { no: String(payment_no), path: pathname + search, orderNo: String(gateway_order_no), ours };
}
const read = async (path: string) => (await app.request(path)).text();

describe('the way back to the shop', () => {
  test.each(cases.map((address) => [address.slice(0, 80), address]))('after paying: %s', async (_, address) => {
    const { path, orderNo, ours } = await make('ecpay/atm', { success_url: address });
    await app.simulate(orderNo, 'pay');
    expect(linksTo(await read(path), address.slice(0, 12))).toContain(withOurs(address, ours('paid')));
  });

  test.each(cases.map((address) => [address.slice(0, 80), address]))('after giving up: %s', async (_, address) => {
    const { no, path, ours } = await make('ecpay/atm', { cancel_url: address });
    await app.call(`/api/paycore/payments/${no}/cancel`, {});
    expect(linksTo(await read(path), address.slice(0, 12))).toContain(withOurs(address, ours('failed')));
  });

  test('is kept by the API as it was sent, as long as 2,000 characters', async () => {
    const address = `https://shop.example/?q=${'%a4'.repeat(659)}`.slice(0, 2000).padEnd(2000, 'x');
    const { no, path, orderNo, ours } = await make('ecpay/atm', { success_url: address });
    expect((await app.deps.store.findPayment(no))?.payment.order.successUrl).toBe(address);
    await app.simulate(orderNo, 'pay');
    expect(linksTo(await read(path), 'https://shop.example')).toContain(`${address}&${ours('paid')}`);
    const { status } = await app.create('ecpay/atm', { merchant_order_no: 'LONG', success_url: `${address}x` });
    expect(status).toBe(422);
  });

  test.each([
    'https://shop.example/a b',
    ' https://shop.example/',
    'https://shop.example/\n',
    'https://',
    '/thanks',
    'ftp://x/',
  ])('is refused when no browser could be sent there as it is: %p', async (address) => {
    for (const name of ['success_url', 'return_url', 'cancel_url']) {
      const { status, json } = await app.create('ecpay/atm', { merchant_order_no: 'ODD', [name]: address });
      expect([status, Object.keys(json.error.fields as object)]).toEqual([422, [name]]);
    }
  });

  test('return_url stands for success_url when that is left out', async () => {
    const address = 'https://shop.example/back?flag#/x';
    const { path, orderNo, ours } = await make('ecpay/atm', { return_url: address, success_url: undefined });
    await app.simulate(orderNo, 'pay');
    expect(linksTo(await read(path), 'https://shop.example')).toContain(withOurs(address, ours('paid')));
  });
});

const ADDRESS = 'https://shop.example/%A4%A4%e5;a?flag&x=%7e#/route?y';

test('a payer whom ECPay’s page sends back finds it', async () => {
  const { no, path, orderNo, ours } = await make('ecpay/aio/credit', { success_url: ADDRESS });
  const fields = {
    MerchantID: STAGE.merchant_id,
    MerchantTradeNo: orderNo,
    RtnCode: '1',
    RtnMsg: 'paid',
    TradeNo: '2606220000000001',
    TradeAmt: '980',
    PaymentDate: '2026/06/22 15:30:00',
    PaymentType: 'Credit_CreditCard',
    SimulatePaid: '0',
  };
  const account = { merchantId: STAGE.merchant_id, hashKey: STAGE.hash_key, hashIv: STAGE.hash_iv };
  const CheckMacValue = checkMacValue(Object.entries(fields), account);
  const page = new URLSearchParams(path.split('?')[1]).get('token');
  const answer = await app.request(`/zh-tw/payment/ecpay/return/${no}?page=${page}`, {
    method: 'POST',
    body: new URLSearchParams({ ...fields, CheckMacValue }),
  });
  expect(answer.status).toBe(303);
  const html = await read(String(answer.headers.get('location')).replace(app.url, ''));
  expect(linksTo(html, 'https://shop.example')).toContain(withOurs(ADDRESS, ours('paid')));
});

test('a payer who cancels at PayPal finds it, and no other address of the shop', async () => {
  const shop = createShop(app);
  const sold = await shop.sell({ merchant_order_no: 'CANCEL-1', cancel_url: ADDRESS });
  const page = await shop.handleReturn(shop.wayBack(sold.tradeNo, 'cancel_url'));
  expect(page).toMatchObject({ status: 200, notice: 'cancelled' });
  const ours = `payment_no=${sold.no}&merchant_order_no=CANCEL-1&status=pending`;
  expect(new Set(linksTo(page.text, 'https://shop.example'))).toEqual(new Set([withOurs(ADDRESS, ours)]));
});

describe('a payment link', () => {
  test('leads back to its own address, or to the project’s', async () => {
    const hand = linkHand(app);
    await hand.storeCredentials();
    const link = await hand.make({ amount: 980, success_url: ADDRESS });
    const answer = await hand.post(link.path, await hand.fillIn(link.path));
    const no = paymentOf(answer);
    await app.simulate(await hand.choose(answer, 'ecpay/atm'), 'pay');
    const order = encodeURIComponent(String((await app.find(no)).merchant_order_no));
    const html = await read(String(answer.headers.get('location')));
    const ours = `payment_no=${no}&merchant_order_no=${order}&status=paid`;
    expect(linksTo(html, 'https://shop.example')).toContain(withOurs(ADDRESS, ours));
  });
});
