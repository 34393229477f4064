import { expect, test } from 'bun:test';
import { readIssued, readPaid } from '../../../../src/gateways/ecpay/facts.ts';

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
