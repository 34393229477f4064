import { refuse, StripeFailure } from './failure.ts';
import { toSeconds } from './ids.ts';
import type { PaymentError, PaymentMethod } from './intent.ts';
import { integerAt, textAt, type Values } from './schema.ts';

export type CardOutcome = 'pays' | 'secure' | 'declined' | 'no_funds' | 'not_a_test_card';

type Card = NonNullable<PaymentMethod['card']>;

/** Stripe documentation, Testing. */
const numbers: Readonly<Record<string, readonly [brand: string, outcome: CardOutcome]>> = {
  '4242424242424242': ['visa', 'pays'],
  '4000056655665556': ['visa', 'pays'],
  '5555555555554444': ['mastercard', 'pays'],
  '3566002020360505': ['jcb', 'pays'],
  '4000000000000002': ['visa', 'declined'],
  '4000000000009995': ['visa', 'no_funds'],
  '4000000000003220': ['visa', 'secure'],
  '4000002760003184': ['visa', 'secure'],
};

/** Payment methods that Stripe keeps ready for tests, by id. */
const ready: Readonly<Record<string, string>> = {
  pm_card_visa: '4242424242424242',
  pm_card_mastercard: '5555555555554444',
  pm_card_jcb: '3566002020360505',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_threeDSecure2Required: '4000000000003220',
  pm_card_threeDSecureRequired: '4000000000003220',
  pm_card_authenticationRequired: '4000002760003184',
};

const declined = { type: 'card_error', code: 'card_declined' } as const;

export const cardErrors: Readonly<Record<Exclude<CardOutcome, 'pays' | 'secure'>, PaymentError>> = {
  declined: { ...declined, decline_code: 'generic_decline', message: 'Your card was declined.' },
  no_funds: { ...declined, decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  not_a_test_card: {
    ...declined,
    decline_code: 'test_mode_live_card',
    message: 'Your card was declined. The simulator takes test cards only.',
  },
};

function makeCard(number: string, expMonth: number, expYear: number): Card {
  const [brand, outcome] = numbers[number] ?? ['unknown', 'not_a_test_card'];
  return { brand, last4: number.slice(-4), expMonth, expYear, outcome };
}

/** Stripe counts the years of a card in full or in two digits. */
function fullYear(year: number): number {
  return year < 100 ? 2000 + year : year;
}

/** The card behind one of Stripe's test ids; it always runs out the year after next. */
export function readyCard(id: string, now: number): Card | null {
  const number = ready[id];
  return number === undefined ? null : makeCard(number, 12, new Date(now).getUTCFullYear() + 2);
}

export function standardCard(now: number): Card {
  return makeCard('4242424242424242', 12, new Date(now).getUTCFullYear() + 2);
}

function isLuhn(number: string): boolean {
  const sum = Array.from(number)
    .reverse()
    .map((digit, at) => Number(digit) * (at % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return sum % 10 === 0;
}

function refuseCard(code: string, param: string, message: string): never {
  throw new StripeFailure(402, { type: 'card_error', code, param, message });
}

/** `card[…]` as a browser sends it. */
export function readCard(values: Values | null, now: number): Card {
  if (values === null) return refuse('Missing required param: card.', { code: 'parameter_missing', param: 'card' });
  const number = (textAt(values, 'number') ?? '').replaceAll(/[ -]/g, '');
  if (!/^\d{13,19}$/.test(number) || !isLuhn(number)) {
    refuseCard('incorrect_number', 'number', 'Your card number is incorrect.');
  }
  const month = integerAt(values, 'exp_month') ?? 0;
  const year = fullYear(integerAt(values, 'exp_year') ?? 0);
  if (month < 1 || month > 12) refuseCard('invalid_expiry_month', 'exp_month', 'Your card’s expiry month is invalid.');
  // A card is good until the last day of its month.
  if (toSeconds(Date.UTC(year, month, 1)) <= toSeconds(now)) {
    refuseCard('invalid_expiry_year', 'exp_year', 'Your card’s expiry year is invalid.');
  }
  return makeCard(number, month, year);
}
