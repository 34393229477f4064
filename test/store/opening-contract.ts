import { expect, test } from 'bun:test';
import { MAX_ATTEMPTS } from '../../src/core/attempt.ts';
import { CALL_LIMIT } from '../../src/core/lifecycle/schedule.ts';
import type { NewAttempt } from '../../src/store/commands/open-payment.ts';
import { present, rejection } from '../support/parts.ts';
import { applyFacts, newAttempt, newPayment, openPayment, paid, reload } from '../support/payments.ts';
import { chapters, inTurn, type OpenTwo, type TwoStores } from './open.ts';
import { share, start } from './payments-support.ts';

/** Opening payments and attempts, by two processes on one database. */

/** A number that is good for one call. */
const ONCE = { usesNumber: true };
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);
const sequenceOf = (paymentNo: string) => Number(paymentNo.slice(11, 15));

export const describeOpening = chapters<OpenTwo>({
  'opening a payment': inTurn(describeOrders, describeNumbers),
  'opening a further attempt': describeAttempts,
  'choosing a method': describeChoice,
  'what the payer tells of himself': describeDetails,
  'beginning a call': describeCalls,
});

function describeOrders(open: OpenTwo): void {
  test('of one order twenty times at once gives all of them one payment', async () => {
    await using t = await start(open);
    const opened = await Promise.all(Array.from({ length: 20 }, () => openPayment(t.one, t.project)));
    expect(opened.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(opened.map(({ payment, attempt }) => `${payment.paymentNo} ${attempt.id}`)).size).toBe(1);
    expect([await t.one.rows.count('payments'), await t.one.rows.count('attempts')]).toEqual([1, 1]);
    expect((await t.one.rows.events()).map(({ type }) => type)).toEqual(['payment.created', 'attempt.opened']);
  });

  test('of one order from two processes at once gives both one payment', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of ['A', 'B', 'C']) {
      const opened = await share(t, 20, (store) => openPayment(store, t.project, { merchantOrderNo }));
      expect(opened.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(opened.map(({ payment }) => payment.id)).size).toBe(1);
    }
    expect([await t.one.rows.count('payments'), await t.one.rows.count('attempts')]).toEqual([3, 3]);
    const scope = { projectId: t.project.projectId, keyKind: 'test' } as const;
    expect(await t.two.store.countByStatus(scope)).toEqual({ pending: 3 });
  });

  test('gives back what a later read finds, and what the order already has', async () => {
    await using t = await start(open);
    const first = await openPayment(t.one, t.project);
    const found = await t.two.store.findPayment(first.payment.paymentNo);
    expect(found).toEqual({ payment: first.payment, attempt: first.attempt });
    expect(await openPayment(t.two, t.project, { amount: 5 })).toEqual({ ...first, created: false });
  });

  test('of an order that is free again is done once, whoever comes', async () => {
    await using t = await start(open);
    const first = await openPayment(t.one, t.project);
    await applyFacts(t.one, first.attempt.id, [{ type: 'ended', reason: 'GATEWAY_REFUSED' }]);
    const opened = await share(t, 10, (store) => openPayment(store, t.project));
    expect(opened.filter(({ created }) => created)).toHaveLength(1);
    expect(opened.map(({ payment }) => payment.id)).not.toContain(first.payment.id);
    await applyFacts(t.one, present(opened[0]).attempt.id, [paid()]);
    const later = await openPayment(t.two, t.project);
    expect([later.created, later.payment.status]).toEqual([false, 'paid']);
  });

  test('at the moment in which late money takes the order gives the paid payment, or one that is a duplicate when paid', async () => {
    await using t = await start(open);
    for (const merchantOrderNo of ['A', 'B', 'C', 'D', 'E', 'F']) {
      const old = await openPayment(t.one, t.project, { merchantOrderNo });
      await applyFacts(t.one, old.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
      const [, opened] = await Promise.all([
        applyFacts(t.one, old.attempt.id, [paid()]),
        openPayment(t.two, t.project, { merchantOrderNo }),
      ]);
      const { payment } = await applyFacts(t.two, opened.attempt.id, [paid({ tradeNo: 'T2' })]);
      if (opened.created) expect(payment.flags).toContain('duplicate');
      else expect(opened.payment).toMatchObject({ id: old.payment.id, status: 'paid' });
    }
  });
}

function describeNumbers(open: OpenTwo): void {
  test('numbers the payments of a day without a double, and one process’s without a gap, however many open some', async () => {
    await using t = await start(open);
    const opened = await share(t, 30, (store, index) =>
      openPayment(store, t.project, { merchantOrderNo: `ORDER-${index}` }),
    );
    const numbers = opened.map(({ payment }) => sequenceOf(payment.paymentNo));
    // Processes that share a database take numbers by the block.
    if (t.one.store.isShared) expect(new Set(numbers).size).toBe(30);
    else expect(numbers.sort((a, b) => a - b)).toEqual(range(1, 30));
    expect(new Set(opened.map(({ payment }) => payment.paymentNo)).size).toBe(30);
  });

  test('that fails leaves nothing behind, and in one process takes no number', async () => {
    await using t = await start(open);
    const { attempt } = await openPayment(t.one, t.project);
    const taken = { gatewayOrderNo: attempt.gatewayOrderNo };
    const outcomes = await share(t, 12, (store, index) =>
      openPayment(store, t.project, { merchantOrderNo: `O${index}` }, index % 3 === 0 ? taken : {}).then(
        ({ payment }) => sequenceOf(payment.paymentNo),
        () => 0,
      ),
    );
    const made = outcomes.filter((number) => number > 0);
    expect([made.length, new Set(made).size]).toEqual([8, 8]);
    if (!t.one.store.isShared) expect(made.sort((a, b) => a - b)).toEqual(range(2, 9));
    expect([await t.one.rows.count('payments'), await t.one.rows.count('attempts')]).toEqual([9, 9]);
  });

  test('of nothing, or for a project that is not there, is refused by the schema itself', async () => {
    await using t = await start(open);
    for (const change of [{ amount: 0 }, { projectId: 99 }]) {
      const refused = await rejection(openPayment(t.one, t.project, change));
      expect(refused).toBeInstanceOf(Error);
      expect(refused).not.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    }
    expect(await t.one.rows.count('payments')).toBe(0);
  });
}

function describeAttempts(open: OpenTwo): void {
  const further = (t: TwoStores['one'], id: number, project: Parameters<typeof newAttempt>[1], change = {}) =>
    t.store.openAttempt(id, newAttempt(t, project, change), t.clock.now());

  test('makes it the current one', async () => {
    await using t = await start(open);
    const { payment } = await openPayment(t.one, t.project);
    const second = present(await further(t.two, payment.id, t.project, { method: 'cvs' }));
    const found = present(await t.one.store.findPayment(payment.paymentNo));
    expect(found.attempt).toEqual(second);
    expect(found.payment).toMatchObject({ attemptId: second.id, method: 'cvs', revision: payment.revision + 1 });
  });

  test('is done fifty times and no more, however many ask at once', async () => {
    await using t = await start(open);
    const { payment } = await openPayment(t.one, t.project);
    const opened = await share(t, MAX_ATTEMPTS + 10, (store) => further(store, payment.id, t.project));
    expect(opened.filter((attempt) => attempt !== null)).toHaveLength(MAX_ATTEMPTS - 1);
    expect(await t.one.rows.count('attempts')).toBe(MAX_ATTEMPTS);
    expect(present(await t.one.store.findPaymentById(payment.id)).revision).toBe(MAX_ATTEMPTS);
  });

  test('is refused for what is over or looked into, and for an order that is paid elsewhere', async () => {
    await using t = await start(open);
    const [sold, gone, checked] = [
      await openPayment(t.one, t.project, { merchantOrderNo: 'A' }),
      await openPayment(t.one, t.project, { merchantOrderNo: 'B' }),
      await openPayment(t.one, t.project, { merchantOrderNo: 'C' }),
    ];
    await applyFacts(t.one, sold.attempt.id, [paid()]);
    await applyFacts(t.one, gone.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    await applyFacts(t.one, checked.attempt.id, [{ type: 'under_review' }]);
    for (const { payment } of [sold, gone, checked]) {
      expect(await further(t.two, payment.id, t.project)).toBeNull();
    }
    const anew = await openPayment(t.two, t.project, { merchantOrderNo: 'B' });
    await applyFacts(t.one, gone.attempt.id, [paid()]);
    expect([anew.created, await further(t.two, anew.payment.id, t.project)]).toEqual([true, null]);
    expect(await further(t.two, 999_999, t.project)).toBeNull();
  });

  test('under a number that many would like gives it to one of them, and all are opened', async () => {
    await using t = await start(open);
    const wish = { preferredOrderNo: 'MINE' } satisfies Partial<NewAttempt>;
    const opened = await share(t, 8, (store, index) =>
      openPayment(store, t.project, { merchantOrderNo: `O${index}` }, wish),
    );
    const numbers = opened.map(({ attempt }) => attempt.gatewayOrderNo);
    expect([new Set(numbers).size, numbers.filter((number) => number === 'MINE').length]).toEqual([8, 1]);
    const wishAgain = { preferredOrderNo: 'MINE TOO' };
    const again = await share(t, 8, (store, index) =>
      further(store, present(opened[index]).payment.id, t.project, wishAgain),
    );
    const others = again.map((attempt) => present(attempt).gatewayOrderNo);
    expect([new Set(others).size, others.filter((number) => number === 'MINE TOO').length]).toEqual([8, 1]);
  });

  test('under a number that is taken draws another, and gives up when one after the other is', async () => {
    await using t = await start(open);
    const first = await openPayment(t.one, t.project);
    const taken = first.attempt.gatewayOrderNo;
    const drawn = [taken, 'FREE'];
    const numbers = { gatewayOrderNo: taken, drawOrderNo: () => drawn.shift() ?? taken };
    const second = await openPayment(t.two, t.project, { merchantOrderNo: 'B' }, numbers);
    expect([second.attempt.gatewayOrderNo, drawn]).toEqual(['FREE', []]);
    const failure = await rejection(openPayment(t.two, t.project, { merchantOrderNo: 'C' }, numbers));
    expect(String(failure)).toContain('every number drawn');
    expect(await t.one.rows.count('payments')).toBe(2);
  });
}

function describeChoice(open: OpenTwo): void {
  const way = (credentialId: number) =>
    ({ gateway: 'ecpay', method: 'cvs', mode: 'background', credentialId, attemptId: null }) as const;

  test('changes a checkout that is pending, and nothing else', async () => {
    await using t = await start(open);
    const selection = way(t.project.credentialId);
    const checkout = { isCheckout: true, gateway: 'checkout', method: 'checkout', mode: 'checkout' } as const;
    const { payment } = await t.one.store.openPayment(newPayment(t.one, t.project, checkout), null);
    expect(await t.two.store.selectMethod(payment.id, selection, t.one.clock.now())).toBe(true);
    const chosen = present(await t.one.store.findPaymentById(payment.id));
    expect(chosen).toMatchObject({ ...selection, status: 'pending', revision: payment.revision + 1 });
    const plain = await openPayment(t.one, t.project, { merchantOrderNo: 'PLAIN' });
    expect(await t.two.store.selectMethod(plain.payment.id, selection, t.one.clock.now())).toBe(false);
    const telling = { now: t.one.clock.now(), makeWebhookId: () => 'msg' };
    await t.one.store.cancelPayment({ paymentId: payment.id, by: { type: 'payer' }, ...telling });
    expect(await t.two.store.selectMethod(payment.id, selection, t.one.clock.now())).toBe(false);
  });
}

function describeDetails(open: OpenTwo): void {
  test('are added while the payment is pending, and what the order says already stays', async () => {
    await using t = await start(open);
    const { payment } = await openPayment(t.one, t.project, { order: { itemName: '茶' } });
    const tell = (details: object) => t.two.store.completeOrder(payment.id, details, t.one.clock.now());
    await tell({ buyerEmail: 'one@example.com' });
    await tell({ buyerEmail: 'two@example.com', itemName: 'x' });
    const order = { itemName: '茶', buyerEmail: 'one@example.com' };
    expect(await t.one.store.findPaymentById(payment.id)).toMatchObject({ order, revision: payment.revision + 2 });
    const telling = { now: t.one.clock.now(), makeWebhookId: () => 'msg' };
    await t.one.store.cancelPayment({ paymentId: payment.id, by: { type: 'payer' }, ...telling });
    await tell({ buyerName: 'late' });
    expect((await t.one.store.findPaymentById(payment.id))?.order).toEqual(order);
  });
}

function describeCalls(open: OpenTwo): void {
  test('is for one alone of those who come at once: a number is used once', async () => {
    await using t = await start(open);
    const { attempt } = await openPayment(t.one, t.project);
    const now = t.one.clock.now();
    const begun = await share(t, 10, ({ store }) => store.beginCharge(attempt.id, ONCE, now));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await t.one.store.findAttempt(attempt.id)).toMatchObject({
      ...{ status: 'unknown', used: true, movingSince: now, checkAt: now + CALL_LIMIT, syncTries: 0 },
    });
  });

  test('is refused when the payment was paid or cancelled at that very moment, or was begun before', async () => {
    await using t = await start(open);
    const now = t.one.clock.now();
    for (const merchantOrderNo of ['A', 'B', 'C', 'D', 'E', 'F']) {
      const { attempt, payment } = await openPayment(t.one, t.project, { merchantOrderNo });
      const telling = { by: { type: 'payer' } as const, now, makeWebhookId: () => `msg ${merchantOrderNo}` };
      const [begun] = await Promise.all([
        t.one.store.beginCharge(attempt.id, ONCE, now),
        t.two.store.cancelPayment({ paymentId: payment.id, ...telling }),
      ]);
      // What has begun cannot be called off, and what was called off does not begin.
      const became = begun ? { status: 'unknown', used: true } : { status: 'ended', used: false };
      expect(await t.one.store.findAttempt(attempt.id)).toMatchObject(became);
      expect((await reload(t.two, payment.paymentNo)).payment.status).toBe(begun ? 'pending' : 'failed');
      expect(await t.two.store.beginCharge(attempt.id, ONCE, now)).toBe(false);
    }
    expect(await t.two.store.beginCharge(999_999, ONCE, now)).toBe(false);
  });
}
