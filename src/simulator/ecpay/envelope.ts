import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { SimulatorAccount } from '../options.ts';
import { encodeForm } from './checksum.ts';

const ALGORITHM = 'aes-128-cbc';

/** `Data` of ECPay's JSON services from a JSON text (ECPay developer docs p=22160). */
export function sealText(json: string, account: SimulatorAccount): string {
  const cipher = createCipheriv(ALGORITHM, account.hashKey, account.hashIv);
  return cipher.update(encodeForm(json), 'utf8', 'base64') + cipher.final('base64');
}

/** The JSON text inside `Data`, or null when the keys do not fit or the text is not form-encoded UTF-8. */
export function openText(data: string, account: SimulatorAccount): string | null {
  // A form parser on the way may have turned the base64 plus into a space.
  const base64 = data.replaceAll(' ', '+');
  if (base64 === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  try {
    const decipher = createDecipheriv(ALGORITHM, account.hashKey, account.hashIv);
    const encoded = decipher.update(base64, 'base64', 'utf8') + decipher.final('utf8');
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

export const seal = (value: unknown, account: SimulatorAccount): string => sealText(JSON.stringify(value), account);
