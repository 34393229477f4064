import { describe, expect, test } from 'bun:test';
import type { Attempt, AttemptStatus } from '../../../src/core/attempt.ts';
import { planNextSync } from '../../../src/core/lifecycle/schedule.ts';
import {
  decideAfterFacts,
  decideAfterLast,
  decideAnswer,
  decideCooldown,
  decideOver,
  decideUnanswered,
  decideUnasked,
  type SyncState,
} from '../../../src/core/lifecycle/sync.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { START } from '../../support/clock.ts';

/** What follows from an answer, or from having none. */

const GRACE = DAY;
const DEADLINE = START + 3 * DAY;
/** First instant at which it may expire. */
const EXPIRY = DEADLINE + GRACE;

const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  id: 1,
  paymentId: 1,
  gateway: 'ecpay',
  method: 'atm',
  mode: 'background',
  gatewayOrderNo: 'PC1',
  gatewayTradeNo: 'T1',
  credentialId: 1,
  status: 'open',
  endReason: null,
  instructions: null,
  deadline: DEADLINE,
  checkAt: START + HOUR,
  syncTries: 0,
  notFoundCount: 0,
  declines: 0,
  heardAt: null,
  paidDetails: null,
  movingSince: null,
  locale: null,
  used: true,
  createdAt: START,
  updatedAt: START,
  ...change,
});

interface Change extends Partial<Omit<SyncState, 'attempt' | 'rules'>> {
  readonly attempt?: Partial<Attempt>;
  readonly rules?: Partial<SyncState['rules']>;
}

const stateOf = (change: Change = {}): SyncState => ({
  payment: { livemode: true, flags: [] },
  trigger: 'schedule',
  skew: null,
  ...change,
  attempt: attempt(change.attempt),
  rules: {
    graces: { none: GRACE },
    settle: 'query',
    canCancel: false,
    isInSite: false,
    orderLifetimeMs: undefined,
    ...change.rules,
  },
});

const UNPAID = { type: 'facts', facts: [] } as const;
const NOT_FOUND = { type: 'not_found' } as const;
const EXPIRED = [{ type: 'ended', reason: 'EXPIRED' }] as const;
const GONE = [{ type: 'ended', reason: 'GONE' }] as const;

test('money that does not match is asked about no more often than what is unpaid, and does not expire', () => {
  for (const now of [START, EXPIRY, EXPIRY + 30 * DAY]) {
    for (const decide of [decideAfterFacts, decideAfterLast]) {
      const state = stateOf({ attempt: { syncTries: 2 } });
      const plan = { checkAt: planNextSync(state.attempt, now, GRACE), syncTries: 3, notFoundCount: 0 };
      expect(decide(state, 'rejected', now)).toEqual({ facts: [], review: null, plan, result: 'mismatch' });
    }
  }
});

describe('while a bank works on it', () => {
  const held = { attempt: { status: 'under_review' } } as const;

  test('nothing expires, when its time is over, after the last question, or when the gateway has no answer', () => {
    const state = stateOf(held);
    const later = EXPIRY + 30 * DAY;
    expect(decideAfterFacts(state, null, later)).toMatchObject({ facts: [], plan: { checkAt: expect.any(Number) } });
    expect(decideAfterLast(state, 'applied', later)).toMatchObject({ facts: [], plan: { checkAt: later + DAY } });
    expect(decideAnswer(state, NOT_FOUND, later).facts).toEqual([]);
    expect(decideUnasked(state, later).facts).toEqual([]);
  });

  test('that may take seven days beyond its time; then a person is told, not a millisecond before', () => {
    const reviewAt = (now: number, skew: number | null = null) =>
      decideAnswerOf(stateOf({ ...held, skew }), now).review;
    const decideAnswerOf = (state: SyncState, now: number) => {
      const next = decideAfterFacts(state, null, now);
      if (next === 'last') throw new Error('it may not expire');
      return next;
    };
    expect(reviewAt(EXPIRY + 7 * DAY - 1)).toBeNull();
    expect(reviewAt(EXPIRY + 7 * DAY)).toBe('under_review');
    // Who is waiting is not told, and nobody is by a clock that is wrong.
    expect(decideAnswerOf(stateOf({ ...held, trigger: 'page' }), EXPIRY + 8 * DAY).review).toBeNull();
    expect(reviewAt(EXPIRY + 8 * DAY, 2 * DAY)).toBeNull();
  });
});

describe('an outcome that stays unknown', () => {
  const unknown = (syncTries: number): Change => ({ attempt: { status: 'unknown', syncTries } });

  test('is put before a person after exactly the ninth look', () => {
    const reviews = Array.from({ length: 12 }, (_, tries) => decideUnanswered(stateOf(unknown(tries)), START).review);
    // The look that finds so many behind it: the first one counts as none, the call itself has planned it.
    expect(reviews).toEqual([...Array(9).fill(null), 'unsettled', 'unsettled', 'unsettled']);
  });

  test('is not where the number was given up and is only watched', () => {
    expect(decideUnanswered(stateOf({ ...unknown(9), rules: { settle: 'abandon' } }), START).review).toBeNull();
  });
});

test('an account that rests never brings a look forward', () => {
  const at = (checkAt: number | null, until: number) => decideCooldown(stateOf({ attempt: { checkAt } }), until).plan;
  expect(at(START + HOUR, START + MINUTE)?.checkAt).toBe(START + HOUR);
  expect(at(START + MINUTE, START + HOUR)?.checkAt).toBe(START + HOUR);
  expect(at(null, START + HOUR)?.checkAt).toBe(START + HOUR);
});

describe('by a clock that is known to be off by more than the grace', () => {
  const OFF = GRACE + 1;
  const skews = [OFF, -OFF];
  const later = EXPIRY + OFF;

  test('nothing expires, neither asked nor unasked, and it is looked for again, but not at once', () => {
    for (const skew of skews) {
      expect(decideAfterFacts(stateOf({ skew }), null, later)).toMatchObject({ facts: [], result: 'unpaid' });
      expect(decideAnswer(stateOf({ skew }), NOT_FOUND, later).facts).toEqual([]);
      const unasked = decideUnasked(stateOf({ skew }), later);
      expect(unasked).toMatchObject({ facts: [], plan: { checkAt: later + HOUR } });
      const ended: Change = { skew, attempt: { status: 'ended', endReason: 'GONE' } };
      expect(decideOver(stateOf(ended), later)).toEqual({ facts: [], checkAt: later + HOUR });
    }
  });

  test('and by one that is off by no more, everything does', () => {
    for (const skew of [null, GRACE, -GRACE]) {
      expect(decideAfterFacts(stateOf({ skew }), null, later)).toBe('last');
      expect(decideAnswer(stateOf({ skew }), NOT_FOUND, later).facts).toEqual(EXPIRED as never);
      expect(decideUnasked(stateOf({ skew }), later).facts).toEqual(EXPIRED as never);
      const ended: Change = { skew, attempt: { status: 'ended', endReason: 'GONE' } };
      expect(decideOver(stateOf(ended), later)).toEqual({ facts: EXPIRED as never, checkAt: null });
    }
  });

  test('nobody is told that the gateway has not answered for long', () => {
    const long = EXPIRY + 7 * DAY;
    expect(decideUnanswered(stateOf(), long).review).toBe('unanswered');
    for (const skew of skews) expect(decideUnanswered(stateOf({ skew }), long).review).toBeNull();
  });

  test('what was left for another way to pay is not asked about for the last time', () => {
    const left: Change = { attempt: { status: 'ended', endReason: 'SUPERSEDED' } };
    expect(decideAnswer(stateOf(left), UNPAID, later).plan).toMatchObject({ checkAt: null });
    for (const skew of skews) {
      const { plan } = decideAnswer(stateOf({ ...left, skew }), UNPAID, later);
      expect(plan?.checkAt).toBeGreaterThan(later);
    }
  });

  test('an order that its gateway keeps for three hours is not gone at the first “not found”', () => {
    const kept: Change = { rules: { orderLifetimeMs: 3 * HOUR } };
    const now = START + 40 * DAY;
    const young = { ...kept, attempt: { deadline: now + DAY } };
    expect(decideAnswer(stateOf(young), NOT_FOUND, now).facts).toEqual(GONE as never);
    expect(decideAnswer(stateOf({ ...young, skew: 40 * DAY }), NOT_FOUND, now).facts).toEqual([]);
  });

  test('questions are planned by the gateways’ clock', () => {
    const state = stateOf({ skew: 40 * DAY });
    const next = decideAfterFacts(state, null, START + 40 * DAY);
    expect(next).toMatchObject({ plan: { checkAt: planNextSync(state.attempt, START, GRACE) + 40 * DAY } });
  });
});

test('what a clock has jumped over counts as no waiting: two answers “not found” stay one breath', () => {
  const unknown: Partial<Attempt> = { status: 'unknown', gatewayTradeNo: null, notFoundCount: 1 };
  const asked = (waited: number, skew: number | null) =>
    decideAnswer(stateOf({ skew, attempt: unknown, rules: { isInSite: true } }), NOT_FOUND, START + waited).facts;
  expect(asked(5 * SECOND, null)).toEqual(GONE as never);
  expect(asked(30 * MINUTE, 30 * MINUTE)).toEqual([]);
  expect(asked(30 * MINUTE + 5 * SECOND, 30 * MINUTE)).toEqual(GONE as never);
});

test('whatever has ended or is paid: nothing but money counts any more', () => {
  const facts = [
    { type: 'under_review' },
    { type: 'declined', code: '1', message: '' },
    { type: 'paid', amount: 1, currency: 'TWD', simulated: false },
  ] as const;
  for (const status of ['paid', 'ended'] satisfies AttemptStatus[]) {
    const told = decideAnswer(stateOf({ attempt: { status, endReason: 'GONE' } }), { type: 'facts', facts }, START);
    expect(told.facts.map(({ type }) => type)).toEqual(['paid']);
  }
});
