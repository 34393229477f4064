import { describe, expect, test } from 'bun:test';
import type { Link } from '../../../src/core/link.ts';
import type { Payment } from '../../../src/core/payment.ts';
import { HOUR } from '../../../src/core/time.ts';
import type { NewLink } from '../../../src/store/commands/links/keep.ts';
import type { LinkUseResult } from '../../../src/store/commands/links/use.ts';
import { present } from '../../support/parts.ts';
import {
  addProject,
  applyFacts,
  newAttempt,
  newPayment,
  openPayment,
  paid,
  type TestProject,
} from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

function newLink(t: TestStore, { projectId }: TestProject, change: Partial<NewLink> = {}): NewLink {
  return {
    projectId,
    keyKind: 'test',
    title: 'Tea',
    currency: 'TWD',
    amount: null,
    minAmount: null,
    maxAmount: null,
    isSingleUse: false,
    order: { metadata: { a: 'b' } },
    expiresAt: null,
    createdAt: t.clock.now(),
    ...change,
  };
}

interface Use {
  readonly amount?: number;
  readonly formKey?: string;
  readonly buyerEmail?: string;
}

let ids = 0;

/** Somebody sends the page of a link off. */
function use(t: TestStore, project: TestProject, link: Link, { amount = 100_00, formKey, buyerEmail }: Use = {}) {
  const payment = newPayment(t, project, {
    merchantOrderNo: link.linkNo,
    gateway: 'checkout',
    method: 'checkout',
    mode: 'checkout',
    isCheckout: true,
    closeAt: t.clock.now() + 24 * HOUR,
    amount,
    order: { payokUrl: 'https://shop.example/payok', ...(buyerEmail === undefined ? {} : { buyerEmail }) },
  });
  const origin = { by: { type: 'payer' }, link_no: link.linkNo } as const;
  return t.store.openLinkPayment({
    linkId: link.id,
    payment: { ...payment, origin },
    formKey: formKey ?? null,
    makeWebhookId: () => `msg_${ids++}`,
  });
}

const paymentOf = (result: LinkUseResult): Payment => {
  if (!('payment' in result)) throw new Error(`the link is ${result.state}`);
  return result.payment;
};

/** The payer chooses to transfer money. */
async function begin(t: TestStore, project: TestProject, { id }: Payment) {
  return present(await t.store.openAttempt(id, newAttempt(t, project), t.clock.now()));
}

const refresh = async (t: TestStore, { linkNo }: Link): Promise<Link> => present(await t.store.findLink(linkNo));
const statusOf = async (t: TestStore, { id }: Payment) => (await t.store.findPaymentById(id))?.status;

describe('a link', () => {
  test('is stored as it was made, and found by its number alone', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const made = await t.store.addLink(newLink(t, project, { amount: 980_00, expiresAt: t.clock.now() + HOUR }));
    expect(made).toMatchObject({ amount: 980_00, isSingleUse: false, order: { metadata: { a: 'b' } }, closedAt: null });
    expect(await t.store.findLink(made.linkNo)).toEqual(made);
    expect(await t.store.findLink(made.linkNo.toLowerCase())).toBeNull();
  });

  test('is listed with those of its project and kind of key, newest first, page by page', async () => {
    await using t = await openTestStore();
    const [one, two] = [await addProject(t, 'one'), await addProject(t, 'two')];
    const titles = ['A', 'B', 'C', 'D', 'E'];
    for (const title of titles) await t.store.addLink(newLink(t, one, { title }));
    await t.store.addLink(newLink(t, one, { title: 'live', keyKind: 'live' }));
    await t.store.addLink(newLink(t, two, { title: 'other' }));
    const page = (before: number | null) =>
      t.store.listLinks({ projectId: one.projectId, keyKind: 'test', before, limit: 2 });
    const first = await page(null);
    const second = await page(first.at(-1)?.id ?? null);
    const third = await page(second.at(-1)?.id ?? null);
    expect([first, second, third].map((links) => links.map(({ title }) => title))).toEqual([
      ['E', 'D'],
      ['C', 'B'],
      ['A'],
    ]);
  });

  test('keeps the moment of its first closing', async () => {
    await using t = await openTestStore();
    const link = await t.store.addLink(newLink(t, await addProject(t)));
    const closedAt = t.clock.now();
    await t.store.closeLink(link.id, closedAt);
    t.clock.advance(HOUR);
    expect((await t.store.closeLink(link.id, t.clock.now())).closedAt).toBe(closedAt);
  });
});

describe('a link for many', () => {
  test('gives everybody a payment of his own, each under the next order number', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const link = await t.store.addLink(newLink(t, project));
    const results = await Promise.all([1, 2, 3].map((n) => use(t, project, link, { amount: n * 100_00 })));
    const payments = results.map(paymentOf);
    expect(payments.map(({ merchantOrderNo }) => merchantOrderNo)).toEqual(
      ['0001', '0002', '0003'].map((number) => `${link.linkNo}-${number}`),
    );
    expect(payments.map(({ amount }) => amount)).toEqual([100_00, 200_00, 300_00]);
    expect(new Set(payments.map(({ paymentNo }) => paymentNo)).size).toBe(3);
  });

  test('counts what was paid, and each payment once', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const link = await t.store.addLink(newLink(t, project));
    for (const amount of [100_00, 250_00]) {
      const attempt = await begin(t, project, paymentOf(await use(t, project, link, { amount })));
      await applyFacts(t, attempt.id, [paid({ amount, tradeNo: `A${amount}` })]);
      await applyFacts(t, attempt.id, [paid({ amount, tradeNo: `B${amount}` })]);
    }
    await use(t, project, link);
    expect(await refresh(t, link)).toMatchObject({ paidCount: 2, paidAmount: 350_00 });
    const elsewhere = await openPayment(t, project);
    await applyFacts(t, elsewhere.attempt.id, [paid()]);
    expect(await refresh(t, link)).toMatchObject({ paidCount: 2 });
  });

  test('takes a page that is sent off twice for one payment, until that is paid or says something else', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const link = await t.store.addLink(newLink(t, project));
    const send = async (more: Use = {}) => paymentOf(await use(t, project, link, { formKey: 'form_a', ...more }));
    const first = await send();
    expect((await send()).id).toBe(first.id);
    expect((await send({ formKey: 'form_b' })).id).not.toBe(first.id);
    const changed = await send({ amount: 500_00 });
    expect([changed.id === first.id, changed.amount]).toEqual([false, 500_00]);
    const attempt = await begin(t, project, changed);
    await applyFacts(t, attempt.id, [paid({ amount: 500_00 })]);
    expect((await send({ amount: 500_00 })).id).not.toBe(changed.id);
    expect(await statusOf(t, first)).toBe('pending');
  });

  test('does not take a page of another link for its own', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const [one, two] = [await t.store.addLink(newLink(t, project)), await t.store.addLink(newLink(t, project))];
    const first = paymentOf(await use(t, project, one, { formKey: 'form_a' }));
    expect(paymentOf(await use(t, project, two, { formKey: 'form_a' })).id).not.toBe(first.id);
  });

  test('leaves alone what the shop itself has made under such a number', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const link = await t.store.addLink(newLink(t, project));
    const own = await openPayment(t, project, { merchantOrderNo: `${link.linkNo}-0001` });
    const payment = paymentOf(await use(t, project, link));
    expect([payment.id === own.payment.id, payment.merchantOrderNo]).toEqual([false, `${link.linkNo}-0002`]);
  });

  test('that is closed or over begins nothing more', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const link = await t.store.addLink(newLink(t, project, { expiresAt: t.clock.now() + HOUR }));
    t.clock.advance(HOUR);
    expect(await use(t, project, link)).toEqual({ state: 'expired' });
    await t.store.closeLink(link.id, t.clock.now());
    expect(await use(t, project, link)).toEqual({ state: 'closed' });
    expect(await t.rows.count('payments')).toBe(0);
  });

  test('tells the timeline whose doing a payment was and where it came from', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const link = await t.store.addLink(newLink(t, project));
    const [created] = await t.store.listEvents(paymentOf(await use(t, project, link)).id);
    expect(created?.data).toEqual({ mode: 'checkout', by: { type: 'payer' }, link_no: link.linkNo });
  });
});

describe('a link for one', () => {
  async function setUp(t: TestStore, change: Partial<NewLink> = {}) {
    const project = await addProject(t);
    const link = await t.store.addLink(newLink(t, project, { isSingleUse: true, ...change }));
    const send = (more: Use = {}) => use(t, project, link, more);
    return { project, link, send };
  }

  test('gives all who come, and all at once, the same payment', async () => {
    await using t = await openTestStore();
    const { send } = await setUp(t);
    const results = await Promise.all(Array.from({ length: 10 }, (_, n) => send({ formKey: `form_${n}` })));
    expect(new Set(results.map((result) => paymentOf(result).paymentNo)).size).toBe(1);
  });

  test('is used when its payment is paid', async () => {
    await using t = await openTestStore();
    const { project, link, send } = await setUp(t);
    const attempt = await begin(t, project, paymentOf(await send()));
    await applyFacts(t, attempt.id, [paid({ amount: 100_00 })]);
    expect(await send()).toEqual({ state: 'used' });
    expect(await refresh(t, link)).toMatchObject({ paidCount: 1, paidAmount: 100_00 });
  });

  test('takes another amount as long as nobody has a number to pay with, under the same order number', async () => {
    await using t = await openTestStore();
    const { send } = await setUp(t);
    const first = paymentOf(await send({ amount: 100_00 }));
    const result = await send({ amount: 200_00 });
    const second = paymentOf(result);
    expect(second).toMatchObject({ amount: 200_00, merchantOrderNo: first.merchantOrderNo, status: 'pending' });
    expect(await t.store.findPaymentById(first.id)).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    expect(result).toMatchObject({ isToldOf: true });
    const events = await t.store.listEvents(first.id);
    expect(events.at(-1)).toMatchObject({ type: 'payment.failed', data: { by: { type: 'payer' } } });
    expect((await t.rows.outbox()).map(({ event }) => event)).toEqual(['payment.failed']);
  });

  test('learns who the payer is without forgetting it again', async () => {
    await using t = await openTestStore();
    const { send } = await setUp(t);
    const first = paymentOf(await send());
    const second = paymentOf(await send({ buyerEmail: 'a@b.example' }));
    expect(second.id).not.toBe(first.id);
    expect(paymentOf(await send()).id).toBe(second.id);
  });

  test('goes on with what was begun, whatever else is entered', async () => {
    await using t = await openTestStore();
    const { project, link, send } = await setUp(t);
    const first = paymentOf(await send({ amount: 100_00 }));
    expect(await t.store.findPendingUse(link.id)).toMatchObject({ payment: { id: first.id }, isBegun: false });
    const attempt = await begin(t, project, first);
    expect(await t.store.findPendingUse(link.id)).toMatchObject({ payment: { id: first.id }, isBegun: true });
    expect(paymentOf(await send({ amount: 200_00 }))).toMatchObject({ id: first.id, amount: 100_00 });
    // What the gateway refused holds nobody to the amount.
    await applyFacts(t, attempt.id, [{ type: 'ended', reason: 'GATEWAY_REFUSED' }], { mayChooseAgain: true });
    expect(paymentOf(await send({ amount: 200_00 })).amount).toBe(200_00);
  });

  test('lets who has begun finish after it is closed or over, and nobody else', async () => {
    for (const reason of ['closed', 'expired'] as const) {
      await using t = await openTestStore();
      const { project, link, send } = await setUp(t, { expiresAt: t.clock.now() + 2 * HOUR });
      const payment = paymentOf(await send());
      const end = () => (reason === 'closed' ? t.store.closeLink(link.id, t.clock.now()) : t.clock.advance(2 * HOUR));
      await end();
      expect(await send()).toEqual({ state: reason });
      await begin(t, project, payment);
      expect(paymentOf(await send()).id).toBe(payment.id);
    }
  });

  test('is open again when its payment is over, and money for both is a duplicate', async () => {
    await using t = await openTestStore();
    const { project, link, send } = await setUp(t);
    const first = paymentOf(await send());
    const one = await begin(t, project, first);
    t.clock.advance(48 * HOUR);
    await applyFacts(t, one.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    expect(await statusOf(t, first)).toBe('expired');
    const second = paymentOf(await send());
    expect([second.id === first.id, second.merchantOrderNo]).toEqual([false, first.merchantOrderNo]);
    const two = await begin(t, project, second);
    await applyFacts(t, one.id, [paid({ amount: 100_00, tradeNo: 'A' })]);
    expect(await t.store.findPaymentById(first.id)).toMatchObject({ status: 'paid', flags: ['late'] });
    expect(await send()).toEqual({ state: 'used' });
    await applyFacts(t, two.id, [paid({ amount: 100_00, tradeNo: 'B' })]);
    expect(await t.store.findPaymentById(second.id)).toMatchObject({
      status: 'paid',
      flags: ['duplicate', 'attention'],
    });
    expect((await refresh(t, link)).paidCount).toBe(2);
  });

  test('cannot be paid through a payment that gave way, not even when its page is still open somewhere', async () => {
    await using t = await openTestStore();
    const { project, send } = await setUp(t);
    const first = paymentOf(await send({ amount: 100_00 }));
    await send({ amount: 200_00 });
    expect(await t.store.openAttempt(first.id, newAttempt(t, project), t.clock.now())).toBeNull();
  });
});
