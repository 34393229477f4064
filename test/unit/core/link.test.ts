import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { LINK_NO, makeLinkNo } from '../../../src/core/ids.ts';
import { enteredDecimals, type Link, readEntered, smallestEntered, stateOf } from '../../../src/core/link.ts';
import { formatDecimal, toMinorUnits } from '../../../src/core/money.ts';
import { START, seedRandom } from '../../support/clock.ts';

const LINK: Link = {
  id: 1,
  linkNo: 'LNK0000000000000000000000',
  projectId: 1,
  keyKind: 'test',
  title: 'Tea',
  currency: 'TWD',
  amount: 100,
  minAmount: null,
  maxAmount: null,
  isSingleUse: false,
  order: {},
  expiresAt: null,
  closedAt: null,
  paidCount: 0,
  paidAmount: 0,
  createdAt: START,
};

describe('a link', () => {
  test('is open until its time is over, and not a moment longer', () => {
    expect(stateOf(LINK, Number.MAX_SAFE_INTEGER)).toBe('open');
    const limited = { ...LINK, expiresAt: START };
    expect([stateOf(limited, START - 1), stateOf(limited, START)]).toEqual(['open', 'expired']);
  });

  test('of single use is used by one paid payment, any other by none', () => {
    expect(stateOf({ ...LINK, paidCount: 7 }, START)).toBe('open');
    expect(stateOf({ ...LINK, isSingleUse: true }, START)).toBe('open');
    expect(stateOf({ ...LINK, isSingleUse: true, paidCount: 1 }, START)).toBe('used');
  });

  test('that is over for several reasons says the one that tells the payer most', () => {
    const over = { ...LINK, isSingleUse: true, paidCount: 1, closedAt: START, expiresAt: START };
    expect(stateOf(over, START)).toBe('used');
    expect(stateOf({ ...over, paidCount: 0 }, START)).toBe('closed');
  });

  test('has a number that nobody guesses and that stands in an address as it is', () => {
    const random = seedRandom('links');
    const made = Array.from({ length: 2000 }, () => makeLinkNo(random));
    expect(new Set(made).size).toBe(2000);
    for (const number of made) expect(number).toMatch(LINK_NO);
    for (const text of ['', 'LNK', `${made[0]}x`, `${made[0]}\n`, made[0]?.toLowerCase(), 'LNK../../../../../../../..'])
      expect(text).not.toMatch(LINK_NO);
  });
});

describe('an amount that a payer has typed', () => {
  const rule = (currency = 'TWD', min = smallestEntered(currency), max = 5_000_000) => ({ currency, min, max });
  const read = (text: string, currency?: string) => readEntered(text, rule(currency));

  test.each([
    ['100', 100_00],
    [' 100 ', 100_00],
    ['0100', 100_00],
    ['100.', 'format'],
    ['100.00', 100_00],
    ['1,000', 1000_00],
    ['12,345.0', 12_345_00],
    ['１，０００', 1000_00],
    ['NT$1,000', 1000_00],
    ['nt$ 1000', 1000_00],
    ['＄500', 500_00],
    ['500 元', 500_00],
    ['500元整', 500_00],
    ['TWD 500', 500_00],
    ['+5', 5_00],
    ['', 'empty'],
    ['   ', 'empty'],
    ['NT$', 'empty'],
    ['1,00', 'format'],
    ['1.000,50', 'format'],
    ['US$100', 'format'],
    ['1e3', 'format'],
    ['0x10', 'format'],
    ['Infinity', 'format'],
    ['NaN', 'format'],
    ['五百', 'format'],
    ['1/2', 'format'],
    ['<b>1</b>', 'format'],
    ['1; DROP TABLE links', 'format'],
    ['0', 'min'],
    ['-1', 'min'],
    ['－100', 'min'],
    ['−100', 'min'],
    ['-0', 'min'],
    ['0.5', 'decimals'],
    ['100.01', 'decimals'],
    ['50000', 50_000_00],
    ['50001', 'max'],
    ['9'.repeat(15), 'max'],
    ['9'.repeat(400), 'max'],
  ])('%p in TWD', (text, expected) => {
    expect(read(text)).toEqual(typeof expected === 'number' ? { amount: expected } : (expected as never));
  });

  test.each([
    ['USD', '10.99', 10_99],
    ['USD', '10.9', 10_90],
    ['USD', '10.990000', 10_99],
    ['USD', '0.01', 1],
    ['USD', '10.999', 'decimals'],
    ['USD', '0.001', 'decimals'],
    ['USD', '$5', 'format'],
    ['JPY', '1000', 1000],
    ['JPY', '1000.0', 1000],
    ['JPY', '10.5', 'decimals'],
    ['KWD', '1.005', 1005],
    ['KWD', '1.0005', 'decimals'],
  ])('in %s, %p', (currency, text, expected) => {
    expect(read(text, currency)).toEqual(typeof expected === 'number' ? { amount: expected } : (expected as never));
  });

  test('is held to the bounds of the shop, both included', () => {
    const between = (text: string) => readEntered(text, rule('TWD', 100_00, 200_00));
    expect([between('99'), between('100'), between('200'), between('201')]).toEqual([
      'min',
      { amount: 100_00 },
      { amount: 200_00 },
      'max',
    ]);
  });

  test('is exactly what the API would have taken for the same digits', () => {
    const currencies = fc.constantFrom('TWD', 'USD', 'JPY', 'KWD');
    fc.assert(
      fc.property(currencies, fc.integer({ min: 1, max: 5_000_000 }), (currency, units) => {
        const amount = units * smallestEntered(currency);
        const text = formatDecimal(amount, currency);
        const result = readEntered(text, { currency, min: 1, max: Number.MAX_SAFE_INTEGER });
        expect(result).toEqual({ amount });
        expect(toMinorUnits(text, currency, 'major')).toBe(amount);
      }),
    );
  });

  test('whatever it is, is either refused or an amount within the bounds that the currency can have', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+$,.\d ]{0,20}$/));
    fc.assert(
      fc.property(texts, fc.constantFrom('TWD', 'USD', 'JPY', 'KWD'), (text, currency) => {
        const { min, max } = rule(currency);
        const result = readEntered(text, rule(currency));
        if (typeof result === 'string') return;
        expect(Number.isSafeInteger(result.amount)).toBe(true);
        expect(result.amount).toBeWithin(min, max + 1);
        expect(result.amount % smallestEntered(currency)).toBe(0);
      }),
    );
  });

  test('has no decimals where a currency has none, and in Taiwan neither', () => {
    expect(['TWD', 'JPY', 'USD', 'KWD'].map(enteredDecimals)).toEqual([0, 0, 2, 3]);
  });
});
