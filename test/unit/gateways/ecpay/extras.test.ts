import { describe, expect, test } from 'bun:test';
import { listExtras } from '../../../../src/gateways/ecpay/extras.ts';
import { bad, check } from './support.ts';

describe('extras that are taken', () => {
  for (const [path, extras] of [
    ['aio', { IgnorePayment: 'Credit#WebATM#CVS#BARCODE#ApplePay#TWQR#BNPL#WeiXin', ExpireDate: 60, StoreID: 'S01' }],
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

  test('numbers may come as digits, and empty ones are left out', () => {
    expect(check('aio/atm', { ExpireDate: '7', Remark: '', StoreID: null })).toEqual({ ExpireDate: 7 });
  });

  test('a store code that shall live longer than it can lives as long as it can', () => {
    for (const path of ['aio/cvs', 'cvs']) {
      for (const StoreExpireDate of [43_200, 43_201, 86_400, '1000000']) {
        expect(check(path, { StoreExpireDate })).toEqual({ StoreExpireDate: 43_200 });
      }
    }
  });

  test.each([
    ['aio/atm', ['BOT', 'CHINATRUST', 'FIRST', 'LAND', 'CATHAY', 'PANHSIN']],
    ['aio/cvs', ['CVS', 'OK', 'FAMILY', 'HILIFE', 'IBON']],
    ['aio/barcode', ['BARCODE']],
  ])('ChooseSubPayment of %s is one of its own list, and of no other', (path, names) => {
    for (const name of names) expect(check(path, { ChooseSubPayment: name })).toEqual({ ChooseSubPayment: name });
    for (const other of ['aio/atm', 'aio/cvs', 'aio/barcode'].filter((one) => one !== path)) {
      for (const name of names) expect(bad(other, { ChooseSubPayment: name })).toEqual(['ecpay.ChooseSubPayment']);
    }
    for (const name of ['SEVEN', 'bot', 'constructor']) {
      expect(bad(path, { ChooseSubPayment: name })).toEqual(['ecpay.ChooseSubPayment']);
    }
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
    ['aio/cvs', 'StoreExpireDate', 0],
    ['aio/cvs', 'Desc_1', 'x'.repeat(21)],
    ['aio/credit', 'CreditInstallment', '3,6,3'],
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

  test('names that nobody knows: a typo, or what would make another charge', () => {
    expect(check('aio/credit', { CreditInstalment: '3,6' })).toEqual({
      'ecpay.CreditInstalment': 'The ecpay.CreditInstalment field is not known.',
    });
    const period = {
      PeriodAmount: 980,
      PeriodType: 'M',
      Frequency: 1,
      ExecTimes: 12,
      PeriodReturnURL: 'https://a.example/',
    };
    expect(bad('aio/credit', period).sort()).toEqual(
      Object.keys(period)
        .map((name) => `ecpay.${name}`)
        .sort(),
    );
    expect(bad('ecpg', { Redeem: 'Y', Nonsense: null, '': 1 })).toEqual(['ecpay.Redeem', 'ecpay.Nonsense', 'ecpay.']);
  });

  test('CustomField1 is ours', () => {
    expect(
      bad('aio', { CustomField1: 'x', MerchantID: '1', TotalAmount: 1, ReturnURL: 'https://evil.example/' }),
    ).toHaveLength(4);
    for (const path of ['aio', 'aio/credit', 'aio/atm', 'aio/cvs', 'aio/barcode', 'atm', 'cvs', 'barcode']) {
      const names = listExtras(path).map((one) => one.name);
      for (const name of ['CustomField1', 'CheckMacValue', 'ReturnURL', 'RtnCode', 'TotalAmount', 'EncryptType']) {
        expect(names).not.toContain(name);
      }
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

test('names that every object has are no extras', () => {
  const given = JSON.parse('{"__proto__": {"Redeem": "Y"}, "constructor": "x", "toString": 1}');
  expect(bad('aio', given).sort()).toEqual(['ecpay.__proto__', 'ecpay.constructor', 'ecpay.toString']);
});

describe('texts in ECPay’s own names are as strict as ECPay', () => {
  const names = [
    ['aio', 'Remark'],
    ['atm', 'Remark'],
    ['aio', 'CustomField2'],
    ['aio/cvs', 'Desc_1'],
    ['cvs', 'Desc_4'],
    ['aio/credit', 'MerchantMemberID'],
  ] as const;
  test.each(names)('%s %s', (path, name) => {
    for (const sign of ["it's", 'say "hi"', 'a|b', 'back\\slash', 'tick`', 'a<b', 'a&b', 'two\nlines']) {
      expect({ sign, bad: bad(path, { [name]: sign }) }).toEqual({ sign, bad: [`ecpay.${name}`] });
    }
    expect(bad(path, { [name]: '茶 壺，(A)# 1.5' })).toEqual([]);
  });
  test('CustomField takes the marks that ECPay lists, and no others', () => {
    expect(bad('aio', { CustomField3: 'a,.#()$[];%{}:/?@!_-🍵' })).toEqual([]);
    for (const sign of ['=', '+', '*', '~', '^', '’']) expect(bad('aio', { CustomField3: sign })).toHaveLength(1);
  });
  test.each(['ClientBackURL', 'ItemURL'])('%s', (name) => {
    for (const path of ["it's", 'a"b', 'a|b', 'a\\b', 'a`b', 'a;b', 'a<b', 'a%3Cb', 'a%3cb']) {
      expect({ path, bad: bad('aio', { [name]: `https://a.example/${path}` }) }).toEqual({
        path,
        bad: [`ecpay.${name}`],
      });
    }
    expect(bad('aio', { [name]: 'https://a.example/茶?a=1%26b=2&c=(3)' })).toEqual([]);
  });
  test('lengths are those of UTF-16: an emoji is two', () => {
    for (const [path, name, max] of [
      ['aio', 'Remark', 100],
      ['aio', 'CustomField4', 50],
      ['aio/cvs', 'Desc_2', 20],
      ['aio/credit', 'MerchantMemberID', 30],
    ] as const) {
      expect(bad(path, { [name]: '🍵'.repeat(max / 2) })).toEqual([]);
      expect(bad(path, { [name]: '🍵'.repeat(max / 2 + 1) })).toEqual([`ecpay.${name}`]);
    }
  });
  test('an address counts as it is sent', () => {
    const url = (length: number) => `https://a.example/python/${'x'.repeat(length - 25)}`;
    expect(bad('aio', { ItemURL: url(198) })).toEqual([]);
    expect(bad('aio', { ItemURL: url(199) })).toEqual(['ecpay.ItemURL']);
  });
});
