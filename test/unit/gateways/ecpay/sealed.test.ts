import { describe, expect, test } from 'bun:test';
import type { Verification } from '../../../../src/gateways/gateway.ts';
import {
  factsOf,
  judge,
  noticeData,
  ORDER_NO,
  OTHER_SECRETS,
  openEnvelope,
  parseMessage,
  readCallback,
  sealedCallback,
} from '../../../support/ecpay.ts';
import { present } from '../../../support/parts.ts';
import vectors from '../../../vectors/ecpay.json';

describe('a sealed notice', () => {
  test('of a real payment pays', () => {
    expect(factsOf(sealedCallback(noticeData()))).toEqual([
      {
        type: 'paid',
        amount: 98_000,
        currency: 'TWD',
        simulated: false,
        tradeNo: '2606221531001234',
        paidAt: '2026-06-23T08:22:04+08:00',
        channel: 'CVS',
        details: {
          fee: { amount: 2600, currency: 'TWD' },
          net: { amount: 95_400, currency: 'TWD' },
          tradedAt: '2026-06-22T15:30:00+08:00',
        },
      },
    ]);
  });

  test('recorded of a simulated payment pays in simulation, although its TradeStatus is 0', () => {
    const vector = present(vectors['aes-cbc-data'].find((one) => one.name.includes('notify Data CVS simulated')));
    const message = present(openEnvelope(vector.expected));
    expect(message.hints).toEqual({ orderNo: 'NFCVS543393277' });
    expect(parseMessage(message)).toMatchObject([
      { type: 'paid', simulated: true, amount: 22_200, tradeNo: '2608010816340251' },
    ]);
  });

  test('pays with a date of payment, although its TradeStatus is 0', () => {
    for (const TradeStatus of ['0', 0, '10200095']) {
      expect(factsOf(sealedCallback(noticeData({}, { TradeStatus })))).toMatchObject([
        { type: 'paid', simulated: false },
      ]);
    }
  });

  for (const code of ['1', 1]) {
    test(`may say RtnCode as ${typeof code}`, () => {
      expect(factsOf(sealedCallback(noticeData({ RtnCode: code })))).toMatchObject([{ type: 'paid' }]);
    });
  }
  for (const code of [0, 2, '', null, true, [1], 10_100_058, '01', undefined]) {
    test(`with RtnCode ${JSON.stringify(code)} pays nothing`, () => {
      expect(factsOf(sealedCallback(noticeData({ RtnCode: code }))).map((fact) => fact.type)).toEqual(['declined']);
    });
  }
  for (const [amount, minor] of [
    [980, 98_000],
    ['980', 98_000],
    [979, 97_900],
    [980.5, -1],
    [-980, -1],
    ['980.00', -1],
    [null, -1],
    [[980], -1],
  ] as const) {
    test(`with TradeAmt ${JSON.stringify(amount)} is worth ${minor}`, () => {
      expect(factsOf(sealedCallback(noticeData({}, { TradeAmt: amount })))).toMatchObject([
        { type: 'paid', amount: minor },
      ]);
    });
  }

  test('is checked against merchant and payment', () => {
    const refused = (message: string): Verification => ({ ok: false, proved: true, message });
    expect(judge(sealedCallback(noticeData({ MerchantID: 3_002_607 })))).toEqual({ ok: true });
    expect(judge(sealedCallback(noticeData({ MerchantID: '2000132' })))).toEqual(refused('ECPay MerchantID mismatch.'));
    expect(judge(sealedCallback(noticeData({ MerchantID: undefined })))).toEqual(refused('ECPay MerchantID mismatch.'));
    for (const none of ['', null, undefined])
      expect(judge(sealedCallback(noticeData({ CustomField: none })))).toEqual({ ok: true });
    expect(judge(sealedCallback(noticeData({ CustomField: 'PAY1' })))).toEqual(
      refused('ECPay encrypted background callback transaction not found.'),
    );
  });

  test('with other keys, or without our number, opens to nothing', () => {
    expect(readCallback(sealedCallback(noticeData()), OTHER_SECRETS)).toBeNull();
    expect(readCallback(sealedCallback(noticeData({}, { MerchantTradeNo: '' })))).toBeNull();
    expect(readCallback(sealedCallback(noticeData({ OrderInfo: null })))).toBeNull();
    expect(readCallback(sealedCallback(noticeData({ OrderInfo: [], MerchantTradeNo: ORDER_NO })))).toBeNull();
  });
});

describe('sealed answers of ours that are replayed as notices', () => {
  const never = (data: Record<string, unknown>) =>
    expect(factsOf(sealedCallback(data)).map((fact) => fact.type)).not.toContain('paid');
  const unpaid = { PaymentDate: '', TradeStatus: '0' };

  const ATMInfo = { BankCode: '822', vAccount: '9251262164875291', ExpireDate: '2026/08/04' };
  const CVSInfo = {
    PaymentNo: 'LLL26213917389',
    ExpireDate: '2026/08/08 08:03:45',
    PaymentURL: 'https://payment.example/',
  };
  const CODES = { Barcode1: '1508086CY', Barcode2: '1557352207269145', Barcode3: '080829000000789' };
  const BarcodeInfo = { ...CODES, ExpireDate: '2026/08/08 23:59:59' };
  test.each([
    ['an account', { CVSInfo: null, ATMInfo }],
    ['a store code', { CVSInfo }],
    ['barcodes', { CVSInfo: null, BarcodeInfo }],
  ])('the answer that issued %s', (_, issued) => never(noticeData(issued, unpaid)));
  test('the answer to a query of an unpaid order, whatever its fields are typed as', () => {
    for (const date of ['', null, undefined]) {
      for (const status of ['0', 0, '10200095']) {
        never(
          noticeData(
            { CVSInfo: null, ATMInfo: { ATMAccBank: null, ATMAccNo: null } },
            { PaymentDate: date, TradeStatus: status },
          ),
        );
      }
    }
  });
  test('recorded: the answer that issued an account', () => {
    const vector = present(vectors['aes-cbc-data'].find((one) => one.name.includes('ATM response Data')));
    expect(parseMessage(present(openEnvelope(vector.expected))).map((fact) => fact.type)).toEqual(['note']);
  });
  test('requests of ours', () => {
    for (const vector of vectors['aes-cbc-data'].filter((one) => one.name.includes('request'))) {
      const message = openEnvelope(vector.expected);
      if (message) expect(parseMessage(message).map((fact) => fact.type)).toEqual(['declined']);
    }
  });
});
