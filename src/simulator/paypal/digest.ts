import { createHash, timingSafeEqual } from 'node:crypto';

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Takes as long for a near miss as for a far one. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
}

/** PayPal's account numbers have none of 0, 1, I and O. */
const accountAlphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const ACCOUNT_LENGTH = 13;

/** Always the same account number for the same text. */
export function deriveAccountId(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, ACCOUNT_LENGTH);
  return Array.from(bytes, (byte) => accountAlphabet[byte % accountAlphabet.length]).join('');
}

const idAlphabet = '0123456789ABCDEFGHJKLMNPRSTUVWXY';
const ID_LENGTH = 17;

/** The form of the numbers PayPal gives to orders, captures and refunds. */
export function makeId(random: (bytes: number) => Uint8Array): string {
  return Array.from(random(ID_LENGTH), (byte) => idAlphabet[byte % idAlphabet.length]).join('');
}
