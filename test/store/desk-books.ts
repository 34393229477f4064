import { expect, test } from 'bun:test';
import { listPaid, type PaidListInput } from '../../src/store/queries/desk/paid.ts';
import { listDeskRefunds, type RefundFilter, type RefundListInput } from '../../src/store/queries/desk/refunds.ts';
import type { Position } from '../../src/store/queries/list.ts';
import { insertRow } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import { addAttempt, addPayments, addShop, type Shop } from './desk-support.ts';
import { chapters, type OpenEngine, type TestEngine } from './open.ts';
import { payOne } from './refunds-support.ts';
import { makeWorld } from './world.ts';

/** What a bookkeeper reads: refunds, and money in the order in which it came. */
export const describeBooks = chapters<OpenEngine>({
  'the refunds of all payments': describeRefunds,
  'paid payments': describePaid,
});

async function readRefunds(t: TestEngine, asked: Partial<RefundListInput>, scanned?: number) {
  const names: string[] = [];
  let before: Position | null = null;
  let pages = 0;
  do {
    const input = { projectId: null, keyKind: 'test', filter: {}, limit: 2, ...asked, before } as const;
    const page = await listDeskRefunds(t.reader, input, scanned);
    names.push(...page.refunds.map(({ refund, payment }) => `${refund.refundNo} of ${payment.merchantOrderNo}`));
    before = page.next;
    if (++pages > 200) throw new Error('the list has no end');
  } while (before);
  return { names, pages };
}

/** One for each row, of a payment of its own. */
async function addRefunds(
  t: TestEngine,
  shop: Shop,
  rows: readonly (RefundFilter & { readonly no: string; readonly at?: number; readonly keyKind?: 'live' })[],
): Promise<void> {
  for (const { no, at = 0, status = 'succeeded', source = 'api', keyKind = 'test' } of rows) {
    const [payment] = await addPayments(t, shop, [{ status: 'paid', merchantOrderNo: `O${no}`, keyKind }]);
    if (!payment) return expect.unreachable();
    const attempt = await addAttempt(t, payment, { status: 'paid' });
    const now = START + at * 1000;
    await t.write((tx) =>
      insertRow(tx, 'refunds', {
        ...{ refundNo: no, paymentId: payment.id, attemptId: attempt.id, credentialId: shop.credentialId },
        ...{ projectId: shop.projectId, keyKind, amount: 100, status, source, createdAt: now, updatedAt: now },
      }),
    );
  }
}

function describeRefunds(open: OpenEngine): void {
  test('are listed newest first, with their payments, by project and kind of key', async () => {
    await using t = await open();
    const [one, two] = [await addShop(t, 'one'), await addShop(t, 'two')];
    await addRefunds(t, one, [
      { no: 'a', at: 1 },
      { no: 'c', at: 3 },
      { no: 'x', at: 9, keyKind: 'live' },
    ]);
    await addRefunds(t, two, [
      { no: 'b', at: 2 },
      { no: 'd', at: 3 },
    ]);
    expect((await readRefunds(t, {})).names).toEqual(['d of Od', 'c of Oc', 'b of Ob', 'a of Oa']);
    expect((await readRefunds(t, { projectId: one.projectId })).names).toEqual(['c of Oc', 'a of Oa']);
    expect((await readRefunds(t, { keyKind: 'live' })).names).toEqual(['x of Ox']);
  });

  test('are narrowed to what became of them, who made them and when', async () => {
    await using t = await open();
    const shop = await addShop(t);
    await addRefunds(t, shop, [
      { no: 'a', at: 1, status: 'failed' },
      { no: 'b', at: 2, source: 'gateway' },
      { no: 'c', at: 3 },
      { no: 'd', at: 4, status: 'failed', source: 'gateway' },
    ]);
    const find = async (filter: RefundFilter) =>
      (await readRefunds(t, { filter })).names.map((name) => name[0]).join('');
    expect(await find({ status: 'failed' })).toBe('da');
    expect(await find({ source: 'gateway' })).toBe('db');
    expect(await find({ status: 'failed', source: 'gateway' })).toBe('d');
    expect(await find({ from: START + 2000, to: START + 4000 })).toBe('cb');
  });

  test('that are rare among very many are found page by page', async () => {
    await using t = await open();
    const shop = await addShop(t);
    const status = (n: number) => (n === 0 || n === 17 ? 'unknown' : 'succeeded');
    await addRefunds(
      t,
      shop,
      Array.from({ length: 20 }, (_, n) => ({ no: `r${n}`, at: n, status: status(n) }) as const),
    );
    const { names, pages } = await readRefunds(t, { filter: { status: 'unknown' } }, 6);
    expect(names.map((name) => name.split(' ')[0])).toEqual(['r17', 'r0']);
    expect(pages).toBeGreaterThan(2);
  });

  test('belong to the project and the kind of key of their payment, those made at the gateway too', async () => {
    await using t = await open();
    const w = await makeWorld(t);
    const r = await payOne(w, { keyKind: 'live' });
    await r.answer(await r.make(100));
    await r.learn([{ refundNo: null, gatewayRefundNo: 're_1', amount: 50, status: 'succeeded' }], w.clock.now() + 1);
    const { refunds } = await listDeskRefunds(t.reader, {
      ...{ projectId: w.project.id, keyKind: 'live', filter: {}, before: null, limit: 10 },
    });
    expect(refunds.map(({ refund }) => [refund.amount, refund.source])).toEqual([
      [50, 'gateway'],
      [100, 'api'],
    ]);
  });
}

function describePaid(open: OpenEngine): void {
  test('come in the order of their money, of every project, from one instant to before another', async () => {
    await using t = await open();
    const [one, two] = [await addShop(t, 'one'), await addShop(t, 'two')];
    const paid = (merchantOrderNo: string, second: number) =>
      ({ merchantOrderNo, status: 'paid', paidAt: START + second * 1000 }) as const;
    await addPayments(t, one, [paid('D', 4), paid('B', 2), paid('A', 1), { merchantOrderNo: 'unpaid' }]);
    await addPayments(t, two, [paid('C', 3), paid('C2', 3), { ...paid('L', 3), keyKind: 'live' }]);
    const read = async (asked: Partial<PaidListInput>) => {
      const orders: string[] = [];
      let after: Position | null = null;
      do {
        const range = { from: 0, to: START + 9000, limit: 2, ...asked, after };
        const page = await listPaid(t.reader, { projectId: null, keyKind: 'test', ...range });
        orders.push(...page.payments.map(({ payment }) => payment.merchantOrderNo));
        after = page.next;
      } while (after);
      return orders;
    };
    expect(await read({})).toEqual(['A', 'B', 'C', 'C2', 'D']);
    expect(await read({ projectId: two.projectId })).toEqual(['C', 'C2']);
    expect(await read({ from: START + 2000, to: START + 4000 })).toEqual(['B', 'C', 'C2']);
    expect(await read({ keyKind: 'live' })).toEqual(['L']);
  });
}
