import { type PaymentError, paymentErrors, refuse, StripeFailure } from './failure.ts';
import type { MethodValues } from './fields.ts';

export interface Card {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly outcome: 'pays' | 'secure' | 'declined' | 'no_funds' | 'not_a_test_card';
}

/** Number, brand, what becomes of it, and the ids of the payment methods with it (Stripe documentation, Testing). */
const testCards: readonly (readonly [string, string, Card['outcome'], string])[] = [
  ['4242424242424242', 'visa', 'pays', 'pm_card_visa'],
  ['4000056655665556', 'visa', 'pays', ''],
  ['5555555555554444', 'mastercard', 'pays', 'pm_card_mastercard'],
  ['3566002020360505', 'jcb', 'pays', 'pm_card_jcb'],
  ['4000000000000002', 'visa', 'declined', 'pm_card_chargeDeclined pm_card_visa_chargeDeclined'],
  [
    '4000000000009995',
    'visa',
    'no_funds',
    'pm_card_chargeDeclinedInsufficientFunds pm_card_visa_chargeDeclinedInsufficientFunds',
  ],
  ['4000000000003220', 'visa', 'secure', 'pm_card_threeDSecure2Required pm_card_threeDSecureRequired'],
  ['4000002760003184', 'visa', 'secure', 'pm_card_authenticationRequired'],
];

/** What is wrong with a card once its bank is asked for money; null when it pays. */
export function errorOf(card: Card | null): PaymentError | null {
  const outcome = card?.outcome ?? 'pays';
  return outcome === 'pays' || outcome === 'secure' ? null : paymentErrors[outcome];
}

function makeCard(number: string, expMonth: number, expYear: number): Card {
  const known = testCards.find(([one]) => one === number);
  const [, brand, outcome] = known ?? [number, 'unknown', 'not_a_test_card'];
  return { brand, last4: number.slice(-4), expMonth, expYear, outcome };
}

/** The card behind one of Stripe's test ids; it always runs out the year after next. */
export function readyCard(id: string, now: number): Card | null {
  const [number] = testCards.find(([, , , ids]) => ids.split(' ').includes(id)) ?? [];
  return number === undefined || id === '' ? null : makeCard(number, 12, new Date(now).getUTCFullYear() + 2);
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
export function readCard(values: MethodValues['card'], now: number): Card {
  if (!values) return refuse('Missing required param: card.', { code: 'parameter_missing', param: 'card' });
  const { exp_month: month, exp_year } = values;
  const number = values.number.replaceAll(/[ -]/g, '');
  // Stripe counts the years of a card in full or in two digits.
  const year = exp_year < 100 ? 2000 + exp_year : exp_year;
  if (!/^\d{13,19}$/.test(number) || !isLuhn(number)) {
    refuseCard('incorrect_number', 'number', 'Your card number is incorrect.');
  }
  if (month < 1 || month > 12) refuseCard('invalid_expiry_month', 'exp_month', 'Your card’s expiry month is invalid.');
  // A card is good until the last day of its month.
  if (Date.UTC(year, month, 1) <= now) {
    refuseCard('invalid_expiry_year', 'exp_year', 'Your card’s expiry year is invalid.');
  }
  return makeCard(number, month, year);
}
