import { describe, expect, test } from 'bun:test';
import { type Effort, listPayments } from '../../src/store/queries/list.ts';
import { patchRow } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import { numbersOf, readAll } from './desk-pages.ts';
import { describeRandom } from './desk-random.ts';
import { addAttempt, addPayments, addShop, type Shop } from './desk-support.ts';
import { inTurn, type OpenEngine, type TestEngine } from './open.ts';

export const describeList = inTurn<OpenEngine>(describePages, describeSearch, describeEffort, describeRandom);

function describePages(open: OpenEngine): void {
  describe('a list of payments', () => {
    test('is newest first, in pages of at most the limit, and the last page says that it is the last', async () => {
      await using t = await open();
      const of = await addShop(t);
      const rows = await addPayments(
        t,
        of,
        Array.from({ length: 7 }, () => ({})),
      );
      const { pages, numbers } = await readAll(t, {}, { of });
      expect(pages.map(({ payments, next }) => [payments.length, next !== null])).toEqual([
        [3, true],
        [3, true],
        [1, false],
      ]);
      expect(numbers).toEqual(numbersOf(rows).reverse());
    });

    test('that fills its page exactly has no further page, and nothing is a page too', async () => {
      await using t = await open();
      const of = await addShop(t);
      await addPayments(t, of, [{}, {}, {}]);
      expect((await readAll(t, {}, { of })).pages.map(({ next }) => next)).toEqual([null]);
      for (const filter of [{ status: 'paid' }, { flag: 'late' }, { gateway: 'x' }, { method: 'x' }] as const) {
        expect((await readAll(t, filter, { of })).pages).toEqual([{ payments: [], next: null }]);
      }
    });

    test('follows the time of making, and where that is the same, the order of making', async () => {
      await using t = await open();
      const of = await addShop(t);
      // The third was made while the clock was wrong.
      const rows = await addPayments(
        t,
        of,
        [5, 5, 1, 9, 5].map((second) => ({ createdAt: START + second * 1000 })),
      );
      const { numbers } = await readAll(t, {}, { of, limit: 1 });
      expect(numbers.map((number) => numbersOf(rows).indexOf(number))).toEqual([3, 4, 1, 0, 2]);
    });

    test('shows nobody else’s payments: neither another project’s nor those of the other kind of key', async () => {
      await using t = await open();
      const [of, other] = [await addShop(t, 'mine'), await addShop(t, 'other')];
      const [first, live, second] = await addPayments(t, of, [{}, { keyKind: 'live' }, {}]);
      const [theirs] = await addPayments(t, other, [{}]);
      expect((await readAll(t, {}, { of })).numbers).toEqual([second?.paymentNo ?? '', first?.paymentNo ?? '']);
      for (const number of ['O-', 'PAY2', live?.paymentNo, theirs?.paymentNo, theirs?.merchantOrderNo]) {
        const { numbers } = await readAll(t, { number: number ?? '' }, { of });
        expect(numbers.filter((one) => one === live?.paymentNo || one === theirs?.paymentNo)).toEqual([]);
      }
    });

    test('is not disturbed by payments that are made, or paid, while it is read', async () => {
      await using t = await open();
      const of = await addShop(t);
      const rows = await addPayments(t, of, [{}, {}, {}]);
      const input = { projectId: of.projectId, keyKind: 'test', filter: {}, limit: 2 } as const;
      const first = await listPayments(t.reader, { ...input, before: null });
      await addPayments(t, of, [{ createdAt: START + 60_000 }]);
      await t.write((tx) => patchRow(tx, 'payments', rows[1]?.id ?? 0, { status: 'paid', paidAt: START }));
      const second = await listPayments(t.reader, { ...input, before: first.next });
      const seen = [first, second].flatMap((page) => page.payments.map(({ payment }) => payment));
      expect(numbersOf(seen)).toEqual(numbersOf(rows).reverse());
      expect(first.next).toEqual({ at: START + 1000, id: rows[1]?.id ?? 0 });
      expect(second.next).toBeNull();
    });

    test('brings each payment whole, with its current attempt', async () => {
      await using t = await open();
      const of = await addShop(t);
      const [without, row] = await addPayments(t, of, [
        {},
        { flags: ['late', 'attention'], order: { itemName: 'tea' } },
      ]);
      if (!row || !without) return expect.unreachable();
      await addAttempt(t, row);
      const attempt = await addAttempt(t, row, { instructions: null });
      await t.write((tx) => patchRow(tx, 'payments', row.id, { attemptId: attempt.id }));
      const [page] = (await readAll(t, {}, { of })).pages;
      expect(page?.payments).toEqual([
        { payment: { ...row, attemptId: attempt.id }, attempt },
        { payment: without, attempt: null },
      ]);
    });
  });
}

function describeSearch(open: OpenEngine): void {
  describe('a search by number', () => {
    const find = async (t: TestEngine, of: Shop, number: string) =>
      (await readAll(t, { number }, { of })).pages.flatMap(({ payments }) =>
        payments.map(({ payment }) => payment.merchantOrderNo),
      );

    test('takes the start of an order number letter by letter, also in other scripts and with signs of patterns', async () => {
      await using t = await open();
      const of = await addShop(t);
      const all = ['AB-1', 'AB-2', 'ab-3', 'A%', 'A_B', '訂單1', '訂單2', 'Z\u{10ffff}\u{10ffff}z'];
      await addPayments(
        t,
        of,
        all.map((merchantOrderNo) => ({ merchantOrderNo })),
      );
      expect(await find(t, of, 'AB-')).toEqual(['AB-2', 'AB-1']);
      expect(await find(t, of, 'ab')).toEqual(['ab-3']);
      expect(await find(t, of, 'A%')).toEqual(['A%']);
      expect(await find(t, of, 'A_')).toEqual(['A_B']);
      expect(await find(t, of, '訂單')).toEqual(['訂單2', '訂單1']);
      expect(await find(t, of, 'Z\u{10ffff}')).toEqual(['Z\u{10ffff}\u{10ffff}z']);
      expect(await find(t, of, '單')).toEqual([]);
      expect(await find(t, of, "' OR 1=1 --")).toEqual([]);
      expect(await find(t, of, 'A\0')).toEqual([]);
    });

    test('takes a payment number as well, whole or its start, beside order numbers that look like one', async () => {
      await using t = await open();
      const of = await addShop(t);
      await addPayments(t, of, [
        { paymentNo: 'PAY202606220001AAAAAAAA', merchantOrderNo: 'first' },
        { paymentNo: 'PAY202606220002AAAAAAAA', merchantOrderNo: 'second' },
        { paymentNo: 'PAY202606230001AAAAAAAA', merchantOrderNo: 'PAY2026062299' },
      ]);
      expect(await find(t, of, 'PAY202606220002AAAAAAAA')).toEqual(['second']);
      expect(await find(t, of, 'PAY20260622')).toEqual(['PAY2026062299', 'second', 'first']);
      expect(await find(t, of, 'PAY2026062300')).toEqual(['PAY2026062299']);
    });
  });
}

function describeEffort(open: OpenEngine): void {
  /** Forty by ATM, then forty by store code, and one rare payment at the very beginning. */
  const addTwoMethods = (t: TestEngine, of: Shop) =>
    addPayments(
      t,
      of,
      Array.from({ length: 80 }, (_, index) => ({
        method: index < 40 ? 'atm' : 'cvs',
        status: index === 0 ? ('failed' as const) : ('pending' as const),
      })),
    );
  const few: Effort = { probed: 1, scanned: 20, sorted: 5 };

  describe('of very many payments', () => {
    test('a page goes through so many and no more: it may be empty, and says where to go on', async () => {
      await using t = await open();
      const of = await addShop(t);
      const rows = await addTwoMethods(t, of);
      const filter = { gateway: 'ecpay', status: 'failed', from: START } as const;
      const input = { projectId: of.projectId, keyKind: 'test', filter, before: null, limit: 5 } as const;
      const { payments, next } = await listPayments(t.reader, input, few);
      expect(payments).toEqual([]);
      // Half of them for each of two methods; the newest ten are all of the second.
      expect(next).toMatchObject({ at: START + 70_000 });
      const { pages, numbers } = await readAll(t, filter, { of, effort: few });
      expect(numbers).toEqual([rows[0]?.paymentNo ?? '']);
      expect(pages.length).toBeGreaterThan(2);
    });

    test('those that are pending are looked for among the newest', async () => {
      await using t = await open();
      const of = await addShop(t);
      const states = Array.from(
        { length: 59 },
        (_, index) => ({ status: index < 2 ? ('pending' as const) : 'paid' }) as const,
      );
      const rows = await addPayments(t, of, states);
      const { pages, numbers } = await readAll(t, { status: 'pending' }, { of, effort: few });
      expect(pages.map(({ payments }) => payments.length)).toEqual([0, 0, 2]);
      expect(numbers).toEqual([rows[1]?.paymentNo ?? '', rows[0]?.paymentNo ?? '']);
    });

    test('a number that very many begin with is looked for among the newest', async () => {
      await using t = await open();
      const of = await addShop(t);
      await addTwoMethods(t, of);
      const input = {
        projectId: of.projectId,
        keyKind: 'test',
        filter: { number: 'O-' },
        before: null,
        limit: 40,
      } as const;
      const { payments, next } = await listPayments(t.reader, input, few);
      expect(payments.length).toBeLessThanOrEqual(few.scanned);
      expect(next).not.toBeNull();
      expect((await readAll(t, { number: 'O-' }, { of, limit: 40, effort: few })).numbers.length).toBe(80);
    });
  });
}
