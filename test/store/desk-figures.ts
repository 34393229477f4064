import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { recordEvent } from '../../src/store/commands/events.ts';
import { QUARTER, recountPayment } from '../../src/store/counters.ts';
import { countByStatus, listRecent, type StatsScope, sumPaid } from '../../src/store/queries/counters.ts';
import { countOutcomes, listPaidQuarters, sumByMethod } from '../../src/store/queries/figures.ts';
import { listEvents, listTimeline } from '../../src/store/queries/timeline.ts';
import type { Row } from '../../src/store/schema/rows.ts';
import { START, sameRuns } from '../support/clock.ts';
import { PAID_ROW, sumNaively } from '../support/paid-rows.ts';
import { rejection } from '../support/parts.ts';
import { addAttempt, addPayments, addShop, type NewPayment } from './desk-support.ts';
import { inTurn, type OpenEngine, type TestEngine } from './open.ts';

const rowArbitrary = fc.record({
  ...PAID_ROW,
  method: fc.constantFrom('atm', 'cvs'),
  second: fc.integer({ min: 0, max: 9 }),
});

type Payment = Row<'payments'>;

function countNaively(rows: readonly Payment[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const newestOf = (rows: readonly Payment[]) => rows.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);

type Range = readonly [from: number, to: number];

/** By quarter, by method, and what became of those that were made then. */
async function compareDesk(t: TestEngine, scope: StatsScope, rows: readonly Payment[], [from, to]: Range) {
  const quarters = await listPaidQuarters(t.reader, scope, from, to);
  for (const at of new Set(quarters.map((one) => one.at))) {
    const own = quarters
      .filter((one) => one.at === at)
      .map(({ currency, amount, count }) => ({ currency, amount, count }));
    expect(own).toEqual(sumNaively(rows, at, at + QUARTER));
  }
  expect(quarters.reduce((sum, { amount }) => sum + amount, 0)).toBe(totalOf(sumNaively(rows, from, to)));
  const methods = await sumByMethod(t.reader, scope, from, to);
  for (const { gateway, method, currency, amount, count } of methods) {
    const own = rows.filter((row) => row.gateway === gateway && row.method === method);
    expect(sumNaively(own, from, to)).toContainEqual({ currency, amount, count });
  }
  expect(totalOf(methods)).toBe(totalOf(sumNaively(rows, from, to)));
  const made = rows.filter(({ createdAt }) => createdAt >= from && createdAt < to);
  expect(await countOutcomes(t.reader, scope, from, to)).toEqual(countNaively(made));
}

const totalOf = (sums: readonly { readonly amount: number }[]) => sums.reduce((sum, { amount }) => sum + amount, 0);

export const describeFigures = inTurn<OpenEngine>(describeSums, describeTimeline);

function describeSums(open: OpenEngine): void {
  describe('figures', () => {
    test('are those of a plain loop, for any quarters, project and kind of key', async () => {
      await using t = await open();
      const everybody: Payment[] = [];
      let run = 0;
      const quarter = fc.integer({ min: -5, max: 5 }).map((one) => START + one * QUARTER);
      await fc.assert(
        fc.asyncProperty(
          fc.array(rowArbitrary, { maxLength: 25 }),
          fc.array(fc.tuple(quarter, quarter), { minLength: 4, maxLength: 4 }),
          async (rows, ranges) => {
            run += 1;
            const shops = [await addShop(t, `mine ${run}`), await addShop(t, `other ${run}`)] as const;
            const given = rows.map(({ other, second, ...row }): NewPayment => {
              return { ...row, ...shops[other ? 1 : 0], createdAt: START + second * 1000 };
            });
            everybody.push(...(await addPayments(t, shops[0], given)));
            for (const keyKind of ['test', 'live'] as const) {
              for (const projectId of [shops[0].projectId, null]) {
                const own = everybody.filter(
                  (row) =>
                    row.keyKind === keyKind &&
                    row.livemode === (keyKind === 'live') &&
                    (projectId === null || row.projectId === projectId),
                );
                const scope = { projectId, keyKind };
                for (const range of ranges) {
                  expect([...(await sumPaid(t.reader, scope, ...range))]).toEqual(sumNaively(own, ...range));
                  await compareDesk(t, scope, own, range);
                }
                expect(await countByStatus(t.reader, scope)).toEqual(countNaively(own));
                expect([...(await listRecent(t.reader, scope, 4))]).toEqual(newestOf(own).slice(0, 4));
              }
            }
          },
        ),
        sameRuns(t.name === 'sqlite' ? 40 : 10),
      );
    });

    test('are summed by whole quarters of an hour, and nothing else is asked for', async () => {
      await using t = await open();
      const { projectId } = await addShop(t);
      const scope = { projectId, keyKind: 'test' } as const;
      for (const [from, to] of [
        [START + 1, START + QUARTER],
        [START, START + QUARTER - 1],
        [0, Number.POSITIVE_INFINITY],
      ] as const) {
        expect(String(await rejection(sumPaid(t.reader, scope, from, to)))).toContain('whole quarters');
      }
      expect(await sumPaid(t.reader, scope, 0, START)).toEqual([]);
      expect(await sumPaid(t.reader, scope, START + QUARTER, START)).toEqual([]);
    });

    test('follow a payment that is paid, and are as they were when the command fails', async () => {
      await using t = await open();
      const shop = await addShop(t);
      const [payment] = await addPayments(t, shop, [{}]);
      if (!payment) return expect.unreachable();
      const scope = { projectId: shop.projectId, keyKind: 'test' } as const;
      const paid = { ...payment, status: 'paid', paidAt: START + 5 } as const;
      const failing = t.write(async (tx) => {
        recountPayment(tx, paid, 'pending');
        throw new Error('no');
      });
      await rejection(failing);
      expect(await countByStatus(t.reader, scope)).toEqual({ pending: 1 });
      await t.write(async (tx) => recountPayment(tx, paid, 'pending'));
      expect(await countByStatus(t.reader, scope)).toEqual({ paid: 1 });
      const sums = await sumPaid(t.reader, scope, START, START + QUARTER);
      expect(sums).toEqual([{ currency: 'TWD', amount: 98_000, count: 1 }]);
    });

    test('of very large sums are exact', async () => {
      await using t = await open();
      const shop = await addShop(t);
      const amount = 2 ** 50;
      await addPayments(
        t,
        shop,
        [1, 2, 3].map(() => ({ status: 'paid', paidAt: START, amount }) as const),
      );
      const scope = { projectId: shop.projectId, keyKind: 'test' } as const;
      expect(await sumPaid(t.reader, scope, START, START + QUARTER)).toEqual([
        { currency: 'TWD', amount: 3 * amount, count: 3 },
      ]);
    });
  });
}

function describeTimeline(open: OpenEngine): void {
  const add = (t: TestEngine, paymentId: number, attemptId: number | null, at: number, data: object = { at }) =>
    t.write((tx) => recordEvent(tx, { paymentId, attemptId, type: 'sync', data: { ...data }, at }));

  describe('a timeline', () => {
    test('is read page by page in the order in which things happened, each with the number it is about', async () => {
      await using t = await open();
      const [payment, other] = await addPayments(t, await addShop(t), [{}, {}]);
      if (!payment || !other) return expect.unreachable();
      const attempt = await addAttempt(t, payment, { gateway: 'smilepay', gatewayOrderNo: 'S1' });
      await add(t, payment.id, null, 9, { deep: [{ text: '茶' }] });
      await add(t, other.id, null, 1);
      await add(t, payment.id, attempt.id, 3);
      await add(t, payment.id, null, 5);
      const first = await listTimeline(t.reader, payment.id, 0, 2);
      expect(first.map(({ id, ...entry }) => entry)).toEqual([
        { type: 'sync', gateway: null, gatewayOrderNo: null, data: { deep: [{ text: '茶' }] }, at: 9 },
        { type: 'sync', gateway: 'smilepay', gatewayOrderNo: 'S1', data: { at: 3 }, at: 3 },
      ]);
      const rest = await listTimeline(t.reader, payment.id, first[1]?.id ?? 0, 2);
      expect(rest.map(({ at }) => at)).toEqual([5]);
      expect(await listTimeline(t.reader, payment.id, rest[0]?.id ?? 0, 2)).toEqual([]);
      expect(await listEvents(t.reader, payment.id)).toEqual([
        { type: 'sync', attemptId: null, data: { deep: [{ text: '茶' }] }, at: 9 },
        { type: 'sync', attemptId: attempt.id, data: { at: 3 }, at: 3 },
        { type: 'sync', attemptId: null, data: { at: 5 }, at: 5 },
      ]);
      expect(await listEvents(t.reader, 99)).toEqual([]);
    });
  });
}
