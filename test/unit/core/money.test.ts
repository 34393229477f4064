import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  exponentOf,
  formatDecimal,
  fromMinorUnits,
  majorToMinor,
  minorToMajor,
  toMinorUnits,
} from '../../../src/core/money.ts';

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

/** More than any route takes. */
const LARGEST = 1_000_000_000_000;
const whole = fc.integer({ min: 1, max: LARGEST });

describe('the amount of a route in minor units', () => {
  for (const [given, currency, unit, minor] of [
    [980, 'TWD', 'major', 98_000],
    ['980', 'TWD', 'major', 98_000],
    ['10.99', 'USD', 'major', 1099],
    ['10.9', 'USD', 'major', 1090],
    ['10.900', 'USD', 'major', 1090],
    ['1.2345', 'KWD', 'major', null],
    ['1.234', 'KWD', 'major', 1234],
    ['980.00', 'JPY', 'major', 980],
    ['980.5', 'JPY', 'major', null],
    ['10.991', 'USD', 'major', null],
    [98_000, 'TWD', 'minor', 98_000],
    [1099, 'USD', 'minor', 1099],
    [980, 'JPY', 'minor', 980],
    [1234, 'KWD', 'minor', 1234],
    ['10.5', 'USD', 'minor', null],
    ['10.00', 'USD', 'minor', 10],
    // Processors count these three otherwise than ISO 4217 does.
    [10_000, 'ISK', 'minor', 100],
    [10_050, 'ISK', 'minor', null],
    ['10000.5', 'ISK', 'minor', null],
    ['10000.00', 'ISK', 'minor', 100],
    [500_000, 'UGX', 'minor', 5000],
    [500_001, 'UGX', 'minor', null],
    [5000, 'MGA', 'minor', 500_000],
    [100, 'ISK', 'major', 100],
    [5000, 'UGX', 'major', 5000],
    [5000, 'MGA', 'major', 500_000],
  ] as const) {
    test(`${given} ${unit} ${currency} is ${minor ?? 'refused'}`, () =>
      expect(toMinorUnits(given, currency, unit)).toBe(minor));
  }

  for (const wrong of [
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '1e3',
    '.5',
    '5.',
    '1,5',
    '0x10',
    '１',
    'NaN',
    '9'.repeat(16),
    '1.00000',
  ]) {
    test(`is not ${JSON.stringify(wrong)}`, () => expect(toMinorUnits(wrong, 'USD', 'major')).toBeNull());
  }
  for (const wrong of [-1, 1.005, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7]) {
    test(`is not the number ${wrong}`, () => expect(toMinorUnits(wrong, 'TWD', 'major')).toBeNull());
  }

  test('is a whole number that comes back as it was given, for every amount, unit and currency', () => {
    const currencies = fc.constantFrom('TWD', 'USD', 'JPY', 'KWD', 'ISK', 'UGX', 'MGA');
    fc.assert(
      fc.property(whole, currencies, fc.constantFrom('major', 'minor'), (amount, currency, unit) => {
        const minor = toMinorUnits(amount, currency, unit);
        if (minor === null) {
          expect([currency, unit, amount % 100 === 0]).toEqual([expect.stringMatching(/ISK|UGX/), 'minor', false]);
          return;
        }
        expect(Number.isSafeInteger(minor)).toBe(true);
        expect(fromMinorUnits(minor, currency, unit)).toBe(amount);
      }),
    );
  });

  test('of decimals has exactly the digits that were written', () => {
    const currencies = fc.constantFrom('USD', 'JPY', 'KWD');
    fc.assert(
      fc.property(whole, fc.stringMatching(/^\d{0,4}$/), currencies, (units, decimals, currency) => {
        const minor = toMinorUnits(decimals === '' ? String(units) : `${units}.${decimals}`, currency, 'major');
        const kept = decimals.slice(0, exponentOf(currency)).padEnd(exponentOf(currency), '0');
        const lost = decimals.slice(exponentOf(currency));
        expect(minor).toBe(/^0*$/.test(lost) ? Number(BigInt(`${units}${kept}`)) : null);
      }),
    );
  });

  test('is minor units as they are, or major ones as ever, in ordinary currencies', () => {
    fc.assert(
      fc.property(whole, fc.constantFrom('TWD', 'JPY', 'KWD'), (amount, currency) => {
        expect(toMinorUnits(amount, currency, 'major')).toBe(majorToMinor(amount, currency));
        expect(toMinorUnits(amount, currency, 'minor')).toBe(amount);
      }),
    );
  });
});
