import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../../src/core/errors.ts';
import { openData, sealData } from '../../../../src/gateways/ecpay/cipher.ts';
import { ecpay } from '../../../../src/gateways/ecpay/index.ts';
import { refundCard } from '../../../../src/gateways/ecpay/refund.ts';
import { signFields } from '../../../../src/gateways/ecpay/signature.ts';
import {
  type GatewayContext,
  GatewayForbidden,
  GatewayGarbage,
  GatewayRefusal,
  type RefundInput,
} from '../../../../src/gateways/gateway.ts';
import { GatewayCallError, type GatewayHttp } from '../../../../src/gateways/http.ts';
import { createInput, ecpayContext, methodAt, OTHER_SECRETS, SECRETS } from '../../../support/ecpay.ts';
import { present, rejection } from '../../../support/parts.ts';
import { startStandIn } from '../../../support/standin.ts';
import vectors from '../../../vectors/ecpay.json';

/** The order of the recorded signature. */
const VECTOR = present(vectors['cmv-sha256'].find(({ name }) => name === 'DoAction refund request'));
const { MerchantTradeNo: ORDER_NO, TradeNo: TRADE_NO } = VECTOR.input as Record<string, string>;

type Fields = Record<string, unknown>;
type Reply = Fields | Response | 'silence';

/** What ECPay answers to a question about the order, and to each action in turn. */
let trade: Fields = {};
let replies: Record<string, Reply> = {};
/** Envelopes and forms, opened. */
let sent: { path: string; fields: Fields }[] = [];

const ecpayHost = startStandIn();
afterAll(() => ecpayHost.stop());
beforeEach(() => {
  trade = {};
  replies = {};
  sent = [];
  ecpayHost.answer = ({ path, body }) => {
    const isSealed = path.startsWith('/1.0.0/');
    const fields = isSealed
      ? { ...openData(String(JSON.parse(body).Data), SECRETS) }
      : Object.fromEntries(new URLSearchParams(body));
    sent.push({ path, fields });
    const answer = /Query/.test(path) ? tradeAnswer(isSealed) : (replies[String(fields.Action)] ?? NO);
    if (answer === 'silence') return new Promise(() => {});
    if (answer instanceof Response) return answer;
    const named = { MerchantID: '3002607', MerchantTradeNo: ORDER_NO, TradeNo: TRADE_NO, ...answer };
    return isSealed ? sealed(named) : new Response(raw(named));
  };
});

function tradeAnswer(isSealed: boolean): Fields {
  const fields = { TradeNo: TRADE_NO, TradeAmt: '980', TradeStatus: '1', PaymentType: 'Credit_CreditCard', ...trade };
  return isSealed ? { RtnCode: 1, OrderInfo: { MerchantTradeNo: ORDER_NO, ...fields } } : fields;
}

function raw(fields: Fields): string {
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const all = { ...texts, ...('CheckMacValue' in texts ? {} : { CheckMacValue: signFields(texts, SECRETS) }) };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const sealed = (data: Fields) =>
  Response.json({
    MerchantID: '3002607',
    RpHeader: {},
    TransCode: 1,
    TransMsg: 'Success!',
    Data: sealData(data, SECRETS),
  });

const YES = { RtnCode: 1, RtnMsg: 'OK' };
const NO = { RtnCode: 0, RtnMsg: 'error_status' };

function inputOf(path: string, change: Partial<RefundInput> = {}): RefundInput {
  const { payment, secrets, method } = createInput(path);
  return {
    method,
    payment: { ...payment, environment: 'production' },
    secrets,
    gatewayOrderNo: ORDER_NO ?? '',
    tradeNo: null,
    amount: 98_000,
    refundNo: 'RF260622ABCDEFGHIJKL',
    ...change,
  };
}

const refund = (path = 'aio/credit', change: Partial<RefundInput> = {}, ctx: Partial<GatewayContext> = {}) =>
  refundCard(inputOf(path, change), { ...ecpayContext(ecpayHost.url), ...ctx });
const actions = () => sent.flatMap(({ fields }) => fields.Action ?? []);
const ofParts = { amount: 10_000 };

describe('which methods', () => {
  test('cards, and what may turn out to be one', () => {
    const paths = ecpay.methods.filter(({ refundable }) => refundable).map(({ path }) => path);
    expect(paths).toEqual(['aio', 'aio/credit', 'ecpg']);
  });

  for (const [path, channel, asked] of [
    ['aio', 'ATM_CHINATRUST', '/Cashier/QueryTradeInfo/V5'],
    ['aio', 'CVS_IBON', '/Cashier/QueryTradeInfo/V5'],
    ['aio', 'TWQR_OPAY', '/Cashier/QueryTradeInfo/V5'],
    ['ecpg', 'ATM', '/1.0.0/Cashier/QueryTrade'],
    ['ecpg', 'BARCODE', '/1.0.0/Cashier/QueryTrade'],
  ] as const) {
    test(`${path} paid by ${channel} is not paid back, and nothing is tried`, async () => {
      trade = { PaymentType: channel };
      const error = await rejection(refund(path));
      expect(error).toMatchObject({ errorCode: 'REFUND_NOT_SUPPORTED', gatewayCode: channel });
      expect(sent.map((one) => one.path)).toEqual([asked]);
    });
  }

  for (const channel of ['Credit_CreditCard', 'Flexible_Installment', 'ApplePay', 'Credit', 'UnionPay', '']) {
    test(`a payment by “${channel}” is tried`, async () => {
      trade = { PaymentType: channel };
      replies = { R: YES };
      expect(await refund('aio')).toMatchObject({ status: 'succeeded' });
    });
  }
});

describe('the request', () => {
  test('of the cashier is signed as recorded', async () => {
    replies = { R: YES };
    expect(await refund()).toEqual({ status: 'succeeded', gatewayRefundNo: null, message: 'OK' });
    expect(sent[1]).toEqual({
      path: '/CreditDetail/DoAction',
      fields: { ...VECTOR.input, CheckMacValue: VECTOR.expected },
    });
  });

  test('of an in-site payment is sealed', async () => {
    replies = { R: YES };
    expect(await refund('ecpg', ofParts)).toMatchObject({ status: 'succeeded', gatewayRefundNo: null });
    expect(sent[1]).toEqual({
      path: '/1.0.0/Credit/DoAction',
      fields: { MerchantID: '3002607', MerchantTradeNo: ORDER_NO, TradeNo: TRADE_NO, Action: 'R', TotalAmount: 100 },
    });
  });

  test('of a platform’s merchant names the platform', async () => {
    replies = { R: YES };
    const secrets = { ...SECRETS, platform_id: '3002599' };
    await refund('aio/credit', { secrets });
    await refund('ecpg', { secrets });
    for (const at of [1, 3]) expect(sent[at]?.fields).toMatchObject({ PlatformID: '3002599', MerchantID: '3002607' });
  });

  test('names the trade that the payment was paid by', async () => {
    replies = { R: { ...YES, TradeNo: 'T2' } };
    await refund('aio/credit', { tradeNo: 'T2' });
    expect(sent[1]?.fields.TradeNo).toBe('T2');
  });
});

describe('what is not collected yet', () => {
  test('is let go of when it is only authorised', async () => {
    replies = { R: NO, E: NO, N: YES };
    expect(await refund()).toMatchObject({ status: 'succeeded' });
    expect(actions()).toEqual(['R', 'E', 'N']);
  });

  for (const path of ['aio/credit', 'ecpg']) {
    test(`is taken back first when it was going to be collected (${path})`, async () => {
      replies = { R: NO, E: YES, N: YES };
      expect(await refund(path)).toMatchObject({ status: 'succeeded' });
      expect(actions()).toEqual(['R', 'E', 'N']);
    });
  }

  test('can only be paid back whole: a part is refused with ECPay’s reason, and nothing else is tried', async () => {
    replies = { R: NO };
    const error = await rejection(refund('aio/credit', ofParts));
    expect(error).toBeInstanceOf(GatewayRefusal);
    expect(error).toMatchObject({ errorCode: 'REFUND_REFUSED', gatewayCode: '0', message: 'error_status' });
    expect(actions()).toEqual(['R']);
  });

  test('when nothing fits, what stood in the way of the first is told', async () => {
    replies = { R: { RtnCode: 10_100_252, RtnMsg: '餘額不足' } };
    expect(await rejection(refund())).toMatchObject({ gatewayCode: '10100252', message: '餘額不足' });
    expect(actions()).toEqual(['R', 'E', 'N']);
  });

  for (const [name, last] of [
    ['a refusal', NO],
    ['silence', 'silence'],
    ['a shut door', new Response('busy', { status: 403 })],
  ] as const) {
    test(`half done and then ${name}: the outcome is open, not refused`, async () => {
      replies = { R: NO, E: YES, N: last };
      const { http } = ecpayContext();
      const quick: GatewayHttp = {
        ...http,
        // Only who meets silence is impatient.
        post: (url, options) =>
          http.post(url, String(options.body).includes('Action=N') ? { ...options, timeoutMs: 200 } : options),
      };
      const error = await rejection(refund('aio/credit', {}, { http: quick }));
      expect(error).toBeInstanceOf(GatewayGarbage);
      expect(String(error)).toContain('will not collect the amount any more');
    });
  }
});

describe('answers that are no answers', () => {
  const outcomeOf = async (reply: Reply, path = 'aio/credit') => {
    replies = { R: reply };
    const error = await rejection(refund(path, ofParts));
    return (error as Error).constructor.name;
  };

  for (const [name, reply, expected] of [
    ['a wrong signature', { ...YES, CheckMacValue: 'A'.repeat(64) }, 'GatewayGarbage'],
    ['another order', { ...YES, MerchantTradeNo: 'PC260622OTHER' }, 'GatewayGarbage'],
    ['another trade', { ...YES, TradeNo: '1' }, 'GatewayGarbage'],
    ['another merchant', { ...YES, MerchantID: OTHER_SECRETS.merchant_id }, 'GatewayGarbage'],
    ['a yes to nothing', { ...YES, MerchantTradeNo: '' }, 'GatewayGarbage'],
    ['no code', { RtnMsg: 'OK' }, 'GatewayGarbage'],
    ['a page', new Response('<html>系統維護中</html>'), 'GatewayGarbage'],
    ['an error that may be anything', new Response('0|Exception'), 'GatewayGarbage'],
    ['a yes without fields', new Response('1|OK'), 'GatewayGarbage'],
    ['HTTP 500', new Response('', { status: 500 }), 'GatewayGarbage'],
    ['a request that is not taken', new Response('10200073|CheckMacValue Error'), 'GatewayRefusal'],
    [
      'a no that names nothing',
      { RtnCode: 10_200_047, MerchantTradeNo: '', TradeNo: '', MerchantID: '' },
      'GatewayRefusal',
    ],
    ['HTTP 403', new Response('403', { status: 403 }), 'GatewayForbidden'],
  ] as const) {
    test(`${name}: ${expected}`, async () => expect(await outcomeOf(reply)).toBe(expected));
  }

  test('an unsigned yes is taken, since ECPay’s own package asks for no signature', async () => {
    const fields = `MerchantID=3002607&MerchantTradeNo=${ORDER_NO}&TradeNo=${TRADE_NO}&RtnCode=1&RtnMsg=交易 成功+`;
    replies = { R: new Response(fields) };
    expect(await refund()).toMatchObject({ status: 'succeeded', message: '交易 成功+' });
  });

  for (const [name, reply, expected] of [
    [
      'an envelope that is not taken',
      Response.json({ MerchantID: '', TransCode: 128, TransMsg: 'x' }),
      'GatewayRefusal',
    ],
    [
      'an envelope of other keys',
      Response.json({ TransCode: 1, Data: sealData(YES, OTHER_SECRETS) }),
      'GatewayGarbage',
    ],
    ['another order', { ...YES, MerchantTradeNo: 'PC260622OTHER' }, 'GatewayGarbage'],
    ['a text for a number', { RtnCode: '1x' }, 'GatewayGarbage'],
  ] as const) {
    test(`in site, ${name}: ${expected}`, async () => expect(await outcomeOf(reply, 'ecpg')).toBe(expected));
  }
});

describe('before anything is asked back', () => {
  for (const [name, change, message] of [
    ['unpaid', { TradeStatus: '0' }, 'does not show this order as paid'],
    ['unknown', { TradeStatus: '10200047' }, 'does not show this order as paid'],
    ['without a number', { TradeNo: '' }, 'does not show this order as paid'],
    ['of another amount', { TradeAmt: '979' }, 'with another amount'],
  ] as const) {
    test(`an order that ECPay shows ${name} is refused`, async () => {
      trade = change;
      const error = await rejection(refund());
      expect(error).toBeInstanceOf(GatewayRefusal);
      expect(String(error)).toContain(message);
      expect(actions()).toEqual([]);
    });
  }

  test('a question that is not answered leaves certainly nothing done', async () => {
    ecpayHost.answer = () => new Response('<html>maintenance</html>');
    const error = await rejection(refund());
    expect(error).toBeInstanceOf(GatewayCallError);
    expect((error as GatewayCallError).kind).toBe('not_sent');
  });

  test('a shut door is told as such, so that the account is left alone', async () => {
    ecpayHost.answer = () => new Response('403', { status: 403 });
    expect(await rejection(refund())).toBeInstanceOf(GatewayForbidden);
  });

  test('the real stage environment is not called at all', async () => {
    for (const path of ['aio/credit', 'ecpg']) {
      const originOf = (service: string) => `https://${service}-stage.ecpay.com.tw`;
      expect(await rejection(refund(path, {}, { originOf }))).toMatchObject({ errorCode: 'REFUND_NOT_SUPPORTED' });
    }
    expect(sent).toEqual([]);
  });

  test('ECPay is left alone from 20:15 to 20:30 in Taipei', async () => {
    const at = (time: string) => ({ now: Date.parse(`2026-06-22T${time}+08:00`) });
    replies = { R: YES };
    for (const time of ['20:15:00', '20:29:59']) {
      const error = await rejection(refund('aio/credit', {}, at(time)));
      expect(error).toBeInstanceOf(PayCoreError);
      expect(error).toMatchObject({ code: 'GATEWAY_RESTING', details: { retry_after: 900 } });
    }
    expect(sent).toEqual([]);
    for (const time of ['20:14:59', '20:30:00']) {
      expect(await refund('aio/credit', {}, at(time))).toMatchObject({ status: 'succeeded' });
    }
  });
});

test('all calls of one refund end before it counts as lost', async () => {
  const spent: number[] = [];
  replies = { R: NO, E: NO, N: YES };
  const { http } = ecpayContext();
  const counting = {
    ...http,
    post: (url: string, options: Parameters<typeof http.post>[1]) => {
      spent.push(options.timeoutMs);
      return http.post(url, options);
    },
  };
  await refund('aio/credit', { method: methodAt('aio/credit') }, { http: counting });
  expect(spent).toHaveLength(4);
  expect(spent.reduce((all, ms) => all + ms, 0)).toBeLessThan(50_000);
});
