import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { exponentOf, formatDecimal, majorToMinor, minorToMajor } from '../../../src/core/money.ts';

test('most currencies have hundredths, some none, some thousandths', () => {
  expect(['TWD', 'USD', 'EUR', 'HUF', 'XXX'].map(exponentOf)).toEqual([2, 2, 2, 2, 2]);
  expect(['JPY', 'KRW', 'VND'].map(exponentOf)).toEqual([0, 0, 0]);
  expect(['KWD', 'BHD', 'TND'].map(exponentOf)).toEqual([3, 3, 3]);
});

test('a name that every object has is no currency of its own', () => {
  for (const name of ['constructor', '__proto__', 'toString']) expect(exponentOf(name)).toBe(2);
});

test('major to minor and back', () => {
  expect(majorToMinor(980, 'TWD')).toBe(98_000);
  expect(majorToMinor(980, 'JPY')).toBe(980);
  expect(majorToMinor(1, 'KWD')).toBe(1000);
  expect(minorToMajor(98_000, 'TWD')).toBe(980);
  expect(minorToMajor(1099, 'USD')).toBe(10.99);
});

describe('a decimal string', () => {
  for (const [minor, currency, text] of [
    [98_000, 'TWD', '980.00'],
    [5, 'USD', '0.05'],
    [50, 'USD', '0.50'],
    [0, 'TWD', '0.00'],
    [-5, 'USD', '-0.05'],
    [-12_345, 'USD', '-123.45'],
    [980, 'JPY', '980'],
    [-1, 'JPY', '-1'],
    [0, 'JPY', '0'],
    [1, 'KWD', '0.001'],
    [Number.MAX_SAFE_INTEGER, 'TWD', '90071992547409.91'],
  ] as const) {
    test(`${minor} ${currency} is ${text}`, () => expect(formatDecimal(minor, currency)).toBe(text));
  }

  test('has the same digits as the integer, for every amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('TWD', 'JPY', 'KWD'), (minor, currency) => {
        const text = formatDecimal(minor, currency);
        const [, decimals = ''] = text.split('.');
        expect(decimals).toHaveLength(exponentOf(currency));
        expect(BigInt(text.replace('.', ''))).toBe(BigInt(minor));
      }),
    );
  });
});

test('whole major units survive the way to minor units and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), (major) => {
      expect(minorToMajor(majorToMinor(major, 'TWD'), 'TWD')).toBe(major);
    }),
  );
});
