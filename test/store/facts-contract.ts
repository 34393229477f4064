import { expect, test } from 'bun:test';
import type { Attempt, Fact } from '../../src/core/attempt.ts';
import { DAY } from '../../src/core/time.ts';
import { present, rejection } from '../support/parts.ts';
import { ATM, applyFacts, callbackOf, newAttempt, openPayment, paid, reload } from '../support/payments.ts';
import type { TestStore } from '../support/store.ts';
import { chapters, type OpenTwo } from './open.ts';
import { makeWebhookId, readFigures, share, start, toldOf, typesOf } from './payments-support.ts';

/** What gateways tell, heard by two processes on one database. */

export const describeFacts = chapters<OpenTwo>({
  'a paid fact': describePaid,
  'play money': describeSandbox,
  'money for one thing that comes twice at once': describeTwice,
  'the bytes of a callback': describeCallbacks,
  'a callback that made us ask': describeAsked,
  'what was read before': describeKnown,
});

function describePaid(open: OpenTwo): void {
  test('changes attempt, payment, timeline, notifications and figures in one go', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    t.one.clock.advance(1000);
    const facts = [paid({ paidAt: '2026-06-22T15:29:00+08:00', channel: 'ATM' })];
    const outcome = await applyFacts(t.one, attempt.id, facts, { callback: callbackOf('RtnCode=1') });
    expect(outcome).toMatchObject({ verdict: 'applied', notified: true });
    const paidAt = Date.parse('2026-06-22T15:29:00+08:00');
    expect(outcome.payment).toMatchObject({ status: 'paid', paidAt, flags: [], revision: payment.revision + 1 });
    expect(outcome.attempt).toMatchObject({ status: 'paid', gatewayTradeNo: 'T1' });
    const { payment: kept, attempt: keptAttempt } = outcome;
    expect(await reload(t.two, payment.paymentNo)).toEqual({ payment: kept, attempt: keptAttempt });
    expect(await typesOf(t.two, payment.id)).toEqual([
      ...['payment.created', 'attempt.opened', 'callback.accepted', 'payment.paid'],
    ] as never);
    const [told, ...more] = await t.two.rows.outbox();
    expect(more).toEqual([]);
    expect(told).toMatchObject({ event: 'payment.paid', target: '1 https://shop.example', state: 'pending', tries: 0 });
    expect(JSON.parse(present(told).body)).toMatchObject({ status: 'paid', gateway_trade_no: 'T1', amount: 980 });
    const { kept: figures, counted } = await readFigures(t.two, t.project);
    expect(figures).toEqual(counted);
    expect(figures).toEqual({ counts: { paid: 1 }, sum: 98_000 });
  });

  test('after the payment had expired is late', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    await applyFacts(t.one, attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    expect((await reload(t.two, payment.paymentNo)).payment.status).toBe('expired');
    const outcome = await applyFacts(t.two, attempt.id, [paid()]);
    expect(outcome.payment).toMatchObject({ status: 'paid', flags: ['late'], reason: null });
    expect(await toldOf(t.one, payment.id)).toEqual(['payment.expired', 'payment.paid']);
    expect((await readFigures(t.one, t.project)).kept).toEqual({ counts: { paid: 1 }, sum: 98_000 });
  });

  test('followed by word of a refund begins the questions about refunds anew', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    await applyFacts(t.one, attempt.id, [paid()]);
    const now = t.one.clock.now();
    for (let n = 0; n < 5; n += 1) await t.one.store.postponeRefundSync(payment.id, now, 0);
    await applyFacts(t.two, attempt.id, [{ type: 'refunded', code: 'charge.refunded', message: '' }]);
    expect(await t.one.rows.payment(payment.paymentNo)).toMatchObject({ refundCheckAt: now, refundTries: 0 });
  });

  test('at a checkout leaves what had ended before as it ended, and asks about it no more', async () => {
    await using t = await start(open);
    const { payment, attempt: first } = await openPayment(t.one, t.project, { isCheckout: true });
    await applyFacts(t.one, first.id, [{ type: 'ended', reason: 'GONE' }]);
    const before = await t.one.store.findAttempt(first.id);
    const now = t.one.clock.now();
    const second = present(await t.one.store.openAttempt(payment.id, newAttempt(t.one, t.project), now));
    await applyFacts(t.two, second.id, [paid()]);
    expect(await t.one.store.findAttempt(first.id)).toEqual(before);
  });

  test('at a checkout ends what else was open, and asks about it once more', async () => {
    await using t = await start(open);
    const { payment, attempt: first } = await openPayment(t.one, t.project, { isCheckout: true });
    const now = t.one.clock.now();
    const second = present(await t.one.store.openAttempt(payment.id, newAttempt(t.one, t.project), now));
    const third = present(await t.two.store.openAttempt(payment.id, newAttempt(t.two, t.project), now));
    await t.one.store.planSync({ attemptId: first.id, checkAt: now + 1, syncTries: 3, notFoundCount: 0 }, now);
    await applyFacts(t.two, second.id, [paid()]);
    expect(present(await t.one.store.findPaymentById(payment.id))).toMatchObject({ attemptId: second.id });
    for (const { id } of [first, third]) {
      const ended = { status: 'ended', endReason: 'SUPERSEDED', checkAt: now, syncTries: 0 };
      expect(await t.one.store.findAttempt(id)).toMatchObject(ended);
    }
    const events = (await t.one.rows.events({ paymentId: payment.id })).filter(({ type }) => type === 'attempt.ended');
    expect(events.map(({ attemptId, data }) => [attemptId, data.reason])).toEqual([
      [first.id, 'SUPERSEDED'],
      [third.id, 'SUPERSEDED'],
    ]);
  });

  test('of another amount is refused, flags once and tells once, from however many sides it comes', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    const outcomes = await share(t, 10, (store) => applyFacts(store, attempt.id, [paid({ amount: 1 })]));
    expect(outcomes.every(({ verdict }) => verdict === 'rejected')).toBe(true);
    const found = (await reload(t.one, payment.paymentNo)).payment;
    expect(found).toMatchObject({ status: 'pending', flags: ['mismatch', 'attention'] });
    expect(await toldOf(t.one, payment.id)).toEqual(['payment.attention']);
  });

  test('about an attempt that is not there is an error, and nothing is written', async () => {
    await using t = await start(open);
    expect(await rejection(applyFacts(t.one, 99, [paid()], { callback: callbackOf('x') }))).toBeInstanceOf(Error);
    expect([await t.one.rows.count('inbox'), await t.one.rows.count('events')]).toEqual([0, 0]);
  });

  test('and a number that come at once leave the payment paid, whichever was first', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of ['A', 'B', 'C', 'D', 'E', 'F']) {
      const { payment, attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      await Promise.all([
        applyFacts(t.one, attempt.id, [{ type: 'instructions', instructions: ATM }]),
        applyFacts(t.two, attempt.id, [paid()]),
      ]);
      const found = await reload(t.one, payment.paymentNo);
      expect(found.payment).toMatchObject({ status: 'paid', flags: [] });
      expect(found.attempt).toMatchObject({ status: 'paid', gatewayTradeNo: 'T1', checkAt: null });
    }
  });
}

function describeSandbox(open: OpenTwo): void {
  test.each([
    ['a sandbox payment', { livemode: false, keyKind: 'live' }],
    ['a payment of a test key', { livemode: false, keyKind: 'test' }],
  ] as const)('does not make money for a live payment of that number a duplicate: %s', async (_, sandbox) => {
    await using t = await start(open);
    const live = { livemode: true, keyKind: 'live' } as const;
    const played = await openPayment(t.one, t.project, sandbox);
    await applyFacts(t.one, played.attempt.id, [paid()]);
    const real = await openPayment(t.two, t.project, live);
    await applyFacts(t.two, real.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    const outcome = await applyFacts(t.two, real.attempt.id, [paid({ tradeNo: 'T2' })]);
    expect(outcome.payment).toMatchObject({ status: 'paid', flags: ['late'] });
  });

  test('of a live key is no duplicate of a test key’s', async () => {
    await using t = await start(open);
    const tried = await openPayment(t.one, t.project, { livemode: false, keyKind: 'test' });
    await applyFacts(t.one, tried.attempt.id, [paid()]);
    const played = await openPayment(t.two, t.project, { livemode: false, keyKind: 'live' });
    await applyFacts(t.two, played.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    const outcome = await applyFacts(t.two, played.attempt.id, [paid({ tradeNo: 'T2' })]);
    expect(outcome.payment).toMatchObject({ status: 'paid', flags: ['late'] });
  });

  test('is none itself after a live payment of that number', async () => {
    await using t = await start(open);
    const real = await openPayment(t.one, t.project, { livemode: true, keyKind: 'live' });
    await applyFacts(t.one, real.attempt.id, [paid()]);
    const played = await openPayment(t.two, t.project, { livemode: false, keyKind: 'live' });
    await applyFacts(t.two, played.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    const outcome = await applyFacts(t.two, played.attempt.id, [paid({ tradeNo: 'T2' })]);
    expect(outcome.payment).toMatchObject({ status: 'paid', flags: ['late'] });
  });
}

function describeTwice(open: OpenTwo): void {
  const ROUNDS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'];

  test('on two payments of an order: one of them is a duplicate and the other is not', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of ROUNDS) {
      const old = await openPayment(t.one, t.project, { merchantOrderNo });
      await applyFacts(t.one, old.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
      const anew = await openPayment(t.two, t.project, { merchantOrderNo });
      await Promise.all([
        applyFacts(t.one, old.attempt.id, [paid({ tradeNo: 'OLD' })]),
        applyFacts(t.two, anew.attempt.id, [paid({ tradeNo: 'NEW' })]),
      ]);
      const both = await t.one.rows.payments({ merchantOrderNo });
      expect(both.map(({ status }) => status)).toEqual(['paid', 'paid']);
      expect(both.filter(({ flags }) => flags.includes('duplicate'))).toHaveLength(1);
    }
    const { kept, counted } = await readFigures(t.two, t.project);
    expect(kept).toEqual(counted);
  });

  test('on two attempts of a payment: it is paid once, counted once, and a duplicate', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of ROUNDS.slice(0, 5)) {
      const { payment, attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      const now = t.one.clock.now();
      const second = present(await t.one.store.openAttempt(payment.id, newAttempt(t.one, t.project), now));
      await Promise.all([
        applyFacts(t.one, attempt.id, [paid({ tradeNo: 'ONE' })]),
        applyFacts(t.two, second.id, [paid({ tradeNo: 'TWO' })]),
      ]);
      const found = (await reload(t.one, payment.paymentNo)).payment;
      expect([found.status, found.flags.includes('duplicate')]).toEqual(['paid', true]);
      expect(await toldOf(t.two, payment.id)).toEqual(['payment.attention', 'payment.duplicate', 'payment.paid']);
    }
    expect((await readFigures(t.two, t.project)).kept).toEqual({ counts: { paid: 5 }, sum: 5 * 98_000 });
  });

  test('under two trade numbers of one attempt: the second is a duplicate, whichever that is', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    await share(t, 10, (store, index) => applyFacts(store, attempt.id, [paid({ tradeNo: `T${index % 2}` })]));
    expect((await reload(t.one, payment.paymentNo)).payment.flags).toContain('duplicate');
    expect(await toldOf(t.one, payment.id)).toEqual(['payment.attention', 'payment.duplicate', 'payment.paid']);
    expect((await readFigures(t.one, t.project)).kept).toEqual({ counts: { paid: 1 }, sum: 98_000 });
  });
}

function describeCallbacks(open: OpenTwo): void {
  const inboxOf = async ({ rows }: TestStore) => (await rows.inbox()).map(({ seen, outcome }) => ({ seen, outcome }));

  test('count the second time and change nothing more', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    const callback = callbackOf('paid');
    const first = await applyFacts(t.one, attempt.id, [paid()], { callback });
    const types = await typesOf(t.one, payment.id);
    t.one.clock.advance(60_000);
    const again = await applyFacts(t.two, attempt.id, [paid()], { callback });
    expect(again).toMatchObject({ verdict: 'ignored', notified: false });
    const { payment: kept, attempt: keptAttempt } = first;
    expect(await reload(t.one, payment.paymentNo)).toEqual({ payment: kept, attempt: keptAttempt });
    expect([await typesOf(t.two, payment.id), await inboxOf(t.one)]).toEqual([
      types,
      [{ seen: 2, outcome: 'applied' }],
    ]);
    expect(await t.two.store.hasCallback(attempt.id, callback.digest)).toBe(true);
  });

  test('fifty times at once are one payment, one line of the timeline and one notification', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    const callback = callbackOf('paid');
    const outcomes = await share(t, 50, (store) => applyFacts(store, attempt.id, [paid()], { callback }));
    expect(outcomes.filter(({ verdict }) => verdict === 'applied')).toHaveLength(1);
    expect(outcomes.filter(({ notified }) => notified)).toHaveLength(1);
    expect(await inboxOf(t.one)).toEqual([{ seen: 50, outcome: 'applied' }]);
    expect(await typesOf(t.one, payment.id)).toHaveLength(4);
    expect(await toldOf(t.one, payment.id)).toEqual(['payment.paid']);
    expect((await reload(t.two, payment.paymentNo)).payment.revision).toBe(payment.revision + 1);
  });

  test('that were rejected are judged anew, as often as they come', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    const callback = callbackOf('paid');
    const mismatch = { attemptId: attempt.id, reason: 'MerchantID mismatch', callback, now: 1, makeWebhookId };
    await share(t, 6, ({ store }) => store.flagMismatch(mismatch));
    expect(await inboxOf(t.one)).toEqual([{ seen: 6, outcome: 'rejected' }]);
    expect(await toldOf(t.one, payment.id)).toEqual(['payment.attention']);
    const flagged = (await reload(t.one, payment.paymentNo)).payment;
    expect(flagged).toMatchObject({ status: 'pending', flags: ['mismatch', 'attention'] });
    expect(await t.two.store.hasCallback(attempt.id, callback.digest)).toBe(false);
    const outcomes = await share(t, 6, (store) => applyFacts(store, attempt.id, [paid()], { callback }));
    expect(outcomes.filter(({ verdict }) => verdict === 'applied')).toHaveLength(1);
    expect(await inboxOf(t.one)).toEqual([{ seen: 12, outcome: 'applied' }]);
    expect((await typesOf(t.one, payment.id)).slice(2)).toEqual([
      ...['callback.refused', 'callback.accepted', 'payment.paid'],
    ] as never);
  });

  test('for another attempt are another callback', async () => {
    await using t = await start(open);
    const callback = callbackOf('paid');
    for (const merchantOrderNo of ['A', 'B']) {
      const { attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      expect((await applyFacts(t.two, attempt.id, [paid()], { callback })).verdict).toBe('applied');
    }
    expect(await inboxOf(t.one)).toEqual([
      { seen: 1, outcome: 'applied' },
      { seen: 1, outcome: 'applied' },
    ]);
  });
}

function describeAsked(open: OpenTwo): void {
  test('is one row and one line of the timeline however often it comes at once', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    const about = { now: t.one.clock.now(), isProved: true, mayBeRefund: false };
    await share(t, 10, ({ store }) => store.keepCallback(attempt, callbackOf('asked'), about));
    expect((await t.one.rows.inbox()).map(({ outcome, seen }) => [outcome, seen])).toEqual([['asked', 10]]);
    expect(await typesOf(t.one, payment.id)).toHaveLength(3);
  });

  test('and proves nothing is kept ten times of an attempt and no more, whoever sends it', async () => {
    await using t = await start(open);
    const { attempt } = await openPayment(t.one, t.project);
    const about = { now: t.one.clock.now(), isProved: false, mayBeRefund: false };
    await share(t, 30, ({ store }, index) => store.keepCallback(attempt, callbackOf(`no ${index}`), about));
    expect(await t.one.rows.count('inbox')).toBe(10);
  });
}

/** What may happen between the moment a callback is looked up and the moment its facts are applied. */
const MEANWHILE: Readonly<Record<string, (store: TestStore, attempt: Attempt) => Promise<unknown>>> = {
  nothing: async () => {},
  'it is paid': (store, { id }) => applyFacts(store, id, [paid({ tradeNo: 'FIRST' })]),
  'it gets a number': (store, { id }) => applyFacts(store, id, [{ type: 'instructions', instructions: ATM }]),
  'it is refused': (store, { id }) => applyFacts(store, id, [{ type: 'declined', code: '1', message: 'no' }]),
  'it expires': (store, { id }) => applyFacts(store, id, [{ type: 'ended', reason: 'EXPIRED' }]),
  'its payment is called off': ({ store, clock }, { paymentId }) =>
    store.cancelPayment({ paymentId, by: { type: 'payer' }, now: clock.now(), makeWebhookId }),
  'its payment is flagged': ({ store, clock }, { paymentId }) =>
    store.flagForReview(paymentId, 'this', { now: clock.now(), makeWebhookId }),
  'a call begins': ({ store, clock }, { id }) => store.beginCharge(id, { usesNumber: true }, clock.now()),
  'its next question is planned': ({ store, clock }, { id: attemptId }) =>
    store.planSync({ attemptId, checkAt: clock.now() + 5000, syncTries: 3, notFoundCount: 2 }, clock.now()),
  'it is taken to be asked about': ({ store, clock }) => store.claimSyncs(clock.now() + DAY, 9, 5000, 'one'),
  'another attempt is opened': (test, attempt) =>
    test.store.openAttempt(attempt.paymentId, newAttempt(test, { ...attempt, projectId: 1 }), test.clock.now()),
};

function describeKnown(open: OpenTwo): void {
  const facts: Readonly<Record<string, Fact>> = {
    paid: paid(),
    instructions: { type: 'instructions', instructions: ATM },
    declined: { type: 'declined', code: '2', message: 'no' },
    expired: { type: 'ended', reason: 'EXPIRED' },
  };

  test.each(Object.keys(MEANWHILE))('is not believed when it has changed since: %s', async (name) => {
    const happen = present(MEANWHILE[name]);
    for (const fact of Object.values(facts)) {
      const ends: unknown[] = [];
      for (const isKnown of [false, true]) {
        await using t = await start(open);
        const { attempt } = await openPayment(t.one, t.project);
        const known = present(await t.one.store.findByGatewayOrderNo('ecpay', attempt.gatewayOrderNo));
        await happen(t.two, attempt);
        await applyFacts(t.one, attempt.id, [fact], isKnown ? { known } : {});
        const { status, flags, reason, paidAt, closeAt } = present(
          await t.two.store.findPaymentById(attempt.paymentId),
        );
        const found = present(await t.two.store.findAttempt(attempt.id));
        const told = (await t.two.rows.outbox()).map(({ event, about }) => `${event} ${about}`);
        const payment = { status, flags, reason, paidAt, closeAt };
        ends.push({ payment, attempt: { ...found, gatewayOrderNo: '' }, told });
      }
      expect(ends[1]).toEqual(ends[0]);
    }
  });
}
