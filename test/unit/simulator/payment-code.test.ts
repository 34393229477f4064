import { afterEach, describe, expect, test } from 'bun:test';
import { barcodeCheck } from '../../../src/simulator/ecpay/numbers.ts';
import type { Simulator } from '../../../src/simulator/index.ts';
import {
  account,
  askService,
  codeData,
  envelope,
  generate,
  NOW,
  openReply,
  orderOf,
  otherAccount,
  start,
} from './support.ts';

const PATH = '/1.0.0/Cashier/GenPaymentCode';
let simulator: Simulator = start();
afterEach(() => {
  simulator.stop();
  simulator = start();
});

const cvs = { ChoosePayment: 'CVS', ATMInfo: undefined };
const barcode = { ChoosePayment: 'BARCODE', ATMInfo: undefined };

describe('numbers', () => {
  test('ATM', async () => {
    const data = await generate(simulator, codeData());
    expect(data).toMatchObject({ RtnCode: 1, RtnMsg: '成功', MerchantID: account.merchantId, CustomField: 'PAY1' });
    expect(data.OrderInfo).toMatchObject({
      MerchantTradeNo: 'CODE0001',
      PaymentDate: '',
      TradeAmt: 980,
      PaymentType: 'ATM',
      TradeDate: '2026/06/22 15:30:00',
      ChargeFee: 9.8,
      TradeStatus: '0',
    });
    expect(data.OrderInfo.TradeNo).toMatch(/^260622153000\d{4}$/);
    expect(data.ATMInfo).toMatchObject({ BankCode: '822', ExpireDate: '2026/06/29' });
    expect((data.ATMInfo as { vAccount: string }).vAccount).toMatch(/^\d{16}$/);
    expect((await orderOf(simulator, 'CODE0001')).status).toBe('issued');
  });

  test('ATM without a bank and without days', async () => {
    const data = await generate(simulator, codeData({ ATMInfo: { ATMBankCode: '' } }));
    expect(data.ATMInfo).toMatchObject({ BankCode: '004', ExpireDate: '2026/06/25' });
  });

  test('CVS, its minutes and their cap', async () => {
    const data = await generate(simulator, codeData({ ...cvs, CVSInfo: { CVSCode: 'CVS' } }));
    const info = data.CVSInfo as Record<string, string>;
    expect(info.PaymentNo).toMatch(/^LLL26173\d{6}$/);
    expect(info.ExpireDate).toBe('2026/06/29 15:30:00');
    const page = await simulator.fetch(new Request(info.PaymentURL ?? ''));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(info.PaymentNo ?? '-');
    const longest = codeData({ ...cvs, CVSInfo: { ExpireDate: 99_999 } }, { MerchantTradeNo: 'CODE0002' });
    expect((await generate(simulator, longest)).CVSInfo).toMatchObject({ ExpireDate: '2026/07/22 15:30:00' });
  });

  test('BARCODE with valid check characters', async () => {
    const data = await generate(simulator, codeData({ ...barcode, BarcodeInfo: {} }));
    const { Barcode1 = '', Barcode2 = '', Barcode3 = '', ExpireDate } = data.BarcodeInfo as Record<string, string>;
    expect(Barcode1).toBe('1506296CY');
    expect(Barcode2).toMatch(/^[0-9A-Z]{16}$/);
    expect(Barcode3).toMatch(/^0629[0-9ABXY]{2}000000980$/);
    expect(Barcode3.slice(4, 6)).toBe(barcodeCheck(Barcode1, Barcode2, Barcode3));
    expect(ExpireDate).toBe('2026/06/29 23:59:59');
  });
});

describe('refused inside', () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>, number][] = [
    ['an amount as text', {}, { TotalAmount: '980' }, 10200005],
    ['a decimal amount', {}, { TotalAmount: 9.5 }, 10200005],
    ['an amount below the method', {}, { TotalAmount: 10 }, 10200050],
    ['a long MerchantTradeNo', {}, { MerchantTradeNo: 'A'.repeat(21) }, 10200052],
    ['a bad date', {}, { MerchantTradeDate: '2026-06-22 15:30:00' }, 10100050],
    ['no ReturnURL', {}, { ReturnURL: undefined }, 10100050],
    ['an HTML tag', {}, { ItemName: '<b>' }, 10100050],
    ['a shell word', {}, { ItemName: 'wget' }, 10400011],
    ['a card', { ChoosePayment: 'Credit' }, {}, 10100050],
    ['ChoosePayment in the wrong place', { ChoosePayment: undefined }, { ChoosePayment: 'ATM' }, 10100050],
    ['no ATMInfo', { ATMInfo: undefined }, {}, 10100050],
    ['two infos', { CVSInfo: {} }, {}, 10100050],
    ['days as text', { ATMInfo: { ExpireDate: '7' } }, {}, 10100050],
    ['61 days', { ATMInfo: { ExpireDate: 61 } }, {}, 10100050],
    ['an unknown bank', { ATMInfo: { ATMBankCode: '700' } }, {}, 10100050],
    ['the cashier’s StoreExpireDate', { ...cvs, CVSInfo: { StoreExpireDate: 10080 } }, {}, 10100050],
    ['an unknown store', { ...cvs, CVSInfo: { CVSCode: 'ibon' } }, {}, 10100050],
    ['31 days of barcode', { ...barcode, BarcodeInfo: { ExpireDate: 31 } }, {}, 10100050],
    ['CustomField1', { CustomField1: 'x' }, {}, 10100050],
    ['a long CustomField', { CustomField: 'x'.repeat(201) }, {}, 10100050],
    ['another PlatformID', { PlatformID: '3003008' }, {}, 10100050],
  ];
  for (const [name, changes, orderInfo, code] of cases) {
    test(name, async () => expect((await generate(simulator, codeData(changes, orderInfo))).RtnCode).toBe(code));
  }

  test('a MerchantTradeNo that is spent', async () => {
    await generate(simulator, codeData());
    const data = await generate(simulator, codeData());
    expect(data).toMatchObject({ RtnCode: 10300028, OrderInfo: { MerchantTradeNo: 'CODE0001' }, CustomField: null });
    expect(Object.keys(data.OrderInfo)).toEqual(['MerchantTradeNo']);
  });
});

describe('refused outside', () => {
  test('wrong keys and unknown merchants', async () => {
    const wrong = await askService(simulator, PATH, envelope(codeData(), {}, otherAccount));
    expect(wrong).toMatchObject({ TransCode: 128, TransMsg: 'System exception', Data: '', MerchantID: '' });
    const unknown = await askService(simulator, PATH, envelope(codeData(), { MerchantID: '1234567' }));
    expect(unknown).toMatchObject({ TransCode: 128, Data: '', MerchantID: '' });
  });

  const cases: [string, Record<string, unknown>][] = [
    ['a Revision, which other products have', { RqHeader: { Timestamp: Math.floor(NOW / 1000), Revision: '1.0.0' } }],
    ['a timestamp over ten minutes old', { RqHeader: { Timestamp: Math.floor(NOW / 1000) - 601 } }],
    ['a timestamp in milliseconds', { RqHeader: { Timestamp: NOW } }],
    ['a timestamp as text', { RqHeader: { Timestamp: String(Math.floor(NOW / 1000)) } }],
    ['no header', { RqHeader: undefined }],
    ['no data', { Data: '' }],
    ['an unknown field', { Extra: 1 }],
  ];
  for (const [name, changes] of cases) {
    test(name, async () => {
      const reply = await askService(simulator, PATH, envelope(codeData(), changes));
      expect(reply.TransCode).toBe(999);
      expect(reply.Data).toBe('');
    });
  }

  test('two merchant numbers', async () => {
    const data = codeData({ MerchantID: otherAccount.merchantId });
    expect((await askService(simulator, PATH, envelope(data))).TransCode).toBe(999);
  });

  test('a timestamp nine minutes old is fine', async () => {
    const header = { RqHeader: { Timestamp: Math.floor(NOW / 1000) - 540 } };
    const reply = await askService(simulator, PATH, envelope(codeData(), header));
    expect(openReply(reply).RtnCode).toBe(1);
  });
});
