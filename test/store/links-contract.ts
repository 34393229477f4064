import { expect, test } from 'bun:test';
import type { Link } from '../../src/core/link.ts';
import type { Payment } from '../../src/core/payment.ts';
import { HOUR } from '../../src/core/time.ts';
import { addLink, closeLink, countLinkPayment, type NewLink } from '../../src/store/commands/links/keep.ts';
import { type LinkUse, type LinkUseResult, openLinkPayment } from '../../src/store/commands/links/use.ts';
import { findLink, findPendingUse, listLinks } from '../../src/store/queries/links.ts';
import { findRow, findRows, lockRow, patchRow } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import { present } from '../support/parts.ts';
import { chapters, inTurn, type OpenEngine } from './open.ts';
import { makeWorld, SHOP_URL, type World } from './world.ts';

interface Use {
  readonly amount?: number;
  readonly formKey?: string;
  readonly buyerEmail?: string;
}

/** Somebody sends the page of the link off. */
function sendOff(w: World, link: Link, { amount = 100_00, formKey, buyerEmail }: Use): LinkUse {
  const now = w.clock.now();
  const payment = {
    projectId: w.project.id,
    livemode: false,
    keyKind: 'test',
    merchantOrderNo: link.linkNo,
    gateway: 'checkout',
    method: 'checkout',
    mode: 'checkout',
    environment: 'sandbox',
    amount,
    currency: 'TWD',
    unit: 'minor',
    order: { payokUrl: SHOP_URL, ...(buyerEmail === undefined ? {} : { buyerEmail }) },
    credentialId: w.credential.id,
    isCheckout: true,
    closeAt: now + 24 * HOUR,
    now,
    origin: { by: { type: 'payer' }, link_no: link.linkNo },
  } as const;
  return { linkId: link.id, payment, formKey: formKey ?? null, makeWebhookId: w.telling().makeWebhookId };
}

/** A link of a shop, and those who come to pay by it. */
async function start(engine: World['engine'], change: Partial<NewLink> = {}) {
  const w = await makeWorld(engine);
  const { clock, random } = w;
  const { write, reader } = engine;
  const add = (more: Partial<NewLink> = {}) =>
    write((tx) =>
      addLink(
        tx,
        {
          projectId: w.project.id,
          keyKind: 'test',
          title: 'Tea',
          currency: 'TWD',
          amount: null,
          minAmount: null,
          maxAmount: null,
          isSingleUse: false,
          order: { metadata: { a: 'b' } },
          expiresAt: null,
          createdAt: clock.now(),
          ...more,
        },
        random,
      ),
    );
  const link = await add(change);
  const use = (more: Use = {}, of: Link = link) => write((tx) => openLinkPayment(tx, sendOff(w, of, more), random));
  return {
    ...w,
    add,
    link,
    use,
    send: async (more: Use = {}, of: Link = link) => paymentOf(await use(more, of)),
    /** The payer has something to pay with. */
    begin: (payment: Payment) => w.addAttempt(payment),
    pay: ({ id, amount }: Payment) =>
      write(async (tx) => {
        await lockRow(tx, 'payments', { id });
        await patchRow(tx, 'payments', id, { status: 'paid', paidAt: clock.now() });
        await countLinkPayment(tx, link.id, amount);
      }),
    close: () => write((tx) => closeLink(tx, link.id, clock.now())),
    read: async () => present(await findLink(reader, link.linkNo)),
    find: async ({ id }: Payment) => present(await findRow(reader, 'payments', { id })),
    pendingUse: () => findPendingUse(reader, link.id),
  };
}

const paymentOf = (result: LinkUseResult): Payment => {
  if (!('payment' in result)) throw new Error(`the link is ${result.state}`);
  return result.payment;
};

export const describeLinks = chapters<OpenEngine>({
  'a link': describeLink,
  'a link for many': describeForMany,
  'a link for one': inTurn(describeForOne, describeBegun),
});

function describeLink(open: OpenEngine): void {
  test('is stored as it was made, and found by its number alone', async () => {
    await using engine = await open();
    const t = await start(engine, { amount: 980_00, expiresAt: 9e12 });
    expect(t.link).toMatchObject({ amount: 980_00, isSingleUse: false, closedAt: null, paidCount: 0, paidAmount: 0 });
    expect(t.link).toMatchObject({ order: { metadata: { a: 'b' } }, expiresAt: 9e12 });
    expect(await t.read()).toEqual(t.link);
    expect(await findLink(engine.reader, t.link.linkNo.toLowerCase())).toBeNull();
  });

  test('is listed with those of its project and kind of key, newest first, page by page', async () => {
    await using engine = await open();
    const t = await start(engine, { title: 'A' });
    const other = await makeWorld(engine, [], 'other');
    for (const title of ['B', 'C', 'D', 'E']) await t.add({ title });
    await t.add({ title: 'live', keyKind: 'live' });
    await t.add({ title: 'other', projectId: other.project.id });
    const titles: string[][] = [];
    let before: number | null = null;
    for (let page = 0; page < 3; page += 1) {
      const links: readonly Link[] = await listLinks(engine.reader, {
        projectId: t.project.id,
        keyKind: 'test',
        before,
        limit: 2,
      });
      titles.push(links.map(({ title }) => title));
      before = links.at(-1)?.id ?? null;
    }
    expect(titles).toEqual([['E', 'D'], ['C', 'B'], ['A']]);
  });

  test('keeps the moment of its first closing', async () => {
    await using engine = await open();
    const t = await start(engine);
    const { closedAt } = await t.close();
    expect(closedAt).toBe(t.clock.now());
    t.clock.advance(HOUR);
    expect((await t.close()).closedAt).toBe(closedAt);
    expect(engine.write((tx) => closeLink(tx, 999_999, 1))).rejects.toThrow('does not exist');
  });

  test('counts what was paid, also of payments that are paid at once', async () => {
    await using engine = await open();
    const t = await start(engine);
    const payments: Payment[] = [];
    for (const amount of [100_00, 250_00, 50_00]) payments.push(await t.send({ amount }));
    await Promise.all(payments.map(t.pay));
    expect(await t.read()).toMatchObject({ paidCount: 3, paidAmount: 400_00 });
  });
}

function describeForMany(open: OpenEngine): void {
  test('gives everybody a payment of his own, each under the next order number', async () => {
    await using engine = await open();
    const t = await start(engine);
    const payments = await Promise.all([1, 2, 3, 4, 5].map((n) => t.send({ amount: n * 100_00 })));
    const numbers = payments.map(({ merchantOrderNo }) => merchantOrderNo).sort();
    expect(numbers).toEqual(['0001', '0002', '0003', '0004', '0005'].map((number) => `${t.link.linkNo}-${number}`));
    expect(new Set(payments.map(({ paymentNo }) => paymentNo)).size).toBe(5);
    expect(payments.map(({ amount }) => amount)).toEqual([1, 2, 3, 4, 5].map((n) => n * 100_00));
    expect(await t.find(present(payments[0]))).toMatchObject({ linkId: t.link.id, formKey: null });
  });

  test('takes a page that is sent off twice, or twice at once, for one payment, until that is paid or says something else', async () => {
    await using engine = await open();
    const t = await start(engine);
    const send = (more: Use = {}) => t.send({ formKey: 'form_a', ...more });
    const [first, again] = await Promise.all([send(), send()]);
    expect(again.id).toBe(first.id);
    expect((await send({ formKey: 'form_b' })).id).not.toBe(first.id);
    const changed = await send({ amount: 500_00 });
    expect([changed.id === first.id, changed.amount]).toEqual([false, 500_00]);
    await t.pay(changed);
    expect((await send({ amount: 500_00 })).id).not.toBe(changed.id);
    expect((await t.find(first)).status).toBe('pending');
  });

  test('does not take a page of another link for its own', async () => {
    await using engine = await open();
    const t = await start(engine);
    const first = await t.send({ formKey: 'form_a' });
    expect((await t.send({ formKey: 'form_a' }, await t.add())).id).not.toBe(first.id);
  });

  test('leaves alone what the shop itself has made under such a number', async () => {
    await using engine = await open();
    const t = await start(engine);
    const own = await t.addPayment({ merchantOrderNo: `${t.link.linkNo}-0001` });
    const payment = await t.send();
    expect([payment.id === own.id, payment.merchantOrderNo]).toEqual([false, `${t.link.linkNo}-0002`]);
    expect((await t.send()).merchantOrderNo).toBe(`${t.link.linkNo}-0003`);
  });

  test('that is closed or over begins nothing more', async () => {
    await using engine = await open();
    const t = await start(engine, { expiresAt: START + HOUR });
    t.clock.advance(HOUR);
    expect(await t.use()).toEqual({ state: 'expired' });
    await t.close();
    expect(await t.use()).toEqual({ state: 'closed' });
    expect(await findRows(engine.reader, 'payments', {})).toEqual([]);
  });
}

function describeForOne(open: OpenEngine): void {
  test('gives all who come, and all at once, the same payment', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    const payments = await Promise.all(Array.from({ length: 10 }, (_, n) => t.send({ formKey: `form_${n}` })));
    expect(new Set(payments.map(({ paymentNo }) => paymentNo)).size).toBe(1);
  });

  test('is used when its payment is paid', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    await t.pay(await t.send());
    expect(await t.use()).toEqual({ state: 'used' });
    expect(await t.read()).toMatchObject({ paidCount: 1, paidAmount: 100_00 });
  });

  test('takes another amount as long as nobody has a number to pay with, under the same order number', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    const first = await t.send({ amount: 100_00 });
    const result = await t.use({ amount: 200_00 });
    const second = paymentOf(result);
    expect(second).toMatchObject({ amount: 200_00, merchantOrderNo: first.merchantOrderNo, status: 'pending' });
    expect(await t.find(first)).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    expect(result).toMatchObject({ isToldOf: true });
    expect((await findRows(engine.reader, 'outbox', {})).map(({ event }) => event)).toEqual(['payment.failed']);
  });

  test('has one pending payment however many change the amount at once', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    await Promise.all(Array.from({ length: 10 }, (_, n) => t.send({ amount: (n + 1) * 100_00 })));
    const payments = await findRows(engine.reader, 'payments', {});
    expect(payments.filter(({ status }) => status === 'pending')).toHaveLength(1);
    expect(new Set(payments.map(({ merchantOrderNo }) => merchantOrderNo)).size).toBe(1);
  });

  test('learns who the payer is without forgetting it again', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    const first = await t.send();
    const second = await t.send({ buyerEmail: 'a@b.example' });
    expect(second.id).not.toBe(first.id);
    expect((await t.send()).id).toBe(second.id);
  });
}

function describeBegun(open: OpenEngine): void {
  test('goes on with what was begun, whatever else is entered', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    const first = await t.send({ amount: 100_00 });
    expect(await t.pendingUse()).toMatchObject({ payment: { id: first.id }, isBegun: false });
    const attempt = await t.begin(first);
    expect(await t.pendingUse()).toMatchObject({ payment: { id: first.id }, isBegun: true });
    expect(await t.send({ amount: 200_00 })).toMatchObject({ id: first.id, amount: 100_00 });
    // What the gateway refused holds nobody to the amount.
    await engine.write((tx) => patchRow(tx, 'attempts', attempt.id, { status: 'ended', endReason: 'GATEWAY_REFUSED' }));
    expect((await t.send({ amount: 200_00 })).amount).toBe(200_00);
  });

  for (const state of ['closed', 'expired'] as const) {
    test(`lets who has begun finish after it is ${state}, and nobody else`, async () => {
      await using engine = await open();
      const t = await start(engine, { isSingleUse: true, expiresAt: START + 2 * HOUR });
      const payment = await t.send();
      if (state === 'closed') await t.close();
      else t.clock.advance(2 * HOUR);
      expect(await t.use()).toEqual({ state });
      await t.begin(payment);
      expect((await t.send()).id).toBe(payment.id);
    });
  }

  test('is open again when its payment is over', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    const first = await t.send();
    await engine.write((tx) => patchRow(tx, 'payments', first.id, { status: 'expired', holdsOrder: false }));
    const second = await t.send();
    expect([second.id === first.id, second.merchantOrderNo]).toEqual([false, first.merchantOrderNo]);
  });

  test('is never both paid and given way: whoever pays while another amount is entered', async () => {
    await using engine = await open();
    const t = await start(engine, { isSingleUse: true });
    const first = await t.send({ amount: 100_00 });
    await t.begin(first);
    const [, result] = await Promise.all([t.pay(first), t.use({ amount: 200_00 })]);
    expect((await t.find(first)).status).toBe('paid');
    expect('state' in result ? result.state : result.payment.id).toBe('state' in result ? 'used' : first.id);
    expect(await findRows(engine.reader, 'payments', {})).toHaveLength(1);
  });
}
