import { describe, expect, test } from 'bun:test';
import {
  account,
  askService,
  checkOut,
  codeData,
  envelope,
  generate,
  NOW,
  openReply,
  otherAccount,
  postForm,
  postJson,
  quiet,
  signed,
  useSimulator,
} from './support.ts';

const { simulator } = useSimulator({ fetch: quiet });

const seconds = Math.floor(NOW / 1000);

async function ask(path: string, changes: Record<string, string> = {}, keys = account): Promise<string> {
  const fields = {
    MerchantID: account.merchantId,
    MerchantTradeNo: 'ORDER0001',
    TimeStamp: String(seconds),
    ...changes,
  };
  return (await postForm(simulator, path, signed(fields, keys))).text();
}

/** Splits without decoding, as the answer wants it, and proves the signature. */
function rawFields(body: string): Record<string, string> {
  const pairs = body.split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  const { CheckMacValue, ...fields } = Object.fromEntries(pairs) as Record<string, string>;
  expect(signed(fields).CheckMacValue).toBe(CheckMacValue ?? '-');
  return fields;
}

describe('QueryTradeInfo', () => {
  const path = '/Cashier/QueryTradeInfo/V5';

  test('raw body, unpaid then paid', async () => {
    await checkOut(simulator, { ItemName: 'iPhone 15 Pro+ 256G x1 測試' });
    const body = await ask(path);
    expect(body).toContain('ItemName=iPhone 15 Pro+ 256G x1 測試&');
    expect(rawFields(body)).toMatchObject({ TradeStatus: '0', PaymentDate: '', TradeAmt: '980', CustomField1: '' });
    await postJson(simulator, '/simulator/orders/ORDER0001/pay');
    const paid = rawFields(await ask(path, { PlatformID: '' }));
    expect(paid).toMatchObject({ TradeStatus: '1', PaymentDate: '2026/06/22 15:30:00', PaymentTypeChargeFee: '26.95' });
  });

  test('unknown, impossible and declined orders', async () => {
    const unknown = rawFields(await ask(path));
    expect(unknown).toMatchObject({ TradeStatus: '10200047', MerchantTradeNo: 'ORDER0001', HandlingCharge: '0' });
    expect(rawFields(await ask(path, { MerchantTradeNo: 'a-b' }))).toMatchObject({
      TradeStatus: '10200052',
      MerchantTradeNo: '',
    });
    await checkOut(simulator);
    await postJson(simulator, '/simulator/orders/ORDER0001/decline');
    expect(rawFields(await ask(path)).TradeStatus).toBe('10200095');
  });

  test('every field in its place, known order or not', async () => {
    const names = async () => (await ask(path)).split('&').map((pair) => pair.slice(0, pair.indexOf('=')));
    const unknown = await names();
    await checkOut(simulator);
    expect(unknown).toEqual(await names());
    expect(unknown.join()).toBe(
      'CustomField1,CustomField2,CustomField3,CustomField4,HandlingCharge,ItemName,MerchantID,MerchantTradeNo,' +
        'PaymentDate,PaymentType,PaymentTypeChargeFee,StoreID,TradeAmt,TradeDate,TradeNo,TradeStatus,CheckMacValue',
    );
  });

  test('given up at the card page; a number that ran out is only unpaid, and late money counts', async () => {
    await checkOut(simulator);
    await postJson(simulator, '/simulator/orders/ORDER0001/expire');
    expect(rawFields(await ask(path)).TradeStatus).toBe('10200095');
    await checkOut(simulator, { ChoosePayment: 'ATM', MerchantTradeNo: 'A' });
    await postJson(simulator, '/simulator/orders/A/expire');
    expect(rawFields(await ask(path, { MerchantTradeNo: 'A' })).TradeStatus).toBe('0');
    for (const no of ['A', 'ORDER0001']) await postJson(simulator, `/simulator/orders/${no}/pay`);
    expect(rawFields(await ask(path)).TradeStatus).toBe('1');
    expect(rawFields(await ask(path, { MerchantTradeNo: 'A' })).TradeStatus).toBe('1');
  });

  test('refuses other keys, old timestamps and unknown fields', async () => {
    expect(await ask(path, {}, otherAccount)).toBe('10200073|CheckMacValue Error');
    expect(await ask(path, { TimeStamp: String(seconds - 181) })).toContain('TimeStamp');
    expect(await ask(path, { TimeStamp: String(seconds - 170) })).toContain('TradeStatus');
    expect(await ask(path, { Extra: '1' })).toContain('Extra');
  });
});

describe('QueryPaymentInfo', () => {
  const path = '/Cashier/QueryPaymentInfo';

  test('ATM and CVS numbers, not after payment', async () => {
    await checkOut(simulator, { ChoosePayment: 'ATM' });
    expect(rawFields(await ask(path))).toMatchObject({ RtnCode: '2', BankCode: '004', ExpireDate: '2026/06/25' });
    await checkOut(simulator, { ChoosePayment: 'CVS', MerchantTradeNo: 'C' });
    const code = rawFields(await ask(path, { MerchantTradeNo: 'C' }));
    expect(code.RtnCode).toBe('10100073');
    expect(code.PaymentURL).toContain(`/PaymentRule/CVSBarCode?PaymentNo=${code.PaymentNo}`);
    expect(code).not.toHaveProperty('Barcode1');
    await postJson(simulator, '/simulator/orders/C/pay');
    expect(rawFields(await ask(path, { MerchantTradeNo: 'C' })).RtnCode).toBe('10200047');
  });

  test('card orders have none', async () => {
    await checkOut(simulator);
    expect(rawFields(await ask(path)).RtnCode).toBe('10200047');
  });
});

describe('background queries', () => {
  const asked = { MerchantID: account.merchantId, MerchantTradeNo: 'CODE0001' };

  async function query(name: string, data: Record<string, unknown> = asked) {
    return openReply(await askService(simulator, `/1.0.0/Cashier/${name}`, envelope(data)));
  }

  test('QueryTrade tells the payer once paid', async () => {
    await generate(simulator, codeData());
    expect(await query('QueryTrade')).toMatchObject({
      RtnCode: 1,
      OrderInfo: { TradeStatus: '0', TradeAmt: 980 },
      ATMInfo: { ATMAccBank: null },
    });
    await postJson(simulator, '/simulator/orders/CODE0001/pay');
    expect(await query('QueryTrade')).toMatchObject({
      OrderInfo: { TradeStatus: '1' },
      ATMInfo: { ATMAccBank: '822' },
    });
  });

  test('QueryPaymentInfo tells the number', async () => {
    const made = await generate(simulator, codeData());
    expect((await query('QueryPaymentInfo')).ATMInfo).toEqual(made.ATMInfo);
  });

  test('unknown orders, cashier orders and bad fields', async () => {
    expect((await query('QueryTrade')).RtnCode).toBe(10000185);
    await checkOut(simulator);
    expect((await query('QueryTrade', { ...asked, MerchantTradeNo: 'ORDER0001' })).RtnCode).toBe(10000185);
    expect((await query('QueryTrade', { ...asked, MerchantTradeNo: 'a-b' })).RtnCode).toBe(10200052);
    const reply = await askService(simulator, '/1.0.0/Cashier/QueryTrade', envelope(asked, {}, otherAccount));
    expect(reply.TransCode).toBe(128);
  });
});
