import { describe, expect, test } from 'bun:test';
import { canonicalise, checkMacValue, encodeForm } from '../../../src/simulator/ecpay/checksum.ts';
import { openText, sealText } from '../../../src/simulator/ecpay/envelope.ts';
import { barcodeCheck } from '../../../src/simulator/ecpay/numbers.ts';
import vectors from '../../vectors/ecpay.json';

interface Vector<Input, Expected> {
  readonly name: string;
  readonly key: string;
  readonly iv: string;
  readonly input: Input;
  readonly expected: Expected;
  readonly url_encoded: string;
}

function ofKind<Input, Expected>(kind: Exclude<keyof typeof vectors, 'note'>): Vector<Input, Expected>[] {
  const found = vectors[kind] as unknown as Vector<Input, Expected>[];
  expect(found.length).toBeGreaterThan(0);
  return found;
}

const accountOf = (vector: { key: string; iv: string }) => ({
  merchantId: '3002607',
  hashKey: vector.key,
  hashIv: vector.iv,
});

describe('CheckMacValue', () => {
  for (const [at, vector] of ofKind<Record<string, string>, string>('cmv-sha256').entries()) {
    test(`${at}: ${vector.name}`, () => {
      const fields = Object.entries(vector.input);
      expect(checkMacValue(fields, accountOf(vector))).toBe(vector.expected);
      expect(checkMacValue(fields.reverse(), accountOf(vector))).toBe(vector.expected);
    });
  }
});

test('form encoding of all ASCII punctuation, for the signature and for the envelope', () => {
  const [vector] = ofKind<string, { cmv: string; aes: string }>('urlencode');
  expect(canonicalise(vector?.input ?? '')).toBe(vector?.expected.cmv ?? '-');
  expect(encodeForm(vector?.input ?? '')).toBe(vector?.expected.aes ?? '-');
});

describe('envelope', () => {
  for (const vector of ofKind<string, string>('aes-cbc-data')) {
    test(`opens: ${vector.name}`, () => expect(openText(vector.expected, accountOf(vector))).toBe(vector.input));
    if (encodeForm(vector.input) !== vector.url_encoded) continue;
    test(`seals: ${vector.name}`, () => expect(sealText(vector.input, accountOf(vector))).toBe(vector.expected));
  }
  for (const vector of ofKind<string, string>('aes-decode-tolerance')) {
    test(`tolerates: ${vector.name}`, () => expect(openText(vector.input, accountOf(vector))).toBe(vector.expected));
  }
  test('a wrong key, cut text and plain text open to nothing', () => {
    const account = { merchantId: '1', hashKey: 'pwFHCqoQZGmho4w6', hashIv: 'EkRm7iFT261dpevs' };
    const sealed = sealText('{"a":1}', account);
    expect(openText(sealed, { ...account, hashKey: '5294y06JbISpM5x9' })).toBeNull();
    expect(openText(sealed.slice(0, 8), account)).toBeNull();
    expect(openText('{"a":1}', account)).toBeNull();
    expect(openText('', account)).toBeNull();
  });
});

describe('barcode check characters', () => {
  for (const vector of ofKind<string[], { check: string }>('cvs-barcode-check')) {
    test(vector.name, () => {
      const [first = '', second = '', third = ''] = vector.input;
      expect(barcodeCheck(first, second, third)).toBe(vector.expected.check);
    });
  }
});
