import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Secrets } from '../gateway.ts';

/**
 * The `Data` of ECPay's JSON services: base64(AES-128-CBC/PKCS7(urlencode(JSON))) with HashKey and HashIV as key and
 * initialisation vector. Source: ECPay developer documentation, page 22160.
 *
 * CBC carries no proof of integrity. What protects us is strictness: the base64 must be canonical, the plaintext must be
 * nothing but URL-encoded text, and that must hold a JSON object. A block that was tampered with turns into 16 random
 * bytes, which pass that once in a thousand million tries.
 */
export function sealData(payload: object, secrets: Secrets): string {
  const cipher = createCipheriv('aes-128-cbc', secrets.hash_key ?? '', secrets.hash_iv ?? '');
  return cipher.update(encodePhp(JSON.stringify(payload)), 'utf8', 'base64') + cipher.final('base64');
}

/** The bytes of a `Data`; null for anything that is no canonical base64 of whole blocks. */
export function decodeData(data: string): Uint8Array | null {
  // Form parsers turn "+" into a space on the way; base64 has no spaces, so this is safe to undo.
  const repaired = data.replaceAll(' ', '+');
  const bytes = Buffer.from(repaired, 'base64');
  if (bytes.length === 0 || bytes.length % BLOCK !== 0 || bytes.toString('base64') !== repaired) return null;
  return bytes;
}

/** The object inside, or null for anything that these secrets do not open cleanly. */
export function openData(data: string, secrets: Secrets): Readonly<Record<string, unknown>> | null {
  const bytes = decodeData(data);
  return bytes && openBytes(bytes, secrets);
}

/** The same, of bytes that were decoded before. */
export function openBytes(bytes: Uint8Array, secrets: Secrets): Readonly<Record<string, unknown>> | null {
  const text = decipher(bytes, secrets);
  if (text === null || !URL_ENCODED.test(text)) return null;
  try {
    const payload: unknown = JSON.parse(decodeURIComponent(text.replaceAll('+', '%20')));
    return typeof payload === 'object' && payload !== null && !Array.isArray(payload)
      ? (payload as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

/** Letters, digits, escapes and what any of the encoders in use leaves unencoded. */
const URL_ENCODED = /^[A-Za-z0-9\-_.+!*'()~%]+$/;

/** Of AES, in bytes. */
const BLOCK = 16;

function decipher(bytes: Uint8Array, secrets: Secrets): string | null {
  try {
    const opener = createDecipheriv('aes-128-cbc', secrets.hash_key ?? '', secrets.hash_iv ?? '');
    return Buffer.concat([opener.update(bytes), opener.final()]).toString('latin1');
  } catch {
    return null;
  }
}

/** PHP's urlencode: upper-case hex, `+` for a space, only letters, digits and `- _ .` literal. */
export function encodePhp(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+');
}
