import { describe, expect, test } from 'bun:test';
import {
  call,
  codeOf,
  errorOf,
  eventOf,
  OTHER_KEY,
  qrFields,
  SECRET_KEY,
  secretHeaders,
  typesOf,
  useOpenShop,
} from './stripe-support.ts';
import { orderOf } from './support.ts';

const { shop, timers, simulator, act, quietly } = useOpenShop();

describe('refunds', () => {
  const refund = (fields: Record<string, string>, key = SECRET_KEY) =>
    call(simulator, 'POST', '/v1/refunds', fields, secretHeaders(key));

  async function paid(): Promise<string> {
    const intent = await quietly();
    await act('pay', { callback: false });
    return String(intent.id);
  }

  test('give back in parts until nothing is left', async () => {
    const payment_intent = await paid();
    const first = await refund({ payment_intent, amount: '99', reason: 'duplicate', 'metadata[a]': 'b' });
    expect(first.body).toMatchObject({
      object: 'refund',
      amount: 99,
      currency: 'sgd',
      status: 'succeeded',
      reason: 'duplicate',
      metadata: { a: 'b' },
      payment_intent,
    });
    await timers.fire();
    expect(eventOf(shop, -1)).toMatchObject({
      type: 'charge.refunded',
      object: { object: 'charge', payment_intent, amount: 1099, amount_refunded: 99, refunded: false },
    });
    expect((await call(simulator, 'GET', `/v1/refunds/${first.body.id}`)).body).toEqual(first.body);
    const tooMuch = await refund({ payment_intent, amount: '1001' });
    expect([tooMuch.status, errorOf(tooMuch).param]).toEqual([400, 'amount']);
    await refund({ payment_intent });
    await timers.fire();
    expect(eventOf(shop, -1).object).toMatchObject({ amount_refunded: 1099, refunded: true });
    expect(errorOf(await refund({ payment_intent }))).toMatchObject({ code: 'charge_already_refunded' });
  });

  test('need money that is there, and one’s own', async () => {
    const open = String((await quietly(qrFields({ 'metadata[gateway_order_no]': 'G2' }))).id);
    expect(errorOf(await refund({ payment_intent: open }))).toMatchObject({ code: 'payment_intent_unexpected_state' });
    const payment_intent = await paid();
    expect((await refund({ payment_intent }, OTHER_KEY)).status).toBe(404);
    expect((await refund({ payment_intent, amount: '0' })).status).toBe(400);
    expect((await refund({ payment_intent, reason: 'because' })).status).toBe(400);
    expect((await refund({})).status).toBe(400);
    const { body } = await refund({ payment_intent });
    const looked = await call(simulator, 'GET', `/v1/refunds/${body.id}`, {}, secretHeaders(OTHER_KEY));
    expect(looked.status).toBe(404);
  });

  test('are found by the charge as well', async () => {
    await paid();
    const { info } = await orderOf(simulator, 'G1');
    expect((await refund({ charge: String(info.charge) })).body).toMatchObject({ charge: info.charge, amount: 1099 });
    expect((await refund({ charge: 'ch_none' })).status).toBe(404);
  });

  test('at the console, and disputes', async () => {
    expect((await quietly()).status).toBe('requires_action');
    expect(await codeOf(await act('refund'))).toBe('ORDER_NOT_PAID');
    expect(await codeOf(await act('dispute'))).toBe('ORDER_NOT_PAID');
    await act('pay', { callback: false });
    await act('refund', { amount: 100 });
    expect((await orderOf(simulator, 'G1')).info).toMatchObject({ refunded: '1.00' });
    await act('dispute', { reason: 'product_not_received' });
    expect(typesOf(shop)).toEqual(['charge.refunded', 'charge.dispute.created']);
    expect(eventOf(shop, -1).object).toMatchObject({
      object: 'dispute',
      amount: 1099,
      status: 'needs_response',
      reason: 'product_not_received',
      charge: expect.stringMatching(/^py_3/),
    });
    expect(await codeOf(await act('refund'))).toBe('REFUND_REFUSED');
    expect(await codeOf(await act('dispute'))).toBe('ALREADY_DISPUTED');
  });
});
