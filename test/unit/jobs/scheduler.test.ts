import { expect, test } from 'bun:test';
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import type { Deps } from '../../../src/deps.ts';
import { createPruneJob } from '../../../src/jobs/prune.ts';
import { createScheduler } from '../../../src/jobs/scheduler.ts';
import { createClock } from '../../support/clock.ts';
import { capture } from '../../support/log.ts';

/** The machine's clock is put back while the scheduler waits for something of its own. */

const BACK = -2 * HOUR;

test('a job that has failed is tried again after a second', async () => {
  const clock = createClock();
  let runs = 0;
  const run = async () => {
    runs += 1;
    throw new Error('not now');
  };
  const { tick } = createScheduler([{ name: 'work', nextDue: async () => 0, run }], { clock, log: capture().log });
  await tick();
  clock.jump(BACK);
  clock.advance(SECOND - 1);
  await tick();
  expect(runs).toBe(1);
  clock.advance(1);
  await tick();
  expect(runs).toBe(2);
});

test('what is old is looked for every hour', async () => {
  const clock = createClock();
  const looks: number[] = [];
  const prune = async (before: number) => looks.push(before);
  const deps = {
    store: {
      prune,
      pruneUses: async () => 0,
      closeStaleTroubles: async () => 0,
      pruneAlerts: async () => 0,
      pruneShared: async () => 0,
    },
    clock,
    clockSkew: () => null,
    log: capture().log,
  } as unknown as Deps;
  const job = createPruneJob(deps);
  await job.run();
  clock.jump(BACK);
  clock.advance(MINUTE);
  expect(await job.nextDue()).toBe(clock.now() + 59 * MINUTE);
  expect(looks).toHaveLength(1);
});
