import { describe, expect, test } from 'bun:test';
import { majorToMinor } from '../../../../src/core/money.ts';
import { readPaypalMoney, toPaypalMoney } from '../../../../src/gateways/paypal/money.ts';
import { cutText } from '../../../../src/gateways/paypal/text.ts';
import vectors from '../../../vectors/paypal.json' with { type: 'json' };

describe('money', () => {
  for (const { name, currency, amount, value } of vectors.amounts) {
    test(`${name} goes out as ${value} and comes back as the same`, () => {
      const minor = majorToMinor(amount, currency);
      expect(toPaypalMoney(minor, currency)).toEqual({ currency_code: currency, value });
      expect(readPaypalMoney({ currency_code: currency, value })).toEqual({ amount: minor, currency });
    });
  }

  test('decimals are exact to the cent, for the smallest and the largest amounts', () => {
    for (const [minor, value] of [
      [1, '0.01'],
      [10, '0.10'],
      [1099, '10.99'],
      [100_000_000_000_001, '1000000000000.01'],
      [99_999_999_999_999, '999999999999.99'],
    ] as const) {
      expect(toPaypalMoney(minor, 'USD').value).toBe(value);
      expect(readPaypalMoney({ currency_code: 'USD', value })?.amount).toBe(minor);
    }
  });

  test('decimals that a currency must not have are not rounded away', () => {
    expect(toPaypalMoney(98_050, 'TWD').value).toBe('980.50');
    expect(toPaypalMoney(98_010, 'HUF').value).toBe('980.10');
    expect(readPaypalMoney({ currency_code: 'TWD', value: '980.5' })?.amount).toBe(98_050);
    expect(readPaypalMoney({ currency_code: 'JPY', value: '980.5' })).toBeNull();
    expect(readPaypalMoney({ currency_code: 'USD', value: '10.991' })).toBeNull();
  });

  test('zeros that say nothing are read over', () => {
    expect(readPaypalMoney({ currency_code: 'TWD', value: '980.00' })?.amount).toBe(98_000);
    expect(readPaypalMoney({ currency_code: 'JPY', value: '980.0' })?.amount).toBe(980);
    expect(readPaypalMoney({ currency_code: 'USD', value: '10' })?.amount).toBe(1000);
  });

  for (const money of [
    null,
    '980',
    { value: '980' },
    { currency_code: 'TWD' },
    { currency_code: 'TWD', value: 980 },
    { currency_code: 'TWD', value: '' },
    { currency_code: 'TWD', value: '-980' },
    { currency_code: 'TWD', value: '+980' },
    { currency_code: 'TWD', value: '9.8e2' },
    { currency_code: 'TWD', value: '0x3d4' },
    { currency_code: 'TWD', value: '980,00' },
    { currency_code: 'TWD', value: ' 980' },
    { currency_code: 'TWD', value: '९८०' },
    { currency_code: 'TWD', value: '9999999999999999' },
    { currency_code: 'TWD', value: '999999999999999' },
    { currency_code: 'twd', value: '980' },
    { currency_code: 'TWDX', value: '980' },
  ]) {
    test(`${JSON.stringify(money)} is no amount`, () => expect(readPaypalMoney(money)).toBeNull());
  }
});

describe('a text for the payer', () => {
  test('is cut at 127 bytes, between characters', () => {
    expect(cutText('x'.repeat(200), 127)).toBe('x'.repeat(127));
    expect(cutText('茶'.repeat(200), 127)).toBe('茶'.repeat(42));
    expect(Buffer.byteLength(cutText(`a${'茶'.repeat(200)}`, 127))).toBe(127);
    expect(cutText(`${'x'.repeat(126)}é`, 127)).toBe('x'.repeat(126));
    expect(cutText(`${'x'.repeat(124)}🍵`, 127)).toBe('x'.repeat(124));
    expect(cutText(`${'x'.repeat(123)}🍵`, 127)).toBe(`${'x'.repeat(123)}🍵`);
  });

  test('is one line without what cannot be seen or written', () => {
    expect(cutText('  a\r\n b\tc\u0000d\u2028e ', 127)).toBe('a b c d e');
    expect(cutText('a\ud800b', 127)).toBe('a\ufffdb');
    expect(cutText(' \n ', 127)).toBe('');
    expect(cutText(`${'x'.repeat(126)} y`, 127)).toBe('x'.repeat(126));
  });
});
