import { describe, expect, test } from 'bun:test';
import type { Payment } from '../../../src/core/payment.ts';
import { alertOfRefund, alertOfReview, alertsOfChange, showMoney } from '../../../src/core/payment-alerts.ts';
import type { Refund } from '../../../src/core/refund.ts';

const PAYMENT = {
  ...{ id: 7, paymentNo: 'PAY7', projectId: 3, merchantOrderNo: 'ORDER-1', amount: 98_000, currency: 'TWD' },
  ...{ livemode: true, gateway: 'ecpay', flags: [] },
} as unknown as Payment;

const kinds = (flags: Payment['flags'], effects: Parameters<typeof alertsOfChange>[2], before: Payment['flags'] = []) =>
  alertsOfChange({ ...PAYMENT, flags: before }, { ...PAYMENT, flags }, effects).map(({ kind }) => kind);

describe('what a change has a person told of', () => {
  test('money that came late, once', () => {
    expect(kinds(['late'], [{ event: 'payment.paid' }])).toEqual(['late']);
    expect(kinds(['late'], [], ['late'])).toEqual([]);
  });

  test('a second payment is one trouble, not two', () => {
    const effects = [
      { event: 'payment.duplicate', about: 'T2' },
      { event: 'payment.attention', about: 'T2' },
    ] as const;
    expect(kinds(['duplicate', 'attention'], effects)).toEqual(['duplicate']);
  });

  test('other money than was asked for, and a dispute', () => {
    for (const about of ['amount', 'currency', 'merchant'])
      expect(kinds(['mismatch'], [{ event: 'payment.attention', about }])).toEqual(['mismatch']);
    expect(kinds(['attention'], [{ event: 'payment.attention', about: 'fraudulent' }])).toEqual(['disputed']);
  });

  test('nothing of what goes as it should', () => {
    for (const event of ['payment.paid', 'payment.expired', 'payment.failed', 'payment.refunded'] as const)
      expect(kinds([], [{ event }])).toEqual([]);
  });
});

test('reviews and refunds have kinds of their own, and each its own subject', () => {
  const review = (about: string) => alertOfReview(PAYMENT, about).kind;
  expect(['unanswered', 'under_review', 'simulated', 'refund unanswered', 'x'].map(review)).toEqual([
    ...['unsettled', 'under_review', 'simulated', 'refund_unanswered', 'flagged'],
  ] as never);
  const refund = (change: Partial<Refund>) =>
    alertOfRefund(PAYMENT, { refundNo: 'RF1', amount: 30_000, status: 'unknown', source: 'api', ...change } as Refund);
  expect(refund({})).toMatchObject({ kind: 'refund_unknown', about: '7 RF1 unknown', paymentNo: 'PAY7', projectId: 3 });
  expect(refund({ status: 'failed' }).kind).toBe('refund_failed');
  expect(refund({ status: 'succeeded', source: 'gateway' })).toMatchObject({
    ...{ kind: 'refund_foreign', data: { refund_amount: 'TWD 300', order_no: 'ORDER-1', livemode: true } },
  });
});

test('money is written the same in every language', () => {
  expect([showMoney(98_000, 'TWD'), showMoney(1050, 'USD'), showMoney(500, 'JPY')]).toEqual([
    ...['TWD 980', 'USD 10.50', 'JPY 500'],
  ]);
});
