import { formatDecimal, toMinorUnits } from '../../core/money.ts';
import { objectOf, textOf } from './json.ts';

/**
 * Currencies that PayPal takes without decimals (PayPal developer documentation, "Currency codes"). ISO 4217 gives two to
 * forint and Taiwan dollars all the same.
 */
export const WHOLE_ONLY: readonly string[] = ['HUF', 'JPY', 'TWD'];

/** Money as PayPal writes it; `value` is a decimal text. */
export interface PaypalMoney {
  readonly currency_code: string;
  readonly value: string;
}

/** Decimals that a currency must not have are left in, so that PayPal refuses them: nothing is ever rounded. */
export function toPaypalMoney(minor: number, currency: string): PaypalMoney {
  const text = formatDecimal(minor, currency);
  return { currency_code: currency, value: WHOLE_ONLY.includes(currency) ? text.replace(/\.0+$/, '') : text };
}

/** In ISO 4217 minor units; null for what is no amount, or has more decimals than the currency. */
export function readPaypalMoney(money: unknown): { readonly amount: number; readonly currency: string } | null {
  const { currency_code, value } = objectOf(money);
  const currency = textOf(currency_code);
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const amount = toMinorUnits(textOf(value), currency, 'major');
  return amount !== null && Number.isSafeInteger(amount) ? { amount, currency } : null;
}
