import { describe, expect, test } from 'bun:test';
import type { RefundInput } from '../../../../src/gateways/gateway.ts';
import { listRefunds, refundIntent } from '../../../../src/gateways/stripe/refund.ts';
import { rejection } from '../../../support/parts.ts';
import { failure, INTENT, ORDER_NO, PAYMENT_NO, paymentOf, queryInput, SECRETS, useStandIn } from './support.ts';

const wire = useStandIn();
const REFUND_NO = 'REF202606230001ABCDEFGH';
const input = (change: Partial<RefundInput> = {}): RefundInput => ({
  method: queryInput().method,
  payment: paymentOf(),
  gatewayOrderNo: ORDER_NO,
  tradeNo: INTENT,
  secrets: SECRETS,
  amount: 50_000,
  refundNo: REFUND_NO,
  ...change,
});
const refund = (change: object = {}) => ({
  id: 're_3PayCore',
  object: 'refund',
  amount: 50_000,
  payment_intent: INTENT,
  status: 'succeeded',
  ...change,
});
const run = (change: Partial<RefundInput> = {}) => refundIntent(input(change), wire.ctx());

describe('refunds', () => {
  test('part of the money goes back, under a key that makes a second call the same refund', async () => {
    wire.answer = () => Response.json(refund());
    expect(await run()).toEqual({ status: 'succeeded', gatewayRefundNo: 're_3PayCore' });
    expect(wire.received[0]).toMatchObject({ path: '/v1/refunds', headers: { 'idempotency-key': REFUND_NO } });
    expect(wire.sent).toEqual({
      payment_intent: INTENT,
      amount: '50000',
      'metadata[payment_no]': PAYMENT_NO,
      'metadata[refund_no]': REFUND_NO,
    });
  });

  test('amounts are in Stripe’s minor units', async () => {
    wire.answer = () => Response.json(refund({ amount: 500 }));
    await run({ payment: paymentOf({}, { currency: 'ISK' }), amount: 5 });
    expect(wire.sent.amount).toBe('500');
  });

  test('Stripe’s own reasons are sent as such, a shop’s words as metadata', async () => {
    wire.answer = () => Response.json(refund());
    await run({ reason: 'duplicate' });
    expect(wire.sent).toMatchObject({ reason: 'duplicate' });
    await run({ reason: '客人反悔' });
    expect(wire.sent).not.toHaveProperty('reason');
    expect(wire.sent).toMatchObject({ 'metadata[reason]': '客人反悔' });
  });

  test('every status of Stripe’s has a meaning', async () => {
    for (const [status, ours] of [
      ['succeeded', 'succeeded'],
      ['pending', 'pending'],
      ['requires_action', 'pending'],
      ['failed', 'failed'],
      ['canceled', 'failed'],
    ] as const) {
      wire.answer = () => Response.json(refund({ status, failure_reason: status === 'failed' ? 'lost_card' : null }));
      expect(await run()).toEqual({
        status: ours,
        gatewayRefundNo: 're_3PayCore',
        ...(status === 'failed' ? { message: 'lost_card' } : {}),
      });
    }
  });

  for (const [what, change] of [
    ['another intent', { payment_intent: 'pi_3Other' }],
    ['another amount', { amount: 98_000 }],
    ['a status that does not exist', { status: 'constructor' }],
    ['no number', { id: null }],
    ['something else', { object: 'charge' }],
  ] as const) {
    test(`an answer about ${what} leaves the outcome unknown`, async () => {
      wire.answer = () => Response.json(refund(change));
      expect(await rejection(run())).toMatchObject({ name: 'GatewayGarbage' });
    });
  }

  test('Stripe’s no is a refusal with its words, and so is an intent that nobody knows', async () => {
    wire.answer = () =>
      failure(400, { type: 'invalid_request_error', code: 'charge_already_refunded', message: 'Twice.' });
    expect(await rejection(run())).toMatchObject({
      name: 'GatewayRefusal',
      errorCode: 'REFUND_REFUSED',
      gatewayCode: 'charge_already_refunded',
      message: 'Twice.',
    });
    wire.answer = () => failure(401, { type: 'invalid_request_error', message: 'no' });
    expect(await rejection(run())).toMatchObject({ errorCode: 'STRIPE_AUTH_FAILED' });
    expect(await rejection(run({ tradeNo: null }))).toMatchObject({ name: 'GatewayRefusal' });
  });

  test('trouble is not a refusal', async () => {
    wire.answer = () => new Response(null, { status: 500 });
    expect(await rejection(run())).toMatchObject({ name: 'GatewayGarbage' });
  });
});

describe('the list of refunds', () => {
  const list = (data: unknown, change: object = {}) =>
    Response.json({ object: 'list', url: '/v1/refunds', has_more: false, data, ...change });
  const listed = (change: object = {}) => refund({ currency: 'twd', metadata: { refund_no: REFUND_NO }, ...change });
  const ask = (change: object = {}) => listRefunds(queryInput(change), wire.ctx());

  test('has those that we asked for, under our number, and those of Stripe’s dashboard', async () => {
    wire.answer = () => list([listed(), listed({ id: 're_3Desk', amount: 700, status: 'pending', metadata: {} })]);
    expect(await ask()).toEqual([
      { refundNo: REFUND_NO, gatewayRefundNo: 're_3PayCore', amount: 50_000, status: 'succeeded' },
      { refundNo: null, gatewayRefundNo: 're_3Desk', amount: 700, status: 'pending' },
    ]);
    expect(wire.received.map(({ path, body }) => [path, body])).toEqual([['/v1/refunds', '']]);
    wire.answer = () => list([]);
    expect(await ask()).toEqual([]);
  });

  test('is in our minor units', async () => {
    wire.answer = () => list([listed({ currency: 'isk', amount: 500 })]);
    expect(await ask({ payment: paymentOf({}, { currency: 'ISK' }) })).toMatchObject([{ amount: 5 }]);
  });

  test('is empty for an intent that Stripe never named', async () => {
    expect(await ask({ tradeNo: null })).toEqual([]);
    expect(wire.received).toEqual([]);
  });

  for (const [what, answer] of [
    ['only a part of it', () => list([listed()], { has_more: true })],
    ['no list', () => Response.json({ has_more: false })],
    ['a refund of another intent', () => list([listed({ payment_intent: 'pi_3Other' })])],
    ['a refund in another currency', () => list([listed({ currency: 'usd' })])],
    ['a refund of no amount', () => list([listed({ amount: '50000' })])],
    ['a refund of no known status', () => list([listed({ status: 'done' })])],
    ['something that is no refund', () => list([null])],
    ['a refused key', () => failure(401, { type: 'invalid_request_error', message: 'sk_test_51PayCoreUnit' })],
    ['trouble', () => new Response(null, { status: 503 })],
  ] as const) {
    test(`${what} is not believed`, async () => {
      wire.answer = answer;
      expect(await rejection(ask())).toMatchObject({ name: 'GatewayGarbage' });
    });
  }
});
