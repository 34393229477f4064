import { expect, test } from 'bun:test';
import type { Fact } from '../../src/core/attempt.ts';
import { CALL_LIMIT } from '../../src/core/lifecycle/schedule.ts';
import { HOUR, SECOND } from '../../src/core/time.ts';
import { present } from '../support/parts.ts';
import { ATM, applyFacts, newAttempt, newPayment, openPayment, paid, reload } from '../support/payments.ts';
import { chapters, type OpenTwo } from './open.ts';
import { makeWebhookId, share, start, type TwoProcesses } from './payments-support.ts';

/** Money that may be moving: what one process has begun, another can neither begin nor call off. */

export const describeMoving = chapters<OpenTwo>({
  'while money may be moving': describeGate,
  'the end of its moving': describeOutcomes,
  'a charge': describeCharges,
  'what a gateway was asked before a call began': describeLooks,
});

/** A number that is good for one call, and an order that can be captured again. */
const ONCE = { usesNumber: true };
const AGAIN = { usesNumber: false };
const CHECKOUT = { isCheckout: true, gateway: 'checkout', method: 'checkout', mode: 'checkout' } as const;
const REVIEW: Fact = { type: 'under_review' };

/** A checkout whose payer has taken two numbers. */
async function openTwice(t: TwoProcesses) {
  const { payment } = await t.one.store.openPayment(newPayment(t.one, t.project, CHECKOUT), null);
  const take = async () =>
    present(await t.one.store.openAttempt(payment.id, newAttempt(t.one, t.project), t.one.clock.now()));
  return { payment, first: await take(), second: await take() };
}

const begin = ({ two }: TwoProcesses, id: number, charge = ONCE) => two.store.beginCharge(id, charge, two.clock.now());

/** Everything that a payer or a shop may ask for, in the other process. */
async function tryAll({ two, project }: TwoProcesses, paymentId: number, otherId: number) {
  const now = two.clock.now();
  const way = { gateway: 'ecpay', method: 'cvs', mode: 'background', credentialId: project.credentialId };
  return {
    opened: await two.store.openAttempt(paymentId, newAttempt(two, project), now),
    selected: await two.store.selectMethod(paymentId, { ...way, attemptId: null }, now),
    charged: await two.store.beginCharge(otherId, AGAIN, now),
    cancelled: await two.store.cancelPayment({ paymentId, by: { type: 'payer' }, now, makeWebhookId }),
  };
}

const REFUSED = { opened: null, selected: false, charged: false, cancelled: false };

function describeGate(open: OpenTwo): void {
  const MOVING: Readonly<Record<string, (t: TwoProcesses, id: number) => Promise<unknown>>> = {
    'a gateway takes it': (t, id) => t.one.store.beginCharge(id, ONCE, t.one.clock.now()),
    'a gateway looks into it': (t, id) => applyFacts(t.one, id, [REVIEW]),
  };

  test.each(Object.keys(MOVING))('no attempt or method opens, nothing is charged or cancelled: %s', async (name) => {
    await using t = await start(open);
    const { payment, first, second } = await openTwice(t);
    await present(MOVING[name])(t, first.id);
    const before = await reload(t.one, payment.paymentNo);
    expect((await t.two.store.findMoving(payment.id))?.id).toBe(first.id);
    expect(await tryAll(t, payment.id, second.id)).toEqual(REFUSED);
    // However long nothing is heard.
    t.one.clock.advance(10 * CALL_LIMIT);
    expect(await tryAll(t, payment.id, second.id)).toEqual(REFUSED);
    expect(await reload(t.one, payment.paymentNo)).toEqual(before);
    expect(await t.two.rows.outbox()).toEqual([]);
  });

  test('the payment does not expire with another attempt, nor at the end of the time to choose', async () => {
    for (const name of Object.keys(MOVING)) {
      await using t = await start(open);
      const { payment, first, second } = await openTwice(t);
      await present(MOVING[name])(t, first.id);
      await t.one.store.closePayments(t.one.clock.now(), 9, makeWebhookId);
      await applyFacts(t.two, second.id, [{ type: 'ended', reason: 'EXPIRED' }]);
      expect((await reload(t.one, payment.paymentNo)).payment.status).toBe('pending');
      expect((await t.one.store.findMoving(payment.id))?.id).toBe(first.id);
    }
  });

  test('another number that is paid supersedes it', async () => {
    for (const name of Object.keys(MOVING)) {
      await using t = await start(open);
      const { payment, first, second } = await openTwice(t);
      await present(MOVING[name])(t, first.id);
      await applyFacts(t.two, second.id, [paid()]);
      expect((await reload(t.one, payment.paymentNo)).payment).toMatchObject({ status: 'paid', flags: [] });
      const superseded = { status: 'ended', endReason: 'SUPERSEDED', movingSince: null };
      expect(await t.one.store.findAttempt(first.id)).toMatchObject(superseded);
      await applyFacts(t.one, first.id, [paid({ tradeNo: 'T2' })]);
      expect((await reload(t.one, payment.paymentNo)).payment.flags).toContain('duplicate');
    }
  });
}

function describeOutcomes(open: OpenTwo): void {
  const no = { code: '1', message: 'no' };
  const OUTCOMES: readonly (readonly [string, Fact, string])[] = [
    ['paid', paid(), 'paid'],
    ['the bank says no', { type: 'declined', ...no }, 'open'],
    ['it is over', { type: 'ended', reason: 'GATEWAY_REFUSED', ...no }, 'ended'],
    ['the payer goes on elsewhere', { type: 'continued' }, 'open'],
    ['a number to pay with', { type: 'instructions', instructions: ATM }, 'open'],
    ['it is looked into', REVIEW, 'under_review'],
  ];

  test.each(OUTCOMES)('is its outcome: %s', async (_, fact, status) => {
    await using t = await start(open);
    const { first } = await openTwice(t);
    expect(await begin(t, first.id)).toBe(true);
    await applyFacts(t.one, first.id, [fact], { mayChooseAgain: true });
    expect(await t.two.store.findAttempt(first.id)).toMatchObject({ status, movingSince: null, used: true });
  });

  test('is not a note, nor that the call has ended without an answer', async () => {
    await using t = await start(open);
    const { payment, first, second } = await openTwice(t);
    await begin(t, first.id);
    const now = t.one.clock.now();
    await applyFacts(t.one, first.id, [{ type: 'note', ...no }]);
    await t.one.store.planSync(
      { attemptId: first.id, checkAt: now + 9000, syncTries: 1, notFoundCount: 0, endsCall: true },
      now,
    );
    expect(await t.two.store.findAttempt(first.id)).toMatchObject({
      status: 'unknown',
      movingSince: now,
      syncTries: 1,
    });
    expect(await tryAll(t, payment.id, second.id)).toEqual(REFUSED);
  });

  test('is money that does not match, where the call or a question brought it; a callback’s may be about anything', async () => {
    await using t = await start(open);
    const { payment, first } = await openTwice(t);
    await begin(t, first.id);
    await applyFacts(t.one, first.id, [paid({ amount: 1 })]);
    expect((await t.two.store.findMoving(payment.id))?.id).toBe(first.id);
    await applyFacts(t.one, first.id, [paid({ amount: 1 })], { source: 'sync' });
    expect(await t.two.store.findMoving(payment.id)).toBeNull();
    expect((await reload(t.one, payment.paymentNo)).payment.flags).toEqual(['mismatch', 'attention']);
  });

  test('opens the payment again: to other ways, to another charge, to being cancelled', async () => {
    await using t = await start(open);
    const { payment, first, second } = await openTwice(t);
    await begin(t, first.id);
    await applyFacts(t.one, first.id, [{ type: 'continued' }]);
    expect(await tryAll(t, payment.id, second.id)).toMatchObject({ selected: true, charged: true, cancelled: false });
    await applyFacts(t.one, second.id, [{ type: 'continued' }]);
    const { two } = t;
    const telling = { by: { type: 'payer' } as const, now: two.clock.now(), makeWebhookId };
    expect(await two.store.cancelPayment({ paymentId: payment.id, ...telling })).toBe(true);
  });
}

function describeCharges(open: OpenTwo): void {
  test('of a payment with two numbers is begun through one of them, whoever comes at once', async () => {
    await using t = await start(open);
    const { first, second } = await openTwice(t);
    const now = t.one.clock.now();
    const begun = await share(t, 30, ({ store }, index) =>
      store.beginCharge(index % 3 === 0 ? first.id : second.id, index % 2 === 0 ? ONCE : AGAIN, now),
    );
    expect(begun.filter(Boolean)).toHaveLength(1);
  });

  test('and another number at the same moment: whichever comes first, no further one is opened', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of ['A', 'B', 'C', 'D', 'E', 'F']) {
      const { payment, attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      const now = t.one.clock.now();
      const [begun, opened] = await Promise.all([
        t.one.store.beginCharge(attempt.id, ONCE, now),
        t.two.store.openAttempt(payment.id, newAttempt(t.two, t.project), now, payment.revision),
      ]);
      expect(begun).toBe(true);
      if (opened) expect(opened.id).toBeGreaterThan(attempt.id);
      expect(await t.two.store.openAttempt(payment.id, newAttempt(t.two, t.project), now)).toBeNull();
    }
  });

  test('is made again only when the call before it is over, or its process must be dead', async () => {
    await using t = await start(open);
    const { first } = await openTwice(t);
    expect([await begin(t, first.id, AGAIN), await begin(t, first.id, AGAIN)]).toEqual([true, false]);
    t.one.clock.advance(CALL_LIMIT - 1);
    expect(await begin(t, first.id, AGAIN)).toBe(false);
    t.one.clock.advance(1);
    expect(await begin(t, first.id, AGAIN)).toBe(true);
    const now = t.one.clock.now();
    const plan = { attemptId: first.id, checkAt: now + 9 * SECOND, syncTries: 1, notFoundCount: 0 };
    await t.one.store.planSync({ ...plan, endsCall: true }, now);
    expect([await begin(t, first.id, AGAIN), await begin(t, first.id, AGAIN)]).toEqual([true, false]);
  });

  test('is never made again through a number that is used, not even after the payer was sent on to 3-D Secure', async () => {
    await using t = await start(open);
    const { first } = await openTwice(t);
    expect(await begin(t, first.id)).toBe(true);
    t.one.clock.advance(CALL_LIMIT);
    expect(await begin(t, first.id)).toBe(false);
    await applyFacts(t.one, first.id, [{ type: 'continued' }]);
    expect(await t.two.store.findAttempt(first.id)).toMatchObject({ status: 'open', used: true });
    expect(await begin(t, first.id)).toBe(false);
  });

  test('is asked for when its process dies: it is due after the longest call', async () => {
    await using t = await start(open);
    const { first } = await openTwice(t);
    await begin(t, first.id);
    t.one.clock.advance(CALL_LIMIT);
    const due = await t.one.store.claimSyncs(t.one.clock.now(), 9, SECOND, 'one');
    expect(due.map(({ id }) => id)).toEqual([first.id]);
  });

  test('is as old as it was when the clock is put back', async () => {
    await using t = await start(open);
    const { first } = await openTwice(t);
    t.one.clock.advance(HOUR);
    await begin(t, first.id);
    const now = t.one.clock.now() - HOUR;
    await t.two.store.replan(now, HOUR);
    const moved = { movingSince: now, updatedAt: now, checkAt: now + CALL_LIMIT };
    expect(await t.one.store.findAttempt(first.id)).toMatchObject(moved);
  });

  test('is not begun for a payment that another of its numbers has paid, nor for an order that is paid elsewhere', async () => {
    await using t = await start(open);
    const sold = await openPayment(t.one, t.project, { merchantOrderNo: 'A' });
    const spare = present(
      await t.one.store.openAttempt(sold.payment.id, newAttempt(t.one, t.project), t.one.clock.now()),
    );
    await applyFacts(t.one, sold.attempt.id, [paid()]);
    // Other attempts of a direct payment are not superseded: they go on being listened to.
    expect(await t.one.store.findAttempt(spare.id)).toMatchObject({ status: 'open' });
    expect(await begin(t, spare.id)).toBe(false);

    const gone = await openPayment(t.one, t.project, { merchantOrderNo: 'B' });
    await applyFacts(t.one, gone.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    const anew = await openPayment(t.one, t.project, { merchantOrderNo: 'B' });
    await applyFacts(t.one, gone.attempt.id, [paid({ tradeNo: 'T2' })]);
    expect(await begin(t, anew.attempt.id)).toBe(false);
  });

  test('is not begun through an attempt that is over while its payment is pending', async () => {
    await using t = await start(open);
    const { payment, first } = await openTwice(t);
    await applyFacts(t.one, first.id, [{ type: 'ended', reason: 'GONE' }], { mayChooseAgain: true });
    expect((await reload(t.one, payment.paymentNo)).payment.status).toBe('pending');
    expect([await begin(t, first.id), await begin(t, first.id, AGAIN)]).toEqual([false, false]);
  });

  test('and a further number that was decided on what has changed since are not both had', async () => {
    await using t = await start(open);
    const { payment } = await openPayment(t.one, t.project);
    const opened = await share(t, 20, (store) =>
      store.store.openAttempt(payment.id, newAttempt(store, t.project), store.clock.now(), payment.revision),
    );
    expect(opened.filter((attempt) => attempt !== null)).toHaveLength(1);
  });
}

function describeLooks(open: OpenTwo): void {
  test('says nothing of how the call ends but that there is money, and does not plan', async () => {
    await using t = await start(open);
    const { payment, first: askedWhen } = await openTwice(t);
    await begin(t, askedWhen.id);
    const now = t.one.clock.now();
    const moving = await t.two.store.findAttempt(askedWhen.id);
    const look = { source: 'sync', askedWhen, mayChooseAgain: true } as const;
    const stale: readonly Fact[] = [{ type: 'continued' }, REVIEW, { type: 'ended', reason: 'EXPIRED' }];
    for (const fact of stale) await applyFacts(t.one, askedWhen.id, [fact], look);
    await t.one.store.planSync({ attemptId: askedWhen.id, checkAt: null, syncTries: 3, notFoundCount: 2 }, now);
    expect(await t.two.store.findAttempt(askedWhen.id)).toEqual(moving);
    await applyFacts(t.one, askedWhen.id, [{ type: 'continued' }, paid()], look);
    expect((await reload(t.two, payment.paymentNo)).payment.status).toBe('paid');
  });

  test('counts when the question was about this very call', async () => {
    await using t = await start(open);
    const { first } = await openTwice(t);
    await begin(t, first.id);
    const askedWhen = present(await t.two.store.findAttempt(first.id));
    await applyFacts(t.one, first.id, [{ type: 'continued' }], { source: 'sync', askedWhen });
    expect(await t.two.store.findAttempt(first.id)).toMatchObject({ status: 'open', movingSince: null });
  });
}
