import { describe, expect, test } from 'bun:test';
import {
  account,
  askForm,
  askService,
  createPayment,
  envelope,
  getToken,
  ORIGIN,
  openReply,
  orderOf,
  otherAccount,
  payInPage,
  postForm,
  postJson,
  type Reply,
  tokenData,
  useShop,
} from './support.ts';

const { clock, shop, timers, simulator } = useShop();

const order = (changes: Record<string, unknown> = {}) =>
  tokenData(
    {
      CardInfo: { OrderResultURL: shop.url('/result'), CreditInstallment: '3,30N' },
      UnionPayInfo: { OrderResultURL: shop.url('/union') },
      ...changes,
    },
    { ReturnURL: shop.url('/return') },
  );
const notice = (at: number) => openReply(JSON.parse(shop.received.at(at)?.body ?? '{}') as Reply);
const asked = { MerchantID: account.merchantId, MerchantTradeNo: 'PAGE0001' };
const query = async (name: string) => openReply(await askService(simulator, `/1.0.0/Cashier/${name}`, envelope(asked)));

describe('GetTokenbyTrade', () => {
  test('a token for ten minutes', async () => {
    const data = await getToken(simulator);
    expect(data).toEqual({
      RtnCode: 1,
      RtnMsg: 'Success',
      PlatformID: '',
      MerchantID: account.merchantId,
      Token: expect.stringMatching(/^[0-9a-f]{48}$/),
      TokenExpireDate: '2026/06/22 15:40:00',
    } as unknown as typeof data);
  });

  const cases: [string, Record<string, unknown>, Record<string, unknown>, number][] = [
    ['Redeem as text', { CardInfo: { OrderResultURL: 'https://a.example/', Redeem: 'N' } }, {}, 5100011],
    ['RememberCard as text', { RememberCard: '0' }, {}, 10100050],
    ['RememberCard without a member', { RememberCard: 1 }, {}, 10100050],
    ['an unknown PaymentUIType', { PaymentUIType: 1 }, {}, 10100050],
    ['a list as number', { ChoosePaymentList: 1 }, {}, 10100050],
    ['a list with a stranger', { ChoosePaymentList: '1,9' }, {}, 10100050],
    ['everything and something', { ChoosePaymentList: '0,1' }, {}, 10100050],
    ['cards without OrderResultURL', { CardInfo: {} }, {}, 10100050],
    ['UnionPay without OrderResultURL', { UnionPayInfo: {} }, {}, 10100050],
    ['instalments without periods', { ChoosePaymentList: '2' }, {}, 10100050],
    ['ATM without its object', { ChoosePaymentList: '3', ATMInfo: undefined }, {}, 10100050],
    ['the background service’s ExpireDate', { CVSInfo: { ExpireDate: 4320 } }, {}, 10100050],
    ['61 days of ATM', { ATMInfo: { ExpireDate: 61 } }, {}, 10100050],
    ['31 days of barcode', { BarcodeInfo: { StoreExpireDate: 31 } }, {}, 10100050],
    ['nobody to write to', { ConsumerInfo: { Name: 'x' } }, {}, 10100050],
    ['no ConsumerInfo', { ConsumerInfo: undefined }, {}, 10100050],
    ['a bad address', { ConsumerInfo: { Email: 'payer' } }, {}, 10100050],
    [
      'self-paid instalments of little',
      { CardInfo: { OrderResultURL: 'https://a.example/', FlexibleInstallment: 30 } },
      {},
      10100050,
    ],
    ['a subscription without its fields', { PaymentUIType: 0 }, {}, 10100050],
    ['an unknown field', { CustomField1: 'x' }, {}, 10100050],
    ['an amount no method takes', {}, { TotalAmount: 3 }, 10300023],
    ['a shell word', {}, { ItemName: 'curl' }, 10400011],
    ['a shell word for a name', { ConsumerInfo: { Email: 'a@b.example', Name: 'Perl' } }, {}, 10400011],
    ['a quote in a name', { ConsumerInfo: { Email: 'a@b.example', Name: "O'Neil" } }, {}, 10100050],
  ];
  for (const [name, changes, info, code] of cases) {
    test(name, async () => {
      const data = await getToken(simulator, tokenData(changes, info));
      expect(data).toMatchObject({ RtnCode: code, Token: '' });
    });
  }

  test('takes what ECPay’s own sample sends', async () => {
    const CardInfo = {
      OrderResultURL: 'https://a.example/',
      Redeem: 0,
      CreditInstallment: '3,6',
      FlexibleInstallment: 30,
    };
    const ConsumerInfo = {
      MerchantMemberID: 'm1',
      Email: 'a@b.tw',
      Phone: '0912345678',
      Name: 'T',
      CountryCode: '158',
    };
    const data = tokenData({ RememberCard: 1, CardInfo, ConsumerInfo }, { TotalAmount: '1000' });
    expect((await getToken(simulator, data)).RtnCode).toBe(1);
  });

  test('wrong keys', async () => {
    const reply = await askService(simulator, '/Merchant/GetTokenbyTrade', envelope(tokenData(), {}, otherAccount));
    expect(reply).toMatchObject({ TransCode: 128, Data: '' });
  });
});

describe('the form on the pay page', () => {
  const ids = async (data: Record<string, unknown>) => {
    const { Token } = await getToken(simulator, data);
    const { Methods } = await askForm(simulator, { Token: String(Token) });
    return (Methods as { id: string }[]).map((method) => method.id);
  };

  test('offers what the token allows', async () => {
    const all = [
      'card',
      'card-3d',
      'card-refused',
      'unionpay',
      'atm',
      'cvs',
      'barcode',
      'installment-3',
      'installment-30N',
    ];
    expect(await ids(order())).toEqual(all);
    expect(await ids(order({ ChoosePaymentList: '3,4' }))).toEqual(['atm', 'cvs']);
    expect(await ids(tokenData({ ChoosePaymentList: '0', UnionPayInfo: undefined }))).not.toContain('unionpay');
    const flexible = { CardInfo: { OrderResultURL: 'https://a.example/', FlexibleInstallment: 30 } };
    expect(await ids(tokenData({ ...flexible, ChoosePaymentList: '1' }, { TotalAmount: 1000 }))).toContain(
      'self-paid-30',
    );
  });

  test('its script, for any page', async () => {
    const response = await simulator.fetch(new Request(`${ORIGIN}/Scripts/sdk-1.0.0.js?t=20210121`));
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(await response.text()).toContain('window.ECPay');
  });

  test('any origin may ask; expired and unknown tokens say why', async () => {
    const { Token } = await getToken(simulator);
    const response = await postForm(simulator, '/Merchant/SimulatorPayToken', { Token: String(Token), Method: 'atm' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const { PayToken, PaymentType } = (await response.json()) as Record<string, string>;
    expect(PaymentType).toBe('ATM');
    expect(PayToken?.split('.')).toHaveLength(3);
    expect(await askForm(simulator, { Token: 'x' })).toMatchObject({ error: { code: 'TOKEN_UNKNOWN' } });
    expect(await askForm(simulator, { Token: String(Token), Method: 'gold' })).toMatchObject({
      error: { code: 'METHOD_UNKNOWN' },
    });
    clock.now += 601_000;
    expect(await askForm(simulator, { Token: String(Token) })).toMatchObject({ error: { code: 'TOKEN_EXPIRED' } });
  });
});

describe('CreatePayment', () => {
  test('a card without 3-D Secure is paid, and the notification follows the answer', async () => {
    const data = await payInPage(simulator, 'card', order());
    expect(data).toMatchObject({
      RtnCode: 1,
      MerchantID: account.merchantId,
      CustomField: 'PAY1',
      OrderInfo: { MerchantTradeNo: 'PAGE0001', TradeAmt: 980, PaymentType: 'Credit', TradeStatus: '1' },
      CardInfo: { AuthCode: '777777', Amount: 980, Stage: 0, Eci: 0, Card6No: '431195', Card4No: '2222' },
    });
    expect(shop.received).toHaveLength(0);
    await timers.fire();
    expect(shop.received.map((request) => request.path)).toEqual(['/return']);
    expect(notice(0)).toMatchObject({ RtnCode: 1, OrderInfo: { TradeStatus: '1' }, CardInfo: { Amount: 980 } });
    expect(await orderOf(simulator, 'PAGE0001')).toMatchObject({ kind: 'ecpg', status: 'paid', custom_field: 'PAY1' });
    expect(await query('QueryTrade')).toMatchObject({
      OrderInfo: { TradeStatus: '1' },
      CardInfo: { Gwsr: expect.any(Number) },
    });
    expect((await query('QueryPaymentInfo')).RtnCode).toBe(10000185);
  });

  test('a card with 3-D Secure: page, confirm, notification, browser', async () => {
    const data = await payInPage(simulator, 'card-3d', order());
    const ThreeDURL = `${ORIGIN}/Merchant/ThreeD/${account.merchantId}/PAGE0001`;
    expect(data).toEqual({
      RtnCode: 1,
      RtnMsg: 'Success',
      PlatformID: '',
      MerchantID: account.merchantId,
      OrderInfo: { MerchantTradeNo: 'PAGE0001' },
      ThreeDInfo: { ThreeDURL },
    });
    expect(await query('QueryTrade')).toMatchObject({ OrderInfo: { TradeStatus: '0' }, CardInfo: { AuthCode: '' } });
    const path = new URL(ThreeDURL).pathname;
    const page = await (await simulator.fetch(new Request(ThreeDURL))).text();
    expect(page).toContain(`action="${path}/confirm"`);
    const result = await (await postForm(simulator, `${path}/confirm`, {})).text();
    expect(notice(0)).toMatchObject({ RtnCode: 1, CardInfo: { Eci: 5 } });
    expect(result).toContain(`action="${shop.url('/result')}"`);
    const text = /name="ResultData" value="([^"]+)"/.exec(result)?.[1]?.replaceAll('&quot;', '"') ?? '{}';
    expect(openReply(JSON.parse(text) as Reply)).toMatchObject({
      RtnCode: 1,
      OrderInfo: { MerchantTradeNo: 'PAGE0001' },
    });
    const again = await (await postForm(simulator, `${path}/confirm`, {})).text();
    expect(again).not.toContain('ResultData');
    expect(shop.received).toHaveLength(1);
  });

  test('a wrong one-time code fails in both channels, and money may still come', async () => {
    await payInPage(simulator, 'card-3d', order());
    const result = await (await postForm(simulator, `/Merchant/ThreeD/${account.merchantId}/PAGE0001/fail`, {})).text();
    expect(result).toContain('ResultData');
    expect(notice(0)).toMatchObject({ RtnCode: 10200043, OrderInfo: { TradeStatus: '0' } });
    expect((await query('QueryTrade')).OrderInfo.TradeStatus).toBe('10200095');
    await postJson(simulator, '/simulator/orders/PAGE0001/pay');
    expect(notice(1)).toMatchObject({ RtnCode: 1 });
  });

  test('UnionPay', async () => {
    const data = await payInPage(simulator, 'unionpay', order());
    const path = `/Merchant/UnionPay/${account.merchantId}/PAGE0001`;
    expect(data).toMatchObject({ RtnCode: 1, UnionPayInfo: { UnionPayURL: ORIGIN + path } });
    expect((await simulator.fetch(new Request(`${ORIGIN}${path.replace('UnionPay', 'ThreeD')}`))).status).toBe(404);
    expect(await (await postForm(simulator, `${path}/confirm`, {})).text()).toContain(`action="${shop.url('/union')}"`);
    expect(notice(0)).toMatchObject({ OrderInfo: { PaymentType: 'UnionPay' } });
  });

  test('instalments', async () => {
    await payInPage(simulator, 'installment-3', order());
    await postForm(simulator, `/Merchant/ThreeD/${account.merchantId}/PAGE0001/confirm`, {});
    expect(notice(0).CardInfo).toMatchObject({ Stage: 3, Stast: 328, Staed: 326 });
  });

  test('ATM, store code and barcode: numbers now, money later', async () => {
    const atm = await payInPage(simulator, 'atm', order());
    expect(atm).toMatchObject({ RtnCode: 1, OrderInfo: { TradeStatus: '0', PaymentType: 'ATM', PaymentDate: '' } });
    expect(atm.ATMInfo).toMatchObject({ BankCode: '004', ExpireDate: '2026/06/29' });
    expect((await query('QueryPaymentInfo')).ATMInfo).toEqual(atm.ATMInfo);
    expect(shop.received).toHaveLength(0);
    clock.now += 30 * 24 * 3600 * 1000;
    await postJson(simulator, '/simulator/orders/PAGE0001/pay');
    expect(notice(0)).toMatchObject({ RtnCode: 1, ATMInfo: { ATMAccBank: '822' }, CustomField: 'PAY1' });
  });

  test('store deadlines in minutes and days', async () => {
    const cvs = await payInPage(simulator, 'cvs', tokenData({}, { MerchantTradeNo: 'C1' }));
    expect(cvs.CVSInfo).toMatchObject({
      ExpireDate: '2026/06/25 15:30:00',
      PaymentURL: expect.stringContaining(ORIGIN),
    });
    const barcode = await payInPage(simulator, 'barcode', tokenData({}, { MerchantTradeNo: 'B1' }));
    expect(barcode.BarcodeInfo).toMatchObject({ ExpireDate: '2026/06/27 23:59:59', Barcode1: '1506276CY' });
    await postJson(simulator, '/simulator/orders/B1/forge', { kind: 'info-as-paid' });
  });
});

describe('CreatePayment refuses', () => {
  const tokenFor = async (method: string, data = tokenData()) => {
    const { Token } = await getToken(simulator, data);
    return String((await askForm(simulator, { Token: String(Token), Method: method })).PayToken);
  };

  test('unknown, foreign, used and expired PayTokens', async () => {
    const MerchantTradeNo = 'PAGE0001';
    const refused = async (data: Record<string, unknown>) => String((await createPayment(simulator, data)).RtnMsg);
    expect(await refused({ PayToken: 'x', MerchantTradeNo })).toContain('unknown');
    expect(await refused({ MerchantTradeNo })).toContain('PayToken');
    const PayToken = await tokenFor('atm');
    expect(await refused({ PayToken, MerchantTradeNo: 'OTHER' })).toContain('another');
    const late = await tokenFor('atm');
    clock.now += 601_000;
    const fresh = { RqHeader: { Timestamp: Math.floor(clock.now / 1000) } };
    const body = envelope({ MerchantID: account.merchantId, PayToken: late, MerchantTradeNo }, fresh);
    expect(openReply(await askService(simulator, '/Merchant/CreatePayment', body)).RtnMsg).toContain('expired');
  });

  test('a refused card spends the PayToken and not the number; a payment spends the number', async () => {
    const MerchantTradeNo = 'PAGE0001';
    const refusedCard = await tokenFor('card-refused');
    expect(await createPayment(simulator, { PayToken: refusedCard, MerchantTradeNo })).toMatchObject({
      RtnCode: 10200058,
      OrderInfo: { MerchantTradeNo },
    });
    expect((await createPayment(simulator, { PayToken: refusedCard, MerchantTradeNo })).RtnMsg).toContain('used');
    const [first, second] = [await tokenFor('atm'), await tokenFor('cvs')];
    expect((await createPayment(simulator, { PayToken: first, MerchantTradeNo })).RtnCode).toBe(1);
    expect((await createPayment(simulator, { PayToken: first, MerchantTradeNo })).RtnCode).toBe(10300028);
    expect((await createPayment(simulator, { PayToken: second, MerchantTradeNo })).RtnCode).toBe(10300028);
    expect((await getToken(simulator)).RtnCode).toBe(10300028);
  });

  test('two at once make one payment', async () => {
    const PayToken = await tokenFor('card');
    const data = { PayToken, MerchantTradeNo: 'PAGE0001' };
    const codes = (await Promise.all([createPayment(simulator, data), createPayment(simulator, data)])).map(
      (answer) => answer.RtnCode,
    );
    expect(codes.sort()).toEqual([1, 10300028]);
  });
});

test('forged callbacks about a page order', async () => {
  await payInPage(simulator, 'card-3d', order());
  for (const kind of ['signature', 'amount', 'unknown-order', 'info-as-paid']) {
    const response = await postJson(simulator, '/simulator/orders/PAGE0001/forge', { kind });
    expect(response.status).toBe(200);
  }
  expect(notice(-1)).toHaveProperty('ThreeDInfo');
  expect((await orderOf(simulator, 'PAGE0001')).status).toBe('created');
});
