import { expect, test } from 'bun:test';
import { DAY } from '../../src/core/time.ts';
import { completeOrder } from '../../src/store/commands/complete-order.ts';
import { openAttempt, openPayment } from '../../src/store/commands/open-payment.ts';
import { pruneUses } from '../../src/store/commands/prune-uses.ts';
import { findNumbered } from '../../src/store/queries/desk/exact.ts';
import { type DeskListInput, type DeskPage, listDeskPayments } from '../../src/store/queries/desk/payments.ts';
import { findByTerm } from '../../src/store/queries/desk/terms.ts';
import type { Effort, Position } from '../../src/store/queries/list.ts';
import { findRows } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import { present } from '../support/parts.ts';
import { ATM, applyFacts, newAttempt, newPayment, paid } from '../support/payments.ts';
import type { TestStore } from '../support/store.ts';
import { addPayments, addShop, type Shop } from './desk-support.ts';
import { chapters, type OpenTwo, type TestEngine } from './open.ts';

/** All pages of a desk's list; the numbers of the orders, in its order. */
export async function readDesk(
  t: Pick<TestEngine, 'reader'>,
  asked: Partial<DeskListInput>,
  effort?: Effort,
): Promise<{ readonly orders: readonly string[]; readonly pages: readonly DeskPage[] }> {
  const pages: DeskPage[] = [];
  let before: Position | null = null;
  do {
    const input = { projectId: null, keyKind: 'test', filter: {}, search: null, limit: 3, ...asked, before } as const;
    const page: DeskPage = await listDeskPayments(t.reader, input, effort);
    pages.push(page);
    before = page.next;
    if (pages.length > 500) throw new Error('the list has no end');
  } while (before);
  return { pages, orders: pages.flatMap(({ payments }) => payments.map(({ payment }) => payment.merchantOrderNo)) };
}

export const describeDeskSearch = chapters<OpenTwo>({
  'payments of every project': describeProjects,
  'what a payment is found by': describeTerms,
  'a number that leads straight to a payment': describeNumbers,
});

function describeProjects(open: OpenTwo): void {
  test('are one list, newest first, without those of the other kind of key', async () => {
    await using both = await open();
    const t = both.one.engine as TestEngine;
    const [one, two] = [await addShop(t, 'one'), await addShop(t, 'two')];
    const at = (second: number, merchantOrderNo: string) => ({ merchantOrderNo, createdAt: START + second * 1000 });
    await addPayments(t, one, [at(1, 'A'), at(4, 'D'), at(5, 'E'), { ...at(6, 'X'), keyKind: 'live' }]);
    await addPayments(t, two, [at(2, 'B'), at(3, 'C'), at(7, 'F')]);
    expect((await readDesk(t, {})).orders).toEqual(['F', 'E', 'D', 'C', 'B', 'A']);
    expect((await readDesk(t, { projectId: two.projectId })).orders).toEqual(['F', 'C', 'B']);
    expect((await readDesk(t, { keyKind: 'live' })).orders).toEqual(['X']);
  });

  test('are all found however little is gone through for a page', async () => {
    await using both = await open();
    const t = both.one.engine as TestEngine;
    const shops = [await addShop(t, 'one'), await addShop(t, 'two'), await addShop(t, 'three')];
    const wanted: string[] = [];
    for (const [index, shop] of shops.entries()) {
      const rows = Array.from({ length: 30 }, (_, n) => ({
        merchantOrderNo: `${index}-${n}`,
        createdAt: START + (n * 3 + index) * 1000,
        status: n % 10 === index ? ('pending' as const) : ('paid' as const),
      }));
      await addPayments(t, shop, rows);
      wanted.push(...rows.filter(({ status }) => status === 'pending').map((row) => row.merchantOrderNo));
    }
    const few = { probed: 1, scanned: 7, sorted: 5 };
    const { orders, pages } = await readDesk(t, { filter: { status: 'pending' } }, few);
    expect([...orders].sort()).toEqual(wanted.sort());
    expect(pages.length).toBeGreaterThan(3);
  });
}

interface Stage {
  readonly t: TestStore;
  readonly of: Shop;
  add(order: object, merchantOrderNo: string): Promise<{ readonly id: number; readonly attemptId: number }>;
  find(search: string, more?: Partial<DeskListInput>): Promise<readonly string[]>;
}

async function stage(t: TestStore): Promise<Stage> {
  const of = await addShop(t.engine as TestEngine);
  return {
    t,
    of,
    async add(order, merchantOrderNo) {
      t.clock.advance(1000);
      const { payment, attempt } = await t.store.openPayment(
        newPayment(t, of, { order, merchantOrderNo }),
        newAttempt(t, of),
      );
      return { id: payment.id, attemptId: present(attempt).id };
    },
    find: async (search, more = {}) => (await readDesk(t.engine, { search, ...more })).orders,
  };
}

function describeTerms(open: OpenTwo): void {
  test('is the buyer’s name, his first name, e-mail and telephone, as people type them', async () => {
    await using both = await open();
    const { add, find } = await stage(both.one);
    await add({ buyerName: '王小明', buyerEmail: 'Ming.Wang@Example.com', buyerMobile: '0912-345-678' }, 'A');
    await add({ buyerName: 'Mary Ann Smith', payerAccount: 'uid811118A' }, 'B');
    await add({}, 'C');
    for (const text of ['王小明', '王', '小明', 'ming.wang@', ' MING.WANG@example.COM ', '0912345678', '0912 345'])
      expect([text, await find(text)]).toEqual([text, ['A']]);
    for (const text of ['mary ann smith', 'maryann', 'Smith', 'ann s', 'ＵＩＤ８１１１１８Ａ'])
      expect([text, await find(text)]).toEqual([text, ['B']]);
    for (const text of ['明', 'example.com', 'nobody', "' or 1=1 --", '%', 'x\0y', '- -'])
      expect([text, await find(text)]).toEqual([text, []]);
  });

  test('is what the payer told of himself later', async () => {
    await using both = await open();
    const { add, find } = await stage(both.one);
    const { id } = await add({}, 'A');
    await both.one.engine.write((tx) => completeOrder(tx, id, { buyerEmail: 'late@example.com' }, START));
    expect(await find('late@')).toEqual(['A']);
  });

  test('is an account, a code, each part of the barcodes and the gateway’s number, also the ones before', async () => {
    await using both = await open();
    const { t, of, add, find } = await stage(both.one);
    const a = await add({}, 'A');
    const b = await add({}, 'B');
    const c = await add({}, 'C');
    await applyFacts(t, a.attemptId, [{ type: 'instructions', instructions: ATM, tradeNo: '2606221530127264' }]);
    const code = { type: 'cvs', paymentCode: 'LLL26062212345', expireAt: ATM.expireAt } as const;
    await applyFacts(t, b.attemptId, [{ type: 'instructions', instructions: code }]);
    const barcodes = ['150629C6L', '9103522175887271', '062215000098000'] as const;
    const bars = { type: 'barcode', barcodes, expireAt: ATM.expireAt } as const;
    await applyFacts(t, c.attemptId, [{ type: 'instructions', instructions: bars }]);
    expect(await find('9103 5221 7588 7271')).toEqual(['C', 'A']);
    expect(await find('2606221530127264')).toEqual(['A']);
    expect(await find('lll260622-12345')).toEqual(['B']);
    for (const segment of barcodes) expect(await find(segment)).toContain('C');
    const { attempt } = present(await t.store.findPayment((await t.store.findPaymentById(a.id))?.paymentNo ?? ''));
    await t.engine.write((tx) => openAttempt(tx, a.id, newAttempt(t, of), START));
    await applyFacts(t, present(attempt).id, [paid({ tradeNo: 'T-NEW' })]);
    expect(await find('t-new')).toEqual(['A']);
    expect(await find('2606221530127264')).toEqual(['A']);
  });

  test('is the beginning of either number too, in small letters as well, each payment once', async () => {
    await using both = await open();
    const { t, add, find } = await stage(both.one);
    const { id } = await add({ buyerName: 'ORD' }, 'ORD-0071');
    await add({}, 'ord-0072');
    const { paymentNo } = present(await t.store.findPaymentById(id));
    expect(await find('ORD')).toEqual(['ORD-0071']);
    expect(await find('ord-007')).toEqual(['ord-0072', 'ORD-0071']);
    expect(await find(paymentNo.toLowerCase())).toEqual(['ORD-0071']);
  });

  test('stays within the project, the kind of key and the filter, page by page', async () => {
    await using both = await open();
    const { t, of, add, find } = await stage(both.one);
    const other = await addShop(t.engine as TestEngine, 'other');
    for (const no of ['1', '2', '3', '4', '5', '6', '7']) await add({ buyerName: '林' }, no);
    await t.store.openPayment(newPayment(t, other, { order: { buyerName: '林' }, merchantOrderNo: '8' }), null);
    await t.store.openPayment(
      newPayment(t, of, { order: { buyerName: '林' }, merchantOrderNo: '9', keyKind: 'live' }),
      null,
    );
    expect(await find('林')).toEqual(['8', '7', '6', '5', '4', '3', '2', '1']);
    expect(await find('林', { projectId: of.projectId })).toEqual(['7', '6', '5', '4', '3', '2', '1']);
    expect(await find('林', { keyKind: 'live' })).toEqual(['9']);
    expect(await find('林', { filter: { status: 'paid' } })).toEqual([]);
    expect(await find('林', { filter: { from: START + 3000, to: START + 5000 } })).toEqual(['4', '3']);
  });

  test('says so when more go by a name than are looked at, and shows the newest', async () => {
    await using both = await open();
    const { t, of, add } = await stage(both.one);
    for (const no of ['1', '2', '3', '4']) await add({ buyerName: '林' }, no);
    const input = { projectId: of.projectId, keyKind: 'test', filter: {}, before: null, limit: 10 } as const;
    const found = await findByTerm(t.engine.reader, input, '林', 3);
    expect(found.isCut).toBe(true);
    expect(found.rows.map(({ at }) => (at - START) / 1000)).toEqual([4, 3, 2]);
    expect((await findByTerm(t.engine.reader, input, '林', 5)).isCut).toBe(false);
  });

  test('goes with its payment', async () => {
    await using both = await open();
    const { t, of } = await stage(both.one);
    const link = await t.store.addLink({
      ...{ projectId: of.projectId, keyKind: 'test', title: 'Tea', currency: 'TWD', amount: null, minAmount: null },
      ...{ maxAmount: null, isSingleUse: false, order: {}, expiresAt: null, createdAt: START },
    });
    const use = newPayment(t, of, { order: { buyerName: '王小明' }, linkId: link.id, closeAt: START + DAY });
    await t.engine.write((tx) => openPayment(tx, use, null, t.random));
    expect((await findRows(t.engine.reader, 'searchTerms', {})).map(({ term }) => term).sort()).toEqual([
      '小明',
      '王小明',
    ]);
    const all = { unbegunBefore: START + DAY, endedBefore: START, unbegunKept: 0, limit: 10 };
    expect(await t.engine.write((tx) => pruneUses(tx, all))).toBe(1);
    expect(await findRows(t.engine.reader, 'searchTerms', {})).toEqual([]);
  });
}

function describeNumbers(open: OpenTwo): void {
  test('is ours, the order’s, the one at the gateway, a refund’s, an account, a code or the gateway’s own', async () => {
    await using both = await open();
    const { t, of, add } = await stage(both.one);
    const { id, attemptId } = await add({ buyerName: '王 1', buyerEmail: 'a1@example.com' }, 'Order-7');
    await add({ buyerName: '王 1' }, 'Order-70');
    await applyFacts(t, attemptId, [{ type: 'instructions', instructions: ATM }]);
    await applyFacts(t, attemptId, [paid({ tradeNo: '2606221530127264' })]);
    const refund = await t.store.openRefund({
      ...{ paymentId: id, attemptId, credentialId: of.credentialId, amount: 100, reason: '' },
      ...{ makeRefundNo: () => 'RF20260622ABCD', isRepeatable: false, by: { type: 'api_key', id: 1 }, now: START },
    });
    expect(refund).toMatchObject({ created: true });
    const find = async (text: string) =>
      (await findNumbered(t.engine.reader, text, ['ecpay', 'plus'])).map((one) => one.id);
    const { payment, attempt } = present(
      await t.store.findPayment((await t.store.findPaymentById(id))?.paymentNo ?? ''),
    );
    const numbers = [
      ...[payment.paymentNo, ` ${payment.paymentNo.toLowerCase()} `, 'Order-7', present(attempt).gatewayOrderNo],
      ...['rf20260622abcd', '9103522175887271', '9103 5221 7588 7271', '2606221530127264'],
    ];
    for (const text of numbers) expect([text, await find(text)]).toEqual([text, [id]]);
    for (const text of ['Order', '王 1', 'a1@example.com', 'order-7', '', 'x\0', '910352217588727'])
      expect([text, await find(text)]).toEqual([text, []]);
  });

  test('of several payments gives them all, with where they belong', async () => {
    await using both = await open();
    const { t, of } = await stage(both.one);
    const other = await addShop(t.engine as TestEngine, 'other');
    await t.store.openPayment(newPayment(t, of, { merchantOrderNo: '7' }), null);
    await t.store.openPayment(newPayment(t, of, { merchantOrderNo: '7', keyKind: 'live' }), null);
    await t.store.openPayment(newPayment(t, other, { merchantOrderNo: '7' }), null);
    const found = await findNumbered(t.engine.reader, '7', []);
    expect(found.map(({ projectId, keyKind }) => `${projectId} ${keyKind}`).sort()).toEqual(
      [`${of.projectId} live`, `${of.projectId} test`, `${other.projectId} test`].sort(),
    );
  });
}
