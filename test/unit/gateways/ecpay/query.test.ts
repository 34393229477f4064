import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { DAY } from '../../../../src/core/time.ts';
import { sealData } from '../../../../src/gateways/ecpay/cipher.ts';
import { ecpay } from '../../../../src/gateways/ecpay/index.ts';
import { queryOrder } from '../../../../src/gateways/ecpay/query.ts';
import { signFields } from '../../../../src/gateways/ecpay/signature.ts';
import type { QueryInput } from '../../../../src/gateways/gateway.ts';
import { START } from '../../../support/clock.ts';
import { createInput, ecpayContext, noticeData, ORDER_NO, OTHER_SECRETS, SECRETS } from '../../../support/ecpay.ts';
import { present, rejection } from '../../../support/parts.ts';

/** ECPay asked about a number, by a stand-in that answers what a test says. */
let server: ReturnType<typeof Bun.serve>;
let answer: (path: string) => Response;
beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: ({ url }) => answer(new URL(url).pathname) });
});
afterAll(() => server.stop(true));

const context = () => ecpayContext(`http://127.0.0.1:${server.port}`);

function ask(path: string, change: Partial<QueryInput> = {}) {
  const { method, payment, gatewayOrderNo, secrets } = createInput(path);
  return queryOrder(
    {
      ...{ method, payment, gatewayOrderNo, secrets, environment: payment.environment, tradeNo: null },
      ...{
        declines: 0,
        isUnderReview: false,
        beginCapture: async () => true,
        hasInstructions: true,
        lacksCodeUrl: false,
      },
      ...{ deadline: START + DAY, ...change },
    },
    context(),
  );
}

const sealed = (data: object, secrets = SECRETS) =>
  Response.json({ MerchantID: SECRETS.merchant_id, TransCode: 1, TransMsg: 'Success', Data: sealData(data, secrets) });

const UNPAID = { PaymentDate: '', TradeStatus: '0' };

describe('a sealed answer', () => {
  test('tells of the payment', async () => {
    answer = () => sealed(noticeData({ CVSInfo: null }));
    expect(await ask('cvs')).toMatchObject({ type: 'facts', facts: [{ type: 'paid', amount: 98_000 }] });
    answer = () => sealed(noticeData({ CVSInfo: null }, UNPAID));
    expect(await ask('cvs')).toEqual({ type: 'facts', facts: [] });
  });

  test.each([10_000_185, '10000185', 10_200_047])('with RtnCode %p knows no such order', async (RtnCode) => {
    answer = () => sealed({ ...noticeData(), RtnCode });
    expect(await ask('cvs')).toEqual({ type: 'not_found' });
  });

  test.each([0, 2, 10_100_058, 5_100_011, '10200095', '', null, undefined])(
    'with RtnCode %p is trouble, never "not found"',
    async (RtnCode) => {
      answer = () => sealed({ ...noticeData(), RtnCode });
      for (const hasInstructions of [true, false]) {
        for (const path of ['cvs', 'ecpg']) {
          expect(await rejection(ask(path, { hasInstructions }))).toMatchObject({ name: 'GatewayGarbage' });
        }
      }
    },
  );

  test.each([
    ['another merchant', noticeData({ MerchantID: '2000132' })],
    ['no merchant', noticeData({ MerchantID: undefined })],
    ['another number', noticeData({}, { MerchantTradeNo: 'PC260622OTHEROTHEROT' })],
    ['no number', noticeData({}, { MerchantTradeNo: '' })],
    ['no order', noticeData({ OrderInfo: null })],
  ])('about %s is not believed', async (_name, data) => {
    answer = () => sealed(data);
    expect(await rejection(ask('cvs'))).toMatchObject({ name: 'GatewayGarbage' });
    answer = () => sealed({ ...data, CustomField: null });
    expect(await rejection(ask('ecpg', { hasInstructions: false }))).toMatchObject({ name: 'GatewayGarbage' });
  });

  test('under other keys, and a refusal of the envelope, say nothing either', async () => {
    answer = () => sealed(noticeData(), OTHER_SECRETS);
    expect(await rejection(ask('cvs'))).toMatchObject({ name: 'GatewayGarbage' });
    answer = () => Response.json({ TransCode: 128, TransMsg: 'System exception', Data: '' });
    expect(await rejection(ask('cvs'))).toMatchObject({ name: 'GatewayGarbage' });
    answer = () => new Response('', { status: 403 });
    expect(await rejection(ask('cvs'))).toMatchObject({ name: 'GatewayForbidden' });
  });
});

describe('a signed answer', () => {
  const FIELDS = {
    MerchantID: SECRETS.merchant_id ?? '',
    MerchantTradeNo: ORDER_NO,
    TradeNo: '2606221531001234',
    TradeAmt: '980',
    PaymentDate: '2026/06/22 15:31:42',
    PaymentType: 'Credit_CreditCard',
    TradeStatus: '1',
  };
  const signed = (change: Readonly<Record<string, string>>, secrets = SECRETS) => {
    const fields: Record<string, string> = { ...FIELDS, ...change };
    const pairs = Object.entries({ ...fields, CheckMacValue: signFields(fields, secrets) });
    return new Response(pairs.map(([name, value]) => `${name}=${value}`).join('&'));
  };

  test('tells of the payment, or that there is none', async () => {
    answer = () => signed({});
    expect(await ask('aio/credit')).toMatchObject({ type: 'facts', facts: [{ type: 'paid', amount: 98_000 }] });
    answer = () => signed({ TradeStatus: '10200047' });
    expect(await ask('aio/credit')).toEqual({ type: 'not_found' });
    for (const TradeStatus of ['0', '10200095', '10200163']) {
      answer = () => signed({ TradeStatus });
      expect(await ask('aio/credit')).toEqual({ type: 'facts', facts: [] });
    }
  });

  test.each([
    ['of another merchant', () => signed({ MerchantID: '2000132' })],
    ['about another number', () => signed({ MerchantTradeNo: 'PC260622OTHEROTHEROT' })],
    ['under another key', () => signed({}, OTHER_SECRETS)],
    ['without a status', () => signed({ TradeStatus: '' })],
    ['that is a refusal', () => new Response('10200073|CheckMacValue Error')],
  ])('%s is not believed', async (_name, make) => {
    answer = make;
    expect(await rejection(ask('aio/credit'))).toMatchObject({ name: 'GatewayGarbage' });
  });

  test('with several numbers shows that of the method', async () => {
    const number = {
      RtnCode: '10100073',
      ExpireDate: '2026/06/29 15:30:00',
      PaymentNo: 'LLL26173917389',
      PaymentType: '',
    };
    const bars = { Barcode1: '1508086CY', Barcode2: '1557352207269145', Barcode3: '080829000000789' };
    answer = (path) =>
      path.endsWith('QueryPaymentInfo') ? signed({ ...number, ...bars }) : signed({ TradeStatus: '0' });
    for (const type of ['cvs', 'barcode']) {
      expect(await ask(`aio/${type}`, { hasInstructions: false })).toMatchObject({
        facts: [{ instructions: { type } }],
      });
    }
  });
});

describe('the answer to an in-site payment', () => {
  const pay = () => present(ecpay.inSite).pay({ ...createInput('ecpg'), payToken: 'token' }, context());

  test.each([
    ['a date of payment, although its TradeStatus is 0', { TradeStatus: '0' }],
    ['TradeStatus 1, although it has no date', { PaymentDate: '', TradeStatus: '1' }],
  ])('pays with %s', async (_name, order) => {
    answer = () => sealed(noticeData({ CVSInfo: null, CardInfo: {} }, order));
    expect(await pay()).toMatchObject({ type: 'facts', facts: [{ type: 'paid', amount: 98_000 }] });
  });

  test('with neither is no payment', async () => {
    answer = () => sealed(noticeData({ CVSInfo: null, CardInfo: {} }, UNPAID));
    expect(await rejection(pay())).toMatchObject({ name: 'GatewayGarbage' });
  });
});
