import { expect, test } from 'bun:test';
import { buildNotification, showAmount } from '../../../src/core/notification.ts';
import type { Payment } from '../../../src/core/payment.ts';

const PAYMENT: Payment = {
  id: 1,
  paymentNo: 'PAY202606220001ABCDEFGH',
  projectId: 2,
  livemode: true,
  keyKind: 'live',
  merchantOrderNo: 'ORDER-1',
  gateway: 'ecpay',
  method: 'cvs',
  mode: 'background',
  environment: 'production',
  amount: 98_000,
  currency: 'TWD',
  unit: 'major',
  status: 'paid',
  reason: null,
  flags: ['late'],
  order: {
    payerAccount: 'member-7',
    metadata: { cart: '9' },
    payokUrl: 'https://shop.example/',
    buyerEmail: 'a@b.example',
  },
  credentialId: 3,
  attemptId: 4,
  revision: 5,
  isCheckout: false,
  closeAt: null,
  refunded: 0,
  paidAt: Date.UTC(2026, 5, 22, 7, 30),
  createdAt: 0,
  updatedAt: 0,
};

test('a notification says these things and nothing more', () => {
  expect(JSON.parse(buildNotification('payment.paid', PAYMENT, 'T1'))).toEqual({
    event: 'payment.paid',
    livemode: true,
    payment_no: 'PAY202606220001ABCDEFGH',
    merchant_order_no: 'ORDER-1',
    gateway: 'ecpay',
    method: 'cvs',
    amount: 980,
    amount_decimal: '980.00',
    currency: 'TWD',
    status: 'paid',
    paid_at: '2026-06-22T15:30:00+08:00',
    refunded_amount: 0,
    flags: ['late'],
    environment: 'production',
    gateway_trade_no: 'T1',
    payer_account: 'member-7',
    metadata: { cart: '9' },
  });
});

test('what is not known is null, empty metadata an empty object', () => {
  const unpaid: Payment = { ...PAYMENT, status: 'expired', paidAt: null, order: {} };
  expect(JSON.parse(buildNotification('payment.expired', unpaid, null))).toMatchObject({
    event: 'payment.expired',
    paid_at: null,
    gateway_trade_no: null,
    payer_account: null,
    metadata: {},
  });
});

test('the same payment gives the same bytes', () => {
  expect(buildNotification('payment.paid', PAYMENT, 'T1')).toBe(
    buildNotification('payment.paid', { ...PAYMENT }, 'T1'),
  );
});

test('the amount is in the unit of the route', () => {
  expect(showAmount(PAYMENT)).toBe(980);
  expect(showAmount({ ...PAYMENT, unit: 'minor' })).toBe(98_000);
  expect(showAmount({ unit: 'major', amount: 980, currency: 'JPY' })).toBe(980);
});
