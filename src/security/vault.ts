import { createCipheriv, createDecipheriv, createHash, createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Random } from '../core/ids.ts';

/**
 * Seals secrets for the database with AES-256-GCM and derives keyed hashes. The master key never enters the database;
 * its id does, so that a database opened with another key says so instead of failing later.
 *
 * Sealed form: 1 byte version, 8 bytes key id, 12 bytes nonce, 16 bytes tag, ciphertext.
 */
export interface Vault {
  /** Hex id of the master key; tells nothing about it. */
  readonly keyId: string;
  /** `purpose` is bound to the ciphertext: what was sealed for one use cannot be opened for another. */
  seal(purpose: string, text: string): Uint8Array;
  /** Throws when the bytes were sealed with another key or for another purpose, or were changed. */
  open(purpose: string, sealed: Uint8Array): string;
  /** Keyed hash that tells equal secrets apart from different ones without revealing them. */
  fingerprint(text: string): Uint8Array;
  /** A key of its own for a use that has no function here: the same on every node that has the master key. */
  deriveKey(use: string): Uint8Array;
  /** The unguessable part of a payment page's address: 22 characters, 132 bits. */
  makePageToken(paymentNo: string): string;
  checkPageToken(paymentNo: string, token: string): boolean;
  /** What the address carries that a gateway is given for one attempt: it names the attempt and proves the caller. */
  makeCallbackToken(gateway: string, orderNo: string): string;
  /** The number inside a genuine token, else null. */
  readCallbackToken(gateway: string, token: string): string | null;
}

/** Tokens are made for every answer about a payment, so those asked for lately are kept. */
const CACHED_TOKENS = 10_000;

const VERSION = 1;
const HEADER = 1 + 8 + 12 + 16;

export function createVault(masterKey: Uint8Array, random: Random): Vault {
  if (masterKey.length !== 32) throw new Error(`the master key must be 32 bytes, it has ${masterKey.length}`);
  const derive = (use: string) =>
    new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), `paycore ${use}`, 32));
  const sealingKey = derive('seal');
  const hashingKey = derive('fingerprint');
  const tokenKey = derive('page token');
  const callbackKey = derive('callback token');
  const id = createHash('sha256').update(derive('key id')).digest().subarray(0, 8);

  const tokens = new Map<string, string>();
  const makePageToken = (paymentNo: string): string => {
    const known = tokens.get(paymentNo);
    if (known) return known;
    if (tokens.size >= CACHED_TOKENS) tokens.clear();
    const token = createHmac('sha256', tokenKey).update(paymentNo).digest('base64url').slice(0, 22);
    tokens.set(paymentNo, token);
    return token;
  };

  const makeCallbackToken = (gateway: string, orderNo: string): string => {
    const mac = createHmac('sha256', callbackKey).update(`${gateway} ${orderNo}`).digest('base64url').slice(0, 22);
    return `${orderNo}-${mac}`;
  };

  return {
    makeCallbackToken,
    readCallbackToken(gateway, token) {
      const orderNo = token.slice(0, Math.max(0, token.length - 23));
      const genuine = orderNo !== '' && equalInConstantTime(makeCallbackToken(gateway, orderNo), token);
      return genuine ? orderNo : null;
    },
    keyId: id.toString('hex'),
    seal(purpose, text) {
      const nonce = random(12);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce);
      cipher.setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Uint8Array.of(VERSION), id, nonce, cipher.getAuthTag(), body]);
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < HEADER || bytes[0] !== VERSION || !bytes.subarray(1, 9).equals(id)) {
        throw new Error(
          'a stored secret was sealed with another master key; start with the key that belongs to this data',
        );
      }
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(9, 21));
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(21, HEADER));
      return Buffer.concat([decipher.update(bytes.subarray(HEADER)), decipher.final()]).toString('utf8');
    },
    fingerprint: (text) => createHmac('sha256', hashingKey).update(text).digest(),
    deriveKey: (use) => derive(`for ${use}`),
    makePageToken,
    checkPageToken: (paymentNo, token) => equalInConstantTime(makePageToken(paymentNo), token),
  };
}

/** Compares without telling by its time how far two texts agree. */
export function equalInConstantTime(expected: string, given: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(expected), hash(given));
}

/** SHA-256 of an API key, the only form in which one is stored. */
export function hashApiKey(key: string): Uint8Array {
  return hash('sha256', key, 'buffer');
}
