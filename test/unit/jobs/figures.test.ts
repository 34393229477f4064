import { expect, test } from 'bun:test';
import { SECOND } from '../../../src/core/time.ts';
import { createFiguresJob } from '../../../src/jobs/figures.ts';
import { createClock } from '../../support/clock.ts';

/** Adding up the changes of figures that wait, over several processes. */

function openProcesses(waiting: number, isShared = true) {
  const clock = createClock();
  const claims = new Map<string, { readonly owner: string; readonly until: number }>();
  const state = { waiting, folds: 0 };
  const store = {
    isShared,
    hasFigureDeltas: async () => state.waiting > 0,
    foldFigures: async (limit: number) => {
      state.folds += 1;
      const taken = Math.min(limit, state.waiting);
      state.waiting -= taken;
      return taken;
    },
    claim: async ({ name, owner, now, leaseMs }: { name: string; owner: string; now: number; leaseMs: number }) => {
      if ((claims.get(name)?.until ?? 0) > now) return false;
      claims.set(name, { owner, until: now + leaseMs });
      return true;
    },
    release: async (name: string) => void claims.delete(name),
  };
  const jobOf = (processId: string) => createFiguresJob({ store: store as never, clock, processId });
  return { clock, claims, state, jobs: [jobOf('proc_1'), jobOf('proc_2')] as const };
}

test('one process at a time adds up what waits, every few seconds', async () => {
  const { clock, state, jobs } = openProcesses(30);
  const [one, two] = jobs;
  expect(await one.nextDue()).toBe(clock.now());
  await one.run();
  expect(state).toEqual({ waiting: 0, folds: 1 });
  expect(await one.nextDue()).toBe(clock.now() + 5 * SECOND);
  state.waiting = 7;
  await two.run();
  expect(state).toEqual({ waiting: 7, folds: 1 });
  clock.advance(5 * SECOND);
  expect(await two.nextDue()).toBe(clock.now());
  await two.run();
  expect(state).toEqual({ waiting: 0, folds: 2 });
});

test('nobody claims anything while nothing waits', async () => {
  const { claims, state, jobs } = openProcesses(0);
  await jobs[0].run();
  expect([claims.size, state.folds]).toEqual([0, 0]);
});

test('where much waits, whoever is first goes on at once, after the other jobs have had their turn', async () => {
  const { clock, state, jobs } = openProcesses(25_000);
  await jobs[0].run();
  expect(state).toEqual({ waiting: 5000, folds: 10 });
  expect(await jobs[0].nextDue()).toBe(clock.now());
  await jobs[1].run();
  expect(state).toEqual({ waiting: 0, folds: 13 });
});

test('it is never due where one process writes alone', async () => {
  const { jobs } = openProcesses(3, false);
  expect(await jobs[0].nextDue()).toBeNull();
});
