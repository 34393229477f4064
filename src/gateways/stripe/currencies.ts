/**
 * What can be asked for with each way to pay. These are upper bounds: the country of the account narrows them, and then
 * it is Stripe who refuses. Sources: Stripe documentation, "Supported currencies" and the page of each payment method.
 */
const split = (codes: string): readonly string[] => codes.split(' ');

/** Presentment currencies of cards. */
export const CARD_CURRENCIES = split(
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP ' +
    'CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ' +
    'ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN ' +
    'MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE ' +
    'SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW',
);
/**
 * Digits behind the point where Stripe takes fewer than ISO 4217 gives: of three the last must be 0, and ariary are whole.
 */
export const DECIMALS: Readonly<Record<string, number>> = { BHD: 2, JOD: 2, KWD: 2, OMR: 2, TND: 2, MGA: 0 };

/**
 * Least amounts, in Stripe's minor units. For the others what counts is the least of the currency that the account is paid
 * out in.
 */
export const LEAST: Readonly<Record<string, number>> = {
  USD: 50,
  AED: 200,
  AUD: 50,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  CZK: 1500,
  DKK: 250,
  EUR: 50,
  GBP: 30,
  HKD: 400,
  HUF: 17_500,
  INR: 50,
  JPY: 50,
  KRW: 50,
  MXN: 1000,
  MYR: 200,
  NOK: 300,
  NZD: 50,
  PLN: 200,
  RON: 200,
  SEK: 300,
  SGD: 50,
  THB: 1000,
};

export const ALIPAY_CURRENCIES = split('CNY AUD CAD EUR GBP HKD JPY MYR NZD SGD USD');
export const WECHAT_PAY_CURRENCIES = split('CNY AUD CAD EUR GBP HKD JPY SGD USD DKK NOK SEK CHF');
