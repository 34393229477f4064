import { describe, expect, test } from 'bun:test';
import { Secret } from 'otpauth';
import {
  hashRecoveryCode,
  makeRecoveryCodes,
  RECOVERY_CODES,
  readRecoveryCode,
} from '../../../src/people/second-factor/recovery.ts';
import { findStep, makeTotpSecret, STEP_MS, totpAddress, totpCode } from '../../../src/people/second-factor/totp.ts';
import { START, seedRandom } from '../../support/clock.ts';
import { testVault } from '../../support/parts.ts';

const SECRET = makeTotpSecret(seedRandom('totp'));
const STEP = Math.floor(START / STEP_MS);
const code = (steps = 0) => totpCode(SECRET, START + steps * STEP_MS);
const find = (text: string, after = 0) => findStep(SECRET, text, { now: START, after });

describe('the code of an app', () => {
  test('is that of RFC 6238', () => {
    // Appendix B, SHA1, the last six of eight digits.
    const secret = Secret.fromLatin1('12345678901234567890').base32;
    const vectors = [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_234_567_890, '005924'],
      [20_000_000_000, '353130'],
    ] as const;
    for (const [seconds, expected] of vectors) {
      expect(totpCode(secret, seconds * 1000)).toBe(expected);
      expect(findStep(secret, expected, { now: seconds * 1000, after: 0 })).toBe(Math.floor(seconds / 30));
    }
  });

  test('may be that of the step before or after, and of no other', () => {
    expect([-2, -1, 0, 1, 2].map((steps) => find(code(steps)))).toEqual([null, STEP - 1, STEP, STEP + 1, null]);
  });

  test('counts once: its step, and those before it, are refused afterwards', () => {
    expect(find(code(0), STEP)).toBeNull();
    expect(find(code(-1), STEP)).toBeNull();
    expect(find(code(1), STEP)).toBe(STEP + 1);
  });

  test('may be typed with spaces or in full width, and is six digits', () => {
    const [plain] = [code()];
    expect(find(` ${plain.slice(0, 3)} ${plain.slice(3)} `)).toBe(STEP);
    const wide = [...plain].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    expect(find(wide)).toBe(STEP);
    for (const text of ['', '12345', `${plain}0`, 'abcdef', plain.slice(1)]) expect(find(text)).toBeNull();
  });

  test('comes of a secret of 160 bits, whose address tells app, person and installation', () => {
    expect(Secret.fromBase32(SECRET).bytes.length).toBe(20);
    const url = new URL(totpAddress(SECRET, { email: 'owner@shop.example', host: 'pay.shop.example' }));
    expect(url.protocol).toBe('otpauth:');
    expect(decodeURIComponent(url.pathname)).toContain('owner@shop.example (pay.shop.example)');
    expect(url.searchParams.get('issuer')).toBe('PayCore');
    expect(url.searchParams.get('secret')).toBe(SECRET);
  });
});

describe('recovery codes', () => {
  const codes = makeRecoveryCodes(seedRandom('codes'));

  test('are ten, all different, in two groups that are read without doubt', () => {
    expect(codes.length).toBe(RECOVERY_CODES);
    expect(new Set(codes).size).toBe(RECOVERY_CODES);
    for (const one of codes) expect(one).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
  });

  test('are understood as they are typed from paper', () => {
    expect(readRecoveryCode(' ABCDE fghjk ')).toBe('abcdefghjk');
    expect(readRecoveryCode('oilu0-00000')).toBe('011v000000');
    for (const text of ['', 'abcde-fghj', 'abcde-fghjkm', 'abcde-fghj!']) expect(readRecoveryCode(text)).toBeNull();
  });

  test('are stored as hashes that hang on the person and the master key', () => {
    const vault = testVault();
    const hash = hashRecoveryCode(vault, 1, 'abcdefghjk');
    expect(hash).not.toContain('abcdefghjk');
    expect(hashRecoveryCode(vault, 1, 'abcdefghjk')).toBe(hash);
    expect(hashRecoveryCode(vault, 2, 'abcdefghjk')).not.toBe(hash);
  });
});
