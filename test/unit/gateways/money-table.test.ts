import { describe, expect, test } from 'bun:test';
import { exponentOf, fromMinorUnits } from '../../../src/core/money.ts';
import { decimalsOf, mayTake } from '../../../src/gateways/amounts.ts';
import type { Gateway } from '../../../src/gateways/gateway.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { paypal } from '../../../src/gateways/paypal/index.ts';
import { stripe } from '../../../src/gateways/stripe/index.ts';
import { methodOf } from '../../support/driver.ts';

/** What the gateways' documents say of money, against what each method says of itself. */

const split = (codes: string) => codes.split(' ');
const currenciesOf = (gateway: Gateway, path: string) => [...methodOf(gateway, path).currencies].sort();

test('PayPal takes 24 currencies, three of them whole only', () => {
  const method = methodOf(paypal, 'checkout');
  const documented = 'AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD';
  expect(currenciesOf(paypal, 'checkout')).toEqual(split(documented));
  const whole = method.currencies.filter((currency) => decimalsOf(method, currency) === 0);
  expect([...whole].sort()).toEqual(['HUF', 'JPY', 'TWD']);
  for (const currency of ['HUF', 'TWD']) {
    expect([98_000, 98_050].map((minor) => mayTake(minor, currency, method))).toEqual([true, false]);
  }
});

describe('Stripe', () => {
  const card = methodOf(stripe, 'credit');

  test.each([
    ['alipay', 'AUD CAD CNY EUR GBP HKD JPY MYR NZD SGD USD'],
    ['wechat-pay', 'AUD CAD CHF CNY DKK EUR GBP HKD JPY NOK SEK SGD USD'],
    ['grabpay', 'MYR SGD'],
    ['paynow', 'SGD'],
    ['promptpay', 'THB'],
    ['fpx', 'MYR'],
  ])('takes by %s %s', (path, documented) => {
    expect(currenciesOf(stripe, path)).toEqual(split(documented));
  });

  test('of three decimals takes the last as 0', () => {
    for (const currency of split('BHD JOD KWD OMR TND')) {
      expect(exponentOf(currency)).toBe(3);
      expect([5120, 5124, 5121].map((minor) => mayTake(minor, currency, card))).toEqual([true, false, false]);
    }
  });

  test('counts whole units where a currency has no smaller ones, and hundredths where it once had', () => {
    for (const currency of split('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF')) {
      const minor = 5000 * 10 ** exponentOf(currency);
      expect([currency, fromMinorUnits(minor, currency, 'minor')]).toEqual([currency, 5000]);
    }
    for (const currency of ['ISK', 'UGX']) expect(fromMinorUnits(5000, currency, 'minor')).toBe(500_000);
    // Taiwan dollars and forint have hundredths there.
    for (const currency of ['TWD', 'HUF']) expect(mayTake(98_050, currency, card)).toBe(true);
  });

  test.each([
    ['USD', 50],
    ['HKD', 400],
    ['JPY', 50],
    ['MYR', 200],
    ['SGD', 50],
    ['THB', 1000],
    ['EUR', 50],
    ['AUD', 50],
    ['CAD', 50],
    ['CHF', 50],
    ['NZD', 50],
    ['GBP', 30],
    ['DKK', 250],
    ['NOK', 300],
    ['SEK', 300],
  ])('takes no less than its minimum of %s by any method', (currency, least) => {
    for (const method of stripe.methods.filter(({ currencies }) => currencies.includes(currency))) {
      expect([least, least - 1].map((minor) => mayTake(minor, currency, method))).toEqual([true, false]);
    }
  });

  test('has no minimum of its own for TWD, and eight digits at most but for cards', () => {
    expect(mayTake(100, 'TWD', card)).toBe(true);
    for (const { path, limits } of stripe.methods) {
      expect({ path, isEight: limits.max === 99_999_999 }).toEqual({ path, isEight: path !== 'credit' });
    }
  });
});

test('all others take whole Taiwan dollars and nothing else', () => {
  for (const { id, methods } of GATEWAYS.filter((one) => one !== paypal && one !== stripe)) {
    for (const method of methods) {
      const { path, currencies, unit } = method;
      expect({ id, path, currencies: [...currencies], unit }).toEqual({ id, path, currencies: ['TWD'], unit: 'major' });
      expect([98_000, 98_050].map((minor) => mayTake(minor, 'TWD', method))).toEqual([true, false]);
    }
  }
});
