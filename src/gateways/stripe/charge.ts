import type { Fact } from '../../core/attempt.ts';
import { formatDecimal, toMinorUnits } from '../../core/money.ts';
import { type Fields, integerOf, textOf } from './json.ts';

/**
 * What became of money after it was paid. Source: Stripe API reference, "The Charge object" (`amount_refunded`,
 * `refunded`, `disputed`). The codes are those of the events that tell the same, so that a dispute that is found and then
 * heard of as well raises one notification.
 */
const REFUNDED = 'charge.refunded';
const DISPUTED = 'charge.dispute.created';

/** Nothing is left of the payment. */
export function isAllReturned(charge: Fields): boolean {
  return charge.refunded === true;
}

export function readReturned(charge: Fields): { readonly code: string; readonly message: string } {
  return { code: REFUNDED, message: describeReturned(charge) };
}

/** Nothing for a charge that is only named. */
export function readAftermath(charge: Fields): readonly Fact[] {
  const refunded: readonly Fact[] =
    (integerOf(charge.amount_refunded) ?? 0) > 0 ? [{ type: 'refunded', ...readReturned(charge) }] : [];
  const disputed: readonly Fact[] =
    charge.disputed === true
      ? [{ type: 'disputed', code: DISPUTED, message: 'The payer disputes the payment at his bank.' }]
      : [];
  return [...refunded, ...disputed];
}

export function describeReturned({ amount_refunded, currency }: Fields): string {
  return `paid back: ${showMoney(amount_refunded, currency)}`;
}

export function showMoney(amount: unknown, currency: unknown): string {
  const code = textOf(currency).toUpperCase();
  const minor = toMinorUnits(integerOf(amount) ?? 0, code, 'minor') ?? 0;
  return `${code} ${formatDecimal(minor, code)}`;
}
