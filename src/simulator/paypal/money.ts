import { type Detail, type Issue, makeDetail, type Place } from './errors.ts';

export interface Money {
  readonly currency_code: string;
  readonly value: string;
}

/** PayPal developer documentation, "Currency codes". */
const currencies =
  'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD'.split(' ');

/** Currencies that PayPal takes without decimals, whatever ISO 4217 says. */
const wholeCurrencies: readonly string[] = ['HUF', 'JPY', 'TWD'];

/** Fifteen digits before the point. */
const HIGHEST = 10n ** 15n;
const decimalsOf = (code: string): number => (wholeCurrencies.includes(code) ? 0 : 2);

/** In the smallest unit that PayPal knows of the currency. The decimals must have been checked. */
export function toMinor({ currency_code, value }: Money): bigint {
  const [whole = '', fraction = ''] = value.replace('-', '').split('.');
  const minor = BigInt(whole + fraction.padEnd(decimalsOf(currency_code), '0'));
  return value.startsWith('-') ? -minor : minor;
}

export function fromMinor(minor: bigint, currency_code: string): Money {
  const decimals = decimalsOf(currency_code);
  if (decimals === 0) return { currency_code, value: String(minor) };
  const text = String(minor).padStart(decimals + 1, '0');
  return { currency_code, value: `${text.slice(0, -decimals)}.${text.slice(-decimals)}` };
}

/** `10.5` comes back as `10.50`. */
export const tidy = (money: Money): Money => fromMinor(toMinor(money), money.currency_code);

/** A part of the amount that stands at `path` in a request. */
export const placeOf = (money: Money, field: keyof Money, path: string): Place => ({
  field: `${path}/${field}`,
  value: money[field],
  location: 'body',
});

/** `isRefund`: Payments v2 has a word of its own for decimals where the currency has none. */
function findIssue(money: Money, isRefund: boolean): Issue | null {
  const { currency_code, value } = money;
  const [decimals, point] = [decimalsOf(currency_code), value.indexOf('.')];
  // Even `980.00` has decimals too many for a currency without any.
  if (point >= 0 && value.length - point - 1 > decimals) {
    return isRefund && decimals === 0 ? 'DECIMALS_NOT_SUPPORTED' : 'DECIMAL_PRECISION';
  }
  const minor = toMinor(money);
  if (minor <= 0n) return 'CANNOT_BE_ZERO_OR_NEGATIVE';
  return minor >= HIGHEST * 10n ** BigInt(decimals) ? 'MAX_VALUE_EXCEEDED' : null;
}

/** What PayPal has against an amount whose form is right. */
export function findMoneyFault(money: Money, path: string, isRefund = false): Detail | null {
  if (!currencies.includes(money.currency_code)) {
    return makeDetail('INVALID_CURRENCY_CODE', placeOf(money, 'currency_code', path));
  }
  const issue = findIssue(money, isRefund);
  return issue && makeDetail(issue, placeOf(money, 'value', path));
}
