import { beforeAll, describe, expect, test } from 'bun:test';
import { MAX_REFUNDS } from '../../../src/core/refund.ts';
import { useApp } from '../../support/apps.ts';
import { createRefundBench, type Selling } from './bench.ts';

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } }, 'file');
const bench = createRefundBench(app);
beforeAll(() => bench.wants('payment.refunded', 'payment.attention'));

const GATEWAYS: readonly Selling[] = ['stripe', 'paypal', 'ecpay'];

async function sellCollected(gateway: Selling) {
  const sold = await bench.sellBy(gateway);
  if (gateway === 'ecpay') await bench.collect(sold);
  return sold;
}

describe('paying back', () => {
  test('in more parts than anybody needs is refused before the gateway is asked', async () => {
    const sold = await sellCollected('stripe');
    for (let n = 0; n < MAX_REFUNDS; n += 1) expect((await bench.refund(sold.no, { amount: 1 })).status).toBe(201);
    app.gateway.received.length = 0;
    expect(await bench.outcome(sold.no, { amount: 1 })).toEqual([422, 'REFUND_TOO_MANY']);
    expect(app.gateway.received).toEqual([]);
  });

  for (const gateway of GATEWAYS) {
    const unit = (major: number) => bench.amountOf(gateway, major);

    test(`in parts, then all that is left: ${gateway}`, async () => {
      const sold = await sellCollected(gateway);
      const { no } = sold;
      const part = await bench.refund(no, { amount: unit(300), reason: '退貨' });
      expect(part.status).toBe(201);
      expect(part.json.message).toBe('Refund created');
      expect(part.json.data).toMatchObject({
        refund_no: expect.stringMatching(/^RF260622[A-Z0-9]{12}$/),
        payment_no: no,
        amount: unit(300),
        amount_decimal: '300.00',
        currency: 'TWD',
        status: 'succeeded',
        reason: '退貨',
        source: 'api',
        gateway_trade_no: sold.tradeNo,
        gateway_refund_no: gateway === 'ecpay' ? null : expect.stringMatching(/\w/),
      });
      expect(await app.find(no)).toMatchObject({ status: 'paid', refunded_amount: unit(300), flags: [] });
      expect(await bench.outcome(no, { amount: unit(680) + 1 })).toEqual([422, 'REFUND_EXCEEDS_AMOUNT']);
      expect(await bench.outcome(no)).toEqual([201, unit(680), 'succeeded']);
      expect(await bench.outcome(no)).toEqual([422, 'REFUND_EXCEEDS_AMOUNT']);
      expect(await app.find(no)).toMatchObject({ status: 'paid', refunded_amount: unit(980) });
      expect(await bench.paidBack(gateway, sold)).toBe(980);

      await app.refunds();
      expect((await bench.list(no)).map(({ amount, status, source }) => [amount, status, source])).toEqual([
        [unit(300), 'succeeded', 'api'],
        [unit(680), 'succeeded', 'api'],
      ]);
      expect(await bench.events(no)).toEqual(['refund.created', 'refund.settled', 'refund.created', 'refund.settled']);
      const told = await bench.told(no);
      expect(told.map(({ event, refunded_amount, refund }) => [event, refunded_amount, refund])).toEqual([
        ['payment.refunded', unit(300), expect.objectContaining({ amount: unit(300), status: 'succeeded' })],
        ['payment.refunded', unit(980), expect.objectContaining({ amount: unit(680), status: 'succeeded' })],
      ]);
    });

    test(`twenty at a time, and never more than was paid: ${gateway}`, async () => {
      const sold = await sellCollected(gateway);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => bench.outcome(sold.no, { amount: unit(100) })),
      );
      const made = outcomes.filter((outcome) => (outcome as unknown[])[0] === 201);
      // PayPal refunds one capture ten times at most; nine is all that was paid for.
      expect(made).toHaveLength(9);
      expect(new Set(outcomes.map(String))).toEqual(
        new Set([`201,${unit(100)},succeeded`, '422,REFUND_EXCEEDS_AMOUNT']),
      );
      expect(await bench.paidBack(gateway, sold)).toBe(900);
      expect(await app.find(sold.no)).toMatchObject({ refunded_amount: unit(900) });
      app.clock.advance(60_000);
      await app.refunds();
      expect((await bench.list(sold.no)).filter(({ status }) => status === 'succeeded')).toHaveLength(9);
    });
  }

  test('takes the smallest unit that a currency has, and none smaller', async () => {
    const { no } = await bench.sell('paypal/checkout', { amount: '10.99', currency: 'USD' });
    for (const amount of ['0.001', '10.999']) {
      expect(await bench.outcome(no, { amount })).toEqual([422, 'VALIDATION_FAILED']);
    }
    expect(await bench.outcome(no, { amount: '0.01' })).toEqual([201, 0.01, 'succeeded']);
    expect(await bench.outcome(no, { amount: '10.98' })).toEqual([201, 10.98, 'succeeded']);
    const yen = await bench.sell('paypal/checkout', { amount: 500, currency: 'JPY' });
    expect(await bench.outcome(yen.no, { amount: '0.5' })).toEqual([422, 'VALIDATION_FAILED']);
    expect(await bench.outcome(yen.no, { amount: 200 })).toEqual([201, 200, 'succeeded']);
    expect((await bench.list(yen.no))[0]).toMatchObject({ amount: 200, amount_decimal: '200', currency: 'JPY' });
    // At this gateway dollars of Taiwan have no cents.
    const twd = await bench.sellBy('paypal');
    expect(await bench.outcome(twd.no, { amount: '0.50' })).toEqual([422, 'VALIDATION_FAILED']);
    expect(await bench.outcome(twd.no, { amount: '300.00' })).toEqual([201, 300, 'succeeded']);
  });

  test('what was taken in minor units goes back in them', async () => {
    const { no } = await bench.sell('stripe/paynow', { amount: 9850, currency: 'SGD' });
    expect(await bench.outcome(no, { amount: '0.5' })).toEqual([422, 'VALIDATION_FAILED']);
    expect(await bench.outcome(no, { amount: 50 })).toEqual([201, 50, 'succeeded']);
    expect((await bench.list(no))[0]).toMatchObject({ amount_decimal: '0.50' });
    expect(await bench.outcome(no)).toEqual([201, 9800, 'succeeded']);
  });

  test('ECPay lets go of a card that it has not collected yet, but only of all of it', async () => {
    const sold = await bench.sellBy('ecpay');
    const part = await bench.refund(sold.no, { amount: 100 });
    expect([part.status, part.json.error]).toMatchObject([
      422,
      { error_code: 'REFUND_REFUSED', gateway: { code: '0', message: 'error_status' } },
    ]);
    expect(await bench.outcome(sold.no)).toEqual([201, 980, 'succeeded']);
    expect((await bench.list(sold.no)).map(({ status, message }) => [status, message])).toEqual([
      ['failed', 'error_status'],
      ['succeeded', 'Succeeded'],
    ]);
    const closing = await bench.sellBy('ecpay');
    await app.simulate(closing.number, 'card', { stage: 'closing' });
    expect(await bench.outcome(closing.no)).toEqual([201, 980, 'succeeded']);
    expect(await bench.paidBack('ecpay', closing)).toBe(980);
  });
});

describe('is refused', () => {
  test('for what is not paid', async () => {
    const { json } = await app.create('ecpay/atm');
    expect(await bench.outcome(String(json.data.payment_no))).toEqual([409, 'PAYMENT_NOT_PAID']);
  });

  test('where the gateway cannot: numbers paid at a counter, SmilePay, PLUS', async () => {
    for (const route of ['ecpay/atm', 'ecpay/aio/cvs', 'smilepay/atm', 'plus/atm']) {
      const { no } = await bench.sell(route);
      expect({ route, outcome: await bench.outcome(no) }).toEqual({ route, outcome: [422, 'REFUND_NOT_SUPPORTED'] });
      expect(await bench.list(no)).toEqual([]);
    }
  });

  test('when the payer chose no card at ECPay’s cashier', async () => {
    const { json } = await app.create('ecpay/aio');
    const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
    await app.simulate(String(fields.MerchantTradeNo), 'pay', { method: 'ATM' });
    const answer = await bench.refund(String(json.data.payment_no));
    expect([answer.status, answer.json.error]).toMatchObject([
      422,
      { error_code: 'REFUND_NOT_SUPPORTED', gateway: { code: 'ATM_BOT' } },
    ]);
  });

  test('without an amount that makes sense, naming the field', async () => {
    const { no } = await bench.sellBy('stripe');
    const blank = [null, '', ' ', '\n', Number.NaN];
    for (const amount of [...blank, 0, -1, 1.5, '1e3', 'all', true, [], {}, '0', '0.00', '９', '1'.repeat(16)]) {
      const { status, json } = await bench.refund(no, { amount });
      expect({ amount, status, code: json.error?.error_code }).toEqual({
        amount,
        status: 422,
        code: 'VALIDATION_FAILED',
      });
      expect(Object.keys(json.error.fields ?? {})).toEqual(['amount']);
    }
    expect(await bench.list(no)).toEqual([]);
    expect(await bench.outcome(no, { amount: '999999999999999' })).toEqual([422, 'REFUND_EXCEEDS_AMOUNT']);
    const { no: other } = await bench.sellBy('stripe');
    expect(await bench.outcome(other, { reason: 'x'.repeat(201) })).toEqual([422, 'VALIDATION_FAILED']);
    for (const gateway_trade_no of ['pi_of_somebody', null, '']) {
      expect(await bench.outcome(other, { amount: 1, gateway_trade_no })).toEqual([422, 'VALIDATION_FAILED']);
    }
    expect(await bench.list(other)).toEqual([]);
  });

  test('to other projects, other kinds of key and strangers: there is no such payment', async () => {
    const { no } = await bench.sellBy('stripe');
    for (const key of [app.keys.other.api_key, app.keys.live.api_key]) {
      const headers = { 'x-api-key': key };
      expect(await bench.outcome(no, {}, headers)).toEqual([404, 'PAYMENT_NOT_FOUND']);
      expect((await app.call(`/api/paycore/payments/${no}/refunds`, undefined, headers)).status).toBe(404);
    }
    expect(await bench.outcome(no, {}, { 'x-api-key': 'pc_test_nobody' })).toEqual([401, 'API_KEY_INVALID']);
    for (const nobody of ['PAY202606220001ABCDEFGH', "PAY' OR 1=1", '..%2f..', 'x'.repeat(500)]) {
      expect(await bench.outcome(encodeURIComponent(nobody))).toEqual([404, 'PAYMENT_NOT_FOUND']);
    }
    expect(await bench.list(no)).toEqual([]);
  });

  test('as anything but a JSON object', async () => {
    const { no } = await bench.sellBy('stripe');
    const path = `/api/paycore/payments/${no}/refunds`;
    expect((await app.call(path, 'amount=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(
      415,
    );
    for (const body of ['', '[]', '{', '"x"']) expect((await app.call(path, body)).status).toBe(400);
    expect((await app.call(path, 'x'.repeat(300_000))).status).toBe(413);
    expect(await bench.list(no)).toEqual([]);
  });

  test('when the gateway says no, with its own words, and the amount is free again', async () => {
    const sold = await bench.sellBy('stripe');
    await app.simulate(sold.number, 'dispute');
    const answer = await bench.refund(sold.no);
    expect([answer.status, answer.json.error]).toMatchObject([
      422,
      { error_code: 'REFUND_REFUSED', gateway: { code: 'charge_disputed' } },
    ]);
    expect((await bench.list(sold.no)).map(({ status }) => status)).toEqual(['failed']);
    expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 0 });
  });
});

describe('a live key', () => {
  test('pays back at ECPay’s production as well', async () => {
    const live = { 'x-api-key': app.keys.live.api_key };
    const gateway_credentials = {
      merchant_id: '3002607',
      hash_key: 'pwFHCqoQZGmho4w6',
      hash_iv: 'EkRm7iFT261dpevs',
    };
    const { json } = await app.create('ecpay/aio/credit', { gateway_credentials }, live);
    const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
    await app.simulate(String(fields.MerchantTradeNo), 'pay');
    expect(json.data).toMatchObject({ environment: 'production', livemode: true });
    expect(await bench.outcome(String(json.data.payment_no), {}, live)).toEqual([201, 980, 'succeeded']);
  });
});
