/** An amount as PayPal writes it. */
export interface Money {
  readonly currency_code: string;
  readonly value: string;
}

/** PayPal developer documentation, "Currency codes". */
const currencies: ReadonlySet<string> = new Set(
  'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD'.split(' '),
);

/** Currencies that PayPal takes without decimals, whatever ISO 4217 says. */
const wholeCurrencies: ReadonlySet<string> = new Set(['HUF', 'JPY', 'TWD']);

/** Fifteen digits before the point. */
const HIGHEST = 10n ** 15n;

export const MONEY_VALUE = /^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$/;

export function isKnownCurrency(code: string): boolean {
  return currencies.has(code);
}

export function isWhole(code: string): boolean {
  return wholeCurrencies.has(code);
}

function decimalsOf(code: string): number {
  return isWhole(code) ? 0 : 2;
}

/** Even `980.00` has decimals too many for a currency without any. */
export function hasTooManyDecimals({ currency_code, value }: Money): boolean {
  const point = value.indexOf('.');
  return point >= 0 && value.length - point - 1 > decimalsOf(currency_code);
}

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
export function tidy(money: Money): Money {
  return fromMinor(toMinor(money), money.currency_code);
}

/** The issue PayPal would name, with the field it is about. */
export interface MoneyFault {
  readonly issue: string;
  readonly field: 'currency_code' | 'value';
}

export function findMoneyFault(money: Money): MoneyFault | null {
  if (!isKnownCurrency(money.currency_code)) return { issue: 'INVALID_CURRENCY_CODE', field: 'currency_code' };
  if (hasTooManyDecimals(money)) return { issue: 'DECIMAL_PRECISION', field: 'value' };
  const minor = toMinor(money);
  if (minor <= 0n) return { issue: 'CANNOT_BE_ZERO_OR_NEGATIVE', field: 'value' };
  const unit = 10n ** BigInt(decimalsOf(money.currency_code));
  return minor >= HIGHEST * unit ? { issue: 'MAX_VALUE_EXCEEDED', field: 'value' } : null;
}
