import { afterEach, describe, expect, test } from 'bun:test';
import { checkMacValue } from '../../../src/simulator/ecpay/checksum.ts';
import { openText, seal } from '../../../src/simulator/ecpay/envelope.ts';
import { exampleOrder, type Received, STAGE, startApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';

const app = useApp({ gatewayTimeoutMs: 300 }, 'file');
afterEach(() => {
  app.gateway.answer = null;
  app.gateway.received.length = 0;
});

const ACCOUNT = { merchantId: STAGE.merchant_id, hashKey: STAGE.hash_key, hashIv: STAGE.hash_iv };

/** Only the call that makes a number is answered so; queries afterwards reach the simulator. */
function answerCreate(answer: (request: Received) => Response | Promise<Response>): void {
  app.gateway.answer = (request) => (request.path.endsWith('GenPaymentCode') ? answer(request) : null);
}

function sealed(data: object): Response {
  return Response.json({ MerchantID: STAGE.merchant_id, TransCode: 1, TransMsg: 'Success', Data: seal(data, ACCOUNT) });
}

/** The newest payment, and its number at the gateway. */
async function lastPayment() {
  const payment = (await app.rows.payments()).at(-1);
  if (!payment) throw new Error('no payment');
  const { paymentNo, status, reason } = payment;
  const [attempt] = await app.rows.attemptsOf(paymentNo);
  return { paymentNo, status, reason, orderNo: attempt?.gatewayOrderNo ?? '' };
}

function sendPaid(orderNo: string, paymentNo: string) {
  const fields = {
    MerchantID: STAGE.merchant_id,
    MerchantTradeNo: orderNo,
    RtnCode: '1',
    RtnMsg: 'paid',
    TradeNo: '2606221530009999',
    TradeAmt: '980',
    PaymentDate: '2026/06/22 16:00:00',
    PaymentType: 'ATM_BOT',
    SimulatePaid: '0',
    CustomField1: paymentNo,
  };
  const signed = { ...fields, CheckMacValue: checkMacValue(Object.entries(fields), ACCOUNT) };
  return app.callback(new URLSearchParams(signed), 'application/x-www-form-urlencoded');
}

describe('a gateway that refuses', () => {
  test('is 422 with its own code and text, no payment number, and the order is free again', async () => {
    const order = exampleOrder(app.shop.url);
    answerCreate(() => sealed({ RtnCode: 10300023, RtnMsg: '無可用付款方式' }));
    const { status, json } = await app.create('ecpay/atm', order);
    expect(status).toBe(422);
    expect(json as unknown).toEqual({
      success: false,
      message: expect.any(String),
      error: {
        error_code: 'ECPAY_BACKGROUND_CODE_FAILED',
        gateway: { code: '10300023', message: '無可用付款方式' },
      },
    });
    const refused = await lastPayment();
    expect(refused).toMatchObject({ status: 'failed', reason: 'GATEWAY_REFUSED' });
    app.gateway.answer = null;
    const made = await app.create('ecpay/atm', order);
    expect([made.status, made.json.data.created]).toEqual([201, true]);

    const late = await sendPaid(refused.orderNo, refused.paymentNo);
    expect([late.status, late.text]).toEqual([200, '1|OK']);
    expect(await app.find(refused.paymentNo)).toMatchObject({ status: 'paid', flags: ['late'] });
    // The order has its money now: paying the new number as well is a second payment.
    await app.simulate(String(made.json.data.gateway_order_no), 'pay');
    expect(await app.find(String(made.json.data.payment_no))).toMatchObject({
      status: 'paid',
      flags: ['duplicate', 'attention'],
    });
  });

  test('the envelope itself (wrong keys) is 422 too', async () => {
    const gateway_credentials = { ...STAGE, hash_key: 'wrong-key-wrong!' };
    const { status, json } = await app.create('ecpay/atm', { gateway_credentials });
    expect([status, json.error.error_code]).toEqual([422, 'ECPAY_BACKGROUND_CODE_FAILED']);
    expect(json.error.gateway).toEqual({ code: '128', message: 'System exception' });
    expect(json.error.payment_no).toBeUndefined();
  });
});

test('a gateway that cannot be reached is 502 without a payment number, and the order is free again', async () => {
  const unreachable = await startApp({ env: { PAYCORE_ECPAY_ECPAYMENT_URL: 'http://127.0.0.1:1' } });
  const order = exampleOrder(unreachable.shop.url);
  for (const amount of [980, 981]) {
    const { status, json } = await unreachable.create('ecpay/atm', { ...order, amount });
    expect([status, json.error as object]).toEqual([502, { error_code: 'PAYMENT_GATEWAY_ERROR' }]);
  }
  await unreachable.stop();
});

describe('a gateway whose outcome is unknown', () => {
  const forOrder = (request: Received): object => {
    const { Data } = JSON.parse(request.body);
    const { OrderInfo } = JSON.parse(openText(Data, ACCOUNT) ?? '{}');
    return { MerchantTradeNo: OrderInfo.MerchantTradeNo, TradeAmt: OrderInfo.TotalAmount };
  };
  const garbage: Record<string, (request: Received) => Response> = {
    'an error page': () => new Response('<html>502</html>', { status: 502 }),
    'HTML with 200': () => new Response('<html></html>'),
    'an empty answer': () => new Response(''),
    'no TransCode': () => Response.json({}),
    'data sealed with other keys': () =>
      Response.json({ TransCode: 1, Data: seal({ RtnCode: 1 }, { ...ACCOUNT, hashKey: '5294y06JbISpM5x9' }) }),
    'no RtnCode': () => sealed({}),
    'another order': () => sealed({ RtnCode: 1, OrderInfo: { MerchantTradeNo: 'PC0', TradeAmt: 980 } }),
    'another amount': (request) => sealed({ RtnCode: 1, OrderInfo: { ...forOrder(request), TradeAmt: 979 } }),
    'no number': (request) => sealed({ RtnCode: 1, OrderInfo: forOrder(request), ATMInfo: { BankCode: '822' } }),
    'more than a megabyte': () => new Response('x'.repeat(1_100_000)),
    'a redirect': () => Response.redirect(`${app.gateway.url}/elsewhere`, 302),
  };
  for (const [what, answer] of Object.entries(garbage)) {
    test(`because it answers ${what} is 502 with the payment number, and the payment stays pending`, async () => {
      answerCreate(answer);
      const { status, json } = await app.create('ecpay/atm');
      const { paymentNo } = await lastPayment();
      expect([status, json.error as object]).toEqual([
        502,
        { error_code: 'PAYMENT_GATEWAY_ERROR', payment_no: paymentNo },
      ]);
      expect(await app.find(paymentNo)).toMatchObject({ status: 'pending', payment_info: {} });
      expect(app.gateway.received.filter(({ path }) => path === '/elsewhere')).toEqual([]);
    });
  }

  test('because it does not answer is 504 with the payment number; a payment that comes after all counts', async () => {
    let release = (_: Response) => {};
    answerCreate(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const { status, json } = await app.create('ecpay/atm');
    const { paymentNo, orderNo } = await lastPayment();
    expect([status, json.error as object]).toEqual([
      504,
      { error_code: 'PAYMENT_GATEWAY_TIMEOUT', payment_no: paymentNo },
    ]);
    release(new Response('too late'));
    const answer = await sendPaid(orderNo, paymentNo);
    expect([answer.status, answer.text]).toEqual([200, '1|OK']);
    expect(await app.find(paymentNo)).toMatchObject({ status: 'paid', flags: [] });
  });

  test('keeps the order: something else under the same number is a conflict', async () => {
    const order = exampleOrder(app.shop.url);
    answerCreate(() => new Response('?'));
    const first = await app.create('ecpay/atm', order);
    const other = await app.create('ecpay/atm', { ...order, amount: 500 });
    expect([other.status, other.json.error.error_code]).toEqual([409, 'ORDER_CONFLICT']);
    expect(other.json.error.payment_no).toBe(String(first.json.error.payment_no));
  });

  test('is not asked for another number by twins that came at the same time', async () => {
    const order = exampleOrder(app.shop.url);
    answerCreate(() => new Response('?'));
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.create('ecpay/atm', order)));
    // One that comes when the first is through hears what came of asking what became of it.
    expect(answers.filter(({ status }) => status !== 502 && status !== 504)).toEqual([]);
    expect(new Set(answers.map(({ json }) => json.error.payment_no)).size).toBe(1);
    expect(app.gateway.received.filter(({ path }) => path.endsWith('GenPaymentCode')).length).toBe(1);
  });
});
