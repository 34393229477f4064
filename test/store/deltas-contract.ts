import { expect, test } from 'bun:test';
import { checkWritable } from '../../src/store/commands/settings.ts';
import { QUARTER } from '../../src/store/counters.ts';
import { connect } from '../../src/store/engines/postgres-open.ts';
import { foldFigures } from '../../src/store/figure-deltas.ts';
import { findRows, patchRows } from '../../src/store/table.ts';
import { checkInvariants, describeBroken } from '../support/invariants.ts';
import { rejection } from '../support/parts.ts';
import { applyFacts, openPayment, paid, type TestProject } from '../support/payments.ts';
import type { TestStore } from '../support/store.ts';
import type { OpenTwo } from './open.ts';
import { readFigures, share, start } from './payments-support.ts';

/** Figures of which a part waits to be added, payment numbers, and who waits for whom. */

async function pay(t: TestStore, project: TestProject, no: string): Promise<string> {
  const { payment, attempt } = await openPayment(t, project, { merchantOrderNo: no });
  await applyFacts(t, attempt.id, [paid({ tradeNo: no })]);
  return payment.paymentNo;
}

const waitingIn = async ({ engine }: TestStore) => (await findRows(engine.reader, 'figureDeltas', {})).length;

/** All that is shown of a project. */
async function readShown({ store }: TestStore, { projectId }: TestProject) {
  const [scope, from, to] = [{ projectId, keyKind: 'test' } as const, 0, QUARTER * 2 ** 30];
  return {
    counts: await store.countByStatus(scope),
    sums: await store.sumPaid(scope, from, to),
    methods: await store.sumByMethod(scope, from, to),
    outcomes: await store.countOutcomes(scope, from, to),
  };
}

async function expectRight(t: TestStore, project: TestProject): Promise<void> {
  const { kept, counted } = await readFigures(t, project);
  expect(kept).toEqual(counted);
  expect(describeBroken(await checkInvariants(t.place))).toEqual([]);
}

export function describeDeltas(open: OpenTwo): void {
  test('are right to the row while changes wait, while two processes add them, and afterwards', async () => {
    await using t = await start(open);
    await share(t, 6, (store, at) => pay(store, t.project, `W-${at}`));
    await openPayment(t.one, t.project, { merchantOrderNo: 'OPEN' });
    expect((await waitingIn(t.one)) > 0).toBe(t.one.store.isShared);
    expect(await t.one.store.hasFigureDeltas()).toBe(t.one.store.isShared);
    await expectRight(t.one, t.project);
    const shown = await readShown(t.one, t.project);
    expect(shown.methods).toEqual([{ gateway: 'ecpay', method: 'atm', currency: 'TWD', amount: 6 * 98_000, count: 6 }]);
    expect(shown.outcomes).toEqual({ paid: 6, pending: 1 });
    let isFolding = true;
    const folds = share(t, 2, async ({ store }) => {
      while ((await store.foldFigures(3)) > 0);
    });
    const looks = (async () => {
      while (isFolding) {
        expect(await readShown(t.one, t.project)).toEqual(shown);
        // On SQLite a read is over before anybody else has a turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await folds;
    isFolding = false;
    await looks;
    expect(await waitingIn(t.one)).toBe(0);
    expect(await readShown(t.two, t.project)).toEqual(shown);
    await expectRight(t.one, t.project);
    // What comes now is added to what was folded up.
    await pay(t.two, t.project, 'AFTER');
    expect((await readShown(t.one, t.project)).counts).toEqual({ paid: 7, pending: 1 });
    await expectRight(t.one, t.project);
  });

  test('are as they were after adding up was cut short, and right after a repair while changes wait', async () => {
    await using t = await start(open);
    await pay(t.one, t.project, 'C-1');
    const [shown, waiting] = [await readShown(t.one, t.project), await waitingIn(t.one)];
    const cut = t.one.engine.write(async (tx) => {
      await foldFigures(tx, 100);
      throw new Error('cut');
    });
    expect(await rejection(cut)).toMatchObject({ message: 'cut' });
    expect(await waitingIn(t.two)).toBe(waiting);
    expect(await readShown(t.two, t.project)).toEqual(shown);
    await t.two.store.foldFigures(100);
    await pay(t.two, t.project, 'C-2');
    // One of two figures that the same changes wait for.
    await t.one.engine.write((tx) => patchRows(tx, 'paymentCounts', { status: 'paid' }, { count: 7 }));
    expect(Object.keys(await t.one.store.repairFigures())).toEqual(['counts_differ']);
    expect(await waitingIn(t.one)).toBe(0);
    await expectRight(t.one, t.project);
  });

  test('nobody waits for a payment of the same project and day that is being committed', async () => {
    await using t = await start(open);
    if (!t.one.store.isShared) return;
    await using hold = await holdCommits(t.one.place);
    const held = pay(t.one, t.project, HELD);
    await hold.untilHeld();
    await pay(t.two, t.project, 'FREE');
    await pay(t.one, t.project, 'ALSO FREE');
    await hold.release();
    await held;
    await expectRight(t.one, t.project);
  });

  test('who looks whether the database can be written does not wait for another who does', async () => {
    await using t = await start(open);
    if (!t.one.store.isShared) return;
    await t.one.engine.write(async (tx) => {
      await checkWritable(tx, 'a look');
      await t.two.store.checkWritable();
    });
    const kept = (await findRows(t.one.engine.reader, 'settings', {})).map(({ name }) => name);
    expect(kept.filter((name) => name.includes('look') || name.includes('writable'))).toEqual([]);
  });

  test('200 payments over two processes, before and after midnight, have 200 different numbers', async () => {
    await using t = await start(open);
    const midnight = Date.UTC(2026, 5, 22, 16, 0, 0);
    const numbers = await share(t, 200, async (store, at) => {
      const now = midnight + (Math.floor(at / 2) % 2 === 0 ? -1 : 1);
      const { payment } = await openPayment(store, t.project, { merchantOrderNo: `N-${at}`, now });
      return payment.paymentNo.slice(3, 15);
    });
    expect(new Set(numbers).size).toBe(200);
    expect(new Set(numbers.map((number) => number.slice(0, 8)))).toEqual(new Set(['20260622', '20260623']));
    expect(describeBroken(await checkInvariants(t.one.place))).toEqual([]);
  });
}

const HELD = 'HELD';

/** The payment of this order is written whole, and its commit waits until it is released. */
async function holdCommits(place: string) {
  const [holder, viewer] = [connect(place), connect(place)];
  await holder.unsafe(`
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.merchant_order_no = '${HELD}' THEN PERFORM pg_advisory_xact_lock(15); END IF; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON payments DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION hold();
    SELECT pg_advisory_lock(15)`);
  const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 15 AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return {
    async untilHeld() {
      while ((await viewer.unsafe(waiting)).length === 0) await Bun.sleep(5);
    },
    release: () => holder.unsafe('SELECT pg_advisory_unlock(15)'),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([holder.end({ timeout: 1 }), viewer.end({ timeout: 1 })]);
    },
  };
}
