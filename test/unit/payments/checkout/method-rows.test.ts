import { describe, expect, test } from 'bun:test';
import type { Attempt, Instructions } from '../../../../src/core/attempt.ts';
import { arrangeRows, type Past, type Way } from '../../../../src/payments/checkout/method-rows.ts';

/** Which ways to pay are rows, and in which order. */

const NOW = 1_000_000;
const expireAt = new Date(NOW + 1000).toISOString();
const ATM: Instructions = { type: 'atm', virtualAccount: '1', expireAt };
const CODE: Instructions = { type: 'cvs', paymentCode: 'A', stores: ['ibon', 'lifeet'], expireAt };
const ELEMENT: Instructions = { type: 'element', clientSecret: 's', expireAt };

const way = (route: string, kind: Way['kind'], ...serves: string[]): Way => ({
  route,
  kind,
  hint: 'page',
  ...(serves.length > 0 ? { serves } : {}),
});
const A_ATM = way('a/atm', 'atm');
const B_ATM = way('b/atm', 'atm');
const C_ATM = way('c/atm', 'atm');
const A_CODE = way('a/cvs', 'cvs', 'ibon', 'famiport', 'lifeet', 'okgo');
const B_CODE = way('b/cvs', 'cvs', 'ibon', 'lifeet');
const A_CARD = way('a/card', 'card');
const B_CARD = way('b/card', 'card');

let ids = 0;
function attempt(route: string, change: Partial<Attempt> = {}): Attempt {
  ids += 1;
  const [gateway = '', method = ''] = route.split('/');
  const common = { id: ids, gateway, method, status: 'open', endReason: null, instructions: null, declines: 0 };
  return { ...common, deadline: NOW + 1000, syncTries: 0, updatedAt: 0, ...change } as Attempt;
}

function arrange(ways: readonly Way[], attempts: readonly Attempt[] = [], chosen: string | null = null) {
  const routeOf: Past['routeOf'] = ({ gateway, method }) => `${gateway}/${method}`;
  return arrangeRows(ways, { attempts, routeOf, chosen, now: NOW });
}
const routes = (...of: Parameters<typeof arrange>) => arrange(...of).map((row) => row.way.route);

describe('of one kind', () => {
  test('the first in the merchant’s order is the row, and kinds stand where their first stands', () => {
    expect(routes([A_CARD, A_ATM, B_CARD, B_ATM])).toEqual(['a/card', 'a/atm']);
    expect(routes([B_ATM, B_CARD, A_CARD, A_ATM])).toEqual(['b/atm', 'b/card']);
  });

  test('a store code stays where it serves chains that none before it serves', () => {
    expect(routes([A_CODE, B_CODE])).toEqual(['a/cvs']);
    expect(routes([B_CODE, A_CARD, A_CODE])).toEqual(['b/cvs', 'a/cvs', 'a/card']);
  });
});

describe('what the payer has tried', () => {
  const refused = { status: 'ended', endReason: 'GATEWAY_REFUSED' } as const;
  const unreached = { status: 'ended', endReason: 'GATEWAY_UNREACHABLE' } as const;
  const silent = { status: 'unknown', syncTries: 1 } as const;

  test.each([
    ['refused', refused],
    ['not reached', unreached],
    ['silent', silent],
    ['declined', { instructions: ELEMENT, declines: 1 }],
  ] as const)('a gateway that was %s makes place for the next one of its kind', (_, change) => {
    expect(routes([A_ATM, B_ATM, C_ATM], [attempt('a/atm', change)], 'b/atm')).toEqual(['b/atm']);
    // It is still there where nobody else does what it does, and says so.
    const alone = arrange([A_ATM, A_CARD], [attempt('a/atm', change)]);
    expect(alone.map((row) => [row.way.route, row.hasFailed])).toEqual([
      ['a/atm', true],
      ['a/card', false],
    ]);
    const wider = routes([A_CODE, B_CODE], [attempt('a/cvs', change)]);
    expect(wider).toEqual(['b/cvs', 'a/cvs']);
  });

  test('gateways that all failed hide nobody', () => {
    const tried = [attempt('a/atm', refused), attempt('b/atm', refused)];
    expect(routes([A_ATM, B_ATM, C_ATM], tried)).toEqual(['c/atm']);
    expect(routes([A_ATM, B_ATM], tried)).toEqual(['a/atm', 'b/atm']);
  });

  test('only the last try counts, and none that is under way, went by, or was put aside', () => {
    expect(routes([A_ATM, B_ATM], [attempt('a/atm', refused), attempt('a/atm')])).toEqual(['a/atm']);
    for (const change of [
      { status: 'unknown', updatedAt: NOW },
      { status: 'ended', endReason: 'EXPIRED' },
      { status: 'ended', endReason: 'SUPERSEDED' },
      { status: 'ended', endReason: 'GONE' },
    ] as const) {
      expect(routes([A_ATM, B_ATM], [attempt('a/atm', change)])).toEqual(['a/atm']);
    }
  });

  test('what the page is about stays in the list, although it declined', () => {
    const declined = attempt('a/card', { instructions: ELEMENT, declines: 1 });
    const rows = arrange([A_CARD, B_CARD], [declined], 'a/card');
    expect(rows.map((row) => [row.way.route, row.isCurrent])).toEqual([
      ['b/card', false],
      ['a/card', true],
    ]);
  });
});

describe('a number that the payer holds', () => {
  test('comes before others of its kind, whatever the merchant’s order: nobody shall take a second one', () => {
    const held = attempt('b/atm', { instructions: ATM });
    const rows = arrange([A_CARD, A_ATM, B_ATM], [held]);
    expect(rows.map((row) => [row.way.route, row.held?.type])).toEqual([
      ['b/atm', 'atm'],
      ['a/card', undefined],
    ]);
  });

  test('hides only what it can be paid with itself', () => {
    const held = attempt('b/cvs', { instructions: CODE });
    expect(routes([A_CODE, B_CODE], [held])).toEqual(['b/cvs', 'a/cvs']);
  });

  test('is never hidden by another one', () => {
    const both = [attempt('a/atm', { instructions: ATM }), attempt('b/atm', { instructions: ATM })];
    expect(routes([A_ATM, B_ATM], both)).toEqual(['a/atm', 'b/atm']);
  });

  test('is of the kind that it is, whatever way it was taken by', () => {
    const cashier = way('a/all', 'cashier', 'atm', 'card');
    const [row] = arrange([A_ATM, cashier], [attempt('a/all', { instructions: ATM })]);
    expect([row?.way.route, row?.kind]).toEqual(['a/all', 'atm']);
  });

  test('is none to the millisecond of its deadline, when it is over, and where it is no number', () => {
    const list = (change: Partial<Attempt>) => arrange([A_ATM], [attempt('a/atm', { instructions: ATM, ...change })]);
    const isHeld = (change: Partial<Attempt>) => list(change)[0]?.held !== null;
    expect(isHeld({ deadline: NOW + 1 })).toBe(true);
    for (const change of [{ deadline: NOW }, { status: 'ended' }, { instructions: ELEMENT }] as const) {
      expect(isHeld(change)).toBe(false);
    }
  });
});

describe('the order', () => {
  test('has the kind that was chosen last first, then those with a number, then the merchant’s', () => {
    const held = [attempt('a/atm', { instructions: ATM })];
    expect(routes([A_CARD, A_CODE, A_ATM], held, 'a/cvs')).toEqual(['a/cvs', 'a/atm', 'a/card']);
    expect(routes([A_CARD, A_CODE, A_ATM], held)).toEqual(['a/atm', 'a/card', 'a/cvs']);
  });

  test('keeps the kind in front whose last try ended, where it is not what the page is about any more', () => {
    const refused = attempt('b/atm', { status: 'ended', endReason: 'GATEWAY_REFUSED' });
    const rows = arrange([A_CARD, B_ATM, C_ATM], [refused], 'b/atm');
    expect(rows.map((row) => [row.way.route, row.isCurrent])).toEqual([
      ['c/atm', false],
      ['a/card', false],
    ]);
  });
});
