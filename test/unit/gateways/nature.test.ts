import { describe, expect, test } from 'bun:test';
import { STORES } from '../../../src/core/attempt.ts';
import { METHOD_KINDS } from '../../../src/core/method-kind.ts';
import type { MethodNature } from '../../../src/gateways/gateway.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { isServed, natureOf } from '../../../src/gateways/nature.ts';
import { smilepay } from '../../../src/gateways/smilepay/index.ts';
import { chooseKind } from '../../../src/gateways/smilepay/kinds.ts';
import { methodOf, paymentOf } from '../../support/driver.ts';

/** What a method is to payers who choose. */

describe('a way is served by those before it', () => {
  const way = (kind: MethodNature['kind'], ...serves: string[]) => ({ kind, ...(serves.length > 0 ? { serves } : {}) });

  test('when one of them is of its kind and serves everything, or they together serve all that it does', () => {
    expect(isServed(way('atm'), [way('atm')])).toBe(true);
    expect(isServed(way('cvs', 'ibon'), [way('cvs')])).toBe(true);
    expect(isServed(way('cvs', 'ibon', 'okgo'), [way('cvs', 'okgo'), way('cvs', 'ibon', 'lifeet')])).toBe(true);
  });

  test('not by others, by fewer chains, or where it serves everything and none of them does', () => {
    expect(isServed(way('atm'), [])).toBe(false);
    expect(isServed(way('atm'), [way('card'), way('cvs', 'ibon')])).toBe(false);
    expect(isServed(way('cvs', 'ibon', 'okgo'), [way('cvs', 'ibon', 'lifeet')])).toBe(false);
    expect(isServed(way('cvs', 'ibon'), [way('barcode', 'ibon')])).toBe(false);
    expect(isServed(way('cvs'), [way('cvs', ...STORES)])).toBe(false);
  });
});

describe('SmilePay’s store code', () => {
  const cvs = methodOf(smilepay, 'cvs');

  test.each([
    [undefined, 'cvs', ['ibon', 'lifeet']],
    ['ibon', 'cvs', ['ibon', 'lifeet']],
    ['fami', 'cvs', ['famiport', 'lifeet']],
    ['famiport', 'cvs', ['famiport', 'lifeet']],
    ['family', 'cvs', ['famiport', 'lifeet']],
    ['barcode', 'barcode', [...STORES]],
  ] as const)('with default_cvs_type %s is a %s for %p, as the number that is issued', (type, kind, serves) => {
    const secrets = type === undefined ? {} : { default_cvs_type: type };
    const nature = natureOf(cvs, () => secrets);
    expect(nature).toMatchObject({ kind, serves });
    expect(chooseKind({ method: cvs, payment: paymentOf(), secrets }).nature).toMatchObject({ kind, serves });
  });

  test('is the usual one by a word that nobody knows', () => {
    for (const word of ['hilife', 'constructor', '']) {
      expect(natureOf(cvs, () => ({ default_cvs_type: word }))).toMatchObject({
        kind: 'cvs',
        serves: ['ibon', 'lifeet'],
      });
    }
  });
});

test('only where accounts differ is an account opened', () => {
  const opened = GATEWAYS.flatMap(({ id, methods }) =>
    methods
      .filter((method) => {
        let isOpened = false;
        natureOf(method, () => {
          isOpened = true;
          return {};
        });
        return isOpened;
      })
      .map(({ path }) => `${id}/${path}`),
  );
  expect(opened).toEqual(['smilepay/cvs']);
});

test('every kind but those of the drivers to come is one that a driver has', () => {
  const kinds = new Set(GATEWAYS.flatMap(({ methods }) => methods.map(({ kind }) => kind)));
  expect(METHOD_KINDS.filter((kind) => !kinds.has(kind))).toEqual(['online']);
});
