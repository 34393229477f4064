import { expect } from 'bun:test';

/** What is told of how a payment was paid while its gateway has told nothing. */
export const NOT_TOLD = {
  card: null,
  channel: null,
  fee: null,
  fee_decimal: null,
  net: null,
  net_decimal: null,
  fee_currency: null,
};

/** What an answer says of every payment of NT$980 that was just made. */
export const JUST_MADE = {
  payment_no: expect.stringMatching(/^PAY20260622\d{4}[A-Z]{8}$/),
  amount: 980,
  amount_decimal: '980.00',
  currency: 'TWD',
  status: 'pending',
  flags: [],
  livemode: false,
  ...NOT_TOLD,
  refunded_amount: 0,
  paid_at: null,
  created_at: '2026-06-22T15:30:00+08:00',
  payer_account: null,
  metadata: {},
  created: true,
};
