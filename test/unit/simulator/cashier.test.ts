import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Simulator } from '../../../src/simulator/index.ts';
import { account, aioFields, checkOut, get, orderOf, postForm, Shop, signed, start } from './support.ts';

let shop: Shop;
let simulator: Simulator;
beforeEach(() => {
  shop = new Shop();
  simulator = start();
});
afterEach(() => {
  simulator.stop();
  shop.stop();
});

const inner = (step: string) => `/Cashier/Order/${account.merchantId}/ORDER0001/${step}`;

function arrive(changes: Record<string, string> = {}): Promise<string> {
  return checkOut(simulator, { ReturnURL: shop.url('/return'), ...changes });
}

async function press(step: string, fields: Record<string, string> = {}): Promise<string> {
  return (await postForm(simulator, inner(step), fields)).text();
}

/** Hidden fields of the page that posts itself. */
function hiddenFields(page: string): Record<string, string> {
  const found = [...page.matchAll(/<input type="hidden" name="([^"]+)" value(?:="([^"]*)")?/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

function expectSigned(fields: Record<string, string>): void {
  const { CheckMacValue: _, ...rest } = fields;
  expect(signed(rest)).toEqual(fields);
}

describe('card', () => {
  test('page, payment, result', async () => {
    const page = await arrive({ ClientBackURL: 'https://shop.example/back', CustomField1: 'PAY1' });
    expect(page).toContain('data-action="pay"');
    expect(page).toContain('data-action="decline"');
    expect(page).toContain('href="https://shop.example/back"');
    const paid = await press('pay');
    expect(paid).toContain('付款成功');
    expect(shop.received).toHaveLength(1);
    expect(shop.received[0]?.headers.get('content-type')).toBe('application/x-www-form-urlencoded');
    expect(shop.received[0]?.headers.get('accept')).toBe('text/html');
    const fields = shop.form(0);
    expectSigned(fields);
    expect(fields).toMatchObject({
      MerchantID: account.merchantId,
      MerchantTradeNo: 'ORDER0001',
      StoreID: '',
      RtnCode: '1',
      RtnMsg: '交易成功',
      TradeAmt: '980',
      PaymentDate: '2026/06/22 15:30:00',
      PaymentType: 'Credit_CreditCard',
      PaymentTypeChargeFee: '26.95',
      TradeDate: '2026/06/22 15:30:00',
      SimulatePaid: '0',
      CustomField1: 'PAY1',
      CustomField2: '',
    });
    expect(fields).not.toHaveProperty('gwsr');
    expect((await orderOf(simulator, 'ORDER0001')).status).toBe('paid');
  });

  test('OrderResultURL gets the result from the browser, once', async () => {
    await arrive({
      OrderResultURL: 'https://shop.example/result?a=b&c=d',
      ClientBackURL: 'https://shop.example',
    });
    const page = await press('pay');
    expect(page).toContain('action="https://shop.example/result?a=b&amp;c=d"');
    expect(page).toContain('data-auto-submit');
    expect(page).not.toContain('data-back');
    const fields = hiddenFields(page);
    expect(fields.RtnMsg).toBe('Succeeded');
    expectSigned(fields);
    expect(await press('pay')).not.toContain('data-auto-submit');
    expect(await (await get(simulator, inner('pay'))).text()).not.toContain('data-auto-submit');
    expect(shop.received).toHaveLength(1);
  });

  test('declined, then paid', async () => {
    await arrive();
    expect(await press('decline')).toContain('The bank declined');
    expect(shop.form(0)).toMatchObject({ RtnCode: '10100058', RtnMsg: '付款失敗', PaymentTypeChargeFee: '0' });
    expectSigned(shop.form(0));
    expect((await orderOf(simulator, 'ORDER0001')).status).toBe('declined');
    await press('pay');
    expect(shop.form(1)).toMatchObject({ RtnCode: '1', MerchantTradeNo: 'ORDER0001' });
    expect((await orderOf(simulator, 'ORDER0001')).status).toBe('paid');
  });

  test('NeedExtraPaidInfo adds fields in mixed case', async () => {
    await arrive({ NeedExtraPaidInfo: 'Y', CreditInstallment: '3,6', TotalAmount: '1000' });
    await press('pay', { plan: '3' });
    expect(shop.form(0)).toMatchObject({
      auth_code: '777777',
      card4no: '2222',
      stage: '3',
      staed: '333',
      stast: '334',
      amount: '1000',
      ATMAccBank: '',
      WebATMAccBank: '',
    });
    expectSigned(shop.form(0));
  });

  test('self-paid instalments', async () => {
    const page = await arrive({ TotalAmount: '1000' });
    expect(page).toContain('value="flexible:6"');
    await press('pay', { plan: 'flexible:6' });
    expect(shop.form(0).PaymentType).toBe('Flexible_Installment');
  });
});

describe('numbers', () => {
  test('ATM: PaymentInfoURL first, then the page', async () => {
    const page = await arrive({
      ChoosePayment: 'ATM',
      ChooseSubPayment: 'LAND',
      ExpireDate: '7',
      PaymentInfoURL: shop.url('/info'),
      ClientBackURL: 'https://shop.example/back',
    });
    expect(shop.received[0]?.path).toBe('/info');
    const fields = shop.form(0);
    expectSigned(fields);
    expect(fields).toMatchObject({
      RtnCode: '2',
      RtnMsg: 'Get VirtualAccount Succeeded',
      PaymentType: 'ATM_LAND',
      BankCode: '005',
      ExpireDate: '2026/06/29',
    });
    expect(fields.vAccount).toMatch(/^\d{14,16}$/);
    expect(fields).not.toHaveProperty('PaymentDate');
    expect(page).toContain(fields.vAccount ?? '-');
    expect(page).toContain('data-back');
  });

  test('CVS: minutes, empty barcodes, ClientRedirectURL through the browser', async () => {
    const page = await arrive({
      ChoosePayment: 'CVS',
      StoreExpireDate: '1440',
      PaymentInfoURL: shop.url('/info'),
      ClientRedirectURL: 'https://shop.example/number',
      ClientBackURL: 'https://shop.example/back',
    });
    const fields = shop.form(0);
    expect(fields).toMatchObject({
      RtnCode: '10100073',
      RtnMsg: 'Get CVS Code Succeeded.',
      PaymentType: 'CVS_CVS',
      ExpireDate: '2026/06/23 15:30:00',
      Barcode1: '',
      Barcode2: '',
      Barcode3: '',
    });
    expect(fields.PaymentNo).toMatch(/^LLL\d{11}$/);
    expect(fields).not.toHaveProperty('PaymentURL');
    expect(page).toContain('action="https://shop.example/number"');
    expect(hiddenFields(page)).toEqual(fields);
    const again = await (await get(simulator, inner('show'))).text();
    expect(again).not.toContain('data-auto-submit');
  });

  test('CVS: more than 43,200 minutes count as 43,200', async () => {
    await arrive({ ChoosePayment: 'CVS', StoreExpireDate: '86400' });
    expect((await orderOf(simulator, 'ORDER0001')).info.ExpireDate).toBe('2026/07/22 15:30:00');
  });

  test('BARCODE: days, empty PaymentNo, paid as BARCODE_BARCODE', async () => {
    await arrive({ ChoosePayment: 'BARCODE', StoreExpireDate: '3', PaymentInfoURL: shop.url('/info') });
    const fields = shop.form(0);
    expect(fields).toMatchObject({ RtnCode: '10100073', PaymentNo: '', ExpireDate: '2026/06/25 23:59:59' });
    expect(fields.Barcode1).toMatch(/^[0-9A-Z]{9}$/);
    expect(fields.Barcode2).toMatch(/^[0-9A-Z]{16}$/);
    expect(fields.Barcode3).toMatch(/^[0-9A-Z]{15}$/);
    await press('pay');
    expect(shop.received.at(-1)?.path).toBe('/return');
    expect(shop.form(-1)).toMatchObject({ RtnCode: '1', PaymentType: 'BARCODE_BARCODE' });
  });

  test('defaults: 3 days, 10080 minutes, 7 days', async () => {
    await checkOut(simulator, { MerchantTradeNo: 'A', ChoosePayment: 'ATM' });
    await checkOut(simulator, { MerchantTradeNo: 'C', ChoosePayment: 'CVS' });
    await checkOut(simulator, { MerchantTradeNo: 'B', ChoosePayment: 'BARCODE' });
    expect((await orderOf(simulator, 'A')).info.ExpireDate).toBe('2026/06/25');
    expect((await orderOf(simulator, 'C')).info.ExpireDate).toBe('2026/06/29 15:30:00');
    expect((await orderOf(simulator, 'B')).info.ExpireDate).toBe('2026/06/29 23:59:59');
  });
});

describe('ALL', () => {
  test('choosing ATM issues a number', async () => {
    await arrive({ ChoosePayment: 'ALL', IgnorePayment: 'Credit', PaymentInfoURL: shop.url('/info') });
    expect(await press('choose', { method: 'Credit' })).toContain('Choose how to pay');
    expect(await press('choose', { method: 'ATM' })).toContain('vAccount');
    expect(shop.form(0).PaymentType).toBe('ATM_BOT');
    expect((await orderOf(simulator, 'ORDER0001')).status).toBe('issued');
  });

  test('choosing a card leads to its page', async () => {
    await arrive({ ChoosePayment: 'ALL' });
    expect(await press('choose', { method: 'TWQR' })).toContain('data-action="pay"');
    await press('pay');
    expect(shop.form(0).PaymentType).toBe('TWQR_OPAY');
  });
});

test('values are escaped and the page allows no inline code', async () => {
  const response = await postForm(simulator, '/Cashier/AioCheckOut/V5', signed(aioFields({ ItemName: '"a" < b & c' })));
  expect(await response.text()).toContain('&quot;a&quot; &lt; b &amp; c');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

test('inner paths of unknown orders and steps', async () => {
  expect((await postForm(simulator, inner('pay'), {})).status).toBe(404);
  await arrive();
  expect((await postForm(simulator, inner('constructor'), {})).status).toBe(200);
  expect(shop.received).toHaveLength(0);
});
