import { formatDecimal, toMinorUnits } from '../../core/money.ts';
import { objectOf, textOf } from './json.ts';

/**
 * Currencies that PayPal takes, of accounts of some countries only: BRL, CNY, MYR (PayPal developer documentation,
 * "Currency codes").
 */
export const CURRENCIES: readonly string[] =
  'USD AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB'.split(' ');

/** Without decimals at PayPal; ISO 4217 gives two to forint and Taiwan dollars all the same. */
export const DECIMALS: Readonly<Record<string, number>> = { HUF: 0, JPY: 0, TWD: 0 };

/** Money as PayPal writes it; `value` is a decimal text. */
export interface PaypalMoney {
  readonly currency_code: string;
  readonly value: string;
}

/** Decimals that a currency must not have are left in, so that PayPal refuses them: nothing is ever rounded. */
export function toPaypalMoney(minor: number, currency: string): PaypalMoney {
  const text = formatDecimal(minor, currency);
  return { currency_code: currency, value: DECIMALS[currency] === 0 ? text.replace(/\.0+$/, '') : text };
}

/** In ISO 4217 minor units; null for what is no amount, or has more decimals than the currency. */
export function readPaypalMoney(money: unknown): { readonly amount: number; readonly currency: string } | null {
  const { currency_code, value } = objectOf(money);
  const currency = textOf(currency_code);
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const amount = toMinorUnits(textOf(value), currency, 'major');
  return amount !== null && Number.isSafeInteger(amount) ? { amount, currency } : null;
}
