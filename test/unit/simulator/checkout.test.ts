import { afterEach, describe, expect, test } from 'bun:test';
import type { Simulator } from '../../../src/simulator/index.ts';
import {
  account,
  aioFields,
  checkOut,
  errorCode,
  ORIGIN,
  orderOf,
  otherAccount,
  postForm,
  signed,
  start,
} from './support.ts';

let simulator: Simulator = start();
afterEach(() => {
  simulator.stop();
  simulator = start();
});

const CHECK_MAC = '10200073';
const PARAMETER = '10100050';

describe('fields ECPay refuses', () => {
  const cases: [string, Record<string, string | undefined>, string][] = [
    ['no MerchantTradeNo', { MerchantTradeNo: undefined }, '10200052'],
    ['MerchantTradeNo of 21', { MerchantTradeNo: 'A'.repeat(21) }, '10200052'],
    ['MerchantTradeNo with a dash', { MerchantTradeNo: 'A-1' }, '10200052'],
    ['no MerchantTradeDate', { MerchantTradeDate: '' }, PARAMETER],
    ['MerchantTradeDate with dashes', { MerchantTradeDate: '2026-06-22 15:30:00' }, PARAMETER],
    ['MerchantTradeDate that does not exist', { MerchantTradeDate: '2026/02/30 15:30:00' }, PARAMETER],
    ['MerchantTradeDate with hour 24', { MerchantTradeDate: '2026/06/22 24:30:00' }, PARAMETER],
    ['PaymentType', { PaymentType: 'AIO' }, PARAMETER],
    ['a decimal amount', { TotalAmount: '980.0' }, '10200005'],
    ['a zero amount', { TotalAmount: '0' }, '10200005'],
    ['an amount below the method', { TotalAmount: '4' }, '10200050'],
    ['an amount above the method', { TotalAmount: '200000' }, '10200050'],
    ['BNPL below 3,000', { ChoosePayment: 'BNPL', TotalAmount: '2999' }, '10200105'],
    ['no TradeDesc', { TradeDesc: '' }, PARAMETER],
    ['a long TradeDesc', { TradeDesc: 'x'.repeat(201) }, PARAMETER],
    ['special characters in TradeDesc', { TradeDesc: 'a & b' }, PARAMETER],
    ['no ItemName', { ItemName: undefined }, PARAMETER],
    ['a line end in ItemName', { ItemName: 'a\r\nb' }, PARAMETER],
    ['a shell word in ItemName', { ItemName: 'Learn Python today' }, '10400011'],
    ['a shell word in TradeDesc', { TradeDesc: 'curl iron' }, '10400011'],
    ['a shell word in Remark', { Remark: 'echo' }, '10400011'],
    ['a shell word in a CustomField', { CustomField2: 'perl' }, '10400011'],
    ['a shell word on the store’s machine', { ChoosePayment: 'CVS', Desc_1: 'ping' }, '10400011'],
    ['a shell word in an address', { ItemURL: 'https://shop.example/?q=curl' }, '10400011'],
    ['a quote in Remark', { Remark: "it's" }, PARAMETER],
    ['a pipe in Remark', { Remark: 'a|b' }, PARAMETER],
    ['a quote on the store’s machine', { ChoosePayment: 'CVS', Desc_1: '"' }, PARAMETER],
    ['a quote in an address', { ItemURL: "https://shop.example/it's" }, PARAMETER],
    ['an emoji too many', { TradeDesc: '🍵'.repeat(101) }, PARAMETER],
    ['a ReturnURL that is none', { ReturnURL: 'shop.example/return' }, PARAMETER],
    ['a long ReturnURL', { ReturnURL: `https://shop.example/${'x'.repeat(200)}` }, PARAMETER],
    ['%26 in an address', { ReturnURL: 'https://shop.example/?a=1%26b=2' }, PARAMETER],
    ['a semicolon in an address', { ReturnURL: 'https://shop.example/;a' }, PARAMETER],
    ['ReturnURL as OrderResultURL', { OrderResultURL: 'https://shop.example/return' }, PARAMETER],
    ['an unknown method', { ChoosePayment: 'Cash' }, PARAMETER],
    ['EncryptType 0', { EncryptType: '0' }, PARAMETER],
    ['a long StoreID', { StoreID: 'ABCDEFGHIJK' }, PARAMETER],
    ['NeedExtraPaidInfo in lower case', { NeedExtraPaidInfo: 'y' }, PARAMETER],
    ['IgnorePayment without ALL', { IgnorePayment: 'ATM' }, PARAMETER],
    ['IgnorePayment with an unknown name', { ChoosePayment: 'ALL', IgnorePayment: 'ATM#Cash' }, PARAMETER],
    ['a long CustomField', { CustomField1: 'x'.repeat(51) }, PARAMETER],
    ['a quote in a CustomField', { CustomField1: '"' }, PARAMETER],
    ['another PlatformID', { PlatformID: '3003008' }, PARAMETER],
    ['an unknown language', { Language: 'FRA' }, PARAMETER],
    ['ExpireDate with a card', { ExpireDate: '3' }, PARAMETER],
    ['ExpireDate over 60 days', { ChoosePayment: 'ATM', ExpireDate: '61' }, PARAMETER],
    ['ExpireDate 0', { ChoosePayment: 'ATM', ExpireDate: '0' }, PARAMETER],
    ['StoreExpireDate with ATM', { ChoosePayment: 'ATM', StoreExpireDate: '3' }, PARAMETER],
    ['StoreExpireDate of BARCODE over 30 days', { ChoosePayment: 'BARCODE', StoreExpireDate: '31' }, PARAMETER],
    ['a long Desc_1', { ChoosePayment: 'CVS', Desc_1: 'x'.repeat(21) }, PARAMETER],
    ['a sub-payment of another method', { ChoosePayment: 'ATM', ChooseSubPayment: 'IBON' }, PARAMETER],
    ['an unknown instalment', { CreditInstallment: '3,5' }, PARAMETER],
    ['instalments with bonus points', { CreditInstallment: '3', Redeem: 'Y' }, PARAMETER],
    ['instalments with UnionPay only', { CreditInstallment: '3', UnionPay: '1' }, PARAMETER],
    ['a bound card without a member', { BindingCard: '1' }, PARAMETER],
    ['half a subscription', { PeriodAmount: '980', PeriodType: 'M' }, PARAMETER],
    [
      'a subscription of another amount',
      { PeriodAmount: '979', PeriodType: 'M', Frequency: '1', ExecTimes: '2' },
      PARAMETER,
    ],
    [
      'a subscription every 13 months',
      { PeriodAmount: '980', PeriodType: 'M', Frequency: '13', ExecTimes: '2' },
      PARAMETER,
    ],
    ['a field nobody knows', { ReturnUrl: 'https://shop.example' }, PARAMETER],
    ['an HTML tag', { ItemName: 'a <b>c</b>' }, CHECK_MAC],
    [
      'no method left',
      { ChoosePayment: 'ALL', TotalAmount: '5', IgnorePayment: 'Credit#ApplePay#TWQR#WeiXin' },
      '10300023',
    ],
  ];
  for (const [name, changes, code] of cases) {
    test(name, async () => expect(errorCode(await checkOut(simulator, changes))).toBe(code));
  }
});

describe('signatures ECPay refuses', () => {
  test('another account’s keys, an unknown merchant, lower case, none at all', async () => {
    expect(errorCode(await checkOut(simulator, {}, otherAccount))).toBe(CHECK_MAC);
    expect(errorCode(await checkOut(simulator, { MerchantID: '1234567' }))).toBe(CHECK_MAC);
    const fields = signed(aioFields());
    const lower = { ...fields, CheckMacValue: fields.CheckMacValue?.toLowerCase() ?? '' };
    for (const sent of [lower, { ...fields, TotalAmount: '981' }, { ...fields, Remark: '' }, aioFields()]) {
      const page = await (await postForm(simulator, '/Cashier/AioCheckOut/V5', sent)).text();
      expect(errorCode(page)).toBe(CHECK_MAC);
      expect(page).toContain('CheckMacValue Error');
    }
  });

  test('a field that comes twice, another content type', async () => {
    const pairs: [string, string][] = [...Object.entries(signed(aioFields())), ['TotalAmount', '1']];
    const twice = await postForm(simulator, '/Cashier/AioCheckOut/V5', pairs);
    expect(twice.status).toBe(200);
    expect(errorCode(await twice.text())).toBe(CHECK_MAC);
    const body = new URLSearchParams(signed(aioFields())).toString();
    const headers = { 'content-type': 'text/plain' };
    const request = new Request(`${ORIGIN}/Cashier/AioCheckOut/V5`, { method: 'POST', headers, body });
    expect(errorCode(await (await simulator.fetch(request)).text())).toBe(CHECK_MAC);
  });
});

describe('orders ECPay takes', () => {
  const cases: [string, Record<string, string | undefined>][] = [
    ['the plain one', {}],
    ['every ASCII mark in ItemName', { ItemName: ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' }],
    ['emoji', { ItemName: '茶🍵（大）－𠮷野家 é' }],
    ['empty optional fields', { StoreID: '', Remark: '', CustomField1: '' }],
    ['a ReturnURL with a leading space', { ReturnURL: ' https://shop.example/return' }],
    ['an address on a local port', { ReturnURL: 'http://127.0.0.1:8080/api' }],
    ['instalments', { CreditInstallment: '3,6,12,18,24,30N' }],
    ['a subscription', { PeriodAmount: '980', PeriodType: 'Y', Frequency: '1', ExecTimes: '99' }],
    ['its own PlatformID', { PlatformID: account.merchantId }],
    ['everything of ALL', { ChoosePayment: 'ALL', IgnorePayment: 'WebATM#WeiXin', ExpireDate: '7', Desc_1: '訂單' }],
  ];
  for (const [name, changes] of cases) {
    test(name, async () => {
      expect(errorCode(await checkOut(simulator, changes))).toBe('');
      expect((await orderOf(simulator, 'ORDER0001')).status).toBe('created');
    });
  }

  test('a MerchantTradeNo only once for each merchant', async () => {
    await checkOut(simulator);
    expect(errorCode(await checkOut(simulator))).toBe('10300028');
    const other = { MerchantID: otherAccount.merchantId };
    expect(errorCode(await checkOut(simulator, other, otherAccount))).toBe('');
  });

  test('a refused order does not spend its number', async () => {
    await checkOut(simulator, { TotalAmount: '1.5' });
    expect(errorCode(await checkOut(simulator))).toBe('');
  });

  test('an ItemName over 400 is cut', async () => {
    await checkOut(simulator, { ItemName: 'x'.repeat(401) });
    const { fields } = await orderOf(simulator, 'ORDER0001');
    expect((fields as Record<string, string>).ItemName).toHaveLength(400);
  });
});

test('ALL offers what is neither ignored nor ruled out by the amount', async () => {
  const page = await checkOut(simulator, { ChoosePayment: 'ALL', IgnorePayment: 'Credit#ATM' });
  const offered = [...page.matchAll(/name="method" value="(\w+)"/g)].map((match) => match[1]);
  expect(offered).toEqual(['CVS', 'BARCODE', 'WebATM', 'ApplePay', 'TWQR', 'WeiXin']);
});

test('bodies over 256 kB and unknown paths', async () => {
  const large = await postForm(simulator, '/Cashier/AioCheckOut/V5', { ItemName: 'x'.repeat(300_000) });
  expect(large.status).toBe(413);
  expect((await postForm(simulator, '/Merchant/Unknown', {})).status).toBe(404);
  expect((await simulator.fetch(new Request(`${ORIGIN}/Cashier/AioCheckOut/V5`))).status).toBe(405);
});
