import { taipeiDay } from './time.ts';

/** Random bytes, passed in so that tests can choose them. */
export type Random = (bytes: number) => Uint8Array;

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const UPPER_DIGITS = `${UPPER}0123456789`;
const ALPHANUMERIC = `${UPPER_DIGITS}abcdefghijklmnopqrstuvwxyz`;

/** `length` characters of `alphabet`, each equally likely: bytes that would favour the first letters are drawn again. */
export function drawText(random: Random, alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random(length * 2)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

/** `PAY` + yyyymmdd (Taipei) + sequence of that day (4 digits, more when it overflows) + 8 random A–Z. */
export function makePaymentNo(now: number, sequence: number, random: Random): string {
  return `PAY${taipeiDay(now)}${String(sequence).padStart(4, '0')}${drawText(random, UPPER, 8)}`;
}

/** ECPay's limit for MerchantTradeNo. */
const ORDER_NO_LENGTH = 20;

/**
 * `PC` + yymmdd + random A–Z0–9, 12 of them unless the gateway takes less. The random part keeps several installs apart
 * that share one merchant account.
 */
export function makeGatewayOrderNo(now: number, random: Random, length = ORDER_NO_LENGTH): string {
  const start = `PC${taipeiDay(now).slice(2)}`;
  return start + drawText(random, UPPER_DIGITS, length - start.length);
}

/** `pc_live_…` or `pc_test_…` with 40 random characters (238 bits). */
export function makeApiKey(kind: 'live' | 'test', random: Random): string {
  return `pc_${kind}_${drawText(random, ALPHANUMERIC, 40)}`;
}

/** `whsec_` + base64 of 24 bytes, as Standard Webhooks asks. */
export function makeNotificationSecret(random: Random): string {
  return `whsec_${Buffer.from(random(24)).toString('base64')}`;
}

/** `RF` + yymmdd + 12 random A–Z0–9, what a refund is called here and at the gateway. */
export function makeRefundNo(now: number, random: Random): string {
  return `RF${taipeiDay(now).slice(2)}${drawText(random, UPPER_DIGITS, 12)}`;
}

/** The same kind of number out of 32 bytes: whoever has the same bytes has the same number. */
export function deriveRefundNo(day: number, bytes: Uint8Array): string {
  return makeRefundNo(day, (length) =>
    Uint8Array.from({ length }, (_, index) => (bytes[index % bytes.length] ?? 0) % 252),
  );
}

/**
 * An id that sorts by time: `msg_` + time in base 36 + 14 random characters. Rows that are made together then lie together
 * in the index, and a batch of them touches few pages.
 */
export function makeTimedId(prefix: string, now: number, random: Random): string {
  return `${prefix}_${now.toString(36).padStart(9, '0')}${drawText(random, ALPHANUMERIC, 14)}`;
}

/** `LNK` + 22 random letters and digits (131 bits): whoever knows it may open the link's page. */
export function makeLinkNo(random: Random): string {
  return `LNK${drawText(random, ALPHANUMERIC, 22)}`;
}

/** A short random id with a speaking prefix, e.g. `proc_…`. */
export function makeId(prefix: string, random: Random): string {
  return `${prefix}_${drawText(random, ALPHANUMERIC, 22)}`;
}

export const PAYMENT_NO = /^PAY\d{12,}[A-Z]{8}$/;
export const LINK_NO = /^LNK[A-Za-z0-9]{22}$/;
