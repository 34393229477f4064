import { describe, expect, test } from 'bun:test';
import type { AttemptStatus, Fact, Instructions } from '../../../src/core/attempt.ts';
import { isAlive } from '../../../src/core/attempt.ts';
import { type AttemptState, type PaymentState, transition } from '../../../src/core/lifecycle/transition.ts';
import type { EndReason, Flag } from '../../../src/core/payment.ts';
import { ATM, paid } from '../../support/payments.ts';

const STATUSES = ['open', 'unknown', 'under_review', 'paid', 'ended'] as const;

function attemptIn(status: AttemptStatus, change: Partial<AttemptState> = {}): AttemptState {
  return { status, instructions: null, tradeNo: status === 'paid' ? 'T1' : null, movingSince: null, ...change };
}

/** A pending payment, or a paid one beside a paid attempt. */
function paymentFor(status: AttemptStatus, change: Partial<PaymentState> = {}): PaymentState {
  return {
    status: status === 'paid' ? 'paid' : status === 'ended' ? 'expired' : 'pending',
    flags: status === 'under_review' ? ['under_review'] : [],
    livemode: true,
    amount: 98_000,
    currency: 'TWD',
    othersAlive: false,
    mayChooseAgain: false,
    staysOpen: false,
    orderPaidElsewhere: false,
    ...change,
  };
}

/** The cells of one row: what each status becomes, and what the verdict is. */
type Row = Record<AttemptStatus, readonly [AttemptStatus, 'applied' | 'ignored' | 'noted' | 'rejected']>;

const same = (verdict: 'ignored' | 'noted' | 'rejected'): Row =>
  Object.fromEntries(STATUSES.map((status) => [status, [status, verdict]])) as unknown as Row;

/** Where a fact changes nothing any more. */
const OVER = { paid: ['paid', 'ignored'], ended: ['ended', 'ignored'] } as const;

const TABLE: readonly (readonly [string, Fact, Row])[] = [
  [
    'instructions',
    { type: 'instructions', instructions: ATM, tradeNo: 'T1' },
    { open: ['open', 'applied'], unknown: ['open', 'applied'], under_review: ['under_review', 'applied'], ...OVER },
  ],
  ['instructions for another amount', { type: 'instructions', instructions: ATM, amount: 1 }, same('rejected')],
  [
    'paid, all matches, same trade number',
    paid(),
    {
      open: ['paid', 'applied'],
      unknown: ['paid', 'applied'],
      under_review: ['paid', 'applied'],
      paid: ['paid', 'ignored'],
      ended: ['paid', 'applied'],
    },
  ],
  ['paid, another amount', paid({ amount: 98_001 }), same('rejected')],
  ['paid, another currency', paid({ currency: 'USD' }), same('rejected')],
  ['paid, simulated, in livemode', paid({ simulated: true }), same('noted')],
  [
    'under review',
    { type: 'under_review' },
    {
      open: ['under_review', 'applied'],
      unknown: ['under_review', 'applied'],
      under_review: ['under_review', 'ignored'],
      ...OVER,
    },
  ],
  [
    'declined',
    { type: 'declined', code: '10100058', message: '付款失敗' },
    { open: ['open', 'noted'], unknown: ['unknown', 'noted'], under_review: ['open', 'applied'], ...OVER },
  ],
  [
    'ended',
    { type: 'ended', reason: 'GATEWAY_REFUSED' },
    { open: ['ended', 'applied'], unknown: ['ended', 'applied'], under_review: ['ended', 'applied'], ...OVER },
  ],
  [
    'continued',
    { type: 'continued' },
    { open: ['open', 'ignored'], unknown: ['open', 'applied'], under_review: ['under_review', 'ignored'], ...OVER },
  ],
  ['note', { type: 'note', code: '2', message: '' }, same('noted')],
];

describe('the table of attempts', () => {
  for (const [name, fact, row] of TABLE) {
    for (const status of STATUSES) {
      const [next, verdict] = row[status];
      test(`${name} for an attempt that is ${status}: ${verdict}, then ${next}`, () => {
        const payment = paymentFor(status);
        const attempt = attemptIn(status);
        const result = transition(payment, attempt, fact);
        expect(result.verdict).toBe(verdict);
        expect(result.attempt.status).toBe(next);
        if (verdict === 'ignored') {
          expect(result).toEqual({
            verdict,
            attempt,
            payment: { status: payment.status, flags: payment.flags },
            effects: [],
          });
        }
        if (verdict === 'rejected' || verdict === 'noted') {
          expect(result.attempt).toEqual(attempt);
          expect(result.payment.status).toBe(payment.status);
        }
      });
    }
  }

  test('instructions and their trade number are kept, an older trade number too when none comes', () => {
    const stored = transition(paymentFor('open'), attemptIn('open'), {
      type: 'instructions',
      instructions: ATM,
      tradeNo: 'T5',
    });
    expect(stored.attempt).toEqual({ status: 'open', instructions: ATM, tradeNo: 'T5', movingSince: null });
    const again = transition(paymentFor('open'), stored.attempt, { type: 'instructions', instructions: ATM });
    expect(again.attempt.tradeNo).toBe('T5');
    expect(again.effects).toEqual([]);
  });

  test('the gateway’s page about a store code stays with that code, whoever tells the code again', () => {
    const told = { type: 'cvs', paymentCode: 'LLL26213917389', expireAt: '2026-06-29T23:59:59+08:00' } as const;
    const known = { ...told, paymentCodeUrl: 'https://gateway.example/1' };
    const next = (instructions: Instructions) =>
      transition(paymentFor('open'), attemptIn('open', { instructions: known }), { type: 'instructions', instructions })
        .attempt.instructions;
    expect(next({ ...told, expireAt: '2026-06-30T23:59:59+08:00' })).toEqual({
      ...known,
      expireAt: '2026-06-30T23:59:59+08:00',
    });
    expect(next({ ...told, paymentCode: 'LLL26213917390' })).toEqual({ ...told, paymentCode: 'LLL26213917390' });
    expect(next({ ...told, paymentCodeUrl: 'https://gateway.example/2' })).toMatchObject({
      paymentCodeUrl: 'https://gateway.example/2',
    });
  });

  test('instructions for the right amount are taken', () => {
    const fact = { type: 'instructions', instructions: ATM, amount: 98_000 } as const;
    expect(transition(paymentFor('open'), attemptIn('open'), fact).verdict).toBe('applied');
  });

  test('only open, unknown and under review are alive', () => {
    expect(STATUSES.filter((status) => isAlive({ status }))).toEqual(['open', 'unknown', 'under_review']);
  });
});

describe('what paid does to the payment', () => {
  test('pending becomes paid, with one notification and no flag', () => {
    expect(transition(paymentFor('open'), attemptIn('open'), paid())).toEqual({
      verdict: 'applied',
      attempt: { status: 'paid', instructions: null, tradeNo: 'T1', movingSince: null },
      payment: { status: 'paid', flags: [] },
      effects: [{ event: 'payment.paid' }],
    });
  });

  for (const [status, flags] of [
    ['pending', []],
    ['failed', ['late']],
    ['expired', ['late']],
  ] as const) {
    test(`an ended attempt of a ${status} payment: paid${flags.length > 0 ? ' and late' : ', not late'}`, () => {
      const result = transition(paymentFor('ended', { status }), attemptIn('ended'), paid());
      expect(result.payment).toEqual({ status: 'paid', flags });
      expect(result.effects).toEqual([{ event: 'payment.paid' }]);
    });
  }

  test('a second attempt of a paid payment is a duplicate and an alert, and no second payment.paid', () => {
    const result = transition(paymentFor('open', { status: 'paid' }), attemptIn('open'), paid({ tradeNo: 'T2' }));
    expect(result.attempt).toMatchObject({ status: 'paid', tradeNo: 'T2' });
    expect(result.payment).toEqual({ status: 'paid', flags: ['duplicate', 'attention'] });
    expect(result.effects).toEqual([
      { event: 'payment.duplicate', about: 'T2' },
      { event: 'payment.attention', about: 'T2' },
    ]);
  });

  test('another payment of the order being paid makes this one paid and a duplicate', () => {
    const result = transition(paymentFor('open', { orderPaidElsewhere: true }), attemptIn('open'), paid());
    expect(result.payment).toEqual({ status: 'paid', flags: ['duplicate', 'attention'] });
    expect(result.effects.map((effect) => effect.event)).toEqual([
      'payment.paid',
      'payment.duplicate',
      'payment.attention',
    ]);
  });

  test('another trade number through a paid attempt is a duplicate; the attempt keeps its first number', () => {
    const result = transition(paymentFor('paid'), attemptIn('paid'), paid({ tradeNo: 'T2' }));
    expect(result).toEqual({
      verdict: 'applied',
      attempt: attemptIn('paid'),
      payment: { status: 'paid', flags: ['duplicate', 'attention'] },
      effects: [
        { event: 'payment.duplicate', about: 'T2' },
        { event: 'payment.attention', about: 'T2' },
      ],
    });
  });

  test('no trade number through a paid attempt is the gateway repeating itself', () => {
    const { tradeNo: _tradeNo, ...nameless } = paid();
    expect(transition(paymentFor('paid'), attemptIn('paid'), nameless).verdict).toBe('ignored');
  });

  test('simulated counts only outside livemode, and is flagged in both', () => {
    const live = transition(paymentFor('open'), attemptIn('open'), paid({ simulated: true }));
    expect(live).toMatchObject({
      verdict: 'noted',
      reason: 'simulated',
      payment: { status: 'pending', flags: ['simulated'] },
    });
    expect(live.effects).toEqual([]);
    const test = transition(paymentFor('open', { livemode: false }), attemptIn('open'), paid({ simulated: true }));
    expect(test).toMatchObject({ verdict: 'applied', payment: { status: 'paid', flags: ['simulated'] } });
  });

  test('a simulated payment of the wrong amount is refused like a real one', () => {
    const result = transition(
      paymentFor('open', { livemode: false }),
      attemptIn('open'),
      paid({ simulated: true, amount: 1 }),
    );
    expect(result.verdict).toBe('rejected');
  });

  test('the review is over once it is paid', () => {
    expect(transition(paymentFor('under_review'), attemptIn('under_review'), paid()).payment.flags).toEqual([]);
  });
});

describe('a mismatch', () => {
  test('is flagged with an alert the first time, and without one afterwards', () => {
    const first = transition(paymentFor('open'), attemptIn('open'), paid({ amount: 1 }));
    expect(first.payment.flags).toEqual(['mismatch', 'attention']);
    expect(first.effects).toEqual([{ event: 'payment.attention', about: 'amount' }]);
    const flags: readonly Flag[] = first.payment.flags;
    const second = transition(paymentFor('open', { flags }), attemptIn('open'), paid({ currency: 'USD' }));
    expect(second).toMatchObject({ verdict: 'rejected', reason: 'currency', payment: { flags }, effects: [] });
  });

  test('is told by the exact minor unit and the exact letters of the currency', () => {
    for (const fact of [
      paid({ amount: 97_999 }),
      paid({ amount: 0 }),
      paid({ amount: -1 }),
      paid({ currency: 'twd' }),
    ]) {
      expect(transition(paymentFor('open'), attemptIn('open'), fact).verdict).toBe('rejected');
    }
  });

  test('leaves a paid payment paid', () => {
    expect(transition(paymentFor('paid'), attemptIn('paid'), paid({ amount: 1 })).payment.status).toBe('paid');
  });
});

test('a dispute is told whatever else a person has to look at already', () => {
  const dispute = { type: 'disputed', code: 'charge.dispute.created', message: '' } as const;
  for (const flags of [[], ['attention'], ['duplicate', 'attention']] satisfies Flag[][]) {
    const result = transition(paymentFor('paid', { flags }), attemptIn('paid'), dispute);
    expect(result.payment.flags).toContain('attention');
    expect(result.effects).toEqual([{ event: 'payment.attention', about: 'charge.dispute.created' }]);
  }
});

describe('what an end does to the payment', () => {
  const cases: readonly (readonly [EndReason, Partial<PaymentState>, string])[] = [
    ['EXPIRED', {}, 'expired'],
    ['EXPIRED', { mayChooseAgain: true }, 'expired'],
    ['EXPIRED', { othersAlive: true }, 'pending'],
    ['GATEWAY_REFUSED', {}, 'failed'],
    ['GATEWAY_UNREACHABLE', {}, 'failed'],
    ['GONE', {}, 'failed'],
    ['GONE', { mayChooseAgain: true }, 'pending'],
    ['GATEWAY_UNREACHABLE', { mayChooseAgain: true }, 'pending'],
    ['GATEWAY_UNREACHABLE', { othersAlive: true }, 'pending'],
    ['CANCELLED', {}, 'failed'],
    ['CANCELLED', { mayChooseAgain: true }, 'failed'],
    ['CANCELLED', { othersAlive: true }, 'pending'],
    ['EXPIRED', { status: 'paid' }, 'paid'],
    ['CANCELLED', { status: 'paid' }, 'paid'],
    ['EXPIRED', { status: 'failed' }, 'failed'],
    ['GONE', { status: 'expired' }, 'expired'],
  ];
  for (const [reason, change, status] of cases) {
    test(`${reason} with ${JSON.stringify(change)}: ${status}`, () => {
      const payment = paymentFor('open', change);
      const result = transition(payment, attemptIn('open'), { type: 'ended', reason });
      expect(result.attempt).toMatchObject({ status: 'ended', endReason: reason });
      expect(result.payment.status).toBe(status as PaymentState['status']);
      const changed = status !== payment.status;
      expect(result.payment.reason).toBe(changed ? reason : undefined);
      expect(result.effects.map((effect) => effect.event)).toEqual(
        changed ? [`payment.${status}` as 'payment.failed'] : [],
      );
    });
  }

  test('a payment that outlived its last attempt expires by its own time, and by nothing else', () => {
    const pending = paymentFor('ended', { status: 'pending', mayChooseAgain: true });
    const ended = attemptIn('ended');
    const result = transition(pending, ended, { type: 'ended', reason: 'EXPIRED' });
    expect(result.payment).toEqual({ status: 'expired', flags: [], reason: 'EXPIRED' });
    expect(result.effects).toEqual([{ event: 'payment.expired' }]);
    expect(result.attempt).toEqual({ ...ended });
    const alive = transition({ ...pending, othersAlive: true }, ended, { type: 'ended', reason: 'EXPIRED' });
    expect(alive.payment.status).toBe('pending');
    expect(transition(pending, ended, { type: 'ended', reason: 'GONE' }).verdict).toBe('ignored');
  });

  test('the flag of the review goes, others stay', () => {
    const payment = paymentFor('under_review', { flags: ['mismatch', 'under_review', 'attention'] });
    const result = transition(payment, attemptIn('under_review'), { type: 'ended', reason: 'EXPIRED' });
    expect(result.payment.flags).toEqual(['mismatch', 'attention']);
  });
});
