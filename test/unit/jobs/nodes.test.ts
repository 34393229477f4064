import { expect, test } from 'bun:test';
import { SEEN_EVERY_MS, SILENT_MS } from '../../../src/core/node.ts';
import { createMovableClock, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { createNodeJob } from '../../../src/jobs/nodes.ts';
import { runForAll } from '../../../src/jobs/once.ts';
import { createSkewJob } from '../../../src/jobs/skew.ts';
import type { TakenOver } from '../../../src/store/commands/nodes.ts';
import type { Store } from '../../../src/store/store.ts';
import { createClock } from '../../support/clock.ts';
import { capture } from '../../support/log.ts';

/** What a node does about others, by a database that the test tells what to say. */

function setUp(isShared = true, follows = false) {
  const machine = createClock();
  const moved = follows ? createMovableClock(machine) : null;
  const clock = { ...machine, now: moved?.now ?? machine.now };
  /** Of the database. */
  let seenAt: () => number | null = clock.now;
  const done: string[] = [];
  const dead: TakenOver[] = [];
  let others: Awaited<ReturnType<Store['enterNode']>>['others'] = [];
  const store = {
    isShared,
    enterNode: async () => {
      done.push('enter');
      return { seenAt: seenAt() ?? clock.now(), others };
    },
    seeNode: async (_: string, aheadMs: number) => {
      done.push(`see ${aheadMs}`);
      return seenAt();
    },
    takeOverDead: async () => {
      done.push('look for dead');
      return dead.shift() ?? null;
    },
    leaveNode: async () => {
      done.push('leave');
      return done.filter((one) => one === 'leave').length > 1;
    },
    claim: async () => true,
    replan: async (_: number, back: number) => void done.push(`replan ${back}`),
  } as unknown as Store;
  const { lines, log } = capture('warn');
  const parts = { processId: 'me', nodeName: 'me:1', publicUrl: 'https://pay.example', wake: () => done.push('wake') };
  const job = createNodeJob({ clock, store, log, ...parts }, moved);
  return {
    ...{ clock, machine, done, dead, lines, job },
    setSeenAt: (next: () => number | null) => {
      seenAt = next;
    },
    setOthers: (next: readonly object[]) => {
      others = next as typeof others;
    },
    /** Its time comes again and again; what it does meanwhile. */
    async live(ms: number): Promise<readonly string[]> {
      done.length = 0;
      for (let passed = 0; passed < ms; passed += SEEN_EVERY_MS) {
        clock.advance(SEEN_EVERY_MS);
        if (((await job.nextDue()) ?? Number.POSITIVE_INFINITY) <= clock.now()) await job.run();
      }
      return [...done];
    },
  };
}

test('a program that does not serve is no node', async () => {
  const t = setUp();
  expect(await t.job.nextDue()).toBeNull();
  await t.job.run();
  await t.job.leave();
  expect(t.done).toEqual([]);
});

test('a node is seen every five seconds from its start to its stop', async () => {
  const t = setUp(false);
  await t.job.enter();
  expect(await t.job.nextDue()).toBe(t.clock.now() + 5 * SECOND);
  expect(await t.live(15 * SECOND)).toEqual(['see 0', 'see 0', 'see 0']);
  await t.job.leave();
  // Until there is no more of what it had taken.
  expect(t.done.slice(-2)).toEqual(['leave', 'leave']);
  expect(await t.live(15 * SECOND)).toEqual([]);
});

test('one that was taken for gone enters anew', async () => {
  const t = setUp();
  await t.job.enter();
  t.setSeenAt(() => null);
  expect(await t.live(5 * SECOND)).toEqual(['see 0', 'enter']);
  expect(t.lines.join()).toContain('taken for gone');
});

test('what a dead node had taken is looked for all the time, and whoever waits for work is woken', async () => {
  const t = setUp();
  await t.job.enter();
  await t.live(10 * SECOND);
  const node = { id: 'gone', name: 'gone:1' } as TakenOver['node'];
  t.dead.push({ node, notifications: 3, alerts: 0, looks: 1, claims: 0 });
  expect(await t.live(5 * SECOND)).toEqual(['see 0', 'look for dead', 'look for dead', 'wake']);
  expect(JSON.parse(t.lines[0] ?? '')).toMatchObject({ node: 'gone:1', notifications: 3, looks: 1 });
});

test('within 30 seconds of a node’s last sign of life it is taken over, at the start of another too', async () => {
  // Seen once more just before it died, and looked for by a node that starts in that moment.
  const t = setUp();
  await t.job.enter();
  let passed = 0;
  for (; passed <= 30 * SECOND; passed += SEEN_EVERY_MS) {
    const did = await t.live(SEEN_EVERY_MS);
    if (passed + SEEN_EVERY_MS >= SILENT_MS && did.includes('look for dead')) break;
  }
  expect(passed + SEEN_EVERY_MS).toBeLessThanOrEqual(20 * SECOND);
});

test('who could not reach the database leaves the others time to be seen again, before he takes them for dead', async () => {
  const t = setUp();
  await t.job.enter();
  await t.live(MINUTE);
  t.clock.advance(30 * SECOND);
  expect(await t.live(5 * SECOND)).toEqual(['see 0']);
  expect(await t.live(5 * SECOND)).toEqual(['see 0']);
  expect(await t.live(5 * SECOND)).toEqual(['see 0', 'look for dead']);
});

test('who alone serves his database looks for nobody', async () => {
  const t = setUp(false);
  await t.job.enter();
  expect(new Set(await t.live(MINUTE))).toEqual(new Set(['see 0']));
});

test('a clock that differs from the database’s is written down, and told once until it was right again', async () => {
  const t = setUp();
  t.setSeenAt(() => t.clock.now() - 7 * SECOND);
  await t.job.enter();
  expect(await t.live(10 * SECOND)).toContain('see 7000');
  expect(t.lines.length).toBe(1);
  expect(JSON.parse(t.lines[0] ?? '')).toMatchObject({ ahead_seconds: 7 });
  t.setSeenAt(t.clock.now);
  await t.live(5 * SECOND);
  t.setSeenAt(() => t.clock.now() + 6 * SECOND);
  await t.live(5 * SECOND);
  expect(t.lines.map((line) => JSON.parse(line).ahead_seconds)).toEqual([7, -6]);
});

test('where nodes share a database the program goes by its clock, however wrong the machine’s is', async () => {
  const t = setUp(true, true);
  const database = () => t.machine.now() - 70 * SECOND;
  t.setSeenAt(database);
  await t.job.enter();
  expect(t.clock.now()).toBe(database());
  // What is written down is how far the machine is off, and that is said once.
  expect(await t.live(10 * SECOND)).toEqual(['see 70000', 'see 70000', 'look for dead']);
  expect(t.lines.length).toBe(1);
});

test('when the database’s clock is put back what was planned by it is planned anew', async () => {
  const t = setUp(true, true);
  await t.job.enter();
  expect(await t.live(5 * SECOND)).toEqual(['see 0']);
  t.setSeenAt(() => t.machine.now() - HOUR);
  expect(await t.live(5 * SECOND)).toContain(`replan ${HOUR}`);
  expect(t.clock.now()).toBe(t.machine.now() - HOUR);
  expect((await t.live(5 * SECOND)).filter((did) => did.startsWith('replan'))).toEqual([]);
});

test('a slow answer says little about the clock: half of its way is as much as it may be wrong by', async () => {
  const t = setUp();
  t.setSeenAt(() => {
    t.clock.advance(20 * SECOND);
    return t.clock.now();
  });
  await t.job.enter();
  expect(t.lines).toEqual([]);
});

test('another address for payers and gateways than other nodes have is told', async () => {
  const t = setUp();
  t.setOthers([{ id: 'a', name: 'a:1', publicUrl: 'https://pay.example' }]);
  await t.job.enter();
  expect(t.lines).toEqual([]);
  t.setOthers([{ id: 'b', name: 'b:1', publicUrl: 'http://localhost:8080' }]);
  await t.job.enter();
  const told = { node: 'b:1', its_public_url: 'http://localhost:8080', public_url: 'https://pay.example' };
  expect(JSON.parse(t.lines[0] ?? '')).toMatchObject(told);
});

/** Claims as the database keeps them. */
function createClaims(clock: { now(): number }) {
  const until = new Map<string, number>();
  return {
    isShared: true,
    claim: async ({ name, leaseMs }: { name: string; leaseMs: number }) => {
      if ((until.get(name) ?? 0) > clock.now()) return false;
      until.set(name, clock.now() + leaseMs);
      return true;
    },
    release: async (name: string) => void until.delete(name),
  } as unknown as Store;
}

test('what one does for all is done once in its time, and by the same node again when that is over', async () => {
  const clock = createClock();
  const store = createClaims(clock);
  let done = 0;
  const work = async () => {
    done += 1;
  };
  const run = (processId: string) => runForAll({ store, clock, processId }, 'prune', HOUR, work);
  expect([await run('one'), await run('two'), done]).toEqual([true, false, 1]);
  clock.advance(HOUR);
  expect([await run('one'), await run('two'), done]).toEqual([true, false, 2]);
});

test('what one could not do for all is the next one’s', async () => {
  const clock = createClock();
  const store = createClaims(clock);
  const parts = { store, clock, processId: 'one' };
  const fail = async () => {
    throw new Error('not now');
  };
  expect(await runForAll(parts, 'prune', HOUR, fail).catch((error) => error.message)).toBe('not now');
  expect(await runForAll({ ...parts, processId: 'two' }, 'prune', HOUR, async () => {})).toBe(true);
});

test('a clock that is right takes back what was said of its own machine, and of no other', async () => {
  const clock = createClock();
  const open = new Set<string>(['', 'right']);
  const store = {
    isShared: true,
    closeTrouble: async (_: string, subject: string) => open.delete(subject),
    raiseTrouble: async ({ subject }: { subject: string }) => void open.add(subject),
  } as unknown as Store;
  await createSkewJob({ clock, store, nodeName: 'wrong', clockSkew: () => 90_000 }).run();
  await createSkewJob({ clock, store, nodeName: 'right', clockSkew: () => null }).run();
  expect([...open]).toEqual(['wrong']);
});
