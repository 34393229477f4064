import type { AmountUnit } from './payment.ts';

/** Money is an integer of ISO 4217 minor units beside its currency code. */

/** Currencies whose minor unit is not a hundredth (ISO 4217, list one). */
const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    BHD: 3,
    BIF: 0,
    CLF: 4,
    CLP: 0,
    DJF: 0,
    GNF: 0,
    IQD: 3,
    ISK: 0,
    JOD: 3,
    JPY: 0,
    KMF: 0,
    KRW: 0,
    KWD: 3,
    LYD: 3,
    OMR: 3,
    PYG: 0,
    RWF: 0,
    TND: 3,
    UGX: 0,
    UYI: 0,
    UYW: 4,
    VND: 0,
    VUV: 0,
    XAF: 0,
    XOF: 0,
    XPF: 0,
  }),
);

/** Digits behind the decimal point of a currency, 2 unless ISO 4217 says otherwise. */
export function exponentOf(currency: string): number {
  return EXPONENTS.get(currency) ?? 2;
}

/**
 * Where card processors count another minor unit than ISO 4217: ISK and UGX in hundredths for old times' sake, MGA in
 * whole ariary (Stripe documentation, "Supported currencies").
 */
const PROCESSOR_EXPONENTS: ReadonlyMap<string, number> = new Map(Object.entries({ ISK: 2, UGX: 2, MGA: 0 }));

function unitExponent(currency: string, unit: AmountUnit): number {
  if (unit === 'major') return 0;
  return PROCESSOR_EXPONENTS.get(currency) ?? exponentOf(currency);
}

/**
 * An amount of a route, a whole number or a decimal text, in ISO 4217 minor units. Null when it has more decimals than
 * the currency.
 */
export function toMinorUnits(amount: number | string, currency: string, unit: AmountUnit): number | null {
  const [, whole = '', fraction = ''] = /^(\d{1,15})(?:\.(\d{1,4}))?$/.exec(String(amount)) ?? [];
  const shift = exponentOf(currency) - unitExponent(currency, unit);
  const digits = fraction.replace(/0+$/, '');
  if (whole === '') return null;
  if (shift >= 0) return digits.length > shift ? null : Number(whole + digits.padEnd(shift, '0'));
  const minor = Number(whole) / 10 ** -shift;
  return digits === '' && Number.isInteger(minor) ? minor : null;
}

/** ISO 4217 minor units in the unit of a route. */
export function fromMinorUnits(minor: number, currency: string, unit: AmountUnit): number {
  const shift = exponentOf(currency) - unitExponent(currency, unit);
  return shift >= 0 ? minor / 10 ** shift : minor * 10 ** -shift;
}

/** Whole major units (TWD 980) to minor units (98000). */
export function majorToMinor(major: number, currency: string): number {
  return major * 10 ** exponentOf(currency);
}

/** Minor units to a number of major units; exact for every amount below 2^53 minor units. */
export function minorToMajor(minor: number, currency: string): number {
  return minor / 10 ** exponentOf(currency);
}

/** Minor units as a decimal string that needs no table to read: 98000 TWD → "980.00". */
export function formatDecimal(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
