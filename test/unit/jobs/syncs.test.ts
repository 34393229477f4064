import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../../src/core/attempt.ts';
import { MINUTE } from '../../../src/core/time.ts';
import type { Deps } from '../../../src/deps.ts';
import type { LookJob } from '../../../src/jobs/looks.ts';
import { createRefundJob } from '../../../src/jobs/refunds.ts';
import { createSyncJob } from '../../../src/jobs/syncs.ts';
import { createLog } from '../../../src/log.ts';
import type { SyncResult } from '../../../src/payments/sync/attempt.ts';
import { requestRefundSync } from '../../../src/store/commands/refunds/plan.ts';
import { addProject, openPayment, type TestProject } from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** Accounts at gateways of which some never answer. */

/** Looks at what belongs to these accounts hang until the test says so. */
function createAccounts() {
  const asked: number[] = [];
  const waiting: (() => void)[] = [];
  const hanging = new Set<number>();
  const looks = { begun: 0, ended: 0 };
  return {
    asked,
    looks,
    /** Every look that has begun is over or hangs. */
    isStill: () => looks.begun === asked.length && looks.ended === asked.length - waiting.length,
    hang: (accounts: readonly TestProject[]) => {
      for (const { credentialId } of accounts) hanging.add(credentialId);
    },
    async ask(credentialId: number): Promise<boolean> {
      asked.push(credentialId);
      if (!hanging.has(credentialId)) return true;
      await new Promise<void>((resolve) => waiting.push(resolve));
      return false;
    },
    release: () => {
      for (const next of waiting.splice(0)) next();
    },
    count: (accounts: readonly TestProject[]) =>
      asked.filter((one) => accounts.some(({ credentialId }) => credentialId === one)).length,
  };
}

type Accounts = ReturnType<typeof createAccounts>;

/** Wakes the work until nothing more begins. */
async function run(job: LookJob, { looks, isStill }: Accounts): Promise<void> {
  for (let before = -1; before !== looks.begun; ) {
    while (!isStill()) await Bun.sleep(1);
    before = looks.begun;
    await job.run();
  }
}

function depsOf(t: TestStore, { looks }: Accounts): Deps {
  const log = createLog({ level: 'error', now: () => 0, write: () => {} });
  const wake = () => {
    looks.ended += 1;
  };
  return { store: t.store, clock: t.clock, log, wake } as unknown as Deps;
}

function setUp(t: TestStore) {
  const accounts = createAccounts();
  const syncAttempt = async (_: unknown, { credentialId, id }: Attempt): Promise<SyncResult> => {
    const hasAnswered = await accounts.ask(credentialId);
    await t.store.planSync({ attemptId: id, checkAt: null, syncTries: 1, notFoundCount: 0 }, t.clock.now());
    return { asked: true, result: hasAnswered ? 'unpaid' : 'failed' };
  };
  const { store, ...deps } = depsOf(t, accounts);
  const findAttempt = (id: number) => {
    accounts.looks.begun += 1;
    return store.findAttempt(id);
  };
  const sync = Object.assign(syncAttempt, {
    findRunning: () => undefined,
    findLater: () => undefined,
    anew: syncAttempt,
  });
  const job = createSyncJob({ ...deps, store: { ...store, findAttempt } }, sync);
  return { accounts, job, run: () => run(job, accounts) };
}

const addAccounts = async (t: TestStore, name: string, count: number): Promise<readonly TestProject[]> => {
  const made: TestProject[] = [];
  for (let n = 0; n < count; n += 1) made.push(await addProject(t, `${name} ${n}`));
  return made;
};

let orders = 0;

async function open(
  t: TestStore,
  accounts: readonly TestProject[],
  count: number,
  status: 'open' | 'unknown' = 'open',
): Promise<void> {
  for (const account of accounts) {
    for (let n = 0; n < count; n += 1) {
      const checkAt = t.clock.now() - 1000 + n;
      await openPayment(t, account, { merchantOrderNo: `O-${++orders}` }, { status, checkAt });
    }
  }
}

describe('an account that hangs', () => {
  test('has one place, whatever it is asked about, and holds up no other at its gateway', async () => {
    for (const status of ['open', 'unknown'] as const) {
      await using t = await openTestStore();
      await t.tamper.hurryCommits();
      const [dead, good] = [await addAccounts(t, 'dead', 1), await addAccounts(t, 'good', 1)];
      const { accounts, job, run } = setUp(t);
      accounts.hang(dead);
      await open(t, dead, 40, status);
      await open(t, good, 5);
      await run();
      expect([accounts.count(dead), accounts.count(good)]).toEqual([1, 5]);
      await open(t, good, 5, 'unknown');
      await run();
      expect([accounts.count(dead), accounts.count(good)]).toEqual([1, 10]);
      accounts.release();
      await job.settled();
    }
  });

  test('keeps nobody awake, and is asked further when it has answered', async () => {
    await using t = await openTestStore();
    const dead = await addAccounts(t, 'dead', 1);
    const { accounts, job, run } = setUp(t);
    accounts.hang(dead);
    await open(t, dead, 6);
    expect(await job.nextDue()).toBeLessThanOrEqual(t.clock.now());
    await run();
    // Nothing is to be done before what waits would be somebody else's.
    expect(await job.nextDue()).toBe(t.clock.now() + 2 * MINUTE);
    for (let n = 2; n <= 6; n += 1) {
      accounts.release();
      await run();
      expect(accounts.asked).toHaveLength(n);
    }
    accounts.release();
    await job.settled();
    expect(await job.nextDue()).toBeNull();
  });

  test('is asked again about what its process took and did not come to', async () => {
    await using t = await openTestStore();
    const dead = await addAccounts(t, 'dead', 1);
    const gone = setUp(t);
    gone.accounts.hang(dead);
    await open(t, dead, 3);
    await gone.run();
    const { accounts, job, run } = setUp(t);
    await run();
    expect(accounts.asked).toEqual([]);
    t.clock.advance(2 * MINUTE);
    await run();
    expect(accounts.asked).toHaveLength(3);
    await job.settled();
  });
});

describe('a gateway that hangs', () => {
  test('leaves places to others, however many accounts there are at it; unknown outcomes have their own', async () => {
    await using t = await openTestStore();
    await t.tamper.hurryCommits();
    const [dead, good] = [await addAccounts(t, 'dead', 40), await addAccounts(t, 'good', 2)];
    const { accounts, job, run } = setUp(t);
    accounts.hang(dead);
    await open(t, good, 1);
    await run();
    await open(t, dead, 2);
    await run();
    expect(accounts.count(dead)).toBe(15);
    await open(t, good, 5);
    await open(t, good, 5, 'unknown');
    await run();
    expect(accounts.count(good)).toBe(22);
    await open(t, dead, 1, 'unknown');
    await run();
    expect(accounts.count(dead)).toBe(15 + 9);
    accounts.release();
    await job.settled();
    // Whose last look failed have half of the places together.
    await run();
    expect(accounts.count(dead)).toBeGreaterThan(24);
    for (let rounds = 0; rounds < 12; rounds += 1) {
      accounts.release();
      await run();
    }
    const before = accounts.count(dead);
    expect(before).toBe(120);
    await open(t, dead, 1);
    await run();
    expect(accounts.count(dead)).toBe(before + 10);
    accounts.release();
    await job.settled();
  });

  test('holds up the looks for refunds of no other account', async () => {
    await using t = await openTestStore();
    await t.tamper.hurryCommits();
    const [dead, good] = [await addAccounts(t, 'dead', 12), await addAccounts(t, 'good', 2)];
    const accounts = createAccounts();
    accounts.hang(dead);
    const accountOf = new Map<number, number>();
    const job = createRefundJob(depsOf(t, accounts), (paymentId) => {
      accounts.looks.begun += 1;
      return accounts.ask(accountOf.get(paymentId) ?? 0);
    });
    const hear = async (of: readonly TestProject[], count: number) => {
      for (const account of of) {
        for (let n = 0; n < count; n += 1) {
          const { payment } = await openPayment(t, account, { merchantOrderNo: `O-${++orders}` });
          accountOf.set(payment.id, account.credentialId);
          await t.engine.write((tx) => requestRefundSync(tx, payment.id, t.clock.now()));
        }
      }
    };
    await hear(dead.slice(0, 1), 10);
    await hear(good, 4);
    await run(job, accounts);
    expect([accounts.count(dead), accounts.count(good)]).toEqual([1, 8]);
    await hear(dead.slice(1), 3);
    await hear(good, 4);
    await run(job, accounts);
    expect([accounts.count(dead), accounts.count(good)]).toEqual([6, 16]);
    accounts.release();
    await job.settled();
  });
});
