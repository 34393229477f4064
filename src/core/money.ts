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
