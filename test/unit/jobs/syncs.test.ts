import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../../src/core/attempt.ts';
import type { Deps } from '../../../src/deps.ts';
import { createSyncJob } from '../../../src/jobs/syncs.ts';
import { createLog } from '../../../src/log.ts';
import type { SyncResult } from '../../../src/payments/sync/attempt.ts';
import { addProject, openPayment, type TestProject } from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** Attempts at two gateways of which one never answers. */

const HANGING = 'ecpay';
const HEALTHY = 'paypal';

function setUp(t: TestStore) {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const syncAttempt = async (_: unknown, { gateway, id }: Attempt): Promise<SyncResult> => {
    asked.push(gateway);
    if (gateway === HANGING) await new Promise<void>((resolve) => answers.push(resolve));
    await t.store.planSync({ attemptId: id, checkAt: null, syncTries: 1, notFoundCount: 0 }, t.clock.now());
    return { asked: true, result: 'unpaid' };
  };
  const log = createLog({ level: 'error', now: () => 0, write: (line) => asked.push(line) });
  const deps = { store: t.store, clock: t.clock, log, wake: () => {} } as unknown as Deps;
  const answer = () => {
    for (const next of answers.splice(0)) next();
  };
  const job = createSyncJob(deps, Object.assign(syncAttempt, { findRunning: () => undefined, anew: syncAttempt }));
  /** Starts what is due, and comes back when `total` looks have been made in all; one too many would be seen too. */
  const run = async (total: number): Promise<void> => {
    await job.run();
    while (asked.length < total) await Bun.sleep(1);
    await Bun.sleep(10);
  };
  return { asked, answer, job, run };
}

async function open(
  t: TestStore,
  project: TestProject,
  gateway: string,
  count: number,
  status: 'open' | 'unknown' = 'open',
) {
  for (let n = 0; n < count; n += 1) {
    const merchantOrderNo = `${gateway}-${status}-${n}`;
    await openPayment(t, project, { merchantOrderNo, gateway }, { gateway, status, checkAt: t.clock.now() - 1000 + n });
  }
}

const count = (asked: readonly string[], gateway: string) => asked.filter((one) => one === gateway).length;

describe('a gateway that hangs', () => {
  test('holds up no other gateway, whatever it is asked about', async () => {
    for (const status of ['open', 'unknown'] as const) {
      await using t = await openTestStore();
      const project = await addProject(t);
      await open(t, project, HANGING, 60, status);
      await open(t, project, HEALTHY, 5);
      const { asked, job, answer, run } = setUp(t);
      await run(17);
      expect([count(asked, HANGING), count(asked, HEALTHY)]).toEqual([12, 5]);
      await open(t, project, HEALTHY, 5, 'unknown');
      await run(22);
      expect([count(asked, HANGING), count(asked, HEALTHY)]).toEqual([12, 10]);
      answer();
      await job.settled();
    }
  });

  test('keeps nobody awake while it has all it may have, and gets its next places when one is free', async () => {
    await using t = await openTestStore();
    await open(t, await addProject(t), HANGING, 30);
    const { asked, job, answer, run } = setUp(t);
    expect(await job.nextDue()).toBeLessThanOrEqual(t.clock.now());
    await run(12);
    expect(await job.nextDue()).toBeNull();
    answer();
    await job.settled();
    expect(await job.nextDue()).toBeLessThanOrEqual(t.clock.now());
    for (const total of [24, 30]) {
      await run(total);
      answer();
      await job.settled();
    }
    expect([count(asked, HANGING), asked.length, await job.nextDue()]).toEqual([30, 30, null]);
  });
});

test('many gateways together get no more than there is, and unknown outcomes keep their places', async () => {
  await using t = await openTestStore();
  const project = await addProject(t);
  const gateways = ['ecpay', 'paypal', 'stripe', 'plus'];
  for (const gateway of gateways) await open(t, project, gateway, 20);
  const { asked, job, answer, run } = setUp(t);
  await run(24);
  expect(asked).toHaveLength(24);
  answer();
  await job.settled();
});
