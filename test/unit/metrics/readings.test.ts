import { describe, expect, test } from 'bun:test';
import { SECOND } from '../../../src/core/time.ts';
import { createInstruments } from '../../../src/metrics/instruments.ts';
import { createReadings } from '../../../src/metrics/readings.ts';
import type { Store } from '../../../src/store/store.ts';
import { createClock } from '../../support/clock.ts';
import { readSamples } from '../../support/samples.ts';

/** What is read from the database when somebody asks. */

function setUp({ patienceMs }: { readonly patienceMs?: number } = {}) {
  const clock = createClock();
  const { registry, instruments } = createInstruments();
  const world = {
    asked: 0,
    deltas: { count: 0, oldestId: null as number | null },
    databaseBytes: 4096 as number | null,
    fail: null as (() => Promise<never>) | null,
  };
  const nothing = async () => null;
  const store = {
    async readWorkload() {
      world.asked += 1;
      if (world.fail) return world.fail();
      const notifications = { pending: 3, sending: 1, dead: 2 };
      const { databaseBytes } = world;
      return { notifications, oldestNotificationAt: null, nodes: { alive: 2, gone: 1 }, databaseBytes };
    },
    readFigureDeltas: async () => world.deltas,
    findNextNotification: async () => clock.now() - 30 * SECOND,
    findNextSync: async () => clock.now() + 30 * SECOND,
    ...{ findNextRefundSync: nothing, findNextClosing: nothing, findNextAlert: nothing },
    listAlertChannels: async () => [],
  } as unknown as Store;
  const jobs = [
    { name: 'checks', nextDue: nothing, run: async () => {}, load: () => ({ waiting: 5, underWay: 4 }) },
    { name: 'prune', nextDue: nothing, run: async () => {} },
  ];
  const refresh = createReadings(instruments, { store, jobs, clock, clockSkew: () => -90_000 }, patienceMs);
  const read = async () => {
    await refresh();
    return readSamples(await registry.metrics());
  };
  return { world, clock, read };
}

describe('what is read from the database', () => {
  test('is told in seconds and by state', async () => {
    const samples = await setUp().read();
    const of = (name: string) => samples.get(`paycore_${name}`);
    expect([of('notifications{state="pending"}'), of('notifications{state="dead"}')]).toEqual([3, 2]);
    expect([of('nodes{state="alive"}'), of('nodes{state="gone"}')]).toEqual([2, 1]);
    expect(of('due_lag_seconds{work="notifications"}')).toBe(30);
    expect([of('due_lag_seconds{work="checks"}'), of('due_lag_seconds{work="alerts"}')]).toEqual([0, 0]);
    expect([of('work_waiting{work="checks"}'), of('work_under_way{work="checks"}')]).toEqual([5, 4]);
    expect(of('work_waiting{work="prune"}')).toBeUndefined();
    expect([of('clock_skew_seconds'), of('database_size_bytes'), of('database_up')]).toEqual([-90, 4096, 1]);
  });

  test('is kept for five seconds, however many ask', async () => {
    const { world, clock, read } = setUp();
    await Promise.all([read(), read(), read()]);
    clock.advance(4 * SECOND);
    await read();
    expect(world.asked).toBe(1);
    clock.advance(SECOND);
    await read();
    expect(world.asked).toBe(2);
  });

  test('is left out while the database cannot be reached or hangs; everything else is told', async () => {
    for (const fail of [() => Promise.reject(new Error('gone')), () => new Promise<never>(() => {})]) {
      const { world, clock, read } = setUp({ patienceMs: 1 });
      await read();
      world.fail = fail;
      clock.advance(6 * SECOND);
      const samples = await read();
      expect(samples.get('paycore_database_up')).toBe(0);
      const known = [...samples.keys()].filter((name) => /notifications|nodes|lag|size|deltas/.test(name));
      expect(known).toEqual([]);
      expect(samples.get('paycore_work_waiting{work="checks"}')).toBe(5);
      world.fail = null;
      clock.advance(6 * SECOND);
      expect((await read()).get('paycore_database_up')).toBe(1);
    }
  });

  test('leaves the size out where the server does not tell it', async () => {
    const { world, read } = setUp();
    world.databaseBytes = null;
    const samples = await read();
    expect([samples.has('paycore_database_size_bytes'), samples.get('paycore_database_up')]).toEqual([false, 1]);
  });

  test('says how long the oldest change of a figure has been seen waiting', async () => {
    const { world, clock, read } = setUp();
    const lag = async () => {
      clock.advance(6 * SECOND);
      return (await read()).get('paycore_due_lag_seconds{work="figures"}');
    };
    expect(await lag()).toBe(0);
    world.deltas = { count: 7, oldestId: 41 };
    expect([await lag(), await lag(), await lag()]).toEqual([0, 6, 12]);
    world.deltas = { count: 7, oldestId: 42 };
    expect(await lag()).toBe(0);
  });
});
