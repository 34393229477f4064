import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createShop } from '../gateways/paypal-shop.ts';
import { NOT_TOLD } from '../support/answers.ts';
import { type Received, startApp, type TestApp } from '../support/app.ts';
import { bodyFor, registerStripe } from '../support/orders.ts';

/** What a gateway tells of how a payment was paid reaches everybody whom it concerns, and the payer no more than he may see. */
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  await registerStripe(app);
});
afterAll(() => app.stop());

/** Everything that somebody is shown of a payment that is paid. */
async function look(paymentNo: unknown, paymentUrl: unknown) {
  await app.deliver();
  const told = app.shop.received
    .map(({ body }: Received) => JSON.parse(body))
    .find(({ event, payment_no }) => event === 'payment.paid' && payment_no === paymentNo);
  const { events } = (await app.call(`/api/paycore/payments/${paymentNo}/events`)).json.data as {
    events: readonly { data: Readonly<Record<string, unknown>> }[];
  };
  const page = await app.request(String(paymentUrl).slice(app.url.length));
  return {
    found: await app.find(String(paymentNo)),
    told,
    facts: events.map(({ data }) => data),
    page: await page.text(),
  };
}

const post = (path: string, body: object) =>
  app.request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('ECPay’s cashier: the card of the callback, in answer, timeline and notification; the payer sees its end', async () => {
  const made = await app.create('ecpay/aio/credit', { amount: 3000, ecpay: { CreditInstallment: '3' } });
  const { payment_no, payment_url, gateway_order_no, redirect_form } = made.json.data;
  expect(made.json.data).toMatchObject(NOT_TOLD);
  const { action, fields } = redirect_form as { action: string; fields: Record<string, string> };
  await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
  await app.simulate(String(gateway_order_no), 'pay', { installment: 3 });

  const { found, told, facts, page } = await look(payment_no, payment_url);
  const known = {
    card: {
      ...{ first6: '431195', last4: '2222', bank: null, eci: '5', auth_code: '777777' },
      installments: { count: 3, first: 1000, each: 1000 },
    },
    channel: 'Credit_CreditCard',
    fee: 82.5,
    fee_decimal: '82.50',
    net: 2917.5,
    net_decimal: '2917.50',
    fee_currency: 'TWD',
  };
  expect(found).toMatchObject({ status: 'paid', ...known });
  expect(told).toMatchObject(known);
  expect(facts).toContainEqual(
    expect.objectContaining({
      fact: 'paid',
      fee: { amount: 8250, currency: 'TWD' },
      traded_at: '2026-06-22T15:30:00+08:00',
    }),
  );
  expect(page).toContain('•••• 2222');
  for (const hidden of ['431195', '777777', '82.5']) expect(page).not.toContain(hidden);

  // The query of a card tells no card: what is known stays, and is told in the list as well.
  await app.call(`/api/paycore/payments/${payment_no}/sync`, {});
  expect(await app.find(String(payment_no))).toMatchObject(known);
});

test('ECPay in the page: CreatePayment’s card and bank', async () => {
  const made = await app.create('ecpay/ecpg', { buyer_email: 'buyer@example.com' });
  const { payment_no, payment_url } = made.json.data;
  const { pathname, search } = new URL(String(payment_url));
  const form = (await (await post(`${pathname}/form${search}`, {})).json()) as { data: { token: string } };
  const body = new URLSearchParams({ Token: form.data.token, Method: 'card' });
  const taken = await fetch(`${app.gateway.url}/Merchant/SimulatorPayToken`, { method: 'POST', body });
  const paid = await post(`/api/paycore/pay/ecpay/ecpg/${payment_no}/create${search}`, (await taken.json()) as object);
  // The page's own script gets this answer: it is the payer's.
  const { data } = (await paid.json()) as { data: object };
  expect(data).toMatchObject({ ...NOT_TOLD, card: { first6: null, last4: '2222', bank: '模擬銀行' } });
  expect(JSON.stringify(data)).not.toContain('777777');

  const { found, page } = await look(payment_no, payment_url);
  expect(found).toMatchObject({
    status: 'paid',
    card: { first6: '431195', last4: '2222', bank: '模擬銀行' },
    fee_currency: 'TWD',
  });
  expect(page).toContain('•••• 2222 · 模擬銀行');
});

test('a store: channel and fee without a card; the page shows none', async () => {
  const { json } = await app.create('smilepay/cvs', bodyFor('smilepay/cvs'));
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  const { found, page } = await look(json.data.payment_no, json.data.payment_url);
  expect(found).toMatchObject({ status: 'paid', card: null, channel: 'IBON', fee_currency: 'TWD', net: null });
  expect(found.fee).toBeNumber();
  expect(page).not.toContain('••••');
});

test('Stripe: the card of the charge at once, its fee when Stripe is asked; what was sent before stays as it was', async () => {
  const { json } = await app.create('stripe/credit', bodyFor('stripe/credit'));
  const { payment_no, payment_url, gateway_order_no } = json.data;
  await app.simulate(String(gateway_order_no), 'pay');
  const card = { first6: null, last4: '4242', bank: null, brand: 'visa', country: 'US' };
  const { found, told } = await look(payment_no, payment_url);
  expect(found).toMatchObject({ status: 'paid', card, channel: 'card', fee: null });
  expect(told).toMatchObject({ card, fee: null });

  const asked = await app.call(`/api/paycore/payments/${payment_no}/sync`, {});
  const fee = { fee: 3332, fee_decimal: '33.32', net: 94_668, net_decimal: '946.68', fee_currency: 'TWD' };
  expect(asked.json.data).toMatchObject({ status: 'paid', card, ...fee });
  const sent = app.shop.received.length;
  const after = await look(payment_no, payment_url);
  expect([after.told, app.shop.received.length]).toEqual([told, sent]);
});

test('PayPal: what it keeps and what is left', async () => {
  const shop = createShop(app);
  const { no, tradeNo } = await shop.sell({ amount: '10.99', currency: 'USD' });
  await app.simulate(tradeNo, 'pay');
  const { channel, fee, net, fee_currency } = await app.find(no);
  expect({ channel, fee_currency }).toEqual({ channel: 'paypal', fee_currency: 'USD' });
  expect(Number(fee) + Number(net)).toBeCloseTo(10.99, 5);
});
