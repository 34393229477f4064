import { describe, expect, test } from 'bun:test';
import { inspectPostgres } from '../../src/store/engines/postgres-inspect.ts';
import { lockRow, patchRow, patchRows } from '../../src/store/table.ts';
import { checkInvariants, describeBroken } from '../support/invariants.ts';
import { fillLedger } from '../support/ledger.ts';
import { applyFacts, openPayment, paid } from '../support/payments.ts';
import { openRefunds } from '../support/refunds.ts';
import type { TestStore } from '../support/store.ts';
import type { OpenTwo } from './open.ts';
import { readFigures, share, start } from './payments-support.ts';

/** Figures that are kept beside the rows they follow from, and went wrong. */

type Spoil = (t: TestStore) => Promise<unknown>;

const SPOILED: Readonly<Record<string, Spoil>> = {
  counts_differ: ({ engine }) => engine.write((tx) => patchRows(tx, 'paymentCounts', { status: 'paid' }, { count: 7 })),
  sums_differ: ({ engine }) => engine.write((tx) => patchRows(tx, 'paidSums', {}, { amount: 1, count: 9 })),
  method_sums_differ: ({ engine }) => engine.write((tx) => patchRows(tx, 'methodSums', {}, { way: 'none' })),
  outcomes_differ: ({ engine }) =>
    engine.write((tx) => patchRows(tx, 'outcomeCounts', { status: 'paid' }, { count: 7 })),
  refunded_sum_differs: ({ engine }) => engine.write((tx) => patchRows(tx, 'payments', {}, { refunded: 3 })),
  link_sums_differ: ({ engine }) => engine.write((tx) => patchRows(tx, 'links', {}, { paidCount: 5, paidAmount: 0 })),
};

const readAll = async ({ rows }: TestStore) => ({
  counts: (await rows.counts()).filter(({ count }) => count !== 0),
  sums: await rows.sums(),
  methods: await rows.methodSums(),
  outcomes: (await rows.outcomes()).filter(({ count }) => count !== 0),
  refunded: (await rows.payments()).map(({ paymentNo, refunded }) => [paymentNo, refunded]),
  links: await rows.links(),
});

export function describeFigures(open: OpenTwo): void {
  describe('kept figures', () => {
    test('that are right are left alone by a repair', async () => {
      await using t = await start(open);
      await fillLedger(t.one);
      const before = await readAll(t.one);
      expect(await t.one.store.repairFigures()).toEqual({});
      expect(await readAll(t.one)).toEqual(before);
    });

    test('that went wrong are made anew from the rows', async () => {
      await using t = await start(open);
      await fillLedger(t.one);
      const before = await readAll(t.one);
      await t.one.store.foldFigures(1000);
      for (const spoil of Object.values(SPOILED)) await spoil(t.one);
      const broken = (await checkInvariants(t.one.place)).map(({ name }) => name);
      expect(broken).toEqual(expect.arrayContaining(Object.keys(SPOILED)));
      const repaired = await t.two.store.repairFigures();
      expect(Object.keys(repaired).sort()).toEqual(Object.keys(SPOILED).sort());
      expect(Math.min(...Object.values(repaired))).toBeGreaterThan(0);
      expect(await readAll(t.one)).toEqual(before);
      expect(describeBroken(await checkInvariants(t.one.place))).toEqual([]);
    });

    test('are right after a repair in the middle of payments', async () => {
      await using t = await start(open);
      await share(t, 8, async (store, index) => {
        const { attempt } = await openPayment(store, t.project, { merchantOrderNo: `R-${index}` });
        // Wrong again and again, so that each repair has to do.
        await store.store.foldFigures(1000);
        await SPOILED.counts_differ?.(store);
        const money = paid({ tradeNo: `R-${index}` });
        await Promise.all([applyFacts(store, attempt.id, [money]), store.store.repairFigures()]);
      });
      await t.one.store.repairFigures();
      const { kept, counted } = await readFigures(t.one, t.project);
      expect(kept).toMatchObject(counted);
      expect(describeBroken(await checkInvariants(t.one.place))).toEqual([]);
    });

    test('have what another process was writing when they were made anew', async () => {
      await using t = await start(open);
      const refunds = await openRefunds(t.one, t.project);
      const { payment } = refunds;
      const { id, amount } = await refunds.make(10_000);
      await SPOILED.refunded_sum_differs?.(t.one);
      let repair: Promise<unknown> = Promise.resolve();
      await t.one.engine.write(async (tx) => {
        await lockRow(tx, 'payments', { id: payment.id });
        await patchRow(tx, 'refunds', id, { status: 'succeeded' });
        repair = t.two.store.repairFigures();
        await untilSomebodyWaits(t.two);
        await patchRow(tx, 'payments', payment.id, { refunded: amount });
      });
      await repair;
      expect((await t.one.store.findPaymentById(payment.id))?.refunded).toBe(amount);
    });
  });
}

/** On SQLite nobody has to: one writes at a time, and a command must not wait. */
async function untilSomebodyWaits({ engine, place }: TestStore): Promise<void> {
  if (engine.name === 'sqlite') return;
  const inspector = await inspectPostgres(place);
  const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
  while ((await inspector.all(waiting)).length === 0) await Bun.sleep(5);
  await inspector.close();
}
