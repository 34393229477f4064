import { createHash } from 'node:crypto';
import { encodeBytes } from '../http.ts';
import type { SimulatorAccount } from '../options.ts';

/** Form encoding as PHP's `urlencode` does it, which ECPay's own SDK uses for both signature and envelope. */
export const encodeForm = (text: string): string => encodeBytes(new TextEncoder().encode(text), /[A-Za-z0-9_.-]/);

/** The four marks that .NET's UrlEncode leaves alone and PHP's does not (ECPay developer docs p=2902). */
const dotNetMarks: Readonly<Record<string, string>> = { '%21': '!', '%2a': '*', '%28': '(', '%29': ')' };

/** The text ECPay hashes: encoded, lower-cased, .NET's marks restored. */
export const canonicalise = (text: string): string =>
  encodeForm(text)
    .toLowerCase()
    .replace(/%(?:21|2a|28|29)/g, (mark) => dotNetMarks[mark] ?? mark);

/** Keys in ASCII order without regard to case, so `_` stands before letters. */
export function compareKeys(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** CheckMacValue of EncryptType 1 over everything that was sent, empty values included. */
export function checkMacValue(fields: Iterable<readonly [string, string]>, account: SimulatorAccount): string {
  const pairs = [...fields]
    .filter(([name]) => name !== 'CheckMacValue')
    .sort(([left], [right]) => compareKeys(left, right))
    .map(([name, value]) => `${name}=${value}`);
  const text = [`HashKey=${account.hashKey}`, ...pairs, `HashIV=${account.hashIv}`].join('&');
  return createHash('sha256').update(canonicalise(text)).digest('hex').toUpperCase();
}
