import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { DAY, HOUR, SECOND } from '../../../src/core/time.ts';
import { signFields } from '../../../src/simulator/plus/sign.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { expectExpiry, expectFound } from '../../support/outcomes.ts';

/** The simulator's account, the one of the API catalogue's examples. */
const ACCOUNT = { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' } as const;
const ORDER = { gateway_credentials: ACCOUNT };

let app: TestApp;
beforeEach(async () => {
  app = await startApp({ gatewayTimeoutMs: 300 });
});
afterEach(() => app.stop());

const create = (body: object = {}) => app.create('plus/atm', { ...ORDER, ...body });
const sync = (paymentNo: unknown) => app.call(`/api/paycore/payments/${paymentNo}/sync`, {});
const calls = (path: string) => app.gateway.received.filter((request) => request.path === path);

/** A payment that stands: its number, and ours at PLUS. */
async function open(body: object = {}): Promise<{ no: string; orderNo: string; data: Record<string, unknown> }> {
  const { status, json } = await create(body);
  expect([status, json.data.created]).toEqual([201, true]);
  return { no: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no), data: json.data };
}

describe('a payment by PLUS', () => {
  test('is created with what the catalogue names, paid by a callback, and the shop hears of it', async () => {
    const { no, orderNo, data } = await open();
    const info = data.payment_info as Record<string, unknown>;
    expect(data).toMatchObject({ gateway: 'plus', method: 'atm', amount: 980, currency: 'TWD', status: 'pending' });
    expect(data).toMatchObject({ environment: 'production', livemode: false });
    expect(Object.keys(info).sort()).toEqual(
      ['account_code', 'plat_no', 'bank_code', 'bank_name', 'virtual_account', 'expire_at', 'pay_url'].sort(),
    );
    expect(info).toMatchObject({ bank_code: '822', bank_name: '中國信託銀行', expire_at: '2026-06-25 23:59:59' });
    expect(info.account_code).toBe(info.virtual_account as string);
    expect(info.plat_no).toBe(data.gateway_trade_no as string);

    await app.simulate(orderNo, 'pay');
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [], gateway_trade_no: info.plat_no });
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'payment.paid', payment_no: no, gateway: 'plus', amount: 980, amount_decimal: '980.00' },
    ]);
  });

  test('is real money with a live key', async () => {
    const made = await app.create('plus/atm', ORDER, { 'x-api-key': app.keys.live.api_key });
    expect([made.status, made.json.data.livemode, made.json.data.environment]).toEqual([201, true, 'production']);
  });

  test('goes through the channel that its amount belongs to', async () => {
    for (const [amount, channel] of [
      [19_999, 'small'],
      [20_000, 'large'],
    ] as const) {
      await open({ amount });
      expect(new URLSearchParams(calls('/api/atm').at(-1)?.body).get('channel')).toBe(channel);
    }
  });

  for (const shape of ['form', 'json']) {
    for (const sign of ['md5-key', 'md5-amp', 'md5-bare', 'hmac-sha256', 'none']) {
      test(`is made, paid and asked about where PLUS signs ${sign} and calls with ${shape}`, async () => {
        await app.stop();
        app = await startApp({ env: { PAYCORE_PLUS_SIGN: sign } });
        await fetch(`${app.gateway.url}/simulator/plus/settings`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ sign }),
        });
        const { no, orderNo } = await open();
        expect((await sync(no)).json.data).toMatchObject({
          status: 'pending',
          sync: { asked: true, result: 'unpaid' },
        });
        await app.simulate(orderNo, 'pay', { shape });
        expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
      });
    }
  }

  test('shows the payer the account, and takes him back to its page', async () => {
    const { no, data } = await open();
    const returnUrl = new URL(new URLSearchParams(calls('/api/atm')[0]?.body).get('return_url') ?? '');
    expect(returnUrl.origin + returnUrl.pathname).toBe(`${app.url}/zh-tw/payment/plus/return/${no}`);
    const page = await app.request(returnUrl.pathname + returnUrl.search);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(`data-payment-no="${no}"`);
    const bare = await app.request(returnUrl.pathname);
    expect(await bare.text()).not.toContain(String((data.payment_info as { account_code: string }).account_code));
    const unknown = await app.request('/zh-tw/payment/plus/return/PAY202606220001ABCDEFGH');
    expect(unknown.status).toBe(404);
  });

  test('without callback is found paid by sync and by the schedule', async () => {
    const [one, two] = [await open(), await open()];
    await expectFound(app, { no: one.no, number: one.orderNo }, { no: two.no, number: two.orderNo });
  });

  test('expires a day after the deadline that PLUS named; money after that still counts', async () => {
    const { no, orderNo } = await open({ expire_days: 30 });
    await expectExpiry(app, no, Date.parse('2026-06-26T23:59:59+08:00') - SECOND - app.clock.now(), SECOND);
    await app.simulate(orderNo, 'pay');
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: ['late'] });
  });

  test('is told as another amount by a query: refused, flagged, and never paid', async () => {
    const { no, orderNo, data } = await open();
    const answer = { code: 0, data: { order_no: orderNo, plat_no: data.gateway_trade_no, money: 979, status: '1' } };
    app.gateway.answer = ({ path }) => (path === '/api/query' ? Response.json(answer) : null);
    expect((await sync(no)).json.data).toMatchObject({ status: 'pending', flags: ['mismatch', 'attention'] });
  });
});

describe('the order', () => {
  test('that comes again is the same payment and no second call; with another amount it is a conflict', async () => {
    const first = await open({ merchant_order_no: 'SAME' });
    const again = await create({ merchant_order_no: 'SAME' });
    expect([again.status, again.json.data.created, again.json.data.payment_no]).toEqual([200, false, first.no]);
    expect(again.json.data.payment_info as object).toEqual(first.data.payment_info as object);
    const other = await create({ merchant_order_no: 'SAME', amount: 981 });
    expect(other.status).toBe(409);
    expect(other.json.error).toEqual({ error_code: 'ORDER_CONFLICT', payment_no: first.no });
    expect(calls('/api/atm').length).toBe(1);
  });
});

describe('a call whose outcome is unknown', () => {
  /** PLUS makes the order, its answer never comes. */
  function loseOneAnswer(): void {
    let left = 1;
    app.gateway.answer = ({ path, headers, body }) => {
      if (path !== '/api/atm' || left-- <= 0) return null;
      void fetch(app.gateway.url + path, { method: 'POST', headers, body });
      return new Promise(() => {});
    };
  }
  const lastOrderNo = () => new URLSearchParams(calls('/api/atm')[0]?.body).get('order_no') ?? '';

  test('is 504 with the payment; the same create gets a new number, and the old one still counts', async () => {
    loseOneAnswer();
    const lost = await create({ merchant_order_no: 'LOST' });
    expect([lost.status, lost.json.error.error_code]).toEqual([504, 'PAYMENT_GATEWAY_TIMEOUT']);
    const old = lastOrderNo();

    const again = await create({ merchant_order_no: 'LOST' });
    expect([again.status, again.json.data.created]).toEqual([200, false]);
    expect(again.json.data.payment_no).toBe(lost.json.error.payment_no);
    expect(again.json.data.gateway_order_no).not.toBe(old);
    expect(again.json.data.payment_info).toHaveProperty('account_code');

    await app.simulate(old, 'pay');
    expect(await app.find(String(again.json.data.payment_no))).toMatchObject({ status: 'paid', flags: [] });
    await app.simulate(String(again.json.data.gateway_order_no), 'pay');
    expect((await app.find(String(again.json.data.payment_no))).flags).toEqual(['duplicate', 'attention']);
  });

  test('is watched: money for the lost number is found by the schedule', async () => {
    loseOneAnswer();
    const lost = await create();
    await app.simulate(lastOrderNo(), 'pay', { callback: false });
    app.clock.advance(10 * SECOND);
    await app.check();
    expect((await app.find(String(lost.json.error.payment_no))).status).toBe('paid');
  });

  test('is over in the end when PLUS never knew the order', async () => {
    app.gateway.answer = ({ path }) => (path === '/api/atm' ? new Response('<html>', { status: 502 }) : null);
    const lost = await create();
    expect([lost.status, lost.json.error.error_code]).toEqual([502, 'PAYMENT_GATEWAY_ERROR']);
    const no = String(lost.json.error.payment_no);
    expect((await sync(no)).json.data).toMatchObject({ status: 'pending', sync: { result: 'not_found' } });
    app.clock.advance(3 * DAY + HOUR);
    await app.check();
    expect((await app.find(no)).status).toBe('expired');
  });

  test('was none when PLUS cannot be reached: nothing was sent, and the order is free', async () => {
    await app.stop();
    app = await startApp({ env: { PAYCORE_PLUS_URL: 'http://127.0.0.1:1' } });
    for (const amount of [980, 981]) {
      const { status, json } = await create({ merchant_order_no: 'FREE', amount });
      expect([status, json.error as object]).toEqual([502, { error_code: 'PAYMENT_GATEWAY_ERROR' }]);
    }
  });
});

describe('a refusal', () => {
  test('of the credentials has the sentences of the catalogue', async () => {
    for (const [gateway_credentials, message] of [
      [{ secret_key: 'x' }, 'PLUS appid is required.'],
      [{ appid: 'x' }, 'PLUS secret_key is required.'],
      [undefined, 'PLUS appid is required.'],
    ] as const) {
      const { status, json } = await app.create('plus/atm', { gateway_credentials });
      expect([status, json.message, json.error.error_code]).toEqual([422, message, 'PLUS_CREDENTIAL_INVALID']);
    }
    expect(calls('/api/atm')).toEqual([]);
  });

  test('by PLUS is told with its code and text; the order is free again', async () => {
    const wrong = await create({ merchant_order_no: 'R', gateway_credentials: { ...ACCOUNT, secret_key: 'WRONG' } });
    expect(wrong.status).toBe(422);
    expect(wrong.json.error).toEqual({
      error_code: 'PLUS_REQUEST_REJECTED',
      gateway: { code: '4002', message: 'sign is wrong.' },
    });
    expect((await create({ merchant_order_no: 'R' })).status).toBe(201);
  });

  test('of another currency calls nobody', async () => {
    const { status, json } = await create({ currency: 'USD' });
    expect([status, json.error.error_code]).toEqual([422, 'INVALID_ARGUMENT']);
    expect(Object.keys(json.error.fields ?? {})).toEqual(['currency']);
    expect(calls('/api/atm')).toEqual([]);
  });

  test('of a PLUS that nobody has named: the operator’s variable with a live key, no test mode with a test key', async () => {
    await app.stop();
    app = await startApp({ env: { PAYCORE_PLUS_URL: '' } });
    const live = { 'x-api-key': app.keys.live.api_key };
    for (const [path, headers, code] of [
      ['pay/plus/atm', live, 'PLUS_URL_REQUIRED'],
      ['gateways/plus/balance', live, 'PLUS_URL_REQUIRED'],
      ['pay/plus/atm', {}, 'GATEWAY_HAS_NO_TEST_MODE'],
      ['gateways/plus/balance', {}, 'GATEWAY_HAS_NO_TEST_MODE'],
    ] as const) {
      const body = { merchant_order_no: 'N', amount: 980, ...ORDER };
      const { status, json } = await app.call(`/api/paycore/${path}`, body, headers);
      expect([status, json.error.error_code]).toEqual([422, code]);
      if (code === 'PLUS_URL_REQUIRED') expect(json.message).toContain('PAYCORE_PLUS_URL');
    }
    expect(await app.rows.count('payments')).toBe(0);
  });
});

describe('a callback that is forged', () => {
  const REFUSALS = {
    'bad-sign': 'PLUS sign mismatch.',
    'no-sign': 'PLUS sign mismatch.',
    'wrong-token': 'PLUS sign mismatch.',
    'wrong-appid': 'PLUS appid mismatch.',
    money: 'PLUS money mismatch.',
    'other-order': 'PLUS transaction not found.',
  } as const;

  for (const [kind, message] of Object.entries(REFUSALS)) {
    test(`as ${kind} is refused: ${message}`, async () => {
      const [{ no, orderNo }, other] = [await open(), await open()];
      const [delivery] = await app.catchCallbacks(orderNo, () => app.simulate(orderNo, 'forge', { kind }));
      const { type, body, query } = delivery ?? { type: '', body: '', query: '' };
      const reply = await app.callback(body, type, 'plus', { query });
      expect([reply.status, reply.type, JSON.parse(reply.text)]).toEqual([
        400,
        'application/json',
        { success: false, message, error: { error_code: 'WEBHOOK_REFUSED' } },
      ]);
      expect([(await app.find(no)).status, (await app.find(other.no)).status]).toEqual(['pending', 'pending']);
    });
  }

  test('as an unpaid one is acknowledged and changes nothing', async () => {
    const { no, orderNo } = await open();
    await app.simulate(orderNo, 'forge', { kind: 'unpaid-status' });
    expect(await app.find(no)).toMatchObject({ status: 'pending', flags: [] });
  });

  test('of another amount leaves a line for the merchant', async () => {
    const { no, orderNo } = await open();
    await app.simulate(orderNo, 'forge', { kind: 'money' });
    expect(await app.find(no)).toMatchObject({ status: 'pending', flags: ['mismatch', 'attention'] });
    const line = app.log.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'PLUS money mismatch detail');
    expect(line).toMatchObject({ payment_no: no, expected_amount: 980, money: '981', matched_by: 'token' });
  });

  test('or repeated from an earlier payment is acknowledged and counts once', async () => {
    const { no, orderNo } = await open();
    await app.simulate(orderNo, 'pay');
    await app.simulate(orderNo, 'forge', { kind: 'replay' });
    await app.simulate(orderNo, 'repeat', { times: 3, parallel: true });
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    await app.deliver();
    expect(app.shop.received.length).toBe(1);
  });
});

test('a callback that does not say whether it is paid makes us ask PLUS', async () => {
  const { no, orderNo } = await open();
  const post = (note: string) => {
    const fields = { appid: ACCOUNT.appid, order_no: orderNo, money: '980', note };
    const body = new URLSearchParams(signFields(fields, ACCOUNT.secret_key, 'md5-key'));
    return app.callback(body, 'application/x-www-form-urlencoded', 'plus');
  };
  expect((await post('first')).status).toBe(200);
  expect((await app.find(no)).status).toBe('pending');
  expect(calls('/api/query').length).toBe(1);
  await app.simulate(orderNo, 'pay', { callback: false });
  expect((await post('second')).status).toBe(200);
  expect((await app.find(no)).status).toBe('paid');
});
