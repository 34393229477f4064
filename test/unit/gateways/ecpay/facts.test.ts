import { describe, expect, test } from 'bun:test';
import { readIssued, readIssuedParts, readPaid } from '../../../../src/gateways/ecpay/facts.ts';

const order = { TradeNo: 'T1', TradeAmt: '980', PaymentDate: '2026/06/22 15:31:42', PaymentType: 'CVS_CVS' };
const account = { BankCode: '822', vAccount: '9251262164875291', ExpireDate: '2026/06/29' };

test('a paid order names amount, time, channel and trade number', () => {
  expect(readPaid(order, false)).toEqual({
    type: 'paid',
    amount: 98_000,
    currency: 'TWD',
    simulated: false,
    tradeNo: 'T1',
    paidAt: '2026-06-22T15:31:42+08:00',
    channel: 'CVS_CVS',
  });
});

for (const TradeAmt of [
  '',
  null,
  undefined,
  '980.00',
  980.5,
  -980,
  '-980',
  ' 980',
  '0x3d4',
  '9e2',
  '９８０',
  {},
  '1'.repeat(13),
]) {
  test(`the amount ${JSON.stringify(TradeAmt)} matches none`, () => {
    expect(readPaid({ ...order, TradeAmt }, false)).toMatchObject({ amount: -1 });
    expect(readIssued({ ...account, RtnCode: '2', TradeAmt })).toMatchObject({ amount: -1 });
  });
}

test('a number is issued by RtnCode 2 for accounts and 10100073 for stores, and by no other code', () => {
  const both = { ...account, PaymentNo: 'LLL26173917389', ExpireDate: '2026/06/29 15:30:00', TradeAmt: 980 };
  const typeOf = (RtnCode: unknown) => {
    const fact = readIssued({ ...both, RtnCode });
    return fact?.type === 'instructions' ? fact.instructions.type : null;
  };
  expect([typeOf('2'), typeOf(2), typeOf('10100073'), typeOf(10_100_073)]).toEqual(['atm', 'atm', 'cvs', 'cvs']);
  for (const code of ['1', 1, '0', '', null, '10200047']) expect(typeOf(code)).toBeNull();
});

describe('an answer that has the parts of all kinds, as ECPay’s own example has', () => {
  const data = {
    OrderInfo: { TradeNo: 'T1', TradeAmt: '500', PaymentType: 'Credit', TradeStatus: '1' },
    CVSInfo: { PaymentNo: '12345678901234', ExpireDate: 7, PaymentURL: 'https://aa.aa.aa' },
    BarcodeInfo: {
      ExpireDate: '2020/12/31 15:12:20',
      Barcode1: '123456789',
      Barcode2: '1234567890123456',
      Barcode3: '123456789012345',
    },
    ATMInfo: { BankCode: '800', vAccount: '1234567890', ExpireDate: '2020/12/31' },
  };
  const fallback = '2026-06-29T15:30:00+08:00';
  const read = (method: string, PaymentType = 'Credit', change: object = {}) => {
    const all = { ...data, ...change, OrderInfo: { ...data.OrderInfo, PaymentType } };
    const fact = readIssuedParts(all, { method, fallback });
    return fact?.type === 'instructions' ? fact.instructions : null;
  };

  test('gives the part that belongs to the method', () => {
    expect(read('atm')).toMatchObject({ type: 'atm', virtualAccount: '1234567890' });
    expect(read('cvs')).toMatchObject({ type: 'cvs', paymentCode: '12345678901234', expireAt: fallback });
    expect(read('barcode')).toMatchObject({ type: 'barcode' });
  });

  test('where the payer chose, the part of the kind that ECPay names', () => {
    expect(read('ecpg', 'CVS')).toMatchObject({ type: 'cvs' });
    expect(read('ecpg', 'ATM_CHINATRUST')).toMatchObject({ type: 'atm' });
    expect(read('ecpg', 'BARCODE')).toMatchObject({ type: 'barcode' });
  });

  test('none when nobody says which, and the only one when there is one', () => {
    expect(read('ecpg')).toBeNull();
    expect(read('ecpg', '', { ATMInfo: null, BarcodeInfo: null })).toMatchObject({ type: 'cvs' });
    expect(read('cvs', 'CVS', { CVSInfo: null })).toBeNull();
  });

  test('also when they stand flat', () => {
    const { ATMInfo, ...stores } = data;
    const flat = { RtnCode: '10100073', ...stores.CVSInfo, ...stores.BarcodeInfo, TradeAmt: '500' };
    const typeOf = (PaymentType: string, method?: string) => {
      const fact = readIssued({ ...flat, PaymentType }, method);
      return fact?.type === 'instructions' ? fact.instructions.type : null;
    };
    expect([typeOf('CVS_IBON'), typeOf('BARCODE_BARCODE')]).toEqual(['cvs', 'barcode']);
    expect([typeOf('', 'cvs'), typeOf('', 'barcode'), typeOf('', 'all')]).toEqual(['cvs', 'barcode', null]);
  });
});
