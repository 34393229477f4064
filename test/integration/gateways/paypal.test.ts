import { describe, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { CREDENTIALS, createShop } from '../../gateways/paypal-shop.ts';
import { JUST_MADE } from '../../support/answers.ts';
import { useApp } from '../../support/apps.ts';
import { expectExpiry } from '../../support/outcomes.ts';
import { present } from '../../support/parts.ts';

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
const shop = createShop(app);

const PAID = { status: 'paid', flags: [] };
/** The event of an action at PayPal, kept from PayCore; `mark`: what it carries of the payment's numbers. */
const catchEvent = async (tradeNo: string, action: string, body: object = {}, mark = tradeNo) => {
  const [delivery] = await app.catchCallbacks(mark, () => app.simulate(tradeNo, action, body));
  return present(delivery);
};
const post = ({ body, type, headers }: { body: BodyInit; type: string; headers: Readonly<Record<string, string>> }) =>
  app.callback(body, type, 'paypal', { headers });

describe('a payment by PayPal', () => {
  test('is created with what the catalogue names', async () => {
    const { data } = await shop.sell({ amount: 980, currency: 'TWD', description: 'PayCore test order' });
    expect(data).toMatchObject({
      ...JUST_MADE,
      gateway: 'paypal',
      method: 'checkout',
      mode: 'checkout',
      environment: 'sandbox',
      payment_info: {},
      approval_url: `${app.gateway.url}/checkoutnow?token=${data.gateway_trade_no}`,
    });
    expect(data.payment_url).toStartWith(`${app.url}/zh-tw/pay/`);
  });

  test('is real money with a live key and live credentials', async () => {
    const made = await shop.create(
      { gateway_credentials: { ...CREDENTIALS, environment: 'live' } },
      { 'x-api-key': app.keys.live.api_key },
    );
    expect([made.status, made.json.data.livemode, made.json.data.environment]).toEqual([201, true, 'production']);
  });

  test('is approved, captured when the payer comes back, and told to the shop', async () => {
    const { no, tradeNo, data } = await shop.sell();
    const gone = await shop.go({ data });
    expect([gone.status, gone.headers.get('location')]).toEqual([303, String(data.approval_url)]);
    await shop.arrange(tradeNo, 'completed');
    await shop.approve(tradeNo);
    const page = await shop.handleReturn(shop.wayBack(tradeNo));
    expect([page.status, page.notice]).toEqual([200, undefined]);
    expect(page.text).toContain('data-status="paid"');
    expect(await shop.find(no)).toMatchObject({
      ...PAID,
      gateway_trade_no: tradeNo,
      paid_at: '2026-06-22T15:30:00+08:00',
    });
    expect(await shop.told()).toMatchObject([
      {
        event: 'payment.paid',
        payment_no: no,
        gateway: 'paypal',
        amount: 980,
        amount_decimal: '980.00',
        currency: 'TWD',
      },
    ]);
  });

  test('by a payer who never comes back is captured by the webhook', async () => {
    const { no, tradeNo } = await shop.sell();
    await app.simulate(tradeNo, 'pay');
    expect(await shop.find(no)).toMatchObject(PAID);
    expect(shop.captures(tradeNo)).toHaveLength(1);
    expect(await shop.told()).toHaveLength(1);
  });

  test('whose webhook is lost as well is captured by sync, and by the schedule before PayPal drops the order', async () => {
    const [one, two] = [await shop.sell(), await shop.sell()];
    for (const { tradeNo } of [one, two]) {
      await shop.arrange(tradeNo, 'completed');
      await shop.approve(tradeNo);
    }
    expect((await shop.sync(one.no)).json.data).toMatchObject({ ...PAID, sync: { asked: true, result: 'paid' } });
    app.clock.advance(10 * MINUTE);
    await app.check();
    expect(await shop.find(two.no)).toMatchObject(PAID);
  });

  test('that is not captured by us is found paid; a refund’s event is noted and asks for nothing', async () => {
    const { no, tradeNo } = await shop.sell();
    await app.simulate(tradeNo, 'pay', { capture: true, callback: false });
    const refund = await catchEvent(tradeNo, 'refund', { amount: '1' }, no);
    const calls = app.gateway.received.length;
    expect((await post(refund)).text).toBe('{"success":true,"message":"Webhook received"}');
    const asked = app.gateway.received.slice(calls).map(({ path }) => path);
    expect(asked).toEqual(['/v1/notifications/verify-webhook-signature']);
    expect((await shop.find(no)).status).toBe('pending');
    expect((await shop.sync(no)).json.data).toMatchObject(PAID);
    expect(shop.captures(tradeNo)).toHaveLength(0);
  });

  for (const [currency, amount, value, decimal] of [
    ['USD', '10.99', '10.99', '10.99'],
    ['USD', 980, '980.00', '980.00'],
    ['JPY', 980, '980', '980'],
    ['HUF', 980, '980', '980.00'],
    ['TWD', '980', '980', '980.00'],
  ] as const) {
    test(`over ${amount} ${currency} is ${value} at PayPal and ${decimal} here`, async () => {
      const { no, tradeNo } = await shop.sell({ amount, currency });
      const [made] = shop.calls('/v2/checkout/orders');
      expect(JSON.parse(made?.body ?? '{}').purchase_units[0].amount).toEqual({ currency_code: currency, value });
      await app.simulate(tradeNo, 'pay');
      expect(await shop.find(no)).toMatchObject({ ...PAID, amount_decimal: decimal, currency });
    });
  }

  test('survives a restart between order and approval', async () => {
    const { no, tradeNo } = await shop.sell();
    await app.restart();
    await shop.arrange(tradeNo, 'completed');
    await shop.approve(tradeNo);
    await app.callback('{}', 'application/json', 'paypal');
    expect((await shop.sync(no)).json.data).toMatchObject(PAID);
  });

  test('needs one token for everything, and another when PayPal takes it back', async () => {
    for (let n = 0; n < 3; n += 1) await app.simulate((await shop.sell()).tradeNo, 'pay');
    expect((await shop.stats()).token_calls).toBe(1);
    await fetch(`${app.gateway.url}/simulator/paypal/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const { no, tradeNo } = await shop.sell();
    await app.simulate(tradeNo, 'pay');
    expect(await shop.find(no)).toMatchObject(PAID);
    expect((await shop.stats()).token_calls).toBe(2);
  });
});

describe('the payer', () => {
  test('who gives up at PayPal finds the payment open, and goes back to the same order', async () => {
    const { tradeNo, data } = await shop.sell();
    const page = await shop.handleReturn(shop.wayBack(tradeNo, 'cancel_url'));
    expect([page.status, page.notice]).toEqual([200, 'cancelled']);
    expect(shop.calls(`/v2/checkout/orders/${tradeNo}`)).toHaveLength(0);
    expect((await shop.go({ data })).headers.get('location')).toBe(String(data.approval_url));
    expect(await shop.orders()).toHaveLength(1);
  });

  test('who has PayPal’s token alone is told what came of it; only the page’s token opens the page', async () => {
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'completed');
    await shop.approve(tradeNo);
    const bare = `/zh-tw/payment/paypal/return/${no}`;
    for (const query of ['?token=WRONG', '?page=WRONG']) {
      expect((await shop.handleReturn(bare + query)).text).not.toContain(`data-payment-no="${no}"`);
    }
    expect((await shop.find(no)).status).toBe('pending');
    const { text } = await shop.handleReturn(`${bare}?token=${tradeNo}`);
    expect(text).toMatch(/<main class="card message"[^>]* data-status="paid">/);
    for (const secret of [no, app.deps.vault.makePageToken(no), 'NT$980', 'ORDER-']) expect(text).not.toContain(secret);
    expect((await shop.handleReturn(shop.wayBack(tradeNo))).text).toContain(`data-payment-no="${no}"`);
  });

  test('who comes back after three hours gets another order', async () => {
    const { no, tradeNo, data } = await shop.sell();
    app.clock.advance(3 * HOUR);
    const gone = await shop.go({ data });
    const after = await shop.find(no);
    expect(after.gateway_trade_no).not.toBe(tradeNo);
    expect(gone.headers.get('location')).toBe(String(after.approval_url));
    await app.simulate(String(after.gateway_trade_no), 'pay');
    expect(await shop.find(no)).toMatchObject(PAID);
  });

  test('who approves two orders of a payment pays once', async () => {
    const { no, tradeNo, data } = await shop.sell();
    const gone = { name: 'RESOURCE_NOT_FOUND', details: [{ issue: 'INVALID_RESOURCE_ID' }] };
    const show = `/v2/checkout/orders/${tradeNo}`;
    app.gateway.answer = ({ path }) => (path === show ? Response.json(gone, { status: 404 }) : null);
    for (let n = 0; n < 2; n += 1) {
      app.clock.advance(5 * SECOND);
      await shop.sync(no);
    }
    await shop.go({ data });
    app.gateway.answer = null;
    const second = String((await shop.find(no)).gateway_trade_no);
    expect(second).not.toBe(tradeNo);
    await app.simulate(second, 'pay');
    await app.simulate(tradeNo, 'pay');
    // The first order is not even tried: what it would take is paid already.
    expect(shop.captures(tradeNo)).toHaveLength(0);
    expect(await shop.find(no)).toMatchObject(PAID);
    expect([(await shop.order(tradeNo)).paid, (await shop.order(second)).paid]).toEqual([false, true]);
    expect(await shop.told()).toHaveLength(1);
  });

  test('who never pays lets the payment expire after its day and an hour', async () => {
    const { no } = await shop.sell();
    await expectExpiry(app, no, DAY, HOUR);
  });
});

describe('return page and webhook at the same moment', () => {
  test('are one capture and one notification, 50 times out of 50', async () => {
    const sold: string[] = [];
    for (let round = 0; round < 50; round += 1) {
      const { no, tradeNo } = await shop.sell();
      await shop.arrange(tradeNo, 'completed');
      const event = await catchEvent(tradeNo, 'approve');
      const [answer, page, synced] = await Promise.all([
        post(event),
        shop.handleReturn(shop.wayBack(tradeNo)),
        shop.sync(no),
        shop.handleReturn(shop.wayBack(tradeNo)),
        post(event),
      ]);
      expect([answer.status, page.status, synced.status]).toEqual([200, 200, 200]);
      expect(await shop.find(no)).toMatchObject(PAID);
      expect(shop.captures(tradeNo)).toHaveLength(1);
      sold.push(no);
    }
    expect((await shop.told()).map((one) => one.payment_no).sort()).toEqual(sold.sort());
  });
});

describe('every error of PayPal', () => {
  const codeOf = async (credentials: object | null, body: object = {}) => {
    const { status, json } = await shop.create({ gateway_credentials: credentials, ...body });
    return [status, json.error?.error_code, json.error?.payment_no];
  };

  test('in the credentials', async () => {
    const { client_id, client_secret } = CREDENTIALS;
    expect(await codeOf(null)).toEqual([422, 'PAYPAL_CLIENT_ID_REQUIRED', undefined]);
    expect(await codeOf({ client_secret })).toEqual([422, 'PAYPAL_CLIENT_ID_REQUIRED', undefined]);
    expect(await codeOf({ client_id })).toEqual([422, 'PAYPAL_CLIENT_SECRET_REQUIRED', undefined]);
    expect(await codeOf({ ...CREDENTIALS, environment: 'stage' })).toEqual([
      422,
      'PAYPAL_ENVIRONMENT_INVALID',
      undefined,
    ]);
    expect(await codeOf({ ...CREDENTIALS, environment: 'live' })).toEqual([422, 'TEST_KEY_PRODUCTION', undefined]);
    expect(await codeOf({ ...CREDENTIALS, webhook_id: 'a/b' })).toEqual([422, 'GATEWAY_CREDENTIAL_INVALID', undefined]);
    expect(app.gateway.received).toEqual([]);
  });

  test('that PayPal itself has to say', async () => {
    const rejected = [422, 'PAYPAL_REQUEST_REJECTED', undefined];
    const order = { merchant_order_no: 'REFUSED' };
    expect(await codeOf({ ...CREDENTIALS, client_id: 'bad-client-id' }, order)).toEqual(rejected);
    app.gateway.answer = ({ path }) =>
      path === '/v2/checkout/orders'
        ? Response.json(
            { name: 'UNPROCESSABLE_ENTITY', debug_id: 'd1', details: [{ issue: 'PAYEE_ACCOUNT_RESTRICTED' }] },
            { status: 422 },
          )
        : null;
    const { json } = await shop.create(order);
    app.gateway.answer = null;
    expect([json.error.error_code, json.error.gateway?.code]).toEqual([
      'PAYPAL_REQUEST_REJECTED',
      'PAYEE_ACCOUNT_RESTRICTED',
    ]);
    expect(json.error.gateway?.message).toContain('debug_id');
    expect((await shop.create(order)).status).toBe(201);
  });

  test('in the order', async () => {
    for (const body of [{ amount: '980.5' }, { amount: '10.999', currency: 'USD' }, { amount: 0 }, { amount: 9.5 }]) {
      expect(await codeOf(CREDENTIALS, body)).toEqual([422, 'VALIDATION_FAILED', undefined]);
    }
    for (const currency of ['twdx', 'KRW', 'XXX']) {
      expect(await codeOf(CREDENTIALS, { currency })).toEqual([422, 'INVALID_ARGUMENT', undefined]);
    }
    expect(app.gateway.received).toEqual([]);
    const { no } = await shop.sell({ merchant_order_no: 'SAME' });
    const again = await shop.create({ merchant_order_no: 'SAME' });
    expect([again.status, again.json.data.payment_no, again.json.data.created]).toEqual([200, no, false]);
    expect(await codeOf(CREDENTIALS, { merchant_order_no: 'SAME', amount: 981 })).toEqual([409, 'ORDER_CONFLICT', no]);
  });

  test('in a webhook', async () => {
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'completed');
    await shop.approve(tradeNo);
    await app.simulate(tradeNo, 'forge', { kind: 'reserialised' });
    const { callbacks } = (await shop.order(tradeNo)) as { callbacks: { status: number; answer: string }[] };
    const { status, answer } = present(callbacks.at(-1));
    expect([status, JSON.parse(answer).error.error_code]).toEqual([400, 'PAYPAL_WEBHOOK_VERIFY_FAILED']);
    const unreadable = await app.callback('{"event_type":', 'application/json', 'paypal');
    expect([unreadable.status, JSON.parse(unreadable.text).error.error_code]).toEqual([400, 'WEBHOOK_REFUSED']);
    expect((await shop.find(no)).status).toBe('pending');
  });
});
