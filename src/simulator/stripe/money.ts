import { refuse } from './failure.ts';

/** Stripe documentation, Supported currencies. All codes in lower case, all amounts in Stripe's minor units. */
const SUPPORTED =
  'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp ' +
  'cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk ' +
  'jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn ' +
  'nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std ' +
  'szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw';

const split = (codes: string): ReadonlySet<string> => new Set(codes.split(' '));
const supported = split(SUPPORTED);
const zeroDecimal = split('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf');
/** The smallest digit cannot be charged, so it has to be 0. */
const threeDecimal = split('bhd jod kwd omr tnd');
/** Without decimals in life, with two in Stripe's API, for reasons of history: always 00. */
const wholeHundreds = split('isk ugx');

/** Smallest charges. A currency without one has none of its own: the settlement currency's counts, unknown here. */
const minimums: readonly (readonly [minimum: number, currencies: ReadonlySet<string>])[] = [
  [30, split('gbp')],
  [50, split('usd aud brl cad chf eur inr jpy krw nzd sgd')],
  [200, split('aed myr pln ron')],
  [250, split('dkk')],
  [300, split('nok sek')],
  [400, split('hkd')],
  [1000, split('mxn thb')],
  [1500, split('czk')],
  [17_500, split('huf')],
];

/** Eight digits; cards take up to twelve. */
export const NON_CARD_MAXIMUM = 99_999_999;
const MAXIMUM = 999_999_999_999;

function decimalsOf(currency: string): number {
  if (zeroDecimal.has(currency)) return 0;
  return threeDecimal.has(currency) ? 3 : 2;
}

/** `98000` TWD → `980.00`, `500` JPY → `500`. */
export const formatMajor = (amount: number, currency: string): string =>
  (amount / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));

export function checkCurrency(currency: string): void {
  // Lower case only: `TWD` is not a currency to Stripe's documentation.
  if (!supported.has(currency)) {
    refuse(`Invalid currency: ${currency.slice(0, 20)}. Three letters in lower case are wanted, e.g. usd.`, {
      param: 'currency',
    });
  }
}

export function checkPositive(amount: number): void {
  if (amount >= 1) return;
  refuse('This value must be greater than or equal to 1.', { code: 'parameter_invalid_integer', param: 'amount' });
}

/** Whether the minor units can be charged in that currency at all. */
export function checkDigits(amount: number, currency: string): void {
  checkPositive(amount);
  const step = threeDecimal.has(currency) ? 10 : wholeHundreds.has(currency) ? 100 : 1;
  if (amount % step !== 0) {
    const message = `Invalid amount: in ${currency} it must be divisible by ${step}.`;
    refuse(message, { code: 'invalid_charge_amount', param: 'amount' });
  }
}

export function checkBounds(amount: number, currency: string, maximum: number = MAXIMUM): void {
  const [minimum] = minimums.find(([, currencies]) => currencies.has(currency)) ?? [1];
  if (amount < minimum) {
    const message = `Amount must be at least ${formatMajor(minimum, currency)} ${currency}`;
    refuse(message, { code: 'amount_too_small', param: 'amount' });
  }
  if (amount > maximum) {
    const message = `Amount must be no more than ${formatMajor(maximum, currency)} ${currency}`;
    refuse(message, { code: 'amount_too_large', param: 'amount' });
  }
}
