import { describe, expect, test } from 'bun:test';
import type { Fact } from '../../../src/core/attempt.ts';
import { ENDED_BY_OUTCOME, nextStepOf, TROUBLE_KINDS, troubleOfReview } from '../../../src/core/attention.ts';
import { type AttemptState, type PaymentState, transition } from '../../../src/core/lifecycle/transition.ts';
import { troublesOf } from '../../../src/core/lifecycle/troubles.ts';

/** What a person has to look into after a fact. */

const PAYMENT: PaymentState = {
  status: 'pending',
  flags: [],
  livemode: true,
  amount: 98_000,
  currency: 'TWD',
  othersAlive: false,
  mayChooseAgain: false,
  staysOpen: false,
  orderPaidElsewhere: false,
};
const ATTEMPT: AttemptState = { status: 'open', instructions: null, tradeNo: null, movingSince: null };
const PAID = { type: 'paid', amount: 98_000, currency: 'TWD', tradeNo: 'T1', simulated: false } as const;

function after(fact: Fact, payment: Partial<PaymentState> = {}, attempt: Partial<AttemptState> = {}) {
  const before = { ...PAYMENT, ...payment };
  return troublesOf(before.flags, fact, transition(before, { ...ATTEMPT, ...attempt }, fact));
}

describe('a fact', () => {
  test('that says what it should needs nobody', () => {
    expect(after(PAID)).toEqual([]);
    expect(after(PAID, { status: 'paid' }, { status: 'paid', tradeNo: 'T1' })).toEqual([]);
    expect(after({ type: 'ended', reason: 'EXPIRED' })).toEqual([]);
    expect(after({ type: 'declined', code: 'card_declined', message: '' })).toEqual([]);
  });

  test('about other money says which, so that the same is no news and another is', () => {
    const [first] = after({ ...PAID, amount: 1 });
    expect(first).toMatchObject({ kind: 'mismatch', data: { reason: 'amount', amount: 1, currency: 'TWD' } });
    expect(after({ ...PAID, amount: 1 }, { flags: ['mismatch', 'attention'] })[0]?.about).toBe(String(first?.about));
    expect(after({ ...PAID, amount: 2 })[0]?.about).not.toBe(String(first?.about));
    expect(after({ ...PAID, currency: 'USD' })).toMatchObject([{ kind: 'mismatch', data: { reason: 'currency' } }]);
  });

  test('of a second payment, a late one, or both', () => {
    expect(after(PAID, { status: 'paid' }, { status: 'paid', tradeNo: 'T0' })).toMatchObject([
      { kind: 'duplicate', about: 'T1' },
    ]);
    expect(after(PAID, { status: 'expired' })).toMatchObject([{ kind: 'late' }]);
    expect(after(PAID, { status: 'failed', orderPaidElsewhere: true }).map(({ kind }) => kind)).toEqual([
      'duplicate',
      'late',
    ]);
  });

  test('that the payer’s bank wants money back', () => {
    expect(after({ type: 'disputed', code: 'dp_1', message: 'fraudulent' }, { status: 'paid' })).toMatchObject([
      { kind: 'disputed', about: 'dp_1', data: { message: 'fraudulent' } },
    ]);
  });
});

describe('a kind', () => {
  test('has one next step; only what is settled by hand is', () => {
    expect(TROUBLE_KINDS.filter((kind) => nextStepOf(kind) === 'settle-refund')).toEqual(['refund_unknown']);
    expect(TROUBLE_KINDS.filter((kind) => nextStepOf(kind) === 'resend')).toEqual(['notification_dead']);
  });

  test('that waits for an outcome is over with it', () => {
    expect(ENDED_BY_OUTCOME).toEqual(['unsettled', 'under_review']);
  });

  test('is found by the words of a sync, and what has none is a payment to look at', () => {
    expect(
      ['unanswered', 'unsettled', 'refund unanswered', 'else'].map((about) => troubleOfReview(about).kind),
    ).toEqual([...(['unsettled', 'unsettled', 'refund_unanswered', 'flagged'] as const)]);
  });
});
