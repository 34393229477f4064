import { describe, expect, test } from 'bun:test';
import { GatewayGarbage, GatewayRefusal, type QueryInput, type RefundInput } from '../../../../src/gateways/gateway.ts';
import { refundPayment } from '../../../../src/gateways/paypal/refund.ts';
import { listRefunds } from '../../../../src/gateways/paypal/refunds.ts';
import { rejection } from '../../../support/parts.ts';
import {
  CAPTURE_ID,
  captureBody,
  type Json,
  ORDER_ID,
  orderBody,
  PAYMENT_NO,
  payment,
  problem,
  queryInput,
  refundInput,
  type Step,
  say,
  unitBody,
  usePaypal,
} from './support.ts';

const paypal = usePaypal();

const CAPTURED = say(orderBody('COMPLETED', [captureBody()]));
const refunded = (change: Json = {}) =>
  say({ id: '1JU08902781691411', status: 'COMPLETED', amount: { currency_code: 'TWD', value: '300' }, ...change }, 201);
const refund = (steps: Step[], change: Partial<RefundInput> = {}) => {
  paypal.steps = [...steps];
  return refundPayment(refundInput(change), paypal.context());
};

describe('a refund', () => {
  test('is made from the order’s capture, under our number', async () => {
    const result = await refund([CAPTURED, refunded()], { reason: '客人\n退貨' });
    expect(result).toEqual({ status: 'succeeded', gatewayRefundNo: '1JU08902781691411' });
    const [shown, made] = paypal.calls();
    expect(shown?.path).toBe(`/v2/checkout/orders/${ORDER_ID}`);
    expect(made?.path).toBe(`/v2/payments/captures/${CAPTURE_ID}/refund`);
    expect(made?.headers).toMatchObject({
      'content-type': 'application/json',
      'paypal-request-id': 'RF20260622000001',
      prefer: 'return=representation',
    });
    expect(made?.body).toBe(
      `{"amount":{"currency_code":"TWD","value":"300"},"custom_id":"${PAYMENT_NO}","invoice_id":"RF20260622000001","note_to_payer":"客人 退貨"}`,
    );
  });

  test('asked for again is the same request', async () => {
    for (let n = 0; n < 2; n += 1) await refund([CAPTURED, refunded()]);
    const [, one, , two] = paypal.calls();
    expect(two).toMatchObject({ body: one?.body ?? '', path: one?.path ?? '' });
    expect(two?.headers['paypal-request-id']).toBe(one?.headers['paypal-request-id'] ?? '');
  });

  test('of cents is exact', async () => {
    const usd = { payment: payment({ amount: 1099, currency: 'USD' }), amount: 7 };
    const order = orderBody('COMPLETED', [captureBody({ amount: { currency_code: 'USD', value: '10.99' } })]);
    await refund([say(order), refunded({ amount: { currency_code: 'USD', value: '0.07' } })], usd);
    expect(JSON.parse(paypal.calls()[1]?.body ?? '{}').amount).toEqual({ currency_code: 'USD', value: '0.07' });
  });

  for (const [word, status] of [
    ['COMPLETED', 'succeeded'],
    ['PENDING', 'pending'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'failed'],
  ] as const) {
    test(`that is ${word} has ${status}`, async () => {
      const answer = refunded({ status: word, status_details: { reason: 'ECHECK' } });
      expect(await refund([CAPTURED, answer])).toMatchObject({ status, message: 'ECHECK' });
    });
  }

  test('is refused when there is nothing to pay back', async () => {
    for (const [steps, change] of [
      [[say(orderBody('APPROVED'))], {}],
      [[problem(404, 'INVALID_RESOURCE_ID')], {}],
      [[], { tradeNo: null }],
    ] as [Step[], Partial<RefundInput>][]) {
      const error = await rejection(refund(steps, change));
      expect(error).toBeInstanceOf(GatewayRefusal);
      expect(error).toMatchObject({ errorCode: 'PAYPAL_REQUEST_REJECTED' });
    }
    expect(paypal.calls().some(({ path }) => path.endsWith('/refund'))).toBe(false);
  });

  for (const issue of ['REFUND_AMOUNT_EXCEEDED', 'CAPTURE_FULLY_REFUNDED', 'PENDING_CAPTURE', 'TRANSACTION_DISPUTED']) {
    test(`that PayPal refuses with ${issue} is a refusal in its words`, async () => {
      const error = await rejection(refund([CAPTURED, problem(422, issue, 'No.')]));
      expect(error).toBeInstanceOf(GatewayRefusal);
      expect(error).toMatchObject({ gatewayCode: issue });
    });
  }

  test('with credentials that PayPal does not know is a refusal: nothing was paid back', async () => {
    paypal.grant = () => Response.json({ error: 'invalid_client', error_description: 'No.' }, { status: 401 });
    expect(await rejection(refund([]))).toMatchObject({ name: 'GatewayRefusal', gatewayCode: 'invalid_client' });
  });

  for (const [what, answer] of [
    ['409 while the first is under way', problem(409, 'PREVIOUS_REQUEST_IN_PROGRESS')],
    ['a 500', problem(500, null)],
    ['no number', refunded({ id: '' })],
    ['a new status', refunded({ status: 'MAYBE' })],
    ['another amount', refunded({ amount: { currency_code: 'TWD', value: '980' } })],
    ['another currency', refunded({ amount: { currency_code: 'USD', value: '300' } })],
    ['an amount that cannot be read', refunded({ amount: 300 })],
  ] as const) {
    test(`that is answered with ${what} is left open`, async () => {
      expect(await rejection(refund([CAPTURED, answer]))).toBeInstanceOf(GatewayGarbage);
    });
  }

  test('that is answered briefly counts', async () => {
    expect(await refund([CAPTURED, refunded({ amount: undefined })])).toMatchObject({ status: 'succeeded' });
  });

  test('of another payment’s capture is not made', async () => {
    const other = say(orderBody('COMPLETED', [captureBody({ custom_id: 'PAY202606220002ABCDEFGH' })]));
    expect(await rejection(refund([other, refunded()]))).toMatchObject({ kind: 'not_sent' });
    expect(paypal.calls()).toHaveLength(1);
  });

  test('whose order PayPal does not show has certainly not been made', async () => {
    expect(await rejection(refund([problem(503, null), refunded()]))).toMatchObject({ kind: 'not_sent' });
    expect(paypal.calls()).toHaveLength(1);
  });
});

describe('the refunds of an order', () => {
  const listed = (refunds: unknown, change: Partial<QueryInput> = {}) => {
    const payments = { captures: [captureBody({ status: 'PARTIALLY_REFUNDED' })], refunds };
    paypal.steps = [say(orderBody('COMPLETED', [], { purchase_units: [unitBody({ payments })] }))];
    return listRefunds(queryInput(change), paypal.context());
  };
  const one = (change: Json = {}) => ({
    id: '1JU08902781691411',
    status: 'COMPLETED',
    amount: { currency_code: 'TWD', value: '300' },
    custom_id: PAYMENT_NO,
    invoice_id: 'RF260622ABCDEFGHIJKL',
    ...change,
  });

  test('are ours by our number, and others by PayPal’s alone', async () => {
    const refunds = [
      one(),
      one({ id: '2XX', invoice_id: PAYMENT_NO, status: 'PENDING' }),
      one({ id: '3XX', invoice_id: undefined }),
    ];
    expect(await listed(refunds)).toEqual([
      { refundNo: 'RF260622ABCDEFGHIJKL', gatewayRefundNo: '1JU08902781691411', amount: 30_000, status: 'succeeded' },
      { refundNo: null, gatewayRefundNo: '2XX', amount: 30_000, status: 'pending' },
      { refundNo: null, gatewayRefundNo: '3XX', amount: 30_000, status: 'succeeded' },
    ]);
    expect(paypal.calls().map(({ path }) => path)).toEqual([`/v2/checkout/orders/${ORDER_ID}`]);
  });

  test('are none while there are none', async () => {
    expect(await listed(undefined)).toEqual([]);
    expect(await listed([], { tradeNo: null })).toEqual([]);
  });

  for (const [what, refund] of [
    ['no number', one({ id: '' })],
    ['a new status', one({ status: 'MAYBE' })],
    ['the status of a prototype', one({ status: 'toString' })],
    ['another currency', one({ amount: { currency_code: 'USD', value: '300' } })],
    ['no amount', one({ amount: undefined })],
  ] as const) {
    test(`are not known when one has ${what}`, async () => {
      expect(await rejection(listed([refund]))).toBeInstanceOf(GatewayGarbage);
    });
  }

  test('are not known when PayPal does not show the order', async () => {
    paypal.steps = [problem(404, 'INVALID_RESOURCE_ID')];
    expect(await rejection(listRefunds(queryInput(), paypal.context()))).toBeInstanceOf(GatewayGarbage);
  });
});
