import { beforeEach, describe, expect, test } from 'bun:test';
import { checkMacValue } from '../../../src/simulator/ecpay/checksum.ts';
import { openText } from '../../../src/simulator/ecpay/envelope.ts';
import {
  account,
  checkOut,
  codeData,
  generate,
  type OrderView,
  orderOf,
  otherAccount,
  postJson,
  useShop,
} from './support.ts';

const { shop, timers, simulator } = useShop();
beforeEach(() => {
  shop.answer = () => new Response('0|no', { status: 400 });
});

const forge = (no: string, kind: string) => postJson(simulator, `/simulator/orders/${no}/forge`, { kind });

/** The pairs that were posted, and whether the given keys prove them. */
function posted(keys = account): { fields: Record<string, string>; isGenuine: boolean } {
  const pairs = [...new URLSearchParams(shop.received.at(-1)?.body ?? '')];
  const fields = Object.fromEntries(pairs);
  return { fields, isGenuine: fields.CheckMacValue === checkMacValue(pairs, keys) };
}

describe('of a cashier order', () => {
  beforeEach(async () => {
    const urls = { ReturnURL: shop.url('/return'), PaymentInfoURL: shop.url('/info') };
    await checkOut(simulator, { ...urls, ChoosePayment: 'ATM', CustomField1: 'PAY1' });
    shop.received.length = 0;
  });

  test('tells what the shop answered, keeps the state and never comes again', async () => {
    timers.waiting.length = 0;
    const answer = (await (await forge('ORDER0001', 'signature')).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ kind: 'signature', status: 400, answer: '0|no', acknowledged: false });
    expect((answer.order as OrderView).callbacks.at(-1)).toMatchObject({ kind: 'forged:signature' });
    expect((await orderOf(simulator, 'ORDER0001')).status).toBe('issued');
    expect(timers.waiting).toHaveLength(0);
    expect(posted()).toMatchObject({ isGenuine: false, fields: { RtnCode: '1', TradeAmt: '980' } });
  });

  test('no-signature', async () => {
    await forge('ORDER0001', 'no-signature');
    expect(posted().fields).not.toHaveProperty('CheckMacValue');
  });

  test('amount', async () => {
    await forge('ORDER0001', 'amount');
    expect(posted()).toMatchObject({ isGenuine: true, fields: { TradeAmt: '981' } });
  });

  test('merchant', async () => {
    await forge('ORDER0001', 'merchant');
    expect(posted(otherAccount)).toMatchObject({ isGenuine: true, fields: { MerchantID: otherAccount.merchantId } });
  });

  test('other-keys', async () => {
    await forge('ORDER0001', 'other-keys');
    expect(posted(otherAccount)).toMatchObject({ isGenuine: true, fields: { MerchantID: account.merchantId } });
  });

  test('unknown-order', async () => {
    await forge('ORDER0001', 'unknown-order');
    expect(posted()).toMatchObject({ isGenuine: true, fields: { CustomField1: '' } });
    expect(posted().fields.MerchantTradeNo).toMatch(/^X\d{18}$/);
  });

  test('duplicate-field', async () => {
    await forge('ORDER0001', 'duplicate-field');
    const form = new URLSearchParams(shop.received.at(-1)?.body ?? '');
    expect(form.getAll('RtnCode')).toEqual(['0', '1']);
  });

  test('info-as-paid', async () => {
    await forge('ORDER0001', 'info-as-paid');
    expect(shop.received.at(-1)?.path).toBe('/info');
    expect(posted()).toMatchObject({ isGenuine: true, fields: { RtnCode: '1', BankCode: '004' } });
  });

  test('an unknown kind', async () => {
    expect((await forge('ORDER0001', 'nonsense')).status).toBe(422);
    expect((await forge('ORDER0001', 'constructor')).status).toBe(422);
  });
});

describe('of a background order', () => {
  beforeEach(async () => {
    await generate(simulator, codeData({}, { ReturnURL: shop.url('/return') }));
  });

  function opened(keys = account): Record<string, unknown> | null {
    const { Data } = JSON.parse(shop.received.at(-1)?.body ?? '{}') as { Data: string };
    const text = openText(Data, keys);
    try {
      return text === null ? null : JSON.parse(text);
    } catch {
      return null;
    }
  }

  test('signature, no-signature and other-keys do not open', async () => {
    for (const kind of ['signature', 'no-signature', 'other-keys']) {
      await forge('CODE0001', kind);
      expect(opened()).toBeNull();
    }
    expect(opened(otherAccount)).toMatchObject({ RtnCode: 1 });
  });

  test('amount, unknown-order and info-as-paid do', async () => {
    await forge('CODE0001', 'amount');
    expect(opened()).toMatchObject({ OrderInfo: { TradeAmt: 981, MerchantTradeNo: 'CODE0001' } });
    await forge('CODE0001', 'unknown-order');
    expect(opened()).toMatchObject({ OrderInfo: { TradeAmt: 980 }, CustomField: '' });
    await forge('CODE0001', 'info-as-paid');
    expect(opened()).toMatchObject({ RtnCode: 1, OrderInfo: { PaymentDate: '', TradeStatus: '0' } });
  });

  test('merchant', async () => {
    await forge('CODE0001', 'merchant');
    expect(opened(otherAccount)).toMatchObject({ MerchantID: otherAccount.merchantId });
  });

  test('duplicate-field makes no sense in JSON', async () => {
    expect((await forge('CODE0001', 'duplicate-field')).status).toBe(422);
  });
});
