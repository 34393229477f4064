import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../gateway.ts';

/**
 * ECPay's CheckMacValue (EncryptType 1, SHA-256). Source: ECPay developer documentation, page 2902.
 *
 * Every field that is sent takes part, empty ones too; names are ordered without regard to letter case; the text is
 * encoded as PHP's urlencode does, lower-cased, and the few signs that .NET leaves alone are put back.
 */
export function signFields(fields: Readonly<Record<string, string>>, secrets: Secrets): string {
  return digestFields(fields, secrets).toString('hex').toUpperCase();
}

/**
 * A value that spells a field. The signed text does not tell `a=1&b=2` in one value from two fields, so a form that we
 * signed for the browser could otherwise come back, cut up anew, as a result that ECPay never sent.
 */
const SPELLS_A_FIELD = /&\w+=/;
/** Nor may a name hold what would be several fields. */
const FIELD_NAME = /^\w+$/;
const DIGEST = /^[0-9A-Fa-f]{64}$/;

/** True when `fields.CheckMacValue` is right; compares in constant time, upper or lower case hex. */
export function checkSignature(fields: Readonly<Record<string, string>>, secrets: Secrets): boolean {
  const given = fields.CheckMacValue ?? '';
  if (!DIGEST.test(given)) return false;
  for (const name of Object.keys(fields)) {
    if (!FIELD_NAME.test(name) || SPELLS_A_FIELD.test(fields[name] ?? '')) return false;
  }
  return timingSafeEqual(Buffer.from(given, 'hex'), digestFields(fields, secrets));
}

function digestFields(fields: Readonly<Record<string, string>>, secrets: Secrets): Buffer {
  const sorted = Object.keys(fields)
    .filter((name) => name !== 'CheckMacValue')
    .map((name) => ({ name, lower: name.toLowerCase() }))
    .sort((a, b) => compareText(a.lower, b.lower));
  const parts = [`HashKey=${secrets.hash_key}`];
  for (const { name } of sorted) parts.push('&', name, '=', fields[name] ?? '');
  parts.push(`&HashIV=${secrets.hash_iv}`);
  return digestEncoded(parts);
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

const ESCAPED = 0;
const PERCENT = 0x25;
const HEX = Buffer.from('0123456789abcdef', 'latin1');

/** What encodeDotNet makes of every ASCII character: one byte, or ESCAPED for `%` and two digits. */
const ENCODED = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const encoded = encodeDotNet(String.fromCharCode(code));
  return encoded.length === 1 ? encoded.charCodeAt(0) : ESCAPED;
});

/** At most as much becomes of one UTF-16 unit: three bytes of UTF-8, each `%` and two digits. */
const LONGEST = 9;
/** Holds every callback ECPay sends. */
const desk = Buffer.alloc(16 * 1024);

/**
 * SHA-256 of the parts, joined and encoded by encodeDotNet. Every callback comes this way, and writing bytes takes a third
 * of the time that joining, encoding and lower-casing texts does.
 */
function digestEncoded(parts: readonly string[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = length * LONGEST <= desk.length ? desk : Buffer.alloc(length * LONGEST);
  let end = 0;
  for (const part of parts) end = writeEncoded(bytes, part, end);
  const digest = createHash('sha256').update(bytes.subarray(0, end)).digest();
  // The merchant's keys stood in it.
  bytes.fill(0, 0, end);
  return digest;
}

/** Answers where the next part begins. */
function writeEncoded(bytes: Buffer, text: string, start: number): number {
  let end = start;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const encoded = ENCODED[code];
    if (encoded === undefined) return end + bytes.write(encodeDotNet(text.slice(at)), end, 'latin1');
    if (encoded === ESCAPED) {
      bytes[end] = PERCENT;
      bytes[end + 1] = HEX[code >> 4] ?? 0;
      bytes[end + 2] = HEX[code & 15] ?? 0;
      end += 3;
    } else {
      bytes[end] = encoded;
      end += 1;
    }
  }
  return end;
}
