import { describe, expect, test } from 'bun:test';
import { HOUR, SECOND } from '../../../src/core/time.ts';
import { JUST_MADE } from '../../support/answers.ts';
import { useApp } from '../../support/apps.ts';
import { expectExpiry } from '../../support/outcomes.ts';
import { ACCOUNT, CALL, smilepayBench } from './smilepay-bench.ts';

const app = useApp({ gatewayTimeoutMs: 300 });
const { calls, create, lastCall, open } = smilepayBench(() => app);

const PAGE = /^http:\/\/127\.0\.0\.1:\d+\/zh-tw\/pay\/PAY\w+\?token=[\w-]{22}&lang=auto$/;
const SMILEPAY_NO = expect.stringMatching(/^0622\d{8}$/);
const END = (day: string, time = '23:59:59') => ({
  expire_at: `2026-06-${day} ${time}`,
  SmilePayNO: SMILEPAY_NO,
  PayEndDate: `2026/06/${day} ${time}`,
});
const INFO = {
  atm: {
    bank_code: '809',
    bank_name: '凱基銀行',
    virtual_account: expect.stringMatching(/^80117734\d{8}$/),
    ...END('29'),
    AtmBankNo: '809',
    AtmNo: expect.stringMatching(/^80117734\d{8}$/),
  },
  cvs: { payment_code: expect.stringMatching(/^216\d{8}$/), payment_code_url: null, ...END('28', '15:30:00') },
  barcode: {
    smilepay: {
      selected_payment_method: 'barcode',
      barcode1: '150629A1F',
      barcode2: expect.stringMatching(/^\d{16}$/),
      barcode3: expect.stringMatching(/^\d{20}$/),
      barcode_user_copy_url: expect.stringMatching(PAGE),
      barcode_segments_copyable: false,
      barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
      barcode_intro_url: 'https://www.smilepay.net/es/index_gz_index.asp',
      ...END('29'),
    },
  },
} as const;

describe('a payment by SmilePay', () => {
  for (const [path, info] of Object.entries(INFO)) {
    test(`${path} is created with what the catalogue names, paid by a callback, and the shop hears of it`, async () => {
      const { no, tradeNo, data } = await open(path, { merchant_order_no: 'ORDER202606220001' });
      expect(data.payment_info).toEqual(info);
      expect(data).toMatchObject({
        ...JUST_MADE,
        merchant_order_no: 'ORDER202606220001',
        gateway: 'smilepay',
        method: path,
        mode: 'background',
        environment: 'production',
        payment_url: expect.stringMatching(PAGE),
        gateway_order_no: 'ORDER202606220001',
        gateway_trade_no: SMILEPAY_NO,
      });
      app.clock.advance(7 * HOUR);
      const order = await app.simulate(tradeNo, 'pay');
      expect(order.callbacks).toMatchObject([{ acknowledged: true }]);
      const paid = { status: 'paid', flags: [], gateway_trade_no: tradeNo, paid_at: '2026-06-22T22:30:00+08:00' };
      expect(await app.find(no)).toMatchObject(paid);
      await app.deliver();
      expect(app.shop.received.map(({ body }) => JSON.parse(body))).toMatchObject([
        { event: 'payment.paid', payment_no: no, gateway: 'smilepay', method: path, amount: 980 },
      ]);
    });
  }

  for (const wording of [{ shape: 'form', encoding: 'utf8' }, { shape: 'catalogue' }]) {
    test(`is paid by a callback as ${JSON.stringify(wording)}, and SmilePay hears what it waits for`, async () => {
      const { no, tradeNo } = await open('cvs');
      const order = await app.simulate(tradeNo, 'pay', wording);
      expect(order.callbacks).toMatchObject([{ acknowledged: true }]);
      expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    });
  }

  test('is real money with a live key', async () => {
    const live = { 'x-api-key': app.keys.live.api_key };
    const made = await app.create('smilepay/atm', { gateway_credentials: ACCOUNT }, live);
    expect([made.status, made.json.data.livemode, made.json.data.environment]).toEqual([201, true, 'production']);
  });

  const kinds: readonly (readonly [string, object, string, string])[] = [
    ['ibon', { cvs_type: 'ibon' }, '4', 'payment_code'],
    ['fami', { cvs_type: 'fami' }, '6', 'payment_code'],
    ['famiport', { cvs_type: 'famiport' }, '6', 'payment_code'],
    ['family', { cvs_type: 'family' }, '6', 'payment_code'],
    ['the usual one', { gateway_credentials: { ...ACCOUNT, default_cvs_type: 'fami' } }, '6', 'payment_code'],
    [
      'barcodes as the usual one',
      { gateway_credentials: { ...ACCOUNT, default_cvs_type: 'barcode' } },
      '3',
      'smilepay',
    ],
  ];
  for (const [name, body, payZg, shown] of kinds) {
    test(`by store code may be ${name}`, async () => {
      const { data, no, tradeNo } = await open('cvs', body);
      expect(lastCall().Pay_zg).toBe(payZg);
      expect(data.method).toBe('cvs');
      expect(data.payment_info).toHaveProperty(shown);
      await app.simulate(tradeNo, 'pay');
      expect((await app.find(no)).status).toBe('paid');
    });
  }

  test('shows the payer what to pay with, and SmilePay’s guide only', async () => {
    for (const [path, shown] of [
      ['atm', /809[\s\S]*8011/],
      ['cvs', /index_gz_index\.asp/],
      ['barcode', /data-barcode="3"[\s\S]*index_gz_index\.asp/],
    ] as const) {
      const { data } = await open(path);
      const page = await (await fetch(String(data.payment_url))).text();
      expect(page).toMatch(shown);
      expect(page).not.toMatch(/ecpay/i);
    }
  });

  test('names the shop’s order at SmilePay where it takes the number and nobody else has it', async () => {
    const { data: kept } = await open('atm', { merchant_order_no: 'A1' });
    expect(kept.gateway_order_no).toBe('A1');
    expect(lastCall()).toMatchObject({ Data_id: 'A1', Od_sob: '手沖咖啡豆', Roturl_status: 'OK' });
    const long = await open('atm', { merchant_order_no: 'ORDER2026062200011' });
    expect(long.data.gateway_order_no).toBe('ORDER2026062200011');
    const own = /^PC260622[A-Z0-9]{10}$/;
    for (const number of ['ORDER20260622000111', 'A-1']) {
      expect((await open('atm', { merchant_order_no: number })).data.gateway_order_no).toMatch(own);
    }
    const order = { merchant_order_no: 'A1', gateway_credentials: { ...ACCOUNT, dcvc: '208' } };
    const other = await app.create('smilepay/atm', order, { 'x-api-key': app.keys.other.api_key });
    expect(other.json.data.gateway_order_no).toMatch(own);
    expect(new URL(lastCall().Roturl ?? '').searchParams.get('Dcvc')).toBe('208');
    await app.simulate(String(other.json.data.gateway_trade_no), 'pay');
    const found = await app.call(`/api/paycore/payments/${other.json.data.payment_no}`, undefined, {
      'x-api-key': app.keys.other.api_key,
    });
    expect(found.json.data.status).toBe('paid');
    expect((await app.find(String(kept.payment_no))).status).toBe('pending');
  });

  test('expires after the deadline and its grace; money after that still counts', async () => {
    const { no, tradeNo } = await open('barcode', { expire_days: 2 });
    await expectExpiry(app, no, Date.parse('2026-06-27T23:59:59+08:00') - SECOND - app.clock.now(), SECOND);
    await app.simulate(tradeNo, 'pay');
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: ['late'] });
  });

  test('that comes again is the same payment and no second call; with another amount it is a conflict', async () => {
    const first = await open('cvs', { merchant_order_no: 'SAME' });
    const again = await create('cvs', { merchant_order_no: 'SAME' });
    expect([again.status, again.json.data.created, again.json.data.payment_no]).toEqual([200, false, first.no]);
    expect(again.json.data.payment_info as object).toEqual(first.data.payment_info as object);
    const other = await create('cvs', { merchant_order_no: 'SAME', amount: 981 });
    expect([other.status, other.json.error as object]).toEqual([
      409,
      { error_code: 'ORDER_CONFLICT', payment_no: first.no },
    ]);
    expect((await create('atm', { merchant_order_no: 'SAME' })).status).toBe(409);
    expect(calls(CALL).length).toBe(1);
  });
});

test('no log line carries a secret or a token', async () => {
  const { tradeNo } = await open();
  await app.simulate(tradeNo, 'pay');
  await app.simulate(tradeNo, 'forge', { kind: 'wrong-token' });
  const log = app.log.join('\n');
  const token = new URL(lastCall().Roturl ?? '').searchParams.get('t') ?? 'missing';
  for (const secret of [ACCOUNT.verify_key, token]) expect(log).not.toContain(secret);
});
