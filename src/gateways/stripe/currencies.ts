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
export const ALIPAY_CURRENCIES = split('CNY AUD CAD EUR GBP HKD JPY MYR NZD SGD USD');
export const WECHAT_PAY_CURRENCIES = split('CNY AUD CAD EUR GBP HKD JPY SGD USD DKK NOK SEK CHF');
