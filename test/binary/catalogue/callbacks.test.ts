import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { ENGINES } from '../../support/engines.ts';
import { at, list, text } from '../support/json.ts';
import { type Answer, get, post } from '../support/parties.ts';
import { stopAll } from '../support/process.ts';
import { ACCOUNTS, lastAnswer, openWorld, paymentOf, type World } from './world.ts';

/** Webhooks, returns, actions and common routes of the API catalogue on the compiled binary. */

setDefaultTimeout(60_000);
let world: World;
afterAll(stopAll);

const act = (created: Answer, action: string, body: object = {}): Promise<unknown> =>
  world.tell(`orders/${text(created.body, 'data', 'gateway_order_no')}/${action}`, body);

/** A payment by this route for which the simulator has sent a forged callback; what PayCore answered to it. */
async function forge(route: string, kind: string, body: object = {}) {
  const created = await world.create(route, body);
  expect(created.status).toBe(201);
  await followForm(created);
  await act(created, 'forge', { kind });
  const answer = await lastAnswer(world, created, 'forged:');
  expect(await paymentOf(world, created)).toMatchObject({ status: 'pending' });
  return answer;
}

/** What the payer's browser does with a form: the order is at the gateway only then. */
async function followForm(created: Answer): Promise<void> {
  const form = at(created.body, 'data', 'redirect_form');
  if (form === undefined) return;
  const fields = new URLSearchParams(at(form, 'fields') as Record<string, string>);
  const page = await fetch(text(form, 'action'), { method: 'POST', body: fields });
  expect(page.status).toBe(200);
}

async function payAndHear(route: string, pay: object = {}) {
  const created = await world.create(route);
  expect(created.status).toBe(201);
  await followForm(created);
  await act(created, 'pay', pay);
  expect(await paymentOf(world, created)).toMatchObject({ status: 'paid', flags: [] });
  const paymentNo = text(created.body, 'data', 'payment_no');
  const { body } = await world.shop.about(paymentNo);
  expect(body).toMatchObject({ event: 'payment.paid', status: 'paid', livemode: false });
  return lastAnswer(world, created);
}

const RECEIVED = { status: 200, answer: '{"success":true,"message":"Webhook received"}' };

describe.each([...ENGINES])('on %s', (engine) => {
  beforeAll(async () => {
    world = await openWorld(engine);
  });

  describe('POST /api/paycore/webhooks/ecpay', () => {
    const routes = ['atm', 'cvs', 'barcode', 'aio', 'aio/credit', 'aio/atm', 'aio/cvs', 'aio/barcode'];
    test.each(routes.map((path) => `ecpay/${path}`))('a paid %s is acknowledged with 1|OK', async (route) => {
      expect(await payAndHear(route)).toEqual({ status: 200, answer: '1|OK' });
    });

    test.each([
      ['amount', 'ecpay/atm', '0|ECPay amount mismatch.'],
      ['amount', 'ecpay/aio/cvs', '0|ECPay amount mismatch.'],
      ['merchant', 'ecpay/aio/credit', '0|ECPay MerchantID mismatch.'],
      ['signature', 'ecpay/aio/credit', '0|ECPay CheckMacValue verification failed.'],
      ['merchant', 'ecpay/atm', '0|ECPay encrypted background callback transaction not found.'],
    ])('a forged %s is refused in the words of the catalogue', async (kind, route, answer) => {
      expect(await forge(route, kind)).toEqual({ status: 400, answer });
    });
  });

  describe('POST /api/paycore/webhooks/smilepay', () => {
    test.each(['smilepay/atm', 'smilepay/cvs', 'smilepay/barcode'])('a paid %s is acknowledged', async (route) => {
      expect(await payAndHear(route)).toEqual({ status: 200, answer: '<Roturlstatus>OK</Roturlstatus>' });
    });

    test('the shape of the catalogue is acknowledged with OK', async () => {
      expect(await payAndHear('smilepay/atm', { shape: 'catalogue' })).toEqual({ status: 200, answer: 'OK' });
    });

    test.each([
      ['wrong-dcvc', 'SmilePay Dcvc mismatch.'],
      ['amount', 'SmilePay amount mismatch.'],
    ])('a forged %s is refused in the words of the catalogue', async (kind, answer) => {
      expect(await forge('smilepay/atm', kind)).toEqual({ status: 400, answer });
    });

    test('a validation token that does not fit is refused', async () => {
      const gateway_credentials = { ...ACCOUNTS.smilepay, dcvc: '2111', validation_token: 'optional-token' };
      const created = await world.create('smilepay/cvs', { gateway_credentials });
      const { payment_info, merchant_order_no, amount } = at(created.body, 'data') as Record<string, never>;
      const body = {
        Dcvc: '2111',
        Data_id: merchant_order_no,
        SmilePayNO: at(payment_info, 'SmilePayNO'),
        Amount: amount,
        Status: 1,
        validation_token: 'another-token',
      };
      const refused = await post(`${world.url}/api/paycore/webhooks/smilepay`, body);
      expect(refused).toEqual({ status: 400, body: 'SmilePay validation token mismatch.' });
      const taken = await post(`${world.url}/api/paycore/webhooks/smilepay`, {
        ...body,
        validation_token: 'optional-token',
      });
      expect(taken).toEqual({ status: 200, body: 'OK' });
      expect(await paymentOf(world, created)).toMatchObject({ status: 'paid' });
    });

    test('an amount that does not fit leaves its details in paycore.log', async () => {
      await forge('smilepay/cvs', 'amount');
      const lines = (await world.log()).split('\n').filter((line) => line.includes('SmilePay amount mismatch detail'));
      const detail = JSON.parse(lines.at(-1) ?? '{}');
      for (const name of [
        'expected_amount',
        'received_amount',
        'matched_by',
        'payload_data_id',
        'payload_smilepay_no',
      ]) {
        expect(detail).toHaveProperty(name);
      }
      expect(detail.expected_amount).toBe(980);
    });
  });

  describe('PayPal', () => {
    test('GET /{locale}/payment/paypal/return/{paymentNo} captures and shows the result', async () => {
      const created = await world.create('paypal/checkout');
      await act(created, 'approve', { callback: false });
      const order = text(created.body, 'data', 'gateway_trade_no');
      const paymentNo = text(created.body, 'data', 'payment_no');
      const page = await fetch(`${world.url}/zh-tw/payment/paypal/return/${paymentNo}?token=${order}&PayerID=P1`);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('data-status="paid"');
      expect(await paymentOf(world, created)).toMatchObject({ status: 'paid' });
    });

    test('a capture that fails is said on the page, and the payment stays open', async () => {
      const created = await world.create('paypal/checkout');
      await act(created, 'approve', { callback: false });
      await world.tell('faults', { route: 'paypal-capture-order', kind: 'unavailable' });
      const order = text(created.body, 'data', 'gateway_trade_no');
      const paymentNo = text(created.body, 'data', 'payment_no');
      const page = await fetch(`${world.url}/en/payment/paypal/return/${paymentNo}?token=${order}`);
      expect([page.status, (await page.text()).includes('data-notice="capture_failed"')]).toEqual([200, true]);
      await world.tell('faults/clear', {});
    });

    test('POST /api/paycore/webhooks/paypal: an approved order is captured, the webhook acknowledged in JSON', async () => {
      expect(await payAndHear('paypal/checkout')).toEqual(RECEIVED);
    });

    test.each(['other-body', 'reserialised', 'wrong-webhook-id', 'wrong-transmission'])(
      'a webhook with %s is PAYPAL_WEBHOOK_VERIFY_FAILED',
      async (kind) => {
        const { status, answer } = await forge('paypal/checkout', kind);
        expect([status, at(JSON.parse(answer), 'error', 'error_code')]).toEqual([400, 'PAYPAL_WEBHOOK_VERIFY_FAILED']);
      },
    );
  });

  describe('POST /api/paycore/webhooks/stripe', () => {
    test.each(['credit', 'alipay', 'wechat-pay', 'grabpay', 'paynow', 'promptpay', 'fpx'])(
      'a paid stripe/%s is acknowledged in JSON',
      async (method) => {
        expect(await payAndHear(`stripe/${method}`)).toEqual(RECEIVED);
      },
    );

    test.each(['bad-signature', 'no-signature', 'old-timestamp', 'other-secret'])(
      'a webhook with %s is STRIPE_WEBHOOK_SIGNATURE_INVALID',
      async (kind) => {
        const { status, answer } = await forge('stripe/credit', kind);
        expect([status, at(JSON.parse(answer), 'error', 'error_code')]).toEqual([
          400,
          'STRIPE_WEBHOOK_SIGNATURE_INVALID',
        ]);
      },
    );
  });

  describe('PLUS', () => {
    test('POST /api/paycore/webhooks/plus: a paid account is acknowledged in JSON', async () => {
      expect(await payAndHear('plus/atm')).toEqual(RECEIVED);
    });

    test.each([
      ['wrong-appid', 'PLUS appid mismatch.'],
      ['money', 'PLUS money mismatch.'],
    ])('a forged %s is refused in the words of the catalogue', async (kind, message) => {
      const { status, answer } = await forge('plus/atm', kind);
      expect([status, at(JSON.parse(answer), 'message')]).toEqual([400, message]);
    });

    test('GET /{locale}/payment/plus/return/{paymentNo} shows a page, and 404 for a payment that is none', async () => {
      const created = await world.create('plus/atm');
      const path = `${world.url}/zh-tw/payment/plus/return/`;
      const page = await fetch(path + text(created.body, 'data', 'payment_no'));
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect((await fetch(`${path}PAY202606220001ABCDEFGH`)).status).toBe(404);
    });

    test('POST /api/paycore/gateways/plus/balance', async () => {
      const path = '/api/paycore/gateways/plus/balance';
      const answer = await world.call(path, { gateway_credentials: ACCOUNTS.plus });
      expect(answer).toMatchObject({
        status: 200,
        body: { success: true, data: { gateway: 'plus', balance: 10_000 }, message: 'Gateway action completed' },
      });
      expect(at(answer.body, 'data', 'raw_response')).toBeObject();
      expect(JSON.stringify(answer.body)).not.toContain('PLUS_SECRET_KEY');

      const unknown = await world.call('/api/paycore/gateways/plus/withdraw', { gateway_credentials: ACCOUNTS.plus });
      expect(unknown).toMatchObject({
        status: 404,
        body: { message: 'Unsupported gateway action', error: { error_code: 'UNSUPPORTED_GATEWAY_ACTION' } },
      });
      await world.tell('faults', { route: 'plus-balance', kind: 'unavailable' });
      expect(await world.call(path, { gateway_credentials: ACCOUNTS.plus })).toMatchObject({
        status: 502,
        body: { message: 'Gateway action failed', error: { error_code: 'GATEWAY_ACTION_FAILED' } },
      });
      expect(await world.call(path, { gateway_credentials: { appid: 'PLUS_APPID' } })).toMatchObject({
        status: 422,
        body: { message: 'PLUS secret_key is required.', error: { error_code: 'PLUS_CREDENTIAL_INVALID' } },
      });
    });
  });

  describe('common routes', () => {
    test('GET /api/paycore/payments/{paymentNo}', async () => {
      const created = await world.create('smilepay/atm');
      const payment = await paymentOf(world, created);
      expect(payment).toMatchObject({ gateway: 'smilepay', method: 'atm', amount: 980, currency: 'TWD' });
      const unknown = await world.call('/api/paycore/payments/PAY202606220001ABCDEFGH');
      expect(unknown).toMatchObject({ status: 404, body: { error: { error_code: 'PAYMENT_NOT_FOUND' } } });
    });

    test.each(['ecpay/atm', 'ecpay/aio', 'smilepay/cvs', 'paypal/checkout', 'stripe/paynow', 'plus/atm'])(
      'POST /api/paycore/payments/{paymentNo}/sync asks the gateway of %s',
      async (route) => {
        const created = await world.create(route);
        const paymentNo = text(created.body, 'data', 'payment_no');
        const answer = await world.call(`/api/paycore/payments/${paymentNo}/sync`, {});
        expect(answer).toMatchObject({ status: 200, body: { data: { payment_no: paymentNo, sync: { asked: true } } } });
      },
    );

    test('POST /api/paycore/payments/{paymentNo}/sync of a payment that is none', async () => {
      const unknown = await world.call('/api/paycore/payments/PAY202606220001ABCDEFGH/sync', {});
      expect(unknown).toMatchObject({ status: 404, body: { error: { error_code: 'PAYMENT_NOT_FOUND' } } });
    });

    test('money whose callback was lost is found by sync', async () => {
      for (const route of ['smilepay/barcode', 'plus/atm', 'stripe/promptpay', 'paypal/checkout']) {
        const created = await world.create(route);
        await act(created, 'pay', { callback: false });
        const paymentNo = text(created.body, 'data', 'payment_no');
        const answer = await world.call(`/api/paycore/payments/${paymentNo}/sync`, {});
        expect({ route, status: at(answer.body, 'data', 'status') }).toEqual({ route, status: 'paid' });
      }
    });

    test('GET /api/paycore/home/overview', async () => {
      const answer = await world.call('/api/paycore/home/overview?timezone=Asia/Taipei');
      expect(answer.status).toBe(200);
      for (const name of ['today_amount', 'month_amount']) expect(at(answer.body, 'data', name)).toBeNumber();
      expect(list(answer.body, 'data', 'recent_transactions').length).toBeGreaterThan(0);
      const anybody = await get(`${world.url}/api/paycore/home/overview`);
      expect(at(anybody.body, 'data', 'today_amount')).toBeNull();
    });
  });

  test('the ledger is sound in the end', async () => {
    expect(await world.close()).toEqual([]);
  });
});
