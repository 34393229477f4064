import { describe, expect, test } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { listExtras } from '../../../../src/gateways/ecpay/extras.ts';
import { ecpay } from '../../../../src/gateways/ecpay/index.ts';
import { findMisplaced, readExtras } from '../../../../src/payments/create/extras.ts';
import { methodAt } from '../../../support/ecpay.ts';

/** What the gateway would be sent, or the texts about what is wrong. */
function check(path: string, extras: Record<string, unknown>, twd = 980, order: Order = {}) {
  const method = methodAt(path);
  const read = readExtras(extras, ecpay, { method, amount: twd * 100, currency: 'TWD', order });
  const misplaced = findMisplaced({ ecpay: extras }, [ecpay], { ...method, gateway: 'ecpay' });
  const problems = Object.entries({ ...read.problems, ...misplaced });
  return problems.length === 0 ? read.extras : Object.fromEntries(problems.map(([name, [text]]) => [name, text]));
}

const bad = (path: string, extras: Record<string, unknown>, twd?: number, order?: Order) =>
  Object.keys(check(path, extras, twd, order)).filter((name) => /^(ecpay\.|buyer_)/.test(name));

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
  const given = JSON.parse('{"__proto__": {"Redeem": "Y"}, "constructor": "x", "toString": 1}');
  expect(bad('aio', given).sort()).toEqual(['ecpay.__proto__', 'ecpay.constructor', 'ecpay.toString']);
});

describe('a card has to be among what is offered', () => {
  const wishes = [{ FlexibleInstallment: true }, { CreditInstallment: '3' }, { Redeem: 'Y' }, { UnionPay: 1 }];
  test.each(wishes)('at the cashier, for %p', (wish) => {
    const [name = ''] = Object.keys(wish);
    expect(bad('aio', { ...wish, IgnorePayment: 'CVS#Credit' }, 5000)).toEqual([`ecpay.${name}`]);
    expect(bad('aio', { ...wish, IgnorePayment: 'CVS#ATM' }, 5000)).toEqual([]);
    expect(bad('aio/credit', wish, 5000)).toEqual([]);
  });
  const offering = (...methods: string[]): Order => ({ own: { methods } });
  test.each([
    ['FlexibleInstallment', { FlexibleInstallment: true }, ['atm', 'cvs'], ['credit', 'atm']],
    ['FlexibleInstallment', { FlexibleInstallment: true }, ['unionpay'], ['credit']],
    ['CreditInstallment', { CreditInstallment: '3,6' }, ['cvs'], ['installment']],
  ])('in our own page, for %s', (name, wish, without, within) => {
    expect(bad('ecpg', wish, 5000, offering(...without))).toEqual([`ecpay.${name}`]);
    expect(bad('ecpg', wish, 5000, offering(...within))).toEqual([]);
    expect(bad('ecpg', wish, 5000)).toEqual([]);
  });
  test('words that ask for nothing need none', () => {
    const nothing = { FlexibleInstallment: false, Redeem: 'N', UnionPay: 2, BindingCard: 0 };
    expect(bad('aio', { ...nothing, IgnorePayment: 'Credit' })).toEqual([]);
  });
  test('instalments that are offered need their periods', () => {
    expect(bad('ecpg', {}, 980, offering('installment'))).toEqual(['ecpay.CreditInstallment']);
    expect(bad('ecpg', { CreditInstallment: '3' }, 980, offering('installment'))).toEqual([]);
  });
  test('self-paid instalments are nothing for UnionPay alone', () => {
    expect(bad('aio/credit', { FlexibleInstallment: true, UnionPay: 1 }, 5000)).toEqual(['ecpay.FlexibleInstallment']);
  });
  test('a deadline for ATM needs ATM', () => {
    expect(bad('aio', { ExpireDate: 3, IgnorePayment: 'ATM' })).toEqual(['ecpay.ExpireDate']);
  });
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

test('an in-site payment whose payer ECPay could not reach is refused', () => {
  expect(bad('ecpg', {}, 980, { buyerEmail: `${'x'.repeat(60)}@${'y'.repeat(40)}.example` })).toEqual(['buyer_email']);
  expect(bad('ecpg', {}, 980, { buyerMobile: 'call me' })).toEqual(['buyer_mobile']);
  expect(bad('ecpg', {}, 980, { buyerPhone: '12345' })).toEqual(['buyer_phone']);
  for (const order of [{ buyerMobile: '(02) 2345-6789' }, { buyerMobile: 'none', buyerEmail: 'a@b.example' }]) {
    expect(bad('ecpg', {}, 980, order)).toEqual([]);
  }
});
