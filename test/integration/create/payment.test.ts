import { afterEach, describe, expect, test } from 'bun:test';
import { JUST_MADE } from '../../support/answers.ts';
import { exampleOrder, STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';

const app = useApp({}, 'file');
afterEach(() => {
  app.gateway.answer = null;
});

const ORDER_NO = /^PC260622[A-Z0-9]{12}$/;
const EXPIRE_AT = /^2026-0[67]-\d\d \d\d:\d\d:\d\d$/;

/** What every answer about a payment carries. */
function common(method: string, mode: string, extra: object = {}) {
  return {
    ...JUST_MADE,
    merchant_order_no: expect.stringMatching(/^ORDER-/),
    gateway: 'ecpay',
    method,
    mode,
    environment: 'stage',
    payment_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/zh-tw\/pay\/PAY\w+\?token=[\w-]{22}&lang=auto$/),
    payment_info: {},
    gateway_order_no: expect.stringMatching(ORDER_NO),
    gateway_trade_no: null,
    ...extra,
  };
}

const CHOICES = { aio: 'ALL', 'aio/credit': 'Credit', 'aio/atm': 'ATM', 'aio/cvs': 'CVS', 'aio/barcode': 'BARCODE' };

describe('a payment at ECPay’s cashier', () => {
  for (const [path, choice] of Object.entries(CHOICES)) {
    test(`${path} answers 201 with a signed form that ECPay takes, and the query route knows it`, async () => {
      const { status, json } = await app.create(`ecpay/${path}`);
      expect(status).toBe(201);
      expect(json as unknown).toEqual({
        success: true,
        message: 'Payment created successfully',
        data: common(path.split('/')[1] ?? 'all', 'aio', {
          ...(choice === 'BARCODE' ? { payment_info: { ecpay: expect.any(Object) } } : {}),
          redirect_form: {
            action: `${app.gateway.url}/Cashier/AioCheckOut/V5`,
            method: 'POST',
            fields: expect.objectContaining({
              ChoosePayment: choice,
              CustomField1: json.data.payment_no,
              MerchantTradeNo: json.data.gateway_order_no,
              TotalAmount: '980',
              ReturnURL: `${app.url}/api/paycore/webhooks/ecpay`,
            }),
          },
        }),
      });
      const { redirect_form, created, ...rest } = json.data;
      const found = await app.call(`/api/paycore/payments/${json.data.payment_no}`);
      expect([found.status, found.json.message]).toEqual([200, 'Payment found']);
      expect(found.json.data).toEqual(rest);

      const { action, fields } = redirect_form as { action: string; fields: Record<string, string> };
      const cashier = await fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
      expect(await cashier.text()).not.toContain('Error');
      expect(cashier.status).toBeLessThan(400);
      expect(await app.simulate(fields.MerchantTradeNo ?? '', 'pay')).toMatchObject({ status: 'paid' });
      expect(await app.find(String(json.data.payment_no))).toMatchObject({ status: 'paid' });
    });
  }
});

const INFO = {
  atm: {
    bank_code: expect.stringMatching(/^\d{3}$/),
    bank_name: expect.stringMatching(/銀行$/),
    virtual_account: expect.stringMatching(/^\d{10,16}$/),
    expire_at: '2026-06-25 23:59:59',
  },
  cvs: {
    payment_code: expect.stringMatching(/^[0-9A-Z]{14}$/),
    payment_code_url: expect.stringMatching(/^http.*PaymentNo=/),
    expire_at: '2026-06-29 15:30:00',
  },
  barcode: {
    ecpay: {
      selected_payment_method: 'barcode',
      barcode1: expect.stringMatching(/^[0-9A-Z]{9}$/),
      barcode2: expect.stringMatching(/^[0-9A-Z]{16}$/),
      barcode3: expect.stringMatching(/^[0-9A-Z]{15}$/),
      barcode_user_copy_url: expect.stringMatching(/\/zh-tw\/pay\/PAY\w+\?token=/),
      barcode_segments_copyable: false,
      barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
      barcode_intro_url: 'https://www.ecpay.com.tw/introcvs',
      expire_at: expect.stringMatching(EXPIRE_AT),
    },
  },
};

describe('a number issued without the cashier', () => {
  for (const [method, info] of Object.entries(INFO)) {
    test(`${method} answers 201 with the names of the catalogue`, async () => {
      const { status, json } = await app.create(`ecpay/${method}`);
      expect(status).toBe(201);
      const wanted = common(method, 'background', {
        payment_info: info,
        gateway_trade_no: expect.stringMatching(/^\d{16}$/),
      });
      expect(json.data).toEqual(wanted);
    });
  }

  test('from the order to the notified shop: created, paid at the simulator, told once', async () => {
    await app.deliver();
    app.shop.received.length = 0;
    const { json } = await app.create('ecpay/cvs', { metadata: { cart: '42' }, payer_account: 'u1' });
    const { payment_no, merchant_order_no, gateway_order_no, gateway_trade_no } = json.data;
    app.clock.advance(60_000);
    const paid = await app.simulate(String(gateway_order_no), 'pay', { times: 3, parallel: true });
    expect(paid.callbacks).toMatchObject(Array(3).fill({ status: 200, answer: '1|OK', acknowledged: true }));
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        event: 'payment.paid',
        livemode: false,
        payment_no,
        merchant_order_no,
        gateway: 'ecpay',
        method: 'cvs',
        amount: 980,
        amount_decimal: '980.00',
        currency: 'TWD',
        status: 'paid',
        paid_at: '2026-06-22T15:31:00+08:00',
        refunded_amount: 0,
        flags: [],
        environment: 'stage',
        gateway_trade_no,
        card: null,
        channel: 'CVS',
        fee: 26,
        fee_decimal: '26.00',
        net: 954,
        net_decimal: '954.00',
        fee_currency: 'TWD',
        payer_account: 'u1',
        metadata: { cart: '42' },
      },
    ]);
    expect(await app.find(String(payment_no))).toMatchObject({ status: 'paid', paid_at: '2026-06-22T15:31:00+08:00' });
  });
});

describe('the same order again', () => {
  test('is the same payment with 200 and created false, its form or number unchanged', async () => {
    for (const path of ['ecpay/aio', 'ecpay/atm']) {
      const order = exampleOrder(app.shop.url);
      const first = await app.create(path, order);
      app.clock.advance(5000);
      const again = await app.create(path, { ...order, amount: '980', currency: 'twd' });
      expect([again.status, again.json.message]).toEqual([200, 'Payment already exists']);
      expect(again.json.data).toEqual({ ...first.json.data, created: false });
    }
  });

  test('is signed with the credentials its number was made with, whatever the repetition brings', async () => {
    const order = exampleOrder(app.shop.url);
    const first = await app.create('ecpay/aio', order);
    const others = { merchant_id: '2000132', hash_key: '5294y06JbISpM5x9', hash_iv: 'v77hoKGq4kWxNNIS' };
    const again = await app.create('ecpay/aio', { ...order, gateway_credentials: others });
    expect(again.json.data.redirect_form).toEqual(first.json.data.redirect_form);
  });

  test('returns the form of the current attempt after the payer opened a new one', async () => {
    const order = exampleOrder(app.shop.url);
    const first = await app.create('ecpay/aio', order);
    const page = new URL(String(first.json.data.payment_url));
    await app.request(`${page.pathname}/go${page.search}`, { method: 'POST' });
    const again = await app.create('ecpay/aio', order);
    const { fields } = again.json.data.redirect_form as { fields: Record<string, string> };
    expect(fields.MerchantTradeNo).toBe(String(again.json.data.gateway_order_no));
    expect(again.json.data.gateway_order_no).not.toBe(first.json.data.gateway_order_no);
    expect(again.json.data.payment_no).toBe(first.json.data.payment_no);
  });

  test('with another amount, method or mode, or once paid, is a conflict that names the payment', async () => {
    const order = exampleOrder(app.shop.url);
    const { json } = await app.create('ecpay/atm', order);
    const conflict = {
      success: false,
      message: expect.any(String),
      error: { error_code: 'ORDER_CONFLICT', payment_no: json.data.payment_no },
    };
    const others = [
      await app.create('ecpay/atm', { ...order, amount: 981 }),
      await app.create('ecpay/cvs', order),
      await app.create('ecpay/aio/atm', order),
    ];
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    others.push(await app.create('ecpay/atm', order));
    for (const other of others) {
      expect(other.status).toBe(409);
      expect(other.json as unknown).toEqual(conflict);
    }
  });

  test('belongs to its project and its kind of key: others may use the same number', async () => {
    const order = exampleOrder(app.shop.url);
    const production = { gateway_credentials: { ...STAGE, environment: 'production' } };
    const made = [
      await app.create('ecpay/aio', order),
      await app.create('ecpay/aio', order, { 'x-api-key': app.keys.other.api_key }),
      await app.create('ecpay/aio', order, { 'x-api-key': app.keys.live.api_key }),
      await app.create('ecpay/aio', { ...order, ...production }, { 'x-api-key': app.keys.live.api_key }),
    ];
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(made.map(({ json }) => json.data.livemode)).toEqual([false, false, false, true]);
    expect(made.map(({ json }) => json.data.environment)).toEqual(['stage', 'stage', 'stage', 'production']);
  });

  test('may be created anew after the gateway refused it', async () => {
    const order = exampleOrder(app.shop.url);
    const wrong = { gateway_credentials: { ...STAGE, hash_key: 'wrong-key-wrong!' } };
    const refused = await app.create('ecpay/atm', { ...order, ...wrong });
    expect(refused.json.error.error_code).toBe('ECPAY_BACKGROUND_CODE_FAILED');
    const made = await app.create('ecpay/atm', { ...order, amount: 600 });
    expect([made.status, made.json.data.created]).toEqual([201, true]);
  });
});

test('expire_days reaches the gateway in the unit and up to the maximum of each method', async () => {
  const expireAt = async (path: string, expire_days: number) => {
    const info = (await app.create(path, { expire_days })).json.data.payment_info as Record<
      string,
      Record<string, string>
    >;
    return info.expire_at ?? info.ecpay?.expire_at;
  };
  const now = app.clock.now();
  const wall = (days: number) => new Date(now + days * 86_400_000 + 8 * 3_600_000).toISOString();
  expect(await expireAt('ecpay/atm', 60)).toBe(`${wall(60).slice(0, 10)} 23:59:59` as never);
  expect(await expireAt('ecpay/cvs', 60)).toBe(wall(30).slice(0, 19).replace('T', ' ') as never);
  expect(String(await expireAt('ecpay/barcode', 60)).slice(0, 10)).toBe(wall(30).slice(0, 10));
});
