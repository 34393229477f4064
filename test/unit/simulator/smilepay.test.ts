import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Simulator } from '../../../src/simulator/index.ts';
import { type Changes, element, issue, KEY, PATH, random, request } from './smilepay-support.ts';
import { get, ORIGIN, orderOf, postForm, postJson, start } from './support.ts';

const OTHER_KEY = 'FEDCBA9876543210FEDCBA9876543210';

let simulator: Simulator;
beforeEach(() => {
  simulator = start({ random });
});
afterEach(() => simulator.stop());

const statusOf = async (changes: Changes) => Number(element(await issue(simulator, changes), 'Status'));

describe('SPPayment.asp issues', () => {
  test('a bank account, in the shape SmilePay answers', async () => {
    const response = await postForm(simulator, PATH, request());
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(await response.text()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><SmilePay><Status>1</Status><Desc>Succeeded</Desc><Rvg2c>1</Rvg2c>' +
        '<Dcvc>107</Dcvc><SmilePayNO>062223689453</SmilePayNO><Data_id>ORDER1</Data_id><Amount>980</Amount>' +
        '<PayEndDate>2026/06/28 23:59:59</PayEndDate><AtmBankNo>809</AtmBankNo><AtmNo>8011773423689453</AtmNo></SmilePay>',
    );
  });

  test('barcodes, an ibon code and a FamiPort code that end like the SmilePayNO', async () => {
    const slip = await issue(simulator, { Pay_zg: '3' });
    expect(element(slip, 'Barcode1')).toBe('150628A1F');
    expect(element(slip, 'Barcode2')).toMatch(/^\d{16}$/);
    expect(element(slip, 'Barcode3')).toBe('00000980000023689453');
    expect(element(await issue(simulator, { Pay_zg: '4' }), 'IbonNo')).toBe('21623689454');
    expect(element(await issue(simulator, { Pay_zg: '6' }), 'FamiNO')).toBe('66012323689455');
  });

  test('a number of its own for every call, also when Data_id comes again', async () => {
    const first = await issue(simulator);
    const second = await issue(simulator);
    expect(element(first, 'SmilePayNO')).toBe('062223689453');
    expect(element(second, 'SmilePayNO')).toBe('062223689454');
    expect(element(second, 'AtmNo')).toBe('8011773423689454');
    expect(await orderOf(simulator, 'ORDER1')).toMatchObject({ trade_no: '062223689454' });
    expect(await orderOf(simulator, '062223689453')).toMatchObject({ order_no: 'ORDER1' });
  });

  test('by GET, whatever the case of path and names', async () => {
    const lower = Object.entries(request()).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
    const response = await get(simulator, `/API/sppayment.ASP?${new URLSearchParams(lower)}`);
    expect(element(await response.text(), 'Status')).toBe('1');
  });

  test('by the query string where the form says something else', async () => {
    const response = await postForm(simulator, `${PATH}?amount=500`, request());
    expect(element(await response.text(), 'Amount')).toBe('500');
  });

  test('without a deadline: accounts that stay, codes for the week, barcodes for fifty days', async () => {
    const standard = async (Pay_zg: string) =>
      element(await issue(simulator, { Pay_zg, Deadline_date: undefined }), 'PayEndDate');
    expect(await standard('2')).toBe('');
    expect(await standard('4')).toBe('2026/06/28 23:59:59');
    expect(await standard('3')).toBe('2026/08/11 23:59:59');
  });

  test('the deadline asked for, day and month with or without a zero', async () => {
    const asked = { Pay_zg: '4', Deadline_date: '2026/6/23', Deadline_time: '09:05:00' };
    expect(element(await issue(simulator, asked), 'PayEndDate')).toBe('2026/06/23 09:05:00');
  });

  test('an order that shows everything but the key', async () => {
    await issue(simulator);
    const text = await (await get(simulator, '/simulator/orders/ORDER1')).text();
    expect(JSON.parse(text)).toMatchObject({
      gateway: 'smilepay',
      order_no: 'ORDER1',
      trade_no: '062223689453',
      method: 'atm',
      amount: '980',
      currency: 'TWD',
      status: 'issued',
      paid: false,
      payer_page: '/smilepay/pay/062223689453',
      info: { AtmNo: '8011773423689453', PayEndDate: '2026/06/28 23:59:59' },
      fields: { Data_id: 'ORDER1', Od_sob: '測試商品' },
    });
    expect(text).not.toContain(KEY);
  });
});

describe('SPPayment.asp refuses', () => {
  const long = (length: number) => '商'.repeat(length);
  const cases: [string, Changes, number][] = [
    ['no Dcvc', { Dcvc: undefined }, -2001],
    ['a strange Dcvc', { Dcvc: '10 7' }, -2001],
    ['no Rvg2c', { Rvg2c: '' }, -2001],
    ['no Verify_key', { Verify_key: undefined }, -2002],
    ['a Verify_key in lower case', { Verify_key: KEY.toLowerCase() }, -2002],
    ['a short Verify_key', { Verify_key: KEY.slice(1) }, -2002],
    ['no Pay_zg', { Pay_zg: undefined }, -2003],
    ['a Pay_zg it does not know', { Pay_zg: '9' }, -2003],
    ['a date with dashes', { Deadline_date: '2026-06-28' }, -2004],
    ['a day that does not exist', { Deadline_date: '2026/06/31' }, -2004],
    ['a time that does not exist', { Deadline_time: '24:00:00' }, -2004],
    ['a time without a date', { Deadline_date: undefined, Deadline_time: '12:00:00' }, -2004],
    ['a deadline that is over', { Deadline_time: '15:30:00', Deadline_date: '2026/06/22' }, -2004],
    ['an account for more than sixty days', { Deadline_date: '2026/08/22' }, -2004],
    ['barcodes for more than fifty days', { Pay_zg: '3', Deadline_date: '2026/08/12' }, -2004],
    ['a code for more than 10080 minutes', { Pay_zg: '4', Deadline_date: '2026/06/29' }, -2004],
    ['no Amount', { Amount: undefined }, -2005],
    ['a broken Amount', { Amount: '980.5' }, -2005],
    ['an Amount of nothing', { Amount: '0' }, -2005],
    ['an account below 13', { Amount: '12' }, -3004],
    ['barcodes below 25', { Pay_zg: '3', Amount: '24' }, -3004],
    ['a code below 35', { Pay_zg: '6', Amount: '34' }, -3004],
    ['more than 20000', { Amount: '20001' }, -3004],
    ['a Data_id of nineteen characters', { Data_id: 'A'.repeat(19) }, -2007],
    ['a Data_id with other characters', { Data_id: 'ORDER-1' }, -2007],
    ['an Od_sob of fifty-one characters', { Od_sob: long(51) }, -2007],
    ['a long address', { Address: long(101) }, -2007],
    ['no Roturl', { Roturl: undefined }, -2007],
    ['a Roturl that is no address', { Roturl: 'shop.example/hook' }, -2007],
    ['a very long Roturl', { Roturl: `https://shop.example/${'a'.repeat(600)}` }, -2007],
    ['markup in Roturl_status', { Roturl_status: '<b>' }, -2007],
    ['anything endless', { Note: 'x'.repeat(600) }, -2007],
    ['an endless name', { ['x'.repeat(600)]: '1' }, -2007],
  ];

  test.each(cases)('%s', async (_, changes, status) => {
    expect(await statusOf(changes)).toBe(status);
    expect(await (await get(simulator, '/simulator/orders')).json()).toEqual({ orders: [] });
  });

  test('nothing that is just within its limits', async () => {
    expect(await statusOf({ Amount: '13', Data_id: 'A'.repeat(18), Od_sob: long(50) })).toBe(1);
    expect(await statusOf({ Amount: '20000', Deadline_date: '2026/08/21' })).toBe(1);
    expect(await statusOf({ Pay_zg: '3', Amount: '25', Deadline_date: '2026/08/11' })).toBe(1);
    const week = { Deadline_date: '2026/06/29', Deadline_time: '15:30:00' };
    expect(await statusOf({ Pay_zg: '4', Amount: '35', ...week })).toBe(1);
    expect(await statusOf({ Data_id: '' })).toBe(1);
  });

  test('a second key for a Dcvc it knows, and says so without more', async () => {
    await issue(simulator);
    expect(await issue(simulator, { Verify_key: OTHER_KEY })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><SmilePay><Status>-2002</Status><Desc>Verify_key error</Desc></SmilePay>',
    );
    expect(await statusOf({ Verify_key: OTHER_KEY, Dcvc: '108' })).toBe(1);
  });

  test('a parameter that comes twice, since its values are joined', async () => {
    const pairs: [string, string][] = [...Object.entries(request()), ['AMOUNT', '980']];
    const response = await postForm(simulator, PATH, pairs);
    expect(element(await response.text(), 'Status')).toBe('-2005');
  });

  test('a body that is no form', async () => {
    expect(element(await (await postJson(simulator, PATH, request())).text(), 'Status')).toBe('-2001');
  });
});

describe('a service', () => {
  const turn = (value: unknown) => postJson(simulator, '/simulator/smilepay/services', value);

  test('can be switched off for one shop, and on again', async () => {
    expect(await (await turn({ dcvc: '107', pay_zg: '3', enabled: false })).json()).toMatchObject({
      dcvc: '107',
      services: [{ pay_zg: '2', enabled: true }, { pay_zg: '3', enabled: false, status: -3003 }, {}, {}],
    });
    expect(await issue(simulator, { Pay_zg: '3' })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><SmilePay><Status>-3003</Status>' +
        '<Desc>Can not use this Pay_zg service(Store)</Desc></SmilePay>',
    );
    expect(await statusOf({ Pay_zg: '2' })).toBe(1);
    expect(await statusOf({ Pay_zg: '3', Dcvc: '108' })).toBe(1);
    await turn({ dcvc: '107', pay_zg: '3', enabled: true });
    expect(await statusOf({ Pay_zg: '3' })).toBe(1);
  });

  test('can be out of order in every way of the table', async () => {
    await turn({ dcvc: '107', pay_zg: '4', enabled: false, status: '-4003' });
    expect(await statusOf({ Pay_zg: '4' })).toBe(-4003);
    await turn({ dcvc: '107', pay_zg: '4', enabled: false, status: '-3002' });
    expect(await statusOf({ Pay_zg: '4' })).toBe(-3002);
  });

  test('must be one that exists', async () => {
    expect((await turn({ dcvc: '107', pay_zg: '1', enabled: false })).status).toBe(400);
    expect((await turn({ pay_zg: '2', enabled: false })).status).toBe(400);
    expect((await turn({ dcvc: '107', pay_zg: '2', enabled: false, status: '1' })).status).toBe(400);
  });
});

describe('a merchant', () => {
  const set = (value: unknown) => postJson(simulator, '/simulator/smilepay/merchants', value);

  test('can be given its key beforehand, and the list does not tell it', async () => {
    await set({ dcvc: '107', verify_key: OTHER_KEY, mid: '1234' });
    expect(await statusOf({})).toBe(-2002);
    expect(await statusOf({ Verify_key: OTHER_KEY })).toBe(1);
    const text = await (await get(simulator, '/simulator/smilepay/merchants')).text();
    expect(JSON.parse(text)).toMatchObject({ merchants: [{ dcvc: '107', mid: '1234', has_key: true }] });
    expect(text).not.toContain(OTHER_KEY);
  });

  test('has a parameter of at most four digits', async () => {
    expect((await set({ dcvc: '107', mid: '12345' })).status).toBe(400);
    expect((await set({ mid: '1234' })).status).toBe(400);
  });
});

describe('the gateway', () => {
  test('writes its calls down and lets them fail on request', async () => {
    await postJson(simulator, '/simulator/faults', { route: 'smilepay-payment', kind: 'unavailable' });
    expect((await postForm(simulator, PATH, request())).status).toBe(503);
    await issue(simulator);
    const { requests } = (await (await get(simulator, '/simulator/requests')).json()) as { requests: unknown[] };
    expect(requests[0]).toMatchObject({
      route: 'smilepay-payment',
      merchant_id: '107',
      merchant_trade_no: 'ORDER1',
      status: 200,
    });
  });

  test('makes an order whose answer is lost', async () => {
    await postJson(simulator, '/simulator/faults', { route: 'smilepay-payment', kind: 'lost' });
    const lost = await simulator.fetch(
      new Request(ORIGIN + PATH, { method: 'POST', body: new URLSearchParams(request()) }),
    );
    expect(await lost.text().catch(() => 'broken')).toBe('broken');
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('issued');
  });
});
