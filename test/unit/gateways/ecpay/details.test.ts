import { describe, expect, test } from 'bun:test';
import { readDetails } from '../../../../src/gateways/ecpay/details.ts';

const twd = (amount: number) => ({ amount, currency: 'TWD' });

describe('a card', () => {
  const CARD_INFO = {
    ...{
      AuthCode: '777777',
      Gwsr: 12345,
      Stage: 3,
      Stast: 328,
      Staed: 326,
      Eci: 5,
      Card6No: '431195',
      Card4No: '2222',
    },
    ...{ RedDan: 100, RedDeAmt: 50, RedOkAmt: 930, RedYet: 900, IssuingBank: '玉山銀行', IssuingBankCode: '808' },
  };
  const KNOWN = {
    first6: '431195',
    last4: '2222',
    eci: '5',
    authCode: '777777',
    installments: { count: 3, first: 32_800, each: 32_600 },
    bonus: { used: 100, left: 900, discount: 5000, charged: 93_000 },
  };

  test('in CardInfo has all that is told, with the bank by its name, or by the name of its code', () => {
    expect(readDetails({}, CARD_INFO)).toEqual({ card: { ...KNOWN, bank: '玉山銀行' } });
    expect(readDetails({}, { ...CARD_INFO, IssuingBank: '' })).toEqual({ card: { ...KNOWN, bank: '玉山銀行' } });
    expect(readDetails({}, { ...CARD_INFO, IssuingBank: '', IssuingBankCode: '000' })).toEqual({ card: KNOWN });
  });

  test('in a form of the cashier has the same in small letters and as text', () => {
    const form = {
      ...{ auth_code: '777777', stage: '3', stast: '328', staed: '326', eci: '5', card6no: '431195', card4no: '2222' },
      ...{ red_dan: '100', red_de_amt: '50', red_ok_amt: '930', red_yet: '900' },
    };
    expect(readDetails({}, form)).toEqual({ card: KNOWN });
  });

  test('that was paid at once, without points, has neither instalments nor bonus', () => {
    const none = { ...CARD_INFO, Stage: 0, Stast: 0, Staed: 0, RedDan: 0, RedDeAmt: 0, RedOkAmt: 0, RedYet: 0 };
    const { card } = readDetails({}, none);
    expect(Object.keys(card ?? {}).sort()).toEqual(['authCode', 'bank', 'eci', 'first6', 'last4']);
  });

  for (const Card4No of ['', undefined, '4311952222222222', '22222', 'abcd', null]) {
    test(`whose end reads ${Card4No} is none: more of a number is never kept`, () => {
      expect(readDetails({}, { ...CARD_INFO, Card4No })).toEqual({});
    });
  }

  test('keeps no more of the beginning than six digits', () => {
    expect(readDetails({}, { ...CARD_INFO, Card6No: '4311952222222222' }).card).not.toHaveProperty('first6');
  });
});

describe('a fee', () => {
  for (const [what, order, fee] of [
    ['of the cashier, with decimals', { PaymentTypeChargeFee: '25.5', HandlingCharge: '25' }, 2550],
    ['of the cashier’s older answers', { HandlingCharge: '25' }, 2500],
    ['of the JSON services', { ChargeFee: 1.23 }, 123],
    ['with what is charged on top', { ChargeFee: 26, ProcessFee: 5 }, 3100],
    ['of nothing', { PaymentTypeChargeFee: '0' }, 0],
  ] as const) {
    test(`${what} is what ECPay keeps; the rest of the amount is the merchant’s`, () => {
      expect(readDetails({ ...order, TradeAmt: '980' }, {})).toEqual({ fee: twd(fee), net: twd(98_000 - fee) });
    });
  }

  for (const PaymentTypeChargeFee of ['', '-5', '1.234', 'free', null]) {
    test(`that reads ${PaymentTypeChargeFee} is not known`, () => {
      expect(readDetails({ PaymentTypeChargeFee, TradeAmt: '980' }, {})).toEqual({});
    });
  }
});
