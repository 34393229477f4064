import { describe, expect, test } from 'bun:test';
import type { Attempt, Fact } from '../../../src/core/attempt.ts';
import { type PaymentState, transition } from '../../../src/core/lifecycle/transition.ts';
import { detailsOf } from '../../../src/core/notification.ts';
import { describeDetails, mergeDetails, type PaidDetails } from '../../../src/core/paid-details.ts';
import { paid } from '../../support/payments.ts';

const CARD = { first6: '431195', last4: '2222', bank: '玉山銀行' } as const;
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('what is known', () => {
  test('grows by what is told later, and keeps what is told no more', () => {
    const first = mergeDetails(null, { channel: 'Credit', card: { last4: '2222' } });
    const second = mergeDetails(first, { card: { first6: '431195' }, fee: usd(30) });
    expect(second).toEqual({ channel: 'Credit', card: { last4: '2222', first6: '431195' }, fee: usd(30) });
    expect(mergeDetails(second, { fee: usd(31) })).toEqual({ ...second, fee: usd(31) });
  });

  test('is the very same when nothing is new', () => {
    const known: PaidDetails = { card: CARD, fee: usd(30), channel: 'x' };
    for (const told of [{}, { card: { last4: '2222' } }, { fee: usd(30) }, known]) {
      expect(mergeDetails(known, told)).toBe(known);
    }
    expect(mergeDetails(null, {})).toBeNull();
  });
});

describe('a payment that is paid', () => {
  const PENDING: PaymentState = {
    ...{ status: 'pending', flags: [], livemode: true, amount: 98_000, currency: 'TWD', othersAlive: false },
    ...{ mayChooseAgain: false, staysOpen: false, orderPaidElsewhere: false },
  } as const;
  const OPEN = { status: 'open', instructions: null, tradeNo: null, movingSince: null } as const;
  const told = (details: PaidDetails, change: object = {}) => paid({ details, tradeNo: 'T1', ...change });
  const after = (fact: Fact, attempt: Parameters<typeof transition>[1] = OPEN, payment: object = PENDING) =>
    transition({ ...PENDING, ...payment }, attempt, fact);
  const PAID = { status: 'paid', flags: [] } as const;

  test('keeps the channel and how it was paid, and learns more when it is told again', () => {
    const first = after(told({ card: { last4: '2222' } }, { channel: 'Credit' })).attempt;
    expect(first.paidDetails).toEqual({ channel: 'Credit', card: { last4: '2222' } });
    const more = after(told({ fee: usd(30) }), first, PAID);
    expect([more.verdict, more.attempt.paidDetails, more.effects]).toEqual([
      'applied',
      { channel: 'Credit', card: { last4: '2222' }, fee: usd(30) },
      [],
    ]);
    expect(after(told({ fee: usd(30) }), more.attempt, PAID)).toMatchObject({
      verdict: 'ignored',
      attempt: more.attempt,
    });
  });

  test('learns nothing from a second payment, nor from one that is refused or simulated', () => {
    const first = after(told({ card: { last4: '2222' } })).attempt;
    const second = after(told({ card: { last4: '9999' } }, { tradeNo: 'T2' }), first, PAID);
    expect([second.payment.flags, second.attempt.paidDetails]).toEqual([
      ['duplicate', 'attention'],
      { card: { last4: '2222' } },
    ]);
    for (const change of [{ amount: 1 }, { simulated: true }]) {
      expect(after(told({ card: { last4: '9999' } }, change)).attempt).toEqual(OPEN);
    }
  });

  test('may have been told of before, by what says nothing about money', () => {
    const early = after({ type: 'details', details: { card: { last4: '2222' } } });
    expect([early.verdict, early.payment.status, early.attempt.status]).toEqual(['applied', 'pending', 'open']);
    expect(after(told({}), early.attempt).attempt.paidDetails).toEqual({ card: { last4: '2222' } });
  });
});

describe('what is shown', () => {
  test('is in the unit of the route, and says its currency where the gateway settles in another', () => {
    const details: PaidDetails = {
      channel: 'card',
      card: { ...CARD, country: 'TW', eci: '5', authCode: '777777', brand: 'visa' },
      fee: usd(330),
      net: usd(2710),
    };
    expect(describeDetails({ currency: 'TWD', unit: 'minor' }, details)).toEqual({
      card: { ...CARD, country: 'TW', eci: '5', auth_code: '777777', brand: 'visa' },
      channel: 'card',
      fee: 330,
      fee_decimal: '3.30',
      net: 2710,
      net_decimal: '27.10',
      fee_currency: 'USD',
    });
    expect(
      describeDetails({ currency: 'TWD', unit: 'major' }, { fee: { amount: 2550, currency: 'TWD' } }),
    ).toMatchObject({
      fee: 25.5,
      fee_decimal: '25.50',
      fee_currency: 'TWD',
    });
  });

  test('of instalments and points are amounts in the unit of the route', () => {
    const card = {
      installments: { count: 3, first: 32_800, each: 32_600 },
      bonus: { used: 100, left: 900, discount: 5000, charged: 93_000 },
    };
    expect(describeDetails({ currency: 'TWD', unit: 'major' }, { card }).card).toEqual({
      ...{ first6: null, last4: null, bank: null },
      installments: { count: 3, first: 328, each: 326 },
      bonus: { points_used: 100, points_left: 900, discount: 50, charged: 930 },
    });
  });

  test('is nothing while nothing is known, and nothing before the money is there', () => {
    const none = {
      card: null,
      channel: null,
      fee: null,
      fee_decimal: null,
      net: null,
      net_decimal: null,
      fee_currency: null,
    };
    expect(describeDetails({ currency: 'TWD', unit: 'major' }, null)).toEqual(none);
    const attempt = { status: 'open', paidDetails: { channel: 'card' } } as const satisfies Partial<Attempt>;
    expect(detailsOf(attempt)).toBeNull();
    expect(detailsOf({ ...attempt, status: 'paid' })).toEqual({ channel: 'card' });
  });
});
