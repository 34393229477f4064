import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { requestNumber } from '../../../../src/gateways/ecpay/background.ts';
import { openData, sealData } from '../../../../src/gateways/ecpay/cipher.ts';
import { GatewayCallError } from '../../../../src/gateways/http.ts';
import { createInput, ecpayContext, ORDER_NO, OTHER_SECRETS, PAYMENT_NO, SECRETS } from '../../../support/ecpay.ts';
import { rejection } from '../../../support/parts.ts';

/** A stand-in for ecpayment that answers what a test says and remembers what it was sent. */
let server: ReturnType<typeof Bun.serve>;
let answer: () => Response;
let seen: { method: string; path: string; type: string | null; body: Record<string, unknown> }[] = [];

beforeAll(() => {
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const body = (await request.json()) as Record<string, unknown>;
      const path = new URL(request.url).pathname;
      seen.push({ method: request.method, path, type: request.headers.get('content-type'), body });
      return answer();
    },
  });
});
afterAll(() => server.stop(true));
beforeEach(() => {
  seen = [];
});

const order = {
  MerchantTradeNo: ORDER_NO,
  TradeNo: '2606221530001234',
  PaymentDate: '',
  TradeAmt: 980,
  TradeStatus: '0',
};
const PARTS = {
  atm: { ATMInfo: { BankCode: '822', vAccount: '9251262164875291', ExpireDate: '2026/06/29' } },
  cvs: {
    CVSInfo: {
      PaymentNo: 'LLL26213917389',
      ExpireDate: '2026/06/29 15:30:00',
      PaymentURL: 'https://payment.example/p',
    },
  },
  barcode: {
    BarcodeInfo: {
      Barcode1: '1508086CY',
      Barcode2: '1557352207269145',
      Barcode3: '080829000000789',
      ExpireDate: '2026/08/08 23:59:59',
    },
  },
};
type Kind = keyof typeof PARTS;

const good = (kind: Kind, change: object = {}, orderChange: object = {}) => ({
  RtnCode: 1,
  RtnMsg: '成功',
  MerchantID: '3002607',
  OrderInfo: { ...order, PaymentType: kind.toUpperCase(), ...orderChange },
  ...PARTS[kind],
  CustomField: PAYMENT_NO,
  ...change,
});

const envelope =
  (data: object, change: object = {}, secrets = SECRETS) =>
  () =>
    Response.json({
      MerchantID: '3002607',
      RpHeader: { Timestamp: 1 },
      TransCode: 1,
      TransMsg: 'Success!',
      Data: sealData(data, secrets),
      ...change,
    });

const ask = (kind: Kind, orderOf: Order = {}, secrets = SECRETS) =>
  requestNumber(createInput(kind, orderOf, { secrets }), ecpayContext(`http://127.0.0.1:${server.port}`));

/** What was inside the envelope that was sent. */
function sent(): Record<string, unknown> {
  const data = seen[0]?.body.Data;
  const opened = openData(String(data), SECRETS);
  if (!opened) throw new Error('what was sent cannot be opened');
  return { ...opened };
}

const REQUEST = {
  MerchantID: '3002607',
  OrderInfo: {
    MerchantTradeDate: '2026/06/22 15:30:00',
    MerchantTradeNo: ORDER_NO,
    TotalAmount: 980,
    ReturnURL: 'https://pay.example/api/paycore/webhooks/ecpay',
    TradeDesc: '茶 壺',
    ItemName: '茶 壺',
  },
  CustomField: PAYMENT_NO,
};

describe('what is sent', () => {
  test('one post of a sealed envelope without Revision, stamped with our time', async () => {
    answer = envelope(good('atm'));
    await ask('atm');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/1.0.0/Cashier/GenPaymentCode' });
    expect(seen[0]?.type).toContain('application/json');
    const { Data, ...rest } = seen[0]?.body ?? {};
    expect(typeof Data).toBe('string');
    expect(rest).toEqual({ MerchantID: '3002607', RqHeader: { Timestamp: Date.UTC(2026, 5, 22, 7, 30) / 1000 } });
  });

  const cases: readonly (readonly [string, Kind, Order, object])[] = [
    ['atm by default', 'atm', {}, { ChoosePayment: 'ATM', ATMInfo: { ATMBankCode: '' } }],
    [
      'atm for 7 days at a bank',
      'atm',
      { expireDays: 7, extras: { ATMBankCode: '822' } },
      { ChoosePayment: 'ATM', ATMInfo: { ExpireDate: 7, ATMBankCode: '822' } },
    ],
    ['cvs by default', 'cvs', {}, { ChoosePayment: 'CVS', CVSInfo: { CVSCode: 'CVS' } }],
    [
      'cvs in minutes, with texts for the machine',
      'cvs',
      { expireDays: 60, extras: { CVSCode: 'FAMILY', Desc_1: '一', Desc_4: '四' } },
      { ChoosePayment: 'CVS', CVSInfo: { ExpireDate: 43_200, CVSCode: 'FAMILY', Desc_1: '一', Desc_4: '四' } },
    ],
    [
      'cvs with its own minutes',
      'cvs',
      { expireDays: 7, extras: { StoreExpireDate: 90 } },
      { ChoosePayment: 'CVS', CVSInfo: { ExpireDate: 90, CVSCode: 'CVS' } },
    ],
    ['barcode by default', 'barcode', {}, { ChoosePayment: 'BARCODE', BarcodeInfo: {} }],
    [
      'barcode for 60 days',
      'barcode',
      { expireDays: 60 },
      { ChoosePayment: 'BARCODE', BarcodeInfo: { ExpireDate: 30 } },
    ],
  ];
  for (const [name, kind, change, own] of cases) {
    test(`${name}: exactly these fields`, async () => {
      answer = envelope(good(kind));
      await ask(kind, { itemName: '茶 & 壺', ...change });
      expect(sent()).toEqual({ ...REQUEST, ...own });
    });
  }

  test('a remark stands in OrderInfo, a platform in both places', async () => {
    answer = envelope(good('atm'));
    await ask('atm', { itemName: '茶 壺', extras: { Remark: '備註' } }, { ...SECRETS, platform_id: 'P1' });
    expect(sent()).toMatchObject({
      PlatformID: 'P1',
      MerchantID: '3002607',
      OrderInfo: { ...REQUEST.OrderInfo, Remark: '備註' },
    });
    expect(seen[0]?.body.MerchantID).toBe('P1');
  });
});

describe('a number that was issued', () => {
  test('an account', async () => {
    answer = envelope(good('atm'));
    expect(await ask('atm')).toEqual({
      type: 'instructions',
      instructions: {
        type: 'atm',
        bankCode: '822',
        virtualAccount: '9251262164875291',
        expireAt: '2026-06-29T23:59:59+08:00',
      },
      tradeNo: '2606221530001234',
    });
  });
  const CODE = { paymentCode: 'LLL26213917389', paymentCodeUrl: 'https://payment.example/p' };
  test.each([
    ['a store code, with the address of its page', { type: 'cvs', ...CODE, expireAt: '2026-06-29T15:30:00+08:00' }],
    ['barcodes', { type: 'barcode', barcodes: ['1508086CY', '1557352207269145', '080829000000789'] }],
  ] as const)('%s', async (_, instructions) => {
    answer = envelope(good(instructions.type));
    expect(await ask(instructions.type)).toMatchObject({ instructions });
  });
  for (const [name, change, orderChange] of [
    ['RtnCode as text', { RtnCode: '1' }, {}],
    ['TradeAmt as text', {}, { TradeAmt: '980' }],
    ['no TradeAmt', {}, { TradeAmt: null }],
    ['no trade number', {}, { TradeNo: '' }],
  ] as const) {
    test(`is taken with ${name}`, async () => {
      answer = envelope(good('atm', change, orderChange));
      expect((await ask('atm')).type).toBe('instructions');
    });
  }
  test('is taken with TransCode as text: ECPay has issued it, so it is no refusal', async () => {
    answer = envelope(good('atm'), { TransCode: '1' });
    expect((await ask('atm')).type).toBe('instructions');
  });
});

describe('a refusal', () => {
  for (const [name, make, code, message] of [
    [
      'of the order',
      envelope({ RtnCode: 10_300_028, RtnMsg: '訂單編號重覆', OrderInfo: { MerchantTradeNo: ORDER_NO } }),
      '10300028',
      '訂單編號重覆',
    ],
    ['of the order in text', envelope({ RtnCode: '10200050', RtnMsg: 'amount' }), '10200050', 'amount'],
    [
      'of the envelope',
      () => Response.json({ MerchantID: '', TransCode: 128, TransMsg: 'System exception', Data: '' }),
      '128',
      'System exception',
    ],
    ['without text', envelope({ RtnCode: 5 }), '5', ''],
  ] as const) {
    test(`${name} is told with ECPay’s own code and text`, async () => {
      answer = make;
      expect(await rejection(ask('cvs'))).toMatchObject({
        name: 'GatewayRefusal',
        errorCode: 'ECPAY_BACKGROUND_CODE_FAILED',
        gatewayCode: code,
        message,
      });
    });
  }
});

describe('what cannot be believed leaves the outcome unknown', () => {
  const data = good('atm');
  const cases: readonly (readonly [string, () => Response])[] = [
    ['HTML', () => new Response('<html>')],
    ['nothing', () => new Response('')],
    ['an array', () => Response.json([])],
    ['bytes that are no UTF-8', () => new Response(Uint8Array.from([0xff, 0xfe]))],
    ['HTTP 500, whatever it says', () => new Response(envelope(data)().body, { status: 500 })],
    ['HTTP 404', () => new Response('', { status: 404 })],
    ['a redirect', () => new Response('', { status: 302, headers: { location: '/' } })],
    ['no TransCode', envelope(data, { TransCode: null })],
    ['no Data', envelope(data, { Data: null })],
    ['empty Data', envelope(data, { Data: '' })],
    ['Data of other keys', envelope(data, {}, OTHER_SECRETS)],
    ['Data in clear', envelope(data, { Data: JSON.stringify(data) })],
    ['no RtnCode', envelope(good('atm', { RtnCode: null }))],
    ['another MerchantTradeNo', envelope(good('atm', {}, { MerchantTradeNo: 'PC260622OTHEROTHEROT' }))],
    ['no MerchantTradeNo', envelope(good('atm', {}, { MerchantTradeNo: '' }))],
    ['no OrderInfo', envelope(good('atm', { OrderInfo: null }))],
    ['another amount', envelope(good('atm', {}, { TradeAmt: 979 }))],
    ['an amount in cents', envelope(good('atm', {}, { TradeAmt: 98_000 }))],
    ['an amount that is no number', envelope(good('atm', {}, { TradeAmt: '980元' }))],
    ['the number of another method', envelope(good('cvs'))],
    ['no account', envelope(good('atm', { ATMInfo: { BankCode: '822', vAccount: '', ExpireDate: '2026/06/29' } }))],
    [
      'no bank',
      envelope(good('atm', { ATMInfo: { BankCode: '', vAccount: '9251262164875291', ExpireDate: '2026/06/29' } })),
    ],
    ['no deadline', envelope(good('atm', { ATMInfo: { BankCode: '822', vAccount: '9251262164875291' } }))],
  ];
  for (const [name, make] of cases) {
    test(name, async () => {
      answer = make;
      expect(await rejection(ask('atm'))).toMatchObject({ name: 'GatewayGarbage' });
      expect(seen).toHaveLength(1);
    });
  }

  test('no error repeats a secret', async () => {
    for (const [, make] of cases) {
      answer = make;
      const text = Bun.inspect(await rejection(ask('atm')));
      expect(text).not.toContain(SECRETS.hash_key ?? '?');
      expect(text).not.toContain(SECRETS.hash_iv ?? '?');
    }
  });
});

test('a gateway that is not there was certainly not told anything', async () => {
  const free = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const origin = `http://127.0.0.1:${free.port}`;
  await free.stop(true);
  const error = await rejection(requestNumber(createInput('atm'), ecpayContext(origin)));
  expect(error).toBeInstanceOf(GatewayCallError);
  expect(error).toMatchObject({ kind: 'not_sent' });
});

test('a connection that breaks leaves the outcome unknown', async () => {
  const rude = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: { data: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{') },
  });
  const error = await rejection(requestNumber(createInput('atm'), ecpayContext(`http://127.0.0.1:${rude.port}`)));
  rude.stop(true);
  expect(error).toBeInstanceOf(GatewayCallError);
  expect((error as GatewayCallError).kind).not.toBe('not_sent');
});

test('a method without a number is a mistake of ours', async () => {
  const input = createInput('aio/credit');
  expect(await rejection(requestNumber(input, ecpayContext()))).toBeInstanceOf(Error);
});
