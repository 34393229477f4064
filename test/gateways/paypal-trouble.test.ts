import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { paypal } from '../../src/gateways/paypal/index.ts';
import { makeContext } from '../../src/payments/subject.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';
import { OURS } from './paypal-callbacks.ts';
import { createShop, type Shop } from './paypal-shop.ts';

/** Captures that end in other ways than with money, and PayPal's bad days. */
const TIMEOUT = 400;

let app: TestApp;
let shop: Shop;
beforeEach(async () => {
  app = await startApp({ gatewayTimeoutMs: TIMEOUT, env: { PAYCORE_RATE_LIMIT: 'off' } });
  shop = createShop(app);
});
afterEach(() => app.stop());

const PAID = { status: 'paid', flags: [] };
const ended = async (no: string) => {
  const found = present(await app.deps.store.findPayment(no));
  const [attempt] = (await app.deps.store.listAttempts(found.payment.id, 10)).slice(-1);
  return [attempt?.status, attempt?.endReason];
};
const firstAttempt = async (orderNo: string) => {
  const { status, endReason, declines } = present(await app.deps.store.findByGatewayOrderNo('paypal', orderNo)).attempt;
  return { status, endReason, declines };
};

/** Sold, approved, and the payer is back: what he finds is what PayPal made of the capture. */
async function sellWith(outcome: string, more: object = {}) {
  const sold = await shop.sell();
  await shop.arrange(sold.tradeNo, outcome, more);
  await shop.approve(sold.tradeNo);
  const page = await shop.handleReturn(shop.wayBack(sold.tradeNo));
  expect(page.status).toBe(200);
  return { ...sold, page };
}

describe('a capture that PayPal', () => {
  test('looks into is under review, not paid, until PayPal tells that the money came', async () => {
    const { no, tradeNo } = await sellWith('pending', { reason: 'ECHECK' });
    expect(await shop.find(no)).toMatchObject({ status: 'pending', flags: ['under_review'] });
    expect((await shop.sync(no)).json.data).toMatchObject({ status: 'pending', flags: ['under_review'] });
    expect(await shop.told()).toEqual([]);
    const { id } = present(await app.deps.store.findPayment(no)).payment;
    expect(JSON.stringify(await app.deps.store.listEvents(id))).toContain('ECHECK');
    app.clock.advance(5 * MINUTE);
    await app.simulate(tradeNo, 'complete');
    expect(await shop.find(no)).toMatchObject({ ...PAID, paid_at: '2026-06-22T15:35:00+08:00' });
    expect(shop.captures(tradeNo)).toHaveLength(1);
    expect(await shop.told()).toHaveLength(1);
  });

  test('looks into and then denies lets the payer choose again', async () => {
    const { no, tradeNo, orderNo, data } = await sellWith('pending');
    await app.simulate(tradeNo, 'deny');
    expect(await shop.find(no)).toMatchObject({ status: 'pending', flags: [] });
    expect(await firstAttempt(orderNo)).toEqual({ status: 'ended', endReason: 'GONE', declines: 1 });
    await shop.go({ data });
    const after = await shop.find(no);
    expect(after.gateway_trade_no).not.toBe(tradeNo);
    await app.simulate(String(after.gateway_trade_no), 'pay');
    expect(await shop.find(no)).toMatchObject(PAID);
  });

  test('declines ends that order: the button opens another', async () => {
    const { no, tradeNo, orderNo, page, data } = await sellWith('declined');
    expect(page.notice).toBe('declined');
    expect(await firstAttempt(orderNo)).toEqual({ status: 'ended', endReason: 'GONE', declines: 1 });
    const gone = await shop.go({ data });
    const after = await shop.find(no);
    expect([after.status, after.gateway_trade_no === tradeNo]).toEqual(['pending', false]);
    expect(gone.headers.get('location')).toBe(String(after.approval_url));
    await app.simulate(String(after.gateway_trade_no), 'pay');
    expect(await shop.find(no)).toMatchObject(PAID);
  });

  for (const issue of ['INSTRUMENT_DECLINED', 'PAYER_ACTION_REQUIRED', 'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING']) {
    test(`refuses with ${issue} sends the payer back to the same order, which can then be paid`, async () => {
      const { no, tradeNo, orderNo, page, data } = await sellWith('refused', { issue });
      expect(page.notice).toBe('declined');
      expect(await firstAttempt(orderNo)).toEqual({ status: 'open', endReason: null, declines: 1 });
      expect((await shop.go({ data })).headers.get('location')).toBe(String(data.approval_url));
      await app.simulate(tradeNo, 'pay');
      expect(await shop.find(no)).toMatchObject(PAID);
      const ids = shop.captures(tradeNo).map(({ headers }) => headers['paypal-request-id']);
      expect(ids).toEqual([`${orderNo}-C0`, `${orderNo}-C1`]);
    });
  }

  for (const issue of ['TRANSACTION_REFUSED', 'COMPLIANCE_VIOLATION', 'MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED']) {
    test(`refuses with ${issue} has ended with PayPal’s word for it, and the payer may choose again`, async () => {
      const { no, data } = await sellWith('refused', { issue });
      expect((await shop.find(no)).status).toBe('pending');
      expect(await ended(no)).toEqual(['ended', 'GATEWAY_REFUSED']);
      await shop.go({ data });
      expect(await shop.orders()).toHaveLength(2);
    });
  }

  test('does not take yet, although the order is approved, is tried again when the webhook comes again', async () => {
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'not_yet');
    const [event] = await app.catchCallbacks(tradeNo, () => app.simulate(tradeNo, 'approve'));
    const { body, type, headers } = present(event);
    const early = await app.callback(body, type, 'paypal', { headers });
    expect([early.status, (await shop.find(no)).status]).toEqual([400, 'pending']);
    const again = await app.callback(body, type, 'paypal', { headers });
    expect([again.status, (await shop.find(no)).status]).toEqual([200, 'paid']);
  });

  test('has ended by the time the payer presses the button is over', async () => {
    const { no, tradeNo } = await shop.sell();
    await app.simulate(tradeNo, 'expire');
    app.clock.advance(2.5 * HOUR);
    expect((await shop.sync(no)).json.data).toMatchObject({ status: 'pending' });
    expect(await ended(no)).toEqual(['ended', 'GONE']);
  });

  test('does not know once is asked again before it is given up, and captured when it was approved meanwhile', async () => {
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'completed');
    const gone = { name: 'RESOURCE_NOT_FOUND', details: [{ issue: 'INVALID_RESOURCE_ID' }] };
    app.gateway.answer = ({ path }) => (path.includes(tradeNo) ? Response.json(gone, { status: 404 }) : null);
    // Two answers in one breath are one.
    app.clock.advance(10 * SECOND);
    for (let n = 0; n < 3; n += 1) expect((await shop.sync(no)).json.data.sync).toMatchObject({ result: 'not_found' });
    expect(await ended(no)).toEqual(['open', null]);
    app.gateway.answer = null;
    await shop.approve(tradeNo);
    await shop.handleReturn(shop.wayBack(tradeNo));
    expect(await shop.find(no)).toMatchObject(PAID);
  });

  test('does not know twice is over', async () => {
    const { no, tradeNo } = await shop.sell();
    await app.simulate(tradeNo, 'expire');
    for (const status of ['open', 'ended'] as const) {
      app.clock.advance(5 * SECOND);
      await shop.sync(no);
      expect((await ended(no))[0]).toBe(status);
    }
    expect(await shop.find(no)).toMatchObject({ status: 'pending' });
  });

  test('has paid back in full before we knew is not paid', async () => {
    const { no, tradeNo } = await shop.sell();
    await app.simulate(tradeNo, 'pay', { capture: true, callback: false });
    await app.simulate(tradeNo, 'refund', { callback: false });
    expect((await shop.sync(no)).json.data).toMatchObject({ status: 'pending', flags: [] });
    expect(await ended(no)).toEqual(['ended', 'GONE']);
  });
});

/** What a broken answer is told as, and whether PayPal has done the work all the same. */
const FAULTS = [
  { kind: 'unavailable', code: 'PAYMENT_GATEWAY_ERROR' },
  { kind: 'forbidden', code: 'PAYMENT_GATEWAY_ERROR' },
  { kind: 'hang', code: 'PAYMENT_GATEWAY_TIMEOUT' },
  { kind: 'slow', code: 'PAYMENT_GATEWAY_TIMEOUT' },
  { kind: 'trickle', code: 'PAYMENT_GATEWAY_TIMEOUT' },
  { kind: 'reset', code: 'PAYMENT_GATEWAY_ERROR' },
  { kind: 'html', code: 'PAYMENT_GATEWAY_ERROR' },
  { kind: 'half', code: 'PAYMENT_GATEWAY_ERROR' },
  { kind: 'huge', code: 'PAYMENT_GATEWAY_ERROR' },
  { kind: 'lost', code: 'PAYMENT_GATEWAY_ERROR' },
] as const;

describe('an order whose answer is no answer', () => {
  for (const { kind, code } of FAULTS) {
    test(`(${kind}) is ${code}, and the same request finds the one order that was made`, async () => {
      await shop.breakPaypal('create-order', kind);
      const broken = await shop.create({ merchant_order_no: 'BAD-DAY' });
      expect([broken.status, broken.json.error.error_code]).toEqual([
        code === 'PAYMENT_GATEWAY_TIMEOUT' ? 504 : 502,
        code,
      ]);
      const no = present(broken.json.error.payment_no);
      expect((await shop.find(no)).status).toBe('pending');
      const again = await shop.create({ merchant_order_no: 'BAD-DAY' });
      expect([again.status, again.json.data.payment_no, again.json.data.created]).toEqual([200, no, false]);
      expect(await shop.orders()).toEqual([String(again.json.data.gateway_trade_no)]);
      await app.simulate(String(again.json.data.gateway_trade_no), 'pay');
      expect(await shop.find(no)).toMatchObject(PAID);
    });
  }

  test('is settled by the schedule within seconds', async () => {
    await shop.breakPaypal('create-order', 'lost');
    const no = present((await shop.create()).json.error.payment_no);
    app.clock.advance(10 * SECOND);
    await app.check();
    expect(String((await shop.find(no)).approval_url)).toContain('/checkoutnow?token=');
    expect(await shop.orders()).toHaveLength(1);
  });

  for (const { kind, code } of FAULTS) {
    test(`because the token did not come (${kind}) is ${code}, and the next request makes one`, async () => {
      await shop.breakPaypal('token', kind);
      const broken = await shop.create({ merchant_order_no: 'NO-TOKEN' });
      expect(broken.json.error.error_code).toBe(code);
      expect(await shop.orders()).toEqual([]);
      const again = await shop.create({ merchant_order_no: 'NO-TOKEN' });
      expect([200, 201]).toContain(again.status);
      expect(await shop.orders()).toEqual([String(again.json.data.gateway_trade_no)]);
    });
  }

  test('because PayPal cannot be reached is 502, and nothing was sent', async () => {
    await app.stop();
    app = await startApp({ env: { PAYCORE_PAYPAL_URL: 'http://127.0.0.1:1' } });
    shop = createShop(app);
    const { status, json } = await shop.create();
    expect([status, json.error.error_code, json.error.payment_no]).toEqual([502, 'PAYMENT_GATEWAY_ERROR', undefined]);
  });
});

describe('a capture whose answer is no answer', () => {
  for (const route of ['capture-order', 'get-order']) {
    for (const { kind } of FAULTS) {
      test(`(${route} ${kind}) leaves the payment open, and the next look finds or makes the one capture`, async () => {
        const { no, tradeNo } = await shop.sell();
        await shop.arrange(tradeNo, 'completed');
        await shop.approve(tradeNo);
        await shop.breakPaypal(route, kind);
        const page = await shop.handleReturn(shop.wayBack(tradeNo));
        expect([page.status, page.notice]).toEqual([200, 'capture_failed']);
        expect((await shop.find(no)).status).toBe('pending');
        expect((await shop.sync(no)).json.data).toMatchObject(PAID);
        const ids = new Set(shop.captures(tradeNo).map(({ headers }) => headers['paypal-request-id']));
        expect(ids.size).toBe(1);
        expect(await shop.told()).toHaveLength(1);
      });
    }
  }
});

describe('a webhook that cannot be verified', () => {
  for (const { kind } of FAULTS) {
    test(`at the moment (${kind}) is refused so that it comes again, and then counts`, async () => {
      const { no, tradeNo } = await shop.sell();
      await shop.arrange(tradeNo, 'completed');
      const [event] = await app.catchCallbacks(tradeNo, () => app.simulate(tradeNo, 'approve'));
      const { body, type, headers } = present(event);
      await shop.breakPaypal('verify-webhook', kind);
      const early = await app.callback(body, type, 'paypal', { headers });
      expect([early.status, (await shop.find(no)).status]).toEqual([400, 'pending']);
      const again = await app.callback(body, type, 'paypal', { headers });
      expect([again.status, (await shop.find(no)).status]).toEqual([200, 'paid']);
    });
  }
});

describe('a refund at PayPal', () => {
  const refund = (no: string, body: object = {}) => app.call(`/api/paycore/payments/${no}/refunds`, body);
  const list = async (no: string) => {
    const { payment, attempt } = present(await app.deps.store.findPayment(no));
    const { gatewayOrderNo, gatewayTradeNo: tradeNo, deadline } = present(attempt);
    const { method } = app.deps.gateways.methodOf(payment);
    const { environment } = payment;
    const about = {
      method,
      payment,
      environment,
      gatewayOrderNo,
      tradeNo,
      deadline,
      declines: 0,
      isUnderReview: false,
      beginCapture: async () => true,
      hasInstructions: true,
      lacksCodeUrl: false,
    };
    return present(paypal.listRefunds)(
      { ...about, secrets: { ...OURS } },
      makeContext(app.deps, payment, present(attempt)),
    );
  };
  const pay = async () => {
    const sold = await shop.sell();
    await app.simulate(sold.tradeNo, 'pay');
    return sold;
  };

  test('is made in parts, not beyond what was paid, and found again under our number', async () => {
    const { no } = await pay();
    const [one, rest] = [await refund(no, { amount: 300, reason: '退貨' }), await refund(no)];
    expect([one, rest].map(({ status, json }) => [status, json.data.amount, json.data.status])).toEqual([
      [201, 300, 'succeeded'],
      [201, 680, 'succeeded'],
    ]);
    expect((await refund(no, { amount: 1 })).status).toBe(422);
    const listed = (await list(no)).map(({ refundNo, amount, gatewayRefundNo }) => [refundNo, amount, gatewayRefundNo]);
    const { data: first } = one.json;
    const { data: second } = rest.json;
    expect(listed).toEqual([
      [String(first.refund_no), 30_000, String(first.gateway_refund_no)],
      [String(second.refund_no), 68_000, String(second.gateway_refund_no)],
    ]);
  });

  test('whose answer is lost is made once, and found again under our number', async () => {
    const { no, tradeNo } = await pay();
    await shop.breakPaypal('refund-capture', 'lost');
    expect((await refund(no, { amount: 300 })).status).toBe(502);
    expect((await list(no)).map(({ amount, refundNo }) => [amount, refundNo?.startsWith('RF')])).toEqual([
      [30_000, true],
    ]);
    expect((await shop.order(tradeNo)).status).toBe('PARTIALLY_REFUNDED');
  });

  test('that the merchant makes at PayPal is listed without a number of ours', async () => {
    const { no, tradeNo } = await pay();
    await app.simulate(tradeNo, 'refund', { amount: '5', callback: false });
    expect(await list(no)).toMatchObject([{ refundNo: null, amount: 500, status: 'succeeded' }]);
  });
});
