import { expect, test } from 'bun:test';
import { readDetails as readPaypal } from '../../../src/gateways/paypal/details.ts';
import { readFacts } from '../../../src/gateways/smilepay/facts.ts';
import { readPaidCharge, readDetails as readStripe } from '../../../src/gateways/stripe/details.ts';
import { readEvent } from '../../../src/gateways/stripe/event.ts';

/** How each gateway tells of a card and of what it keeps; ECPay’s own file is beside its driver. */

const CHARGE = {
  object: 'charge',
  paid: true,
  payment_method_details: {
    type: 'card',
    card: {
      ...{ brand: 'visa', country: 'TW', last4: '4242', iin: '424242', issuer: 'E.SUN', authorization_code: '123456' },
      installments: { plan: { count: 6, interval: 'month', type: 'fixed_count' } },
      three_d_secure: { electronic_commerce_indicator: '05' },
    },
  },
  balance_transaction: { fee: 330, net: 2710, currency: 'usd' },
};
const CARD = {
  ...{ first6: '424242', last4: '4242', brand: 'visa', bank: 'E.SUN', country: 'TW', eci: '05', authCode: '123456' },
  installments: { count: 6 },
};

test('Stripe: the card of the charge, and fee and net in the currency that Stripe settles in', () => {
  expect(readStripe(CHARGE)).toEqual({
    channel: 'card',
    card: CARD,
    fee: { amount: 330, currency: 'USD' },
    net: { amount: 2710, currency: 'USD' },
  });
  // Named only, as in events; and of what is no card.
  const wallet = { payment_method_details: { type: 'grabpay', grabpay: {} }, balance_transaction: 'txn_1' };
  expect(readStripe(wallet)).toEqual({ channel: 'grabpay' });
  for (const odd of [
    {},
    { payment_method_details: null },
    { balance_transaction: { fee: -1, net: 1.5, currency: 'usd' } },
  ]) {
    expect(readStripe(odd)).toEqual({});
  }
});

test('Stripe: an event about a charge tells how it was paid and nothing about money; one that took none tells nothing', () => {
  const event = (type: string, object: object) => readEvent({ type, data: { object } });
  const { balance_transaction: _, ...charge } = CHARGE;
  for (const type of ['charge.succeeded', 'charge.updated']) {
    expect(event(type, charge)).toEqual([{ type: 'details', details: { channel: 'card', card: CARD } }]);
    expect(event(type, { ...charge, paid: false })).toMatchObject([{ type: 'note' }]);
  }
  expect(event('charge.failed', charge)).toMatchObject([{ type: 'note' }]);
  expect(readPaidCharge({ ...CHARGE, object: 'refund' })).toEqual({});
});

test('PayPal: the payer’s card where there is one, its fee and what is left', () => {
  const usd = (value: string) => ({ currency_code: 'USD', value });
  const capture = {
    seller_receivable_breakdown: { gross_amount: usd('10.99'), paypal_fee: usd('0.68'), net_amount: usd('10.31') },
  };
  const card = {
    ...{ last_digits: '1881', brand: 'VISA' },
    bin_details: { bin: '40128888', issuing_bank: 'Bank of X', bin_country_code: 'US' },
  };
  expect(readPaypal(capture, { card })).toEqual({
    card: { first6: '401288', last4: '1881', brand: 'VISA', bank: 'Bank of X', country: 'US' },
    fee: { amount: 68, currency: 'USD' },
    net: { amount: 1031, currency: 'USD' },
  });
  expect(readPaypal({}, { paypal: { email_address: 'a@example.com' } })).toEqual({});
  expect(readPaypal({ seller_receivable_breakdown: { paypal_fee: { value: 'x' } } }, { card: 'x' })).toEqual({});
});

test('SmilePay: the fee of the callback', () => {
  const paid = (Fee: string) => readFacts('roturl', { Classif: 'E', Amount: '980', Smseid: '1', Fee });
  expect(paid('28')).toMatchObject([{ type: 'paid', details: { fee: { amount: 2800, currency: 'TWD' } } }]);
  for (const odd of ['', '-1', 'free'])
    expect(paid(odd)).not.toContainEqual(expect.objectContaining({ details: expect.anything() }));
});
