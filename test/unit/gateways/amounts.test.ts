import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { exponentOf, fromMinorUnits } from '../../../src/core/money.ts';
import { decimalsOf, mayTake } from '../../../src/gateways/amounts.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { createGateways } from '../../../src/gateways/registry.ts';
import { readCreateRequest } from '../../../src/payments/create/request.ts';
import { loadConfig } from '../../../src/program.ts';

/** What a method's table says of money, and what a create by it takes. */
const deps = { config: loadConfig({}), gateways: createGateways(GATEWAYS), limits: {}, settings: {} };
const choices = GATEWAYS.flatMap((gateway) => gateway.methods.map((method) => ({ gateway, method })));

describe.each(choices)('$gateway.id $method.path', ({ gateway, method }) => {
  const take = (amount: number | string, currency: string): unknown => {
    const contact = { buyer_email: 'a@b.example' };
    try {
      return readCreateRequest({ merchant_order_no: 'A', amount, currency, ...contact }, gateway, method, deps).amount;
    } catch (error) {
      return error instanceof PayCoreError ? Object.keys(error.details.fields ?? {}) : error;
    }
  };
  /** In the unit of the route. */
  const write = (minor: number, currency: string): number | string => {
    const amount = fromMinorUnits(minor, currency, method.unit);
    return Number.isInteger(amount) ? amount : amount.toFixed(exponentOf(currency));
  };

  test('takes the least step of each of its currencies, and nothing finer', () => {
    for (const currency of method.currencies) {
      const step = 10 ** (exponentOf(currency) - decimalsOf(method, currency));
      const base = 1000 * 10 ** exponentOf(currency);
      expect({ currency, taken: take(write(base + step, currency), currency) }).toEqual({
        currency,
        taken: base + step,
      });
      expect(mayTake(base + step, currency, method)).toBe(true);
      if (step === 1) continue;
      expect({ currency, taken: take(write(base + 1, currency), currency) }).toEqual({ currency, taken: ['amount'] });
      expect(mayTake(base + 1, currency, method)).toBe(false);
    }
  });

  test('takes no other currency', () => {
    for (const currency of ['XXX', 'BTC', 'twdx', '']) {
      if (currency !== '') expect(take(1000, currency)).toEqual(['currency']);
      expect(mayTake(100_000, currency, method)).toBe(false);
    }
  });

  test('takes its least and its most, and neither less nor more', () => {
    const { min, max } = method.limits;
    const [currency = ''] = method.currencies;
    const step = method.unit === 'minor' ? 1 : 10 ** -decimalsOf(method, currency);
    const say = (amount: number) => (Number.isInteger(amount) ? amount : amount.toFixed(2));
    expect([min, max].map((amount) => typeof take(say(amount), currency))).toEqual(['number', 'number']);
    for (const amount of [min - step, max + step]) expect(take(say(amount), currency)).toEqual(['amount']);
  });
});

test('ATM’s most is 49,999', () => {
  const atm = GATEWAYS.flatMap(({ id, methods }) => (id === 'ecpay' ? methods : [])).filter(
    ({ method }) => method === 'atm',
  );
  expect(atm.map(({ path, limits }) => [path, limits.max])).toEqual([
    ['aio/atm', 49_999],
    ['atm', 49_999],
  ]);
});
