import { Secret, TOTP } from 'otpauth';
import type { Random } from '../../core/ids.ts';
import { SECOND } from '../../core/time.ts';

/** Codes of six digits that change every half a minute (RFC 6238), as every authenticator app makes them. */

export const STEP_MS = 30 * SECOND;
/** A phone's clock may be this many steps off, either way. */
const WINDOW = 1;

const settings = (secret: string) => ({
  issuer: 'PayCore',
  algorithm: 'SHA1',
  digits: 6,
  period: STEP_MS / SECOND,
  secret: Secret.fromBase32(secret),
});

/** 160 bits as RFC 4226 asks, in base32: what a person types who cannot scan. */
export function makeTotpSecret(random: Random): string {
  return new Secret({ buffer: Uint8Array.from(random(20)).buffer }).base32;
}

/** What the QR code says. `host` tells one installation from another in the app. */
export function totpAddress(
  secret: string,
  { email, host }: { readonly email: string; readonly host: string },
): string {
  return new TOTP({ ...settings(secret), label: `${email} (${host})` }).toString();
}

/** The secret in groups of four, as it is read from a page. */
export function groupSecret(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? '';
}

/** Digits as they are typed on a phone: with spaces, or in full width. */
function readDigits(text: string): string | null {
  const digits = text.normalize('NFKC').replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : null;
}

/**
 * The step whose code this is; null when it is none of now, the step before and the one after. A step counts once:
 * whoever keeps the last one (`after`) refuses a code that was read over a shoulder.
 */
export function findStep(secret: string, text: string, { now, after }: { now: number; after: number }): number | null {
  const token = readDigits(text);
  if (token === null) return null;
  const delta = new TOTP(settings(secret)).validate({ token, timestamp: now, window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(now / STEP_MS) + delta;
  return step > after ? step : null;
}

/** The code of an instant: what the app shows. */
export function totpCode(secret: string, now: number): string {
  return new TOTP(settings(secret)).generate({ timestamp: now });
}
