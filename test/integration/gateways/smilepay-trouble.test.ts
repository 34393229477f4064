import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { DAY, HOUR, SECOND } from '../../../src/core/time.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { expectExpiry, expectFound } from '../../support/outcomes.ts';
import { ACCOUNT, CALL, QUERY, smilepayBench } from './smilepay-bench.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startApp({ gatewayTimeoutMs: 300 });
});
afterEach(() => app.stop());
const { calls, create, open, sync } = smilepayBench(() => app);

describe('a question', () => {
  test('finds a payment whose callback never came, by sync and by the schedule', async () => {
    const [one, two] = [await open('atm'), await open('cvs')];
    expect((await sync(one.no)).json.data).toMatchObject({
      status: 'pending',
      sync: { asked: true, result: 'unpaid' },
    });
    await expectFound(app, { no: one.no, number: one.tradeNo }, { no: two.no, number: two.tradeNo });
  });

  test('that is answered with another amount pays nothing and is flagged', async () => {
    const { no } = await open();
    const answer = '<SmilePay><Status>1</Status><Amount>979</Amount><Payment_no>1</Payment_no></SmilePay>';
    app.gateway.answer = ({ path }) => (path === QUERY ? new Response(answer) : null);
    expect((await sync(no)).json.data).toMatchObject({ status: 'pending', flags: ['mismatch', 'attention'] });
  });

  test('that cannot be answered is told so', async () => {
    const { no } = await open();
    app.gateway.answer = ({ path }) => (path === QUERY ? new Response('<html>') : null);
    const { status, json } = await sync(no);
    expect([status, json.error as object]).toEqual([502, { error_code: 'PAYMENT_GATEWAY_ERROR', payment_no: no }]);
  });
});

describe('a call whose outcome is unknown', () => {
  /** SmilePay issues the number, its answer never comes. */
  function loseOneAnswer(): void {
    let left = 1;
    app.gateway.answer = ({ path, headers, body }) => {
      if (path !== CALL || left-- <= 0) return null;
      void fetch(app.gateway.url + path, { method: 'POST', headers, body });
      return new Promise(() => {});
    };
  }

  test('is 504 with the payment; the same create gets a new number, and the old one still counts', async () => {
    loseOneAnswer();
    const lost = await create('cvs', { merchant_order_no: 'LOST' });
    expect([lost.status, lost.json.error.error_code]).toEqual([504, 'PAYMENT_GATEWAY_TIMEOUT']);
    expect(await app.find(String(lost.json.error.payment_no))).toMatchObject({ status: 'pending', payment_info: {} });

    const again = await create('cvs', { merchant_order_no: 'LOST' });
    expect([again.status, again.json.data.created]).toEqual([200, false]);
    expect(again.json.data.payment_no).toBe(lost.json.error.payment_no);
    expect(again.json.data.gateway_order_no).toMatch(/^PC260622/);
    expect(again.json.data.payment_info).toHaveProperty('payment_code');

    const no = String(again.json.data.payment_no);
    await app.simulate('LOST', 'pay');
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [], gateway_order_no: 'LOST' });
    await app.simulate(String(again.json.data.gateway_trade_no), 'pay');
    expect((await app.find(no)).flags).toEqual(['duplicate', 'attention']);
  });

  test('and whose next tries are refused can be made again, until there is a number', async () => {
    const order = { merchant_order_no: 'STUCK' };
    const answers = [
      () => new Response('<html>busy</html>', { status: 502 }),
      () => new Response('<SmilePay><Status>-2005</Status><Desc>busy</Desc></SmilePay>'),
      () => new Response('<SmilePay><Status>-2005</Status><Desc>busy</Desc></SmilePay>'),
    ];
    const statuses: number[] = [];
    for (const answer of answers) {
      app.gateway.answer = ({ path }) => (path === CALL ? answer() : null);
      statuses.push((await create('atm', order)).status);
    }
    expect(statuses).toEqual([502, 422, 422]);
    app.gateway.answer = null;
    const { status, json } = await create('atm', order);
    expect([status, json.data.created]).toEqual([200, false]);
    expect(json.data.payment_info).toMatchObject({ virtual_account: expect.any(String) });
    const same = await create('atm', order);
    expect(same.json.data).toMatchObject({ payment_no: json.data.payment_no, payment_info: json.data.payment_info });
    expect(same.json.data.gateway_order_no).toBe(json.data.gateway_order_no);
  });

  test('is watched: money for the lost number is found by the schedule', async () => {
    loseOneAnswer();
    const lost = await create('atm', { merchant_order_no: 'LOST2' });
    await app.simulate('LOST2', 'pay', { callback: false });
    app.clock.advance(10 * SECOND);
    await app.check();
    expect((await app.find(String(lost.json.error.payment_no))).status).toBe('paid');
  });

  test('is over in the end when nobody pays', async () => {
    app.gateway.answer = ({ path }) => (path === CALL ? new Response('<html>busy</html>') : null);
    const lost = await create('atm');
    expect([lost.status, lost.json.error.error_code]).toEqual([502, 'PAYMENT_GATEWAY_ERROR']);
    const no = String(lost.json.error.payment_no);
    await expectExpiry(app, no, 8 * DAY - SECOND, HOUR);
  });

  test('was none when SmilePay cannot be reached: nothing was sent, and the order is free', async () => {
    await app.stop();
    app = await startApp({ env: { PAYCORE_SMILEPAY_URL: 'http://127.0.0.1:1' } });
    for (const amount of [980, 981]) {
      const { status, json } = await create('atm', { merchant_order_no: 'FREE', amount });
      expect([status, json.error as object]).toEqual([502, { error_code: 'PAYMENT_GATEWAY_ERROR' }]);
    }
  });
});

describe('a refusal', () => {
  const closeService = (body: object) =>
    fetch(`${app.gateway.url}/simulator/smilepay/services`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dcvc: '107', enabled: false, ...body }),
    });

  test('of credentials that are missing or malformed calls nobody', async () => {
    for (const gateway_credentials of [
      undefined,
      {},
      { dcvc: '107', rvg2c: '1' },
      { ...ACCOUNT, default_cvs_type: 'x' },
    ]) {
      const { status, json } = await app.create('smilepay/cvs', { gateway_credentials });
      expect([status, json.error.error_code]).toEqual([422, 'SMILEPAY_CREDENTIAL_INVALID']);
    }
    expect(calls(CALL)).toEqual([]);
  });

  test('of credentials by SmilePay is told with its code; the order is free again', async () => {
    await open();
    const wrong = { ...ACCOUNT, verify_key: 'F'.repeat(32) };
    const refused = await create('atm', { merchant_order_no: 'R1', gateway_credentials: wrong });
    expect([refused.status, refused.json.error as object]).toEqual([
      422,
      { error_code: 'SMILEPAY_CREDENTIAL_INVALID', gateway: { code: '-2002', message: 'Verify_key error' } },
    ]);
    expect(refused.text).not.toContain(wrong.verify_key);
    expect((await create('atm', { merchant_order_no: 'R1' })).status).toBe(201);
  });

  test('of barcodes that are not enabled is 422, gives out no number, and frees the order', async () => {
    await closeService({ pay_zg: '3' });
    const gateway = { code: '-3003', message: 'Can not use this Pay_zg service(Store)' };
    const { status, json } = await create('barcode', { merchant_order_no: 'B1' });
    expect([status, json.error as object]).toEqual([
      422,
      { error_code: 'SMILEPAY_BARCODE_SERVICE_NOT_ENABLED', gateway },
    ]);
    const usual = { gateway_credentials: { ...ACCOUNT, default_cvs_type: 'barcode' } };
    expect((await create('cvs', usual)).json.error.error_code).toBe('SMILEPAY_BARCODE_SERVICE_NOT_ENABLED');
    await closeService({ pay_zg: '2' });
    const atm = await create('atm', { merchant_order_no: 'B1' });
    expect([atm.status, atm.json.error as object]).toEqual([422, { error_code: 'SMILEPAY_REQUEST_REJECTED', gateway }]);
    await closeService({ pay_zg: '3', enabled: true });
    expect((await create('barcode', { merchant_order_no: 'B1' })).status).toBe(201);
  });

  test('because SmilePay is busy is told with its code', async () => {
    await closeService({ pay_zg: '4', status: '-4003' });
    const { status, json } = await create('cvs');
    const gateway = { code: '-4003', message: 'ibon service is busy' };
    expect([status, json.error as object]).toEqual([422, { error_code: 'SMILEPAY_REQUEST_REJECTED', gateway }]);
  });

  test('of another currency, amount or machine calls nobody', async () => {
    for (const [path, body, code, field] of [
      ['atm', { currency: 'USD' }, 'INVALID_ARGUMENT', 'currency'],
      ['atm', { amount: 12 }, 'INVALID_ARGUMENT', 'amount'],
      ['cvs', { amount: 34 }, 'INVALID_ARGUMENT', 'amount'],
      ['barcode', { amount: 20_001 }, 'INVALID_ARGUMENT', 'amount'],
      ['atm', { amount: '9.80' }, 'VALIDATION_FAILED', 'amount'],
      ['cvs', { cvs_type: 'barcode' }, 'VALIDATION_FAILED', 'cvs_type'],
    ] as const) {
      const { status, json } = await create(path, body);
      expect([status, json.error.error_code]).toEqual([422, code]);
      expect(Object.keys(json.error.fields ?? {})).toEqual([field]);
    }
    expect(calls(CALL)).toEqual([]);
  });

  test('of a test key comes before any call, where nothing stands in for SmilePay', async () => {
    await app.stop();
    app = await startApp({ env: { PAYCORE_SMILEPAY_URL: '' } });
    for (const environment of [undefined, 'production', 'stage']) {
      const { status, json } = await create('atm', { gateway_credentials: { ...ACCOUNT, environment } });
      expect([status, json.error.error_code]).toEqual([422, 'GATEWAY_HAS_NO_TEST_MODE']);
    }
    expect(await app.rows.count('payments')).toBe(0);
  });
});
