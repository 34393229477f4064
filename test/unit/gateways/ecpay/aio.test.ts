import { describe, expect, test } from 'bun:test';
import { LOCALES } from '../../../../src/core/locale.ts';
import { buildForm } from '../../../../src/gateways/ecpay/aio.ts';
import { checkSignature } from '../../../../src/gateways/ecpay/signature.ts';
import { cleanText, cleanUrl, prepareFields } from '../../../../src/gateways/ecpay/text.ts';
import { costOf } from '../../../support/cost.ts';
import { createInput, ecpayContext, ORDER_NO, PAYMENT_NO, SECRETS } from '../../../support/ecpay.ts';

type Input = Parameters<typeof createInput>;

function form(...input: Input): Record<string, string> {
  const step = buildForm(createInput(...input), ecpayContext());
  if (step.type !== 'form') throw new Error(`a ${step.type} step`);
  return { ...step.fields };
}

const COMMON = {
  MerchantID: '3002607',
  MerchantTradeNo: ORDER_NO,
  MerchantTradeDate: '2026/06/22 15:30:00',
  PaymentType: 'aio',
  TotalAmount: '980',
  TradeDesc: PAYMENT_NO,
  ItemName: PAYMENT_NO,
  ReturnURL: 'https://pay.example/api/paycore/webhooks/ecpay',
  EncryptType: '1',
  CustomField1: PAYMENT_NO,
};
const RETURN = `https://pay.example/zh-tw/payment/ecpay/return/${PAYMENT_NO}`;
const PAGE = `https://pay.example/zh-tw/pay/${PAYMENT_NO}?token=abcdefghijklmnopqrstuv`;
const NUMBER = { PaymentInfoURL: COMMON.ReturnURL, ClientRedirectURL: RETURN };
const CARD = { OrderResultURL: RETURN, ClientBackURL: PAGE, NeedExtraPaidInfo: 'Y' };

describe('the form of each method has these fields and no others', () => {
  const cases: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
    ['aio', { ChoosePayment: 'ALL', ...NUMBER, ...CARD }, { ExpireDate: '7' }],
    ['aio/credit', { ChoosePayment: 'Credit', ...CARD }, {}],
    ['aio/atm', { ChoosePayment: 'ATM', ...NUMBER }, { ExpireDate: '7' }],
    ['aio/cvs', { ChoosePayment: 'CVS', ...NUMBER }, { StoreExpireDate: '10080' }],
    ['aio/barcode', { ChoosePayment: 'BARCODE', ...NUMBER }, { StoreExpireDate: '7' }],
  ];
  for (const [path, own, expiry] of cases) {
    test(path, () => {
      const { CheckMacValue, ...fields } = form(path);
      expect(fields).toEqual({ ...COMMON, ...own });
      expect(CheckMacValue).toMatch(/^[0-9A-F]{64}$/);
    });
    test(`${path} with expire_days 7`, () => {
      const { CheckMacValue: _, ...fields } = form(path, { expireDays: 7 });
      expect(fields).toEqual({ ...COMMON, ...own, ...expiry });
    });
    test(`${path} is signed, comes out the same twice, and its addresses are short enough`, () => {
      const fields = form(path, { itemName: '茶', expireDays: 3 });
      expect(checkSignature(fields, SECRETS)).toBe(true);
      expect(form(path, { itemName: '茶', expireDays: 3 })).toEqual(fields);
      for (const [name, value] of Object.entries(fields)) {
        if (name.endsWith('URL')) expect(value.length).toBeLessThanOrEqual(200);
      }
      expect(fields.ReturnURL).not.toBe(fields.OrderResultURL ?? '');
    });
  }
});

test('the form is posted to the cashier of its environment', () => {
  const step = buildForm(createInput('aio'), ecpayContext());
  expect(step).toMatchObject({
    type: 'form',
    method: 'POST',
    action: 'https://payment.example/Cashier/AioCheckOut/V5',
  });
});

test('expire_days goes up to what each method takes', () => {
  expect(form('aio/atm', { expireDays: 60 }).ExpireDate).toBe('60');
  expect(form('aio/cvs', { expireDays: 60 }).StoreExpireDate).toBe('43200');
  expect(form('aio/cvs', { expireDays: 1 }).StoreExpireDate).toBe('1440');
  expect(form('aio/barcode', { expireDays: 60 }).StoreExpireDate).toBe('30');
  expect(form('aio', { expireDays: 60 })).toMatchObject({ ExpireDate: '60' });
});

test('with ALL no StoreExpireDate is ever sent, since it would mean two things', () => {
  expect('StoreExpireDate' in form('aio', { expireDays: 5 })).toBe(false);
});

test('the payer’s language and a platform are named', () => {
  const spoken = LOCALES.map((locale) => [locale, form('aio', {}, { locale }).Language]);
  expect(Object.fromEntries(spoken)).toEqual({
    'zh-tw': undefined,
    'zh-cn': 'CHI',
    en: 'ENG',
    ja: 'JPN',
    ko: 'KOR',
    th: 'ENG',
    ms: 'ENG',
  });
  expect(form('aio', { extras: { Language: 'JPN' } }, { locale: 'en' }).Language).toBe('JPN');
  expect(form('aio', {}, { secrets: { ...SECRETS, platform_id: 'P1' } }).PlatformID).toBe('P1');
});

describe('extras', () => {
  test('are sent in ECPay’s names and signed; FlexibleInstallment is not sent', () => {
    const extras = { CreditInstallment: '3,6', NeedExtraPaidInfo: 'Y', FlexibleInstallment: true, UnionPay: 0 };
    const fields = form('aio/credit', { extras });
    expect(fields).toMatchObject({ CreditInstallment: '3,6', NeedExtraPaidInfo: 'Y', UnionPay: '0' });
    expect('FlexibleInstallment' in fields).toBe(false);
    expect(checkSignature(fields, SECRETS)).toBe(true);
  });
  test('no bonus points is said by saying nothing: ECPay knows no other word than Y', () => {
    expect('Redeem' in form('aio/credit', { extras: { Redeem: 'N' } })).toBe(false);
    expect(form('aio/credit', { extras: { Redeem: 'Y' } }).Redeem).toBe('Y');
  });
  test('win over our own defaults', () => {
    expect(form('aio/atm', { expireDays: 7, extras: { ExpireDate: 3 } }).ExpireDate).toBe('3');
    expect(form('aio/credit', { extras: { NeedExtraPaidInfo: 'N' } }).NeedExtraPaidInfo).toBe('N');
    expect(form('aio/credit', { extras: { ClientBackURL: 'https://shop.example/' } }).ClientBackURL).toBe(
      'https://shop.example/',
    );
  });
  test('UnionPay alone gets no OrderResultURL, which it does not support', () => {
    expect('OrderResultURL' in form('aio/credit', { extras: { UnionPay: 1 } })).toBe(false);
    expect('OrderResultURL' in form('aio/credit', { extras: { UnionPay: 2 } })).toBe(true);
  });
  test('addresses are cleaned of what ECPay cannot take', () => {
    const { ItemURL } = form('aio', { extras: { ItemURL: 'https://a.example/?a=1%26b=%3Cx%3c' } });
    expect(ItemURL).toBe('https://a.example/?a=1&b=<x<');
    expect(cleanUrl('https://a.example/%2526%253C')).toBe('https://a.example/%2526%253C');
  });
});

test('a page address that is too long for ECPay is left out', () => {
  const context = ecpayContext();
  const page = `https://pay.example/${'x'.repeat(181)}`;
  const step = buildForm(createInput('aio/credit'), { ...context, urls: { ...context.urls, page } });
  expect(step.type === 'form' && 'ClientBackURL' in step.fields).toBe(false);
});

describe('texts', () => {
  test('item and description stand in for each other, the payment number for both', () => {
    expect(form('aio', { itemName: '茶' })).toMatchObject({ ItemName: '茶', TradeDesc: '茶' });
    expect(form('aio', { description: '訂單' })).toMatchObject({ ItemName: '訂單', TradeDesc: '訂單' });
    expect(form('aio', { itemName: '###', description: '<b>' })).toMatchObject({
      ItemName: PAYMENT_NO,
      TradeDesc: PAYMENT_NO,
    });
  });

  for (const [given, clean] of [
    ['茶壺 🍵', '茶壺 🍵'],
    ['<b>bold</b> tea', 'bold tea'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['a < b > c', 'a c'],
    ['5 < 6', '5 6'],
    ['Tom & Jerry’s "tea" \'x\'', 'Tom Jerry’s tea x'],
    ['one#two', 'one two'],
    ['line\r\nbreak\ttab\u0000\u2028', 'line break tab'],
    ['back\\slash', 'back slash'],
    ['  spaces   in  between  ', 'spaces in between'],
    ['half \ud83c pair', 'half \ufffd pair'],
    ['100%25 +1 ~x', '100%25 +1 ~x'],
    ['', 'F'],
    ['<>', 'F'],
  ] as const) {
    test(`${JSON.stringify(given)} becomes ${JSON.stringify(clean)}`, () =>
      expect(cleanText('TradeDesc', given, 'F')).toBe(clean));
  }

  test('more than 195 units of UTF-16 are cut, never inside a character', () => {
    expect(cleanText('TradeDesc', '茶'.repeat(300), 'F')).toBe('茶'.repeat(195));
    expect(cleanText('TradeDesc', '🍵'.repeat(101), 'F')).toBe('🍵'.repeat(97));
    expect(cleanText('Name', `x${'🍵'.repeat(40)}`)).toBe(`x${'🍵'.repeat(24)}`);
    const fields = form('aio', { itemName: '🍵'.repeat(200) });
    expect(fields.ItemName).toBe('🍵'.repeat(97));
    expect(checkSignature(fields, SECRETS)).toBe(true);
  });

  test('# in the item’s name stands between lines; elsewhere it is no sign of ours', () => {
    const fields = form('aio', { itemName: ' 茶 壺 ## <b>杯</b>#"#', description: '訂單 #7' });
    expect(fields).toMatchObject({ ItemName: '茶 壺#杯', TradeDesc: '訂單 7' });
    expect(form('aio', { itemName: 'a#b' }).TradeDesc).toBe('a b');
    expect(form('aio', { description: '訂單 #7' }).ItemName).toBe('訂單 7');
    expect(cleanText('ItemName', `${'x'.repeat(194)}#yz`)).toBe('x'.repeat(194));
  });

  test.each([
    ['Python 課程', 'Ｐython 課程'],
    ['echo, CURL and ping-pong', 'ｅcho, Ｃurl and ｐing-pong'.replace('Ｃurl', 'ＣURL')],
    ['perl, python3 and cmd.exe', 'ｐerl, ｐython3 and ｃmd.exe'],
    ['shopping, echoes, pythons and snakes', 'shopping, echoes, pythons and snakes'],
    ['cu<b>rl</b> pi"ng', 'cu rl pi ng'],
  ])('%s is harmless for a firewall as %s', (given, harmless) => {
    expect(cleanText('TradeDesc', given)).toBe(harmless);
    expect(cleanText('TradeDesc', harmless)).toBe(harmless);
  });

  test('so is every text of the caller’s own, and every address', () => {
    const text = { Remark: 'curl', CustomField2: 'echo', Desc_1: 'ping' };
    const urls = { ItemURL: 'https://a.example/python?q=ping', ClientBackURL: 'https://python.example/perl-echo' };
    expect(form('aio/cvs', { itemName: 'bash', extras: { ...text, ...urls } })).toMatchObject({
      ItemName: 'ｂash',
      TradeDesc: 'ｂash',
      Remark: 'ｃurl',
      CustomField2: 'ｅcho',
      Desc_1: 'ｐing',
      ItemURL: 'https://a.example/%70ython?q=%70ing',
      ClientBackURL: 'https://python.example/%70erl-%65cho',
    });
    expect(
      prepareFields({ OrderInfo: { Remark: 'wget' }, ConsumerInfo: { Name: 'x|y', Email: 'ping@a.example' } }),
    ).toEqual({
      OrderInfo: { Remark: 'ｗget' },
      ConsumerInfo: { Name: 'x y', Email: 'ping@a.example' },
    });
  });

  test('no text can spell a field of its own', () => {
    const fields = form('aio', { itemName: 'x&RtnCode=1&TradeAmt=1', description: '&ReturnURL=https://evil.example' });
    expect(fields.ItemName).not.toContain('&');
    expect(fields.TradeDesc).not.toContain('&');
  });

  test('a hostile text is cleaned quickly', async () => {
    const cost = await costOf(() => {
      cleanText('TradeDesc', '<'.repeat(200), 'F');
      cleanText('ItemName', `${' '.repeat(5000)}x`, 'F');
      cleanText('ItemName', '#'.repeat(5000), 'F');
    });
    expect(cost).toBeLessThan(200);
  });
});
