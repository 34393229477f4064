import { describe, expect, test } from 'bun:test';
import { checkExtras, listExtras } from '../../../../src/gateways/ecpay/extras.ts';
import { methodAt } from '../../../support/ecpay.ts';

/** What the gateway would be sent, or the texts about what is wrong. */
function check(path: string, extras: Record<string, unknown>, twd = 980) {
  const result = checkExtras(extras, { method: methodAt(path), amount: twd * 100, currency: 'TWD' });
  return result.ok
    ? result.extras
    : Object.fromEntries(Object.entries(result.fields).map(([name, texts]) => [name, texts[0]]));
}

const bad = (path: string, extras: Record<string, unknown>, twd?: number) =>
  Object.keys(check(path, extras, twd)).filter((name) => name.startsWith('ecpay.'));

describe('extras that are taken', () => {
  for (const [path, extras] of [
    [
      'aio',
      { IgnorePayment: 'Credit#WebATM#ATM#CVS#BARCODE#ApplePay#TWQR#BNPL#WeiXin', ExpireDate: 60, StoreID: 'S01' },
    ],
    ['aio', { NeedExtraPaidInfo: 'Y', Language: 'KOR', Remark: '備註', CustomField2: 'a', CustomField4: 'd' }],
    ['aio/credit', { CreditInstallment: '3,6,12,18,24', NeedExtraPaidInfo: 'N', UnionPay: 2 }],
    ['aio/credit', { Redeem: 'Y', UnionPay: 1, ItemURL: 'https://a.example/?a=1&b=2' }],
    ['aio/credit', { BindingCard: 1, MerchantMemberID: 'm1' }],
    ['aio/atm', { ChooseSubPayment: 'BOT', ExpireDate: 1 }],
    ['aio/cvs', { ChooseSubPayment: 'FAMILY', StoreExpireDate: 43_200, Desc_1: '一', Desc_4: '四' }],
    ['aio/barcode', { StoreExpireDate: 30 }],
    ['atm', { ATMBankCode: '822', ExpireDate: 60, Remark: 'r' }],
    ['cvs', { CVSCode: 'IBON', StoreExpireDate: 1, Desc_2: '二' }],
    ['barcode', { StoreExpireDate: 1 }],
  ] as const) {
    test(`${path} ${JSON.stringify(extras)}`, () => expect(check(path, extras)).toEqual(extras));
  }

  test('numbers may come as digits, empty ones are left out, unknown names are ignored', () => {
    expect(check('aio/atm', { ExpireDate: '7', Remark: '', StoreID: null, Nonsense: 1 })).toEqual({ ExpireDate: 7 });
  });
});

describe('extras that are refused', () => {
  const cases: readonly (readonly [string, string, unknown, number?])[] = [
    ['aio', 'IgnorePayment', 'DigitalPayment'],
    ['aio', 'IgnorePayment', 'Credit#'],
    ['aio', 'IgnorePayment', 'credit'],
    ['aio', 'StoreID', '分店'],
    ['aio', 'StoreID', 'x'.repeat(11)],
    ['aio', 'NeedExtraPaidInfo', 'y'],
    ['aio', 'Language', 'ZHO'],
    ['aio', 'ExpireDate', 61],
    ['aio', 'ExpireDate', 0],
    ['aio', 'Remark', 'x'.repeat(101)],
    ['aio', 'Remark', '<b>'],
    ['aio', 'Remark', 'a&RtnCode=1'],
    ['aio', 'Remark', 'two\nlines'],
    ['aio', 'CustomField2', 'a&b'],
    ['aio', 'CustomField3', 'x'.repeat(51)],
    ['aio/credit', 'CreditInstallment', '3,5'],
    ['aio/credit', 'CreditInstallment', '3,'],
    ['aio/credit', 'CreditInstallment', 3.5],
    ['aio/credit', 'UnionPay', 3],
    ['aio/credit', 'FlexibleInstallment', 'true', 5000],
    ['aio/credit', 'ClientBackURL', 'javascript:alert(1)'],
    ['aio/credit', 'ItemURL', `https://a.example/${'x'.repeat(200)}`],
    ['aio/credit', 'MerchantMemberID', 'x'.repeat(31)],
    ['aio/atm', 'ChooseSubPayment', 'bot'],
    ['aio/cvs', 'StoreExpireDate', 43_201],
    ['aio/cvs', 'Desc_1', 'x'.repeat(21)],
    ['aio/barcode', 'StoreExpireDate', 31],
    ['atm', 'ATMBankCode', '812'],
    ['cvs', 'CVSCode', 'SEVEN'],
    ['barcode', 'StoreExpireDate', 0],
  ];
  for (const [path, name, value, twd] of cases) {
    test(`${path} ${name}: ${JSON.stringify(value).slice(0, 30)}`, () => {
      expect(bad(path, { [name]: value }, twd)).toEqual([`ecpay.${name}`]);
    });
  }

  test('those that belong to another method, by name', () => {
    expect(check('aio', { StoreExpireDate: 7 })).toEqual({
      'ecpay.StoreExpireDate': 'The ecpay.StoreExpireDate field does not belong to aio.',
    });
    expect(
      bad('atm', { CVSCode: 'IBON', Desc_1: 'x', ChooseSubPayment: 'BOT', Redeem: 'Y', CustomField2: 'a' }),
    ).toHaveLength(5);
    expect(bad('aio/credit', { IgnorePayment: 'ATM' })).toEqual(['ecpay.IgnorePayment']);
  });

  test('all that are bad are told at once', () => {
    expect(bad('aio/credit', { UnionPay: 9, Redeem: 'x', Remark: '<' }).sort()).toEqual([
      'ecpay.Redeem',
      'ecpay.Remark',
      'ecpay.UnionPay',
    ]);
  });

  test('CustomField1 is ours', () => {
    expect(
      check('aio', { CustomField1: 'x', MerchantID: '1', TotalAmount: 1, ReturnURL: 'https://evil.example/' }),
    ).toEqual({});
    for (const path of ['aio', 'aio/credit', 'aio/atm', 'aio/cvs', 'aio/barcode', 'atm', 'cvs', 'barcode']) {
      const names = listExtras(path).map((one) => one.name);
      for (const name of ['CustomField1', 'CheckMacValue', 'ReturnURL', 'RtnCode', 'TotalAmount', 'EncryptType']) {
        expect(names).not.toContain(name);
      }
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('rules between extras', () => {
  test('instalments go neither with bonus points nor with UnionPay alone', () => {
    expect(bad('aio/credit', { CreditInstallment: '3', Redeem: 'Y' })).toEqual(['ecpay.CreditInstallment']);
    expect(bad('aio/credit', { CreditInstallment: '3', UnionPay: 1 })).toEqual(['ecpay.CreditInstallment']);
    expect(bad('aio/credit', { CreditInstallment: '3', Redeem: 'N', UnionPay: 2 })).toEqual([]);
  });
  test('thirty instalments need 20,000', () => {
    expect(bad('aio/credit', { CreditInstallment: '3,30N' }, 19_999)).toEqual(['ecpay.CreditInstallment']);
    expect(bad('aio/credit', { CreditInstallment: '3,30N' }, 20_000)).toEqual([]);
  });
  test('self-paid instalments need 1,000', () => {
    expect(bad('aio/credit', { FlexibleInstallment: true }, 999)).toEqual(['ecpay.FlexibleInstallment']);
    expect(bad('aio/credit', { FlexibleInstallment: true }, 1000)).toEqual([]);
    expect(bad('aio/credit', { FlexibleInstallment: false }, 10)).toEqual([]);
  });
  test('a remembered card needs a member', () => {
    expect(bad('aio/credit', { BindingCard: 1 })).toEqual(['ecpay.MerchantMemberID']);
    expect(bad('aio/credit', { BindingCard: 0 })).toEqual([]);
  });
});

test('names that every object has are no extras', () => {
  expect(check('aio', JSON.parse('{"__proto__": {"Redeem": "Y"}, "constructor": "x", "toString": 1}'))).toEqual({});
});
