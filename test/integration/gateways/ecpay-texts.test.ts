import { describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';

const app = useApp({}, 'file');

/** What shops call their goods and payers themselves; ECPay's stand-in refuses each of them as it is. */
const NAMES = [
  'Python 課程 (curl & wget)',
  'say "hi", it\'s | echo `ls` \\ ping; perl',
  '🍵'.repeat(101),
  `${'x'.repeat(199)}🍵`,
  '茶 <b>壺</b>#杯#',
  '\ud83c lone',
];
const PLAIN = ['Python 課程', 'ping echo', '🍵'.repeat(10), 'a#b'];

/** What ECPay's stand-in knows of the order; null: it was refused. */
async function findOrder(number: string): Promise<Record<string, string> | null> {
  const response = await fetch(`${app.gateway.url}/simulator/orders/${number}`);
  return response.status === 200 ? ((await response.json()) as { fields: Record<string, string> }).fields : null;
}

async function create(route: string, body: object) {
  const made = await app.create(route, { buyer_email: 'ping@shop.example', ...body });
  expect({ body, status: made.status, text: made.text }).toMatchObject({ status: 201 });
  return made.json.data;
}

describe('whatever it is called, ECPay takes it', () => {
  test.each(['aio', 'aio/credit', 'aio/atm', 'aio/cvs', 'aio/barcode'])('at its cashier: %s', async (path) => {
    for (const [n, item_name] of NAMES.entries()) {
      const text = PLAIN[n % PLAIN.length] ?? '';
      const cvs = path === 'aio/cvs' ? { Desc_1: text } : {};
      const ecpay = { Remark: text, CustomField2: text, ItemURL: 'https://a.example/python?q=echo', ...cvs };
      const { redirect_form } = await create(`ecpay/${path}`, { item_name, description: NAMES.at(-n), ecpay });
      const { action, fields } = redirect_form as { action: string; fields: Record<string, string> };
      await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
      expect({ fields, isTaken: (await findOrder(fields.MerchantTradeNo ?? '')) !== null }).toMatchObject({
        isTaken: true,
      });
    }
  });

  test.each(['atm', 'cvs', 'barcode'])('where a number is asked for: %s', async (path) => {
    for (const [n, item_name] of NAMES.entries()) {
      const text = PLAIN[n % PLAIN.length] ?? '';
      const ecpay = { Remark: text, ...(path === 'cvs' ? { Desc_1: text } : {}) };
      await create(`ecpay/${path}`, { item_name, ecpay });
    }
  });

  test('in our own page', async () => {
    for (const item_name of NAMES) {
      const buyer = { buyer_name: item_name.slice(0, 50), buyer_mobile: '(02) 2345 6789' };
      const { payment_url } = await create('ecpay/ecpg', { item_name, ...buyer });
      const { pathname, search } = new URL(String(payment_url));
      const form = await app.request(`${pathname}/form${search}`, { method: 'POST' });
      expect({ item_name, status: form.status }).toEqual({ item_name, status: 200 });
    }
  });
});

test('what ECPay would refuse is refused, naming the field, and nothing is opened', async () => {
  for (const [path, ecpay, field] of [
    ['aio', { Remark: "it's" }, 'ecpay.Remark'],
    ['aio/credit', { CreditInstalment: '3,6' }, 'ecpay.CreditInstalment'],
    ['aio/credit', { PeriodAmount: 980, PeriodType: 'M', Frequency: 1, ExecTimes: 12 }, 'ecpay.PeriodAmount'],
    ['aio/cvs', { ChooseSubPayment: 'BOT' }, 'ecpay.ChooseSubPayment'],
    ['aio', { IgnorePayment: 'Credit', FlexibleInstallment: true }, 'ecpay.FlexibleInstallment'],
    ['aio', { ItemURL: "https://a.example/it's" }, 'ecpay.ItemURL'],
  ] as const) {
    const { status, json } = await app.create(`ecpay/${path}`, { amount: 5000, ecpay });
    expect([status, Object.keys(json.error?.fields ?? {})]).toEqual([422, expect.arrayContaining([field])]);
  }
});

test('an object named after a gateway is refused wherever it means nothing', async () => {
  const stripe = { statement_descriptor: 'X' };
  for (const [path, body, fields] of [
    ['pay/ecpay/aio', { ...aOrder(), stripe }, ['stripe.statement_descriptor']],
    [
      'checkout',
      { ...aOrder(), ecpay: { CreditInstallment: '3' }, stripe },
      ['ecpay.CreditInstallment', 'stripe.statement_descriptor'],
    ],
    ['links', { title: 'x', amount: 10, ecpay: { Redeem: 'Y' } }, ['ecpay.Redeem']],
  ] as const) {
    const { status, json } = await app.call(`/api/paycore/${path}`, body);
    expect([path, status, Object.keys(json.error?.fields ?? {})]).toEqual([path, 422, [...fields]]);
  }
  const empty = await app.create('ecpay/aio', { stripe: {}, paypal: 'x', plus: null });
  expect(empty.status).toBe(201);
});

let orders = 0;
const aOrder = () => ({ merchant_order_no: `TEXT-${++orders}`, amount: 980, gateway_credentials: undefined });
