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
