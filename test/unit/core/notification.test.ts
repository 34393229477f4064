import { expect, test } from 'bun:test';
import { buildNotification, showAmount, type TellingAttempt } from '../../../src/core/notification.ts';
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

const ATTEMPT: TellingAttempt = {
  gatewayTradeNo: 'T1',
  status: 'paid',
  paidDetails: { channel: 'CVS_FAMILY', fee: { amount: 2550, currency: 'TWD' } },
};

test('a notification says these things and nothing more', () => {
  expect(JSON.parse(buildNotification('payment.paid', PAYMENT, ATTEMPT))).toEqual({
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
    card: null,
    channel: 'CVS_FAMILY',
    fee: 25.5,
    fee_decimal: '25.50',
    net: null,
    net_decimal: null,
    fee_currency: 'TWD',
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
    card: null,
    fee: null,
    payer_account: null,
    metadata: {},
  });
});

test('the same payment gives the same bytes', () => {
  expect(buildNotification('payment.paid', PAYMENT, ATTEMPT)).toBe(
    buildNotification('payment.paid', { ...PAYMENT }, { ...ATTEMPT }),
  );
});

test('the amount is in the unit of the route', () => {
  expect(showAmount(PAYMENT)).toBe(980);
  expect(showAmount({ ...PAYMENT, unit: 'minor' })).toBe(98_000);
  expect(showAmount({ unit: 'major', amount: 980, currency: 'JPY' })).toBe(980);
});
