import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../../src/core/attempt.ts';
import { isMoneyMoving } from '../../../src/core/attempt.ts';
import { mayCharge } from '../../../src/core/lifecycle/charge.ts';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import { decideAnswer, decideAsking, type SyncAnswer, type SyncState } from '../../../src/core/lifecycle/sync.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { START } from '../../support/clock.ts';

/** Money that may be moving, and how long what a gateway does not say of it proves nothing. */

const ATTEMPT: Attempt = {
  id: 1,
  paymentId: 1,
  gateway: 'ecpay',
  method: 'ecpg',
  mode: 'ecpg',
  gatewayOrderNo: 'PC1',
  gatewayTradeNo: null,
  credentialId: 1,
  status: 'unknown',
  endReason: null,
  instructions: null,
  deadline: START + DAY,
  checkAt: START + CALL_LIMIT,
  syncTries: 0,
  notFoundCount: 0,
  declines: 0,
  heardAt: null,
  paidDetails: null,
  locale: 'zh-tw',
  used: true,
  movingSince: START,
  createdAt: START - HOUR,
  updatedAt: START,
};

function stateOf(attempt: Partial<Attempt> = {}, rules: Partial<SyncState['rules']> = {}): SyncState {
  return {
    payment: { livemode: true, flags: [] },
    attempt: { ...ATTEMPT, syncTries: 1, ...attempt },
    trigger: 'schedule',
    skew: null,
    rules: {
      graces: { none: HOUR },
      settle: 'query',
      canCancel: false,
      isInSite: true,
      orderLifetimeMs: undefined,
      ...rules,
    },
  };
}

const NOT_FOUND: SyncAnswer = { type: 'not_found' };
const UNPAID: SyncAnswer = { type: 'facts', facts: [] };

test('money is moving through what is being taken, has lost its answer, or is looked into, and through nothing else', () => {
  expect(isMoneyMoving({ status: 'unknown', movingSince: START })).toBe(true);
  expect(isMoneyMoving({ status: 'under_review', movingSince: null })).toBe(true);
  for (const status of ['open', 'unknown', 'paid', 'ended'] as const) {
    expect(isMoneyMoving({ status, movingSince: null })).toBe(false);
  }
});

describe('a card whose answer was lost', () => {
  for (const [name, answer] of [
    ['not known', NOT_FOUND],
    ['known and unpaid', UNPAID],
  ] as const) {
    test(`is not given up before five minutes, although the gateway says that it is ${name}`, () => {
      // Nor at the very end of its payment's time.
      for (const deadline of [START + DAY, START - HOUR]) {
        const decision = decideAnswer(stateOf({ deadline }), answer, START + 5 * MINUTE - 1);
        expect(decision).toMatchObject({ facts: [], result: 'unknown', plan: { syncTries: 2, notFoundCount: 0 } });
      }
    });
  }

  test('has waited for no minute that a clock has jumped over', () => {
    const state = { ...stateOf(), skew: 40 * DAY };
    expect(decideAnswer(state, UNPAID, START + 40 * DAY + 5 * MINUTE - 1).facts).toEqual([]);
    expect(decideAnswer(state, UNPAID, START + 40 * DAY + 5 * MINUTE).facts).toEqual([{ type: 'continued' }]);
  });

  test('is open again when the gateway knows it and it is unpaid after that', () => {
    const { facts } = decideAnswer(stateOf(), UNPAID, START + 5 * MINUTE);
    expect(facts).toEqual([{ type: 'continued' }]);
  });

  test('is over when the gateway has said twice after that, and not in one breath, that it does not know it', () => {
    const first = decideAnswer(stateOf(), NOT_FOUND, START + 5 * MINUTE);
    expect(first).toMatchObject({ facts: [], plan: { notFoundCount: 1 } });
    const counted = { notFoundCount: 1, updatedAt: START + 5 * MINUTE };
    const breath = decideAnswer(stateOf(counted), NOT_FOUND, START + 5 * MINUTE + 4 * SECOND);
    expect(breath).toMatchObject({ facts: [], plan: { notFoundCount: 1 } });
    const second = decideAnswer(stateOf(counted), NOT_FOUND, START + 5 * MINUTE + 5 * SECOND);
    expect(second.facts).toEqual([{ type: 'ended', reason: 'GONE' }]);
  });

  test('is paid at once when the gateway says so', () => {
    const paid = { type: 'paid', amount: 1, currency: 'TWD', simulated: false } as const;
    const { facts } = decideAnswer(stateOf(), { type: 'facts', facts: [paid] }, START + SECOND);
    expect(facts).toEqual([{ type: 'continued' }, paid]);
  });

  test('is no matter of minutes where the gateway’s order says what became of it', () => {
    const { facts } = decideAnswer(stateOf({}, { isInSite: false }), UNPAID, START + SECOND);
    expect(facts).toEqual([{ type: 'continued' }]);
  });
});

test('while a call may be under way, nobody asks and nobody calls again', () => {
  const calling = { ...ATTEMPT, used: false };
  for (const trigger of ['request', 'page', 'schedule'] as const) {
    const state = { ...stateOf(calling), trigger };
    const attempt = { ...state.attempt, syncTries: 0 };
    expect(decideAsking({ ...state, attempt }, START + CALL_LIMIT - 1)).toMatchObject({
      facts: [],
      plan: null,
      result: 'unknown',
    });
    expect(decideAsking({ ...state, attempt }, START + CALL_LIMIT)).toBe('ask');
  }
  expect(mayCharge(calling, { usesNumber: false }, START + CALL_LIMIT - 1)).toBe(false);
  expect(mayCharge(calling, { usesNumber: false }, START + CALL_LIMIT)).toBe(true);
  expect(mayCharge({ ...calling, syncTries: 1 }, { usesNumber: false }, START)).toBe(true);
});

test('only what is open, or has lost its answer, may be charged; a used number for one call never', () => {
  for (const status of ['under_review', 'paid', 'ended'] as const) {
    expect(mayCharge({ ...ATTEMPT, status, used: false }, { usesNumber: false }, START + DAY)).toBe(false);
  }
  expect(mayCharge({ ...ATTEMPT, status: 'open' }, { usesNumber: true }, START)).toBe(false);
  expect(mayCharge({ ...ATTEMPT, status: 'open', used: false }, { usesNumber: true }, START)).toBe(true);
});
