import { drawText, type Random } from '../../core/ids.ts';
import type { Vault } from '../../security/vault.ts';

/** For the day the phone is gone: ten codes, each of which signs in once in the place of the app's. */

export const RECOVERY_CODES = 10;

/** Crockford's base32: nothing that is read as something else. Ten of them are 50 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 10;

/** `abcde-12345` */
export function makeRecoveryCodes(random: Random): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const code = drawText(random, ALPHABET, LENGTH);
    return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
  });
}

/** What was meant by what was typed from paper; null when it cannot be a code. */
export function readRecoveryCode(text: string): string | null {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s-]/g, '')
    .replace(/o/g, '0')
    .replace(/[il]/g, '1')
    .replace(/u/g, 'v');
  return plain.length === LENGTH && [...plain].every((letter) => ALPHABET.includes(letter)) ? plain : null;
}

/** The only form in which one is stored. Keyed: a copy of the database alone does not let anybody try codes. */
export function hashRecoveryCode({ fingerprint }: Pick<Vault, 'fingerprint'>, personId: number, code: string): string {
  return Buffer.from(fingerprint(`recovery code ${personId} ${code}`)).toString('base64url');
}
