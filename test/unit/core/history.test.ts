import { afterAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Attempt, Fact } from '../../../src/core/attempt.ts';
import type { EndReason, Payment } from '../../../src/core/payment.ts';
import type { FactsOutcome } from '../../../src/store/commands/apply-facts.ts';
import { sameRuns } from '../../support/clock.ts';
import { present } from '../../support/parts.ts';
import {
  ATM,
  applyFacts,
  callbackOf,
  newAttempt,
  openHurriedShop,
  openPayment,
  reload,
} from '../../support/payments.ts';

/**
 * Histories: facts in any order over one to three attempts of one payment, through the real store. What must hold is
 * computed here from the history alone.
 */
interface Step {
  readonly attempt: number;
  readonly fact: Fact;
}

interface History {
  readonly livemode: boolean;
  readonly mayChooseAgain: boolean;
  readonly attempts: number;
  readonly steps: readonly Step[];
}

const REASONS: readonly EndReason[] = ['EXPIRED', 'CANCELLED', 'GONE', 'GATEWAY_REFUSED', 'GATEWAY_UNREACHABLE'];

/** A gateway's trade numbers are its own: no two attempts share one. */
const paidStep = (attempt: number): fc.Arbitrary<Step> =>
  fc
    .record({
      amount: fc.oneof(
        { weight: 5, arbitrary: fc.constant(98_000) },
        { weight: 1, arbitrary: fc.constantFrom(97_900, 980, -1) },
      ),
      currency: fc.oneof({ weight: 8, arbitrary: fc.constant('TWD') }, { weight: 1, arbitrary: fc.constant('USD') }),
      simulated: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      number: fc.constantFrom(1, 2),
    })
    .map(({ number, ...rest }) => ({
      attempt,
      fact: { type: 'paid', ...rest, tradeNo: `T${attempt}-${number}`, paidAt: '2026-06-22T15:00:00+08:00' },
    }));

const otherStep = (attempt: number): fc.Arbitrary<Step> =>
  fc
    .oneof(
      fc.constantFrom(98_000, 1, undefined).chain((amount) =>
        fc.constantFrom('111', '222').map(
          (account): Fact => ({
            type: 'instructions',
            instructions: { ...ATM, virtualAccount: `${account}0000000000` } as typeof ATM,
            ...(amount === undefined ? {} : { amount }),
          }),
        ),
      ),
      fc.constant<Fact>({ type: 'under_review' }),
      fc.constant<Fact>({ type: 'declined', code: '10100058', message: '' }),
      fc.constantFrom(...REASONS).map((reason): Fact => ({ type: 'ended', reason })),
      fc.constant<Fact>({ type: 'note', code: '2', message: '' }),
    )
    .map((fact) => ({ attempt, fact }));

const histories: fc.Arbitrary<History> = fc.integer({ min: 1, max: 3 }).chain((attempts) => {
  const at = fc.integer({ min: 0, max: attempts - 1 });
  const step = fc.oneof(at.chain(paidStep), at.chain(otherStep));
  return fc.record({
    livemode: fc.boolean(),
    mayChooseAgain: fc.boolean(),
    attempts: fc.constant(attempts),
    steps: fc.array(step, { minLength: 1, maxLength: 14 }),
  });
});

const { t, project } = await openHurriedShop();
afterAll(() => t[Symbol.asyncDispose]());

let orders = 0;

interface Played {
  readonly outcomes: readonly FactsOutcome[];
  readonly payment: Payment;
  readonly attempts: readonly Attempt[];
  readonly notifications: readonly { event: string; about: string }[];
  readonly holdsOrder: boolean;
}

/** Plays a history. `bodies` names the bytes each step comes with; equal names are the same callback again. */
async function play(history: History, bodies: readonly string[]): Promise<Played> {
  const { livemode, mayChooseAgain } = history;
  const opened = await openPayment(t, project, { livemode, merchantOrderNo: `H${orders++}` });
  const ids = [opened.attempt.id];
  while (ids.length < history.attempts) {
    ids.push(present(await t.store.openAttempt(opened.payment.id, newAttempt(t, project), t.clock.now())).id);
  }
  const outcomes = await Promise.all(
    history.steps.map((step, index) =>
      applyFacts(t, present(ids[step.attempt]), [step.fact], {
        mayChooseAgain,
        callback: callbackOf(bodies[index] ?? ''),
      }),
    ),
  );
  const { payment } = await reload(t, opened.payment.paymentNo);
  const rows = await t.rows.attempts({ paymentId: payment.id });
  const found = await Promise.all(rows.map((row) => t.store.findByGatewayOrderNo('ecpay', row.gatewayOrderNo)));
  const notifications = await t.rows.outbox({ paymentId: payment.id });
  return {
    outcomes,
    payment,
    attempts: found.map((one) => present(one).attempt),
    notifications: notifications
      .map(({ event, about }) => ({ event, about }))
      .sort((a, b) => `${a.event} ${a.about}`.localeCompare(`${b.event} ${b.about}`)),
    holdsOrder: (await t.rows.payment(payment.paymentNo)).holdsOrder,
  };
}

/** What has become of payments. */
const ownBodies = (history: History) => history.steps.map((_, index) => `body ${index}`);
const playOnce = (history: History) => play(history, ownBodies(history));

const matches = (fact: Fact) => fact.type === 'paid' && fact.amount === 98_000 && fact.currency === 'TWD';
const counts = (history: History) => (step: Step) =>
  step.fact.type === 'paid' && matches(step.fact) && !(step.fact.simulated && history.livemode);

/** What two ways to the same end must agree on; row ids and times of writing differ. */
function endOf({ payment, attempts, notifications, holdsOrder }: Played) {
  const { status, reason, flags, paidAt } = payment;
  const current = attempts.findIndex((attempt) => attempt.id === payment.attemptId);
  return {
    payment: { status, reason, flags, paidAt, current },
    attempts: attempts.map((one) => [one.status, one.endReason, one.instructions, one.gatewayTradeNo, one.deadline]),
    notifications,
    holdsOrder,
  };
}

const RUNS = sameRuns(120);

/** Position of the first step after which the payment is paid, or -1. */
const firstPaid = (played: Played) => played.outcomes.findIndex((outcome) => outcome.payment.status === 'paid');

describe('whatever a gateway tells, in whatever order', () => {
  const holds = (name: string, check: (history: History, played: Played) => void) =>
    test(name, async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => check(history, await playOnce(history))),
        RUNS,
      );
    });

  holds('a payment is paid if and only if a real or allowed payment of the exact amount came', (history, played) => {
    expect(played.payment.status === 'paid').toBe(history.steps.some(counts(history)));
  });

  holds('paid is never left, by the payment or by an attempt, and the time of payment never moves', (_, played) => {
    const from = firstPaid(played);
    if (from < 0) return;
    for (const outcome of played.outcomes.slice(from)) {
      expect(outcome.payment).toMatchObject({ status: 'paid', paidAt: Date.parse('2026-06-22T15:00:00+08:00') });
    }
    const paidAttempts = new Set<number>();
    for (const { attempt } of played.outcomes) {
      if (paidAttempts.has(attempt.id)) expect(attempt.status).toBe('paid');
      if (attempt.status === 'paid') paidAttempts.add(attempt.id);
    }
  });

  holds('a shop is told once that it was paid, and never when it was not', (_, played) => {
    const told = played.notifications.filter((one) => one.event === 'payment.paid').length;
    expect(told).toBe(played.payment.status === 'paid' ? 1 : 0);
  });

  holds('it is told of every trade number but the first as a duplicate, once each', (history, played) => {
    const numbers = new Set(
      history.steps.filter(counts(history)).map((step) => (step.fact.type === 'paid' ? (step.fact.tradeNo ?? '') : '')),
    );
    const first = [...numbers][0];
    const expected = [...numbers].filter((number) => number !== first).sort();
    const told = played.notifications.filter((one) => one.event === 'payment.duplicate').map((one) => one.about);
    expect(told.sort()).toEqual(expected);
    expect(played.payment.flags.includes('duplicate')).toBe(expected.length > 0);
  });

  holds('late means that the payment had ended before the money came', (_, played) => {
    const at = firstPaid(played);
    const before = played.outcomes[at - 1]?.payment.status ?? 'pending';
    expect(played.payment.flags.includes('late')).toBe(at >= 0 && (before === 'failed' || before === 'expired'));
  });

  holds('a wrong amount or currency is flagged, alerted once and pays nothing', (history, played) => {
    const wrong = history.steps.filter(
      ({ fact }) =>
        (fact.type === 'paid' && !matches(fact)) ||
        (fact.type === 'instructions' && fact.amount !== undefined && fact.amount !== 98_000),
    );
    expect(played.payment.flags.includes('mismatch')).toBe(wrong.length > 0);
    expect(played.outcomes.filter((outcome) => outcome.verdict === 'rejected')).toHaveLength(wrong.length);
    const alerts = played.notifications.filter(
      (one) => one.event === 'payment.attention' && !one.about.startsWith('T'),
    );
    expect(alerts).toHaveLength(wrong.length > 0 ? 1 : 0);
  });

  holds('instructions that come after an attempt was paid or ended change nothing', (history, played) => {
    for (const [index, step] of history.steps.entries()) {
      const before = played.outcomes
        .slice(0, index)
        .findLast((one) => one.attempt.id === played.outcomes[index]?.attempt.id);
      if (step.fact.type !== 'instructions' || !before || !['paid', 'ended'].includes(before.attempt.status)) continue;
      expect(played.outcomes[index]?.attempt).toEqual(before.attempt);
      expect(['ignored', 'rejected']).toContain(played.outcomes[index]?.verdict ?? '');
    }
  });

  holds('the order is freed by failing or expiring and by nothing else', (_, played) => {
    const ended = played.outcomes.some(({ payment }) => payment.status === 'failed' || payment.status === 'expired');
    expect(played.holdsOrder).toBe(!ended);
  });

  holds('a payment has a reason exactly while it is failed or expired, and never goes back to pending', (_, played) => {
    let left = false;
    for (const { payment } of played.outcomes) {
      expect(payment.reason !== null).toBe(payment.status === 'failed' || payment.status === 'expired');
      if (left) expect(payment.status).not.toBe('pending');
      left ||= payment.status !== 'pending';
    }
  });

  holds('a pending payment can still be paid: an attempt is alive or the payer may choose again', (history, played) => {
    if (played.payment.status !== 'pending') return;
    const alive = played.attempts.some((attempt) => attempt.status !== 'ended');
    expect(alive || history.mayChooseAgain).toBe(true);
  });

  holds('revisions only grow, and grow whenever something changed', (_, played) => {
    let before: (typeof played.outcomes)[number]['payment'] | undefined;
    for (const { payment } of played.outcomes) {
      if (before) expect(payment.revision).toBeGreaterThanOrEqual(before.revision);
      if (before && payment.revision === before.revision) expect(payment).toEqual(before);
      before = payment;
    }
  });
});

describe('repetition', () => {
  /** Positions to repeat and how much later each repetition comes. */
  const repeats = fc.array(fc.record({ of: fc.nat(), after: fc.nat(6) }), { minLength: 1, maxLength: 8 });

  function withRepeats(
    history: History,
    chosen: readonly { of: number; after: number }[],
    mayRepeat: (step: Step) => boolean,
  ) {
    const steps = history.steps.map((step, index) => ({ step, body: `body ${index}`, place: index }));
    for (const { of, after } of chosen) {
      const index = of % history.steps.length;
      const step = present(history.steps[index]);
      if (mayRepeat(step)) steps.push({ step, body: `body ${index}`, place: index + after + 0.5 });
    }
    return steps.sort((a, b) => a.place - b.place);
  }

  test('the same callbacks again, at any later time, do not change how it ends', async () => {
    await fc.assert(
      fc.asyncProperty(histories, repeats, async (history, chosen) => {
        const longer = withRepeats(history, chosen, () => true);
        const once = await playOnce(history);
        const again = await play(
          { ...history, steps: longer.map((one) => one.step) },
          longer.map((one) => one.body),
        );
        expect(endOf(again)).toEqual(endOf(once));
      }),
      RUNS,
    );
  });

  test('a payment that is reported again in other words does not change how it ends', async () => {
    await fc.assert(
      fc.asyncProperty(histories, repeats, async (history, chosen) => {
        const longer = withRepeats(history, chosen, (step) => step.fact.type === 'paid');
        const once = await playOnce(history);
        const again = await playOnce({ ...history, steps: longer.map((one) => one.step) });
        expect(endOf(again)).toEqual(endOf(once));
      }),
      RUNS,
    );
  });
});
