import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { TestApp } from '../../support/app.ts';
import { chooseWay, startChoice } from '../../support/choice.ts';
import { pagePathOf } from '../../support/page-path.ts';

/** At the All-in-One checkout only those ways are offered that can take the money. */

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
])('%s %s', async (currency, amount, routes) => {
  const { no, path } = await open({ amount, currency });
  expect(await offered(path)).toEqual(routes);
  // Nor does a button that the page did not have.
  for (const route of ['paypal/checkout', 'stripe/credit'].filter((one) => !routes.includes(one))) {
    await chooseWay(app, path, route);
    expect(await app.find(no)).toMatchObject({ gateway: null, status: 'pending' });
  }
});
