import { expect, test } from 'bun:test';
import type { Trouble } from '../../../src/core/attention.ts';
import type { Payment } from '../../../src/core/payment.ts';
import { alertOfRefund, alertOfReview, alertsOfTroubles, showMoney } from '../../../src/core/payment-alerts.ts';
import type { Refund } from '../../../src/core/refund.ts';

const PAYMENT = {
  ...{ id: 7, paymentNo: 'PAY7', projectId: 3, merchantOrderNo: 'ORDER-1', amount: 98_000, currency: 'TWD' },
  ...{ livemode: true, gateway: 'ecpay', flags: [] },
} as unknown as Payment;

test('each trouble with a payment is told under its own kind and subject, in words that its sentence names', () => {
  const money = { amount: 1, currency: 'TWD', trade_no: 'T2' };
  const troubles: readonly Trouble[] = [
    { kind: 'mismatch', about: '1 TWD T2', data: { reason: 'amount', ...money } },
    { kind: 'duplicate', about: 'T2', data: money },
    { kind: 'late', about: '', data: { ...money, trade_no: null } },
    { kind: 'disputed', about: 'fraudulent', data: { code: 'fraudulent', message: 'x' } },
  ];
  const told = { livemode: true, order_no: 'ORDER-1', amount: 'TWD 980', gateway: 'ecpay' };
  expect(alertsOfTroubles(PAYMENT, troubles).map(({ kind, about, data }) => [kind, about, data])).toEqual([
    ['mismatch', '7 1 TWD T2', { ...told, reason: 'amount', trade_no: 'T2' }],
    ['duplicate', '7 T2', { ...told, trade_no: 'T2' }],
    ['late', '7', told],
    ['disputed', '7 fraudulent', { ...told, reason: 'fraudulent' }],
  ]);
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
