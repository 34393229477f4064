import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../gateway.ts';

/**
 * ECPay's CheckMacValue (EncryptType 1, SHA-256). Source: ECPay developer documentation, page 2902.
 *
 * Every field that is sent takes part, empty ones too; names are ordered without regard to letter case; the text is
 * encoded as PHP's urlencode does, lower-cased, and the few signs that .NET leaves alone are put back.
 */
export function signFields(fields: Readonly<Record<string, string>>, secrets: Secrets): string {
  const pairs = Object.entries(fields)
    .filter(([name]) => name !== 'CheckMacValue')
    .sort(([a], [b]) => compareText(a.toLowerCase(), b.toLowerCase()))
    .map(([name, value]) => `${name}=${value}`);
  const text = [`HashKey=${secrets.hash_key}`, ...pairs, `HashIV=${secrets.hash_iv}`].join('&');
  return createHash('sha256').update(encodeDotNet(text)).digest('hex').toUpperCase();
}

/**
 * A value that spells a field. The signed text does not tell `a=1&b=2` in one value from two fields, so a form that we
 * signed for the browser could otherwise come back, cut up anew, as a result that ECPay never sent.
 */
const SPELLS_A_FIELD = /&\w+=/;
/** Nor may a name hold what would be several fields. */
const FIELD_NAME = /^\w+$/;

/** True when `fields.CheckMacValue` is right; compares in constant time, upper or lower case hex. */
export function checkSignature(fields: Readonly<Record<string, string>>, secrets: Secrets): boolean {
  const given = fields.CheckMacValue ?? '';
  if (!/^[0-9A-Fa-f]{64}$/.test(given)) return false;
  const foreign = ([name, value]: [string, string]) => !FIELD_NAME.test(name) || SPELLS_A_FIELD.test(value);
  if (Object.entries(fields).some(foreign)) return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(signFields(fields, secrets), 'hex'));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * PHP urlencode, lower-cased, with `- _ . ! * ( )` literal. encodeURIComponent leaves those alone already; `'` and `~`
 * are what the two disagree about. It throws on lone surrogates, hence toWellFormed.
 */
export function encodeDotNet(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/'/g, '%27')
    .replace(/~/g, '%7E')
    .replace(/%20/g, '+')
    .toLowerCase();
}
