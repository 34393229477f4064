import { createHash } from 'node:crypto';
import type { Random } from '../random.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `prefix` and letters and digits, as Stripe writes its ids; the small bias of a byte modulo 62 does not matter here. */
export function makeId(random: Random, prefix: string, length = 24): string {
  return prefix + Array.from(random(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Stripe counts in whole seconds since 1970. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
