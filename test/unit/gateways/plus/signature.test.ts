import { describe, expect, test } from 'bun:test';
import {
  checkSign,
  makeSign,
  type SignVariant,
  signFields,
  variantOf,
} from '../../../../src/gateways/plus/signature.ts';
import vectors from '../../../vectors/plus.json';

interface Vector {
  readonly name: string;
  readonly variant: SignVariant;
  readonly secret: string;
  readonly input: Readonly<Record<string, string>>;
  readonly expected: string;
}
const VECTORS = vectors.sign as unknown as readonly Vector[];

describe('the sign', () => {
  for (const { name, variant, secret, input, expected } of VECTORS) {
    test(`of the vector "${name}"`, () => {
      const reversed = Object.fromEntries(Object.entries(input).reverse());
      expect(makeSign(input, secret, variant)).toBe(expected);
      expect(makeSign(reversed, secret, variant)).toBe(expected);
    });
  }

  test('all vectors were there', () => expect(VECTORS.length).toBe(11));
});

describe('a sign is right', () => {
  const fields = { appid: 'A', money: '980', status: '1' };
  const signed = (variant: SignVariant) => signFields(fields, 'secret', variant);
  const VARIANTS: readonly SignVariant[] = ['md5-key', 'md5-amp', 'md5-bare', 'hmac-sha256'];

  for (const variant of VARIANTS) {
    test(`${variant}: in lower and in upper case, and for no other variant`, () => {
      const { sign = '', ...rest } = signed(variant);
      expect(checkSign({ ...rest, sign }, 'secret', variant)).toBe(true);
      expect(checkSign({ ...rest, sign: sign.toUpperCase() }, 'secret', variant)).toBe(true);
      for (const other of VARIANTS.filter((one) => one !== variant)) {
        expect(checkSign({ ...rest, sign }, 'secret', other)).toBe(false);
      }
    });

    test(`${variant}: not with another secret, another value, a field more or less, or a spoilt digit`, () => {
      const { sign = '', ...rest } = signed(variant);
      expect(checkSign({ ...rest, sign }, 'Secret', variant)).toBe(false);
      expect(checkSign({ ...rest, money: '981', sign }, 'secret', variant)).toBe(false);
      expect(checkSign({ ...rest, more: 'x', sign }, 'secret', variant)).toBe(false);
      expect(checkSign({ appid: 'A', money: '980', sign }, 'secret', variant)).toBe(false);
      const spoilt = [
        `${sign.slice(0, -1)}${sign.endsWith('0') ? '1' : '0'}`,
        sign.slice(2),
        `${sign}00`,
        '',
        'g'.repeat(sign.length),
      ];
      for (const one of spoilt) expect(checkSign({ ...rest, sign: one }, 'secret', variant)).toBe(false);
    });
  }

  test('never where nothing is signed, and nothing is then added to a call', () => {
    expect(signed('none')).toEqual(fields);
    expect(checkSign({ ...fields, sign: '' }, 'secret', 'none')).toBe(false);
    expect(checkSign(signed('md5-key'), 'secret', 'none')).toBe(false);
  });

  test('with an empty field more, which is not signed', () => {
    expect(checkSign({ ...signed('md5-key'), empty: '' }, 'secret', 'md5-key')).toBe(true);
  });

  test('not when the same text was cut into other fields', () => {
    const whole = signFields({ appid: 'A', money: '980', note: 'x', status: '1' }, 'secret', 'md5-key');
    const swallowed = { appid: 'A', money: '980', note: 'x&status=1', sign: whole.sign ?? '' };
    expect(makeSign(swallowed, 'secret', 'md5-key')).toBe(whole.sign ?? '');
    expect(checkSign(swallowed, 'secret', 'md5-key')).toBe(false);
    const named = { appid: 'A', 'money=980&note': 'x', status: '1', sign: whole.sign ?? '' };
    expect(makeSign(named, 'secret', 'md5-key')).toBe(whole.sign ?? '');
    expect(checkSign(named, 'secret', 'md5-key')).toBe(false);
  });
});

test('the variant is the operator’s, md5-key unless he says otherwise, and no made-up one', () => {
  expect(variantOf({ settings: {} })).toBe('md5-key');
  expect(variantOf({ settings: { sign: 'hmac-sha256' } })).toBe('hmac-sha256');
  expect(variantOf({ settings: { sign: 'none' } })).toBe('none');
  for (const sign of ['md5', 'constructor', 'toString', '']) expect(() => variantOf({ settings: { sign } })).toThrow();
});
