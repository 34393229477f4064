import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { TestApp } from '../../support/app.ts';
import { chooseWay, startChoice } from '../../support/choice.ts';
import { linkHand, paymentOf } from '../../support/links.ts';
import { pagePathOf } from '../../support/page-path.ts';

/** At the All-in-One checkout, and behind a link, only those ways are offered that can take the money. */

const apps: TestApp[] = [];
let app: TestApp;
beforeAll(async () => {
  app = await startChoice(apps);
});
afterAll(() => app.stop());

async function open(body: object) {
  const order = { merchant_order_no: crypto.randomUUID(), buyer_email: 'payer@example.com', ...body };
  const { data } = (await app.call('/api/paycore/checkout', order)).json;
  return { no: String(data.payment_no), path: pagePathOf(app, data.payment_url) };
}

const offered = async (path: string): Promise<string[]> =>
  [...(await (await app.request(path)).text()).matchAll(/data-choice="([^"]+)"/g)].map(([, route = '']) => route);

test.each([
  ['KRW', '5000', ['stripe/credit']],
  ['KWD', '5.124', []],
  ['KWD', '5.12', ['stripe/credit']],
  ['MGA', '5000.50', []],
  ['MGA', '5000', ['stripe/credit']],
  ['HUF', '980.50', ['stripe/credit']],
  ['HUF', '980', ['paypal/checkout', 'stripe/credit']],
  ['JPY', '100', ['paypal/checkout', 'stripe/credit', 'stripe/alipay', 'stripe/wechat-pay']],
  ['USD', '0.49', ['paypal/checkout']],
  ['USD', '0.50', ['paypal/checkout', 'stripe/credit', 'stripe/alipay', 'stripe/wechat-pay']],
  ['THB', '9.99', ['paypal/checkout']],
  ['MYR', '1.99', ['paypal/checkout']],
  ['MYR', '2', ['paypal/checkout', 'stripe/credit', 'stripe/alipay', 'stripe/grabpay', 'stripe/fpx']],
])('%s %s', async (currency, amount, routes) => {
  const { no, path } = await open({ amount, currency });
  expect(await offered(path)).toEqual(routes);
  // The same for a link’s payer.
  const hand = linkHand(app);
  const link = await hand.make({ amount, currency });
  const opened = await hand.post(link.path, await hand.fillIn(link.path));
  paymentOf(opened);
  expect(await offered(String(opened.headers.get('location')))).toEqual(routes);
  // Nor does a button that the page did not have.
  for (const route of ['paypal/checkout', 'stripe/credit'].filter((one) => !routes.includes(one))) {
    await chooseWay(app, path, route);
    expect(await app.find(no)).toMatchObject({ gateway: null, status: 'pending' });
  }
});

test.each([
  ['980', ['ecpay/aio/credit', 'ecpay/atm', 'ecpay/cvs', 'ecpay/barcode', 'paypal/checkout']],
  ['20001', ['ecpay/aio/credit', 'ecpay/atm', 'paypal/checkout']],
  ['50000', ['ecpay/aio/credit', 'paypal/checkout', 'plus/atm']],
  ['200000', ['paypal/checkout', 'stripe/credit', 'plus/atm']],
  ['980.50', ['stripe/credit']],
])('TWD %s is a row for each kind by a gateway that takes so much', async (amount, routes) => {
  expect(await offered((await open({ amount })).path)).toEqual(routes);
});
