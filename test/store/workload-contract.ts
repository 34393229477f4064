import { expect, test } from 'bun:test';
import { SILENT_MS } from '../../src/core/node.ts';
import { addRow } from '../../src/store/table.ts';
import { addProject, applyFacts, openPayment, paid } from '../support/payments.ts';
import type { OpenTwo } from './open.ts';

/** What somebody who watches PayCore asks of its data. */
export function describeWorkload(open: OpenTwo): void {
  test('notifications are counted by what is to be done with them', async () => {
    await using both = await open();
    const t = both.one;
    const project = await addProject(t);
    const began = t.clock.now();
    for (const tradeNo of ['ONE', 'TWO', 'THREE']) {
      const { attempt } = await openPayment(t, project, { merchantOrderNo: tradeNo });
      await applyFacts(t, attempt.id, [paid({ tradeNo })]);
    }
    t.clock.advance(60_000);
    await t.store.claimDueNotifications({ now: t.clock.now(), limit: 1, owner: 'proc', leaseMs: 1000 });
    const { notifications, oldestNotificationAt, databaseBytes } = await t.store.readWorkload(t.clock.now());
    expect(notifications).toEqual({ pending: 2, sending: 1, dead: 0 });
    expect(oldestNotificationAt).toBe(began);
    expect(databaseBytes).toBeGreaterThan(10_000);
  });

  test('nodes are told apart by when they were seen, and where none is there is none', async () => {
    await using both = await open();
    const t = both.one;
    const now = t.clock.now();
    expect((await t.store.readWorkload(now)).nodes).toEqual({ alive: 0, gone: 0 });
    const node = { name: 'one:8080', version: '1.0.0', publicUrl: 'https://pay.example', startedAt: 1, aheadMs: 0 };
    await t.engine.write(async (tx) => {
      await addRow(tx, 'nodes', { ...node, id: 'proc_1', seenAt: now - SILENT_MS + 1 });
      await addRow(tx, 'nodes', { ...node, id: 'proc_2', seenAt: now - SILENT_MS });
    });
    expect((await t.store.readWorkload(now)).nodes).toEqual({ alive: 1, gone: 1 });
  });

  test('changes of figures that wait are counted, with the oldest of them', async () => {
    await using both = await open();
    const t = both.one;
    expect(await t.store.readFigureDeltas()).toEqual({ count: 0, oldestId: null });
    await t.engine.write(async (tx) => {
      const group = { projectId: 1, keyKind: 'test', livemode: false } as const;
      const delta = { ...group, figure: 'test', amount: 1, count: 1 };
      for (const id of [41, 42]) await addRow(tx, 'figureDeltas', { ...delta, id });
    });
    expect(await t.store.readFigureDeltas()).toEqual({ count: 2, oldestId: 41 });
  });
}
