import { expect, test } from 'bun:test';
import type { Payment } from '../../src/core/payment.ts';
import { DAY, HOUR } from '../../src/core/time.ts';
import { present } from '../support/parts.ts';
import { applyFacts, newAttempt, newPayment, openPayment, paid } from '../support/payments.ts';
import type { TestStore } from '../support/store.ts';
import type { OpenTwo } from './open.ts';
import { makeWebhookId, readFigures, share, start, type TwoProcesses } from './payments-support.ts';

/** Payments of links, begun and paid through two processes on one database. */

/** A link, and one who comes to pay by it. */
async function startLink(t: TwoProcesses, isSingleUse = false) {
  const { one, project } = t;
  const link = await one.store.addLink({
    ...{ projectId: project.projectId, keyKind: 'test', title: 'Tea', currency: 'TWD', amount: null },
    ...{ minAmount: null, maxAmount: null, isSingleUse, order: {}, expiresAt: null, createdAt: one.clock.now() },
  });
  const use = (store: TestStore, amount = 98_000) => {
    const checkout = { gateway: 'checkout', method: 'checkout', mode: 'checkout', isCheckout: true } as const;
    const closeAt = one.clock.now() + HOUR;
    const payment = newPayment(store, project, { ...checkout, closeAt, amount, merchantOrderNo: link.linkNo });
    const origin = { by: { type: 'payer' }, link_no: link.linkNo } as const;
    return store.store.openLinkPayment({
      linkId: link.id,
      payment: { ...payment, origin },
      formKey: null,
      makeWebhookId,
    });
  };
  const come = async (store: TestStore, amount?: number): Promise<Payment> => {
    const used = await use(store, amount);
    if (!('payment' in used)) throw new Error(`the link is ${used.state}`);
    return used.payment;
  };
  /** The payer has something to pay with. */
  const begin = async ({ id }: Payment, store = one) =>
    present(await store.store.openAttempt(id, newAttempt(store, project), store.clock.now()));
  const find = async ({ id }: Payment) => present(await one.store.findPaymentById(id));
  return { link, use, come, begin, find };
}

export function describeLinkPayments(open: OpenTwo): void {
  test('that came to nothing are dropped with all that hangs on them, and nothing else is', async () => {
    await using t = await start(open);
    const { come, begin } = await startLink(t);
    const { store } = t.one;
    const end = (id: number) =>
      applyFacts(t.one, id, [{ type: 'ended', reason: 'EXPIRED' }], { mayChooseAgain: false });
    const closeAll = () => store.closePayments(t.one.clock.now(), 100, makeWebhookId);
    const [unbegun, tried, paidOne, odd] = [await come(t.one), await come(t.one), await come(t.one), await come(t.one)];
    const elsewhere = await openPayment(t.one, t.project);
    await end(elsewhere.attempt.id);
    const [triedAttempt, paidAttempt, oddAttempt] = [await begin(tried), await begin(paidOne), await begin(odd)];
    // He went on to another method and opened nothing there: what he has opened before may be paid all the same.
    const way = { gateway: 'ecpay', method: 'all', mode: 'aio', credentialId: t.project.credentialId };
    await store.selectMethod(tried.id, { ...way, attemptId: null }, t.one.clock.now());
    t.one.clock.advance(2 * HOUR);
    await closeAll();
    for (const { id } of [triedAttempt, oddAttempt]) await end(id);
    await applyFacts(t.one, paidAttempt.id, [paid()]);
    await store.flagForReview(odd.id, 'odd', { now: t.one.clock.now(), makeWebhookId });
    // Shops have been told of them, whether they listened or not.
    for (const one of await t.one.rows.outbox()) await t.one.tamper.deliver(one.id);
    t.one.clock.advance(8 * DAY);
    const fresh = await come(t.one);

    const prune = (unbegunDays: number, endedDays: number) => {
      const now = t.one.clock.now();
      const ages = { unbegunBefore: now - unbegunDays * DAY, endedBefore: now - endedDays * DAY };
      return t.two.store.pruneUses({ ...ages, unbegunKept: 10, limit: 10 });
    };
    const left = async () => (await t.one.rows.payments()).map(({ id }) => id).sort((a, b) => a - b);
    const others = [paidOne.id, odd.id, elsewhere.payment.id, fresh.id];
    expect(await prune(9, 180)).toBe(0);
    expect(await prune(7, 180)).toBe(1);
    expect(await left()).toEqual([tried.id, ...others]);
    expect(await prune(7, 9)).toBe(0);
    expect(await prune(7, 7)).toBe(1);
    expect(await left()).toEqual(others);
    for (const paymentId of [unbegun.id, tried.id]) {
      expect(await t.one.rows.events({ paymentId })).toEqual([]);
      expect(await t.one.rows.outbox({ paymentId })).toEqual([]);
      expect(await t.one.rows.attempts({ paymentId })).toEqual([]);
    }
    const { kept, counted } = await readFigures(t.two, t.project);
    expect(kept).toEqual(counted);
  });

  test('of which nothing was opened are kept so many of each link, the newest', async () => {
    await using t = await start(open);
    const [one, two] = [await startLink(t), await startLink(t)];
    const made: number[] = [];
    for (let n = 0; n < 5; n += 1) made.push((await one.come(t.one)).id);
    const other = await two.come(t.one);
    const begun = await one.come(t.one);
    await one.begin(begun);
    const prune = (limit: number) => t.two.store.pruneUses({ unbegunBefore: 0, endedBefore: 0, unbegunKept: 2, limit });
    expect([await prune(2), await prune(2), await prune(2)]).toEqual([2, 1, 0]);
    const left = (await t.one.rows.payments()).map(({ id }) => id).sort((a, b) => a - b);
    expect(left).toEqual([...made.slice(-2), other.id, begun.id]);
  });

  test('of which a shop has still to be told stay until it was', async () => {
    await using t = await start(open);
    const { come } = await startLink(t);
    const { id } = await come(t.one);
    t.one.clock.advance(2 * HOUR);
    await t.one.store.closePayments(t.one.clock.now(), 100, makeWebhookId);
    const ages = { unbegunBefore: t.one.clock.now(), endedBefore: 0 };
    const prune = () => t.two.store.pruneUses({ ...ages, unbegunKept: 10, limit: 10 });
    const [told] = await t.one.rows.outbox({ paymentId: id });
    expect(await prune()).toBe(0);
    await t.one.tamper.deliver(present(told).id);
    expect(await prune()).toBe(1);
  });

  test('that is paid counts for the link in the same go', async () => {
    await using t = await start(open);
    const { link, come, begin } = await startLink(t);
    const attempt = await begin(await come(t.one));
    await applyFacts(t.two, attempt.id, [paid()]);
    await applyFacts(t.one, attempt.id, [paid()]);
    await applyFacts(t.one, attempt.id, [paid({ tradeNo: 'T2' })]);
    // What comes of no link, or is not paid yet, does not count for it.
    await come(t.two);
    const elsewhere = await openPayment(t.two, t.project);
    await applyFacts(t.two, elsewhere.attempt.id, [paid({ tradeNo: 'T3' })]);
    expect(await t.one.store.findLink(link.linkNo)).toMatchObject({ paidCount: 1, paidAmount: 98_000 });
  });

  test('of many that are begun and paid at the same moment are all in its sums, each under a number of its own', async () => {
    await using t = await start(open);
    const { link, come, begin } = await startLink(t);
    const begun = await share(t, 10, async (store) => {
      return begin(await come(store), store);
    });
    await share(t, 20, async (store, index) => {
      const attempt = begun[index];
      if (attempt) await applyFacts(store, attempt.id, [paid({ tradeNo: `T${index}` })]);
      else await come(store);
    });
    expect(await t.one.store.findLink(link.linkNo)).toMatchObject({ paidCount: 10, paidAmount: 980_000 });
    const numbers = (await t.one.rows.payments({ linkId: link.id })).map(({ merchantOrderNo }) => merchantOrderNo);
    expect([numbers.length, new Set(numbers).size]).toEqual([20, 20]);
    const { kept, counted } = await readFigures(t.two, t.project);
    expect(kept).toEqual(counted);
  });

  test('tells the timeline whose doing it was and where it came from', async () => {
    await using t = await start(open);
    const { link, come } = await startLink(t);
    const [created] = await t.two.store.listEvents((await come(t.one)).id);
    expect(created?.data).toEqual({ mode: 'checkout', by: { type: 'payer' }, link_no: link.linkNo });
  });

  test('that gives way to another amount says who did it, and cannot be paid any more', async () => {
    await using t = await start(open);
    const { come } = await startLink(t, true);
    const first = await come(t.one);
    await come(t.two, 200_00);
    const events = await t.one.store.listEvents(first.id);
    expect(events.at(-1)).toMatchObject({ type: 'payment.failed', data: { by: { type: 'payer' } } });
    // Not even when its page is still open somewhere.
    expect(await t.one.store.openAttempt(first.id, newAttempt(t.one, t.project), t.one.clock.now())).toBeNull();
  });

  test('whose money may be moving does not give way: whoever comes is led to it, whatever he would pay', async () => {
    for (const isReviewed of [false, true]) {
      await using t = await start(open);
      const { come, begin, find } = await startLink(t, true);
      const first = await come(t.one);
      const { id } = await begin(first);
      if (isReviewed) await applyFacts(t.one, id, [{ type: 'under_review' }]);
      else await t.one.store.beginCharge(id, { usesNumber: true }, t.one.clock.now());
      expect((await come(t.two, 200_00)).id).toBe(first.id);
      expect(await find(first)).toMatchObject({ status: 'pending', amount: 98_000 });
    }
  });

  test('that is over makes room for another, and money for both is a duplicate', async () => {
    await using t = await start(open);
    const { link, use, come, begin, find } = await startLink(t, true);
    const first = await come(t.one);
    const one = await begin(first);
    t.one.clock.advance(2 * DAY);
    await applyFacts(t.one, one.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    expect((await find(first)).status).toBe('expired');
    const second = await come(t.two);
    expect([second.id === first.id, second.merchantOrderNo]).toEqual([false, first.merchantOrderNo]);
    const two = await begin(second);
    await applyFacts(t.two, one.id, [paid({ tradeNo: 'A' })]);
    expect(await find(first)).toMatchObject({ status: 'paid', flags: ['late'] });
    expect(await use(t.one)).toEqual({ state: 'used' });
    await applyFacts(t.one, two.id, [paid({ tradeNo: 'B' })]);
    expect(await find(second)).toMatchObject({ status: 'paid', flags: ['duplicate', 'attention'] });
    expect((await t.two.store.findLink(link.linkNo))?.paidCount).toBe(2);
  });
}
