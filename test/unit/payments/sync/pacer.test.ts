import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../../src/core/errors.ts';
import type { SyncTrigger } from '../../../../src/core/lifecycle/sync.ts';
import { createPacer, spaceCalls } from '../../../../src/payments/sync/pacer.ts';
import type { AccountKey } from '../../../../src/store/commands/cooldowns.ts';
import { createClock } from '../../../support/clock.ts';
import { holdSleep } from '../../../support/turns.ts';

const ACCOUNT = { gateway: 'paypal', environment: 'sandbox', merchantId: 'shop' } as const;
const OTHER = { ...ACCOUNT, merchantId: 'other' };

/** One process serves alone, unless a test says otherwise. */
const ALONE = { isShared: false, takeQueryTurn: async () => 0 } as const;

function setUp(store: Parameters<typeof createPacer>[0]['store'] = ALONE) {
  const held = holdSleep();
  const pacer = createPacer({ sleep: held.sleep, clock: createClock(), store });
  const went: string[] = [];
  const take = (trigger: SyncTrigger, count: number) => {
    for (let n = 0; n < count; n += 1) pacer.takeTurn(ACCOUNT, trigger).then(() => went.push(trigger));
  };
  /** Those that are told when to come again, where there is no room to wait, and what they are told. */
  const delays: number[] = [];
  const ask = (trigger: SyncTrigger, count: number, of: AccountKey = ACCOUNT) => {
    for (let n = 0; n < count; n += 1) {
      pacer.askForTurn(of, trigger).then((delay) => (delay === null ? went.push(trigger) : delays.push(delay)));
    }
  };
  /** Who goes in each of the next turns. */
  const watch = async (turns: number): Promise<readonly string[]> => {
    await Bun.sleep(0);
    went.length = 0;
    for (let n = 0; n < turns; n += 1) await held.wake();
    return [...went];
  };
  return { held, pacer, went, delays, take, ask, watch };
}

describe('questions to one account', () => {
  test('go out one by one, a quarter of a second apart, however many wait and whoever they are', async () => {
    const { held, went, take } = setUp();
    take('request', 40);
    take('schedule', 5);
    take('page', 5);
    await Bun.sleep(0);
    expect(went).toHaveLength(1);
    for (let n = 2; n <= 50; n += 1) {
      expect(held.sleeping).toEqual([250]);
      await held.wake();
      expect(went).toHaveLength(n);
    }
    await held.wake();
    expect(held.sleeping).toEqual([]);
  });

  test('keep no other account waiting', async () => {
    const { pacer, take } = setUp();
    take('request', 3);
    expect([pacer.isFree(ACCOUNT), pacer.isFree(OTHER)]).toEqual([false, true]);
    await pacer.takeTurn(OTHER, 'page');
  });

  test('of callers go first; every fourth turn is the schedule’s, and every eighth the payers’', async () => {
    const { take, watch } = setUp();
    take('page', 2);
    take('schedule', 2);
    take('request', 8);
    expect(await watch(11)).toEqual([
      ...['request', 'request', 'request', 'schedule'],
      ...['request', 'request', 'request', 'page'],
      ...['schedule', 'request', 'request'],
    ]);
  });

  test('are free to be asked again when the last turn is over', async () => {
    const { held, pacer, take } = setUp();
    take('schedule', 1);
    await held.wake();
    expect(pacer.isFree(ACCOUNT)).toBe(true);
  });
});

describe('room to wait', () => {
  test.each([
    ['request', 80],
    ['schedule', 12],
    ['page', 8],
  ] as const)('there is for so many of %s: %d', async (trigger, room) => {
    const { delays, ask } = setUp();
    // The first goes at once.
    ask(trigger, 1 + room);
    await Bun.sleep(0);
    expect(delays).toEqual([]);
    ask(trigger, 1);
    await Bun.sleep(0);
    expect(delays).toEqual([(room + 1) * 250]);
    ask(trigger, 1, OTHER);
    for (const another of ['request', 'schedule', 'page'] as const) if (another !== trigger) ask(another, 1);
    await Bun.sleep(0);
    expect(delays).toHaveLength(1);
  });
});

test('a question that needs several calls waits for a turn before each but the first, ahead of all others', async () => {
  const { held, pacer, went, take } = setUp();
  const called: string[] = [];
  const http = {
    get: async (url: string) => void called.push(url),
    post: async (url: string) => void called.push(url),
  } as unknown as Parameters<typeof spaceCalls>[0];
  await pacer.takeTurn(ACCOUNT, 'request');
  take('request', 1);
  const spaced = spaceCalls(http, pacer, ACCOUNT);
  const options = { timeoutMs: 1000, headers: {} };
  const asking = spaced.get('one', options).then(() => spaced.post('two', { ...options, body: '' }));
  await Bun.sleep(0);
  expect(called).toEqual(['one']);
  await held.wake();
  await asking;
  expect([called, went]).toEqual([['one', 'two'], []]);
  await held.wake();
  expect(went).toEqual(['request']);
});

describe('where several processes ask about one account', () => {
  const toOthers = { isShared: true, takeQueryTurn: async () => 250 };

  test('a turn is waited for until the database has it, and one is taken at a time', async () => {
    let taken = 0;
    const store = { isShared: true, takeQueryTurn: async () => [0, 250, 40][taken++] ?? 0 };
    const { held, went, take } = setUp(store);
    take('request', 3);
    const steps: unknown[] = [];
    for (let n = 0; n < 6; n += 1) {
      await Bun.sleep(0);
      steps.push([taken, went.length, ...held.sleeping]);
      await held.wake();
    }
    expect(steps).toEqual([
      ...[[1, 1, 250]],
      ...[
        [2, 1, 250],
        [2, 2, 250],
      ],
      ...[
        [3, 2, 40],
        [3, 3, 250],
      ],
      ...[[3, 3]],
    ]);
  });

  test('who goes is decided when the turn is there', async () => {
    const { held, went, take } = setUp(toOthers);
    take('page', 1);
    await Bun.sleep(0);
    take('request', 1);
    await held.wake();
    expect(went).toEqual(['request']);
  });

  test('there is room for as many as have their turn in time, by the pace of late', async () => {
    const { held, delays, take, ask } = setUp(toOthers);
    take('request', 80);
    for (let n = 0; n < 40; n += 1) await held.wake();
    // A turn every half second, for sixty that still wait.
    ask('request', 1);
    await Bun.sleep(0);
    expect(delays.map((delay) => Math.round(delay / 500))).toEqual([61]);
    for (let n = 0; n < 50; n += 1) await held.wake();
    ask('request', 1);
    await Bun.sleep(0);
    expect(delays).toHaveLength(1);
  });

  test.each([
    ['callers of the API', 'request', 80, 20_000],
    ['the schedule', 'schedule', 12, 3000],
    ['payers', 'page', 8, 2000],
  ] as const)(
    'of many %s at once none waits much longer than he has patience for',
    async (_, trigger, count, patience) => {
      const { held, went, delays, ask } = setUp(toOthers);
      ask(trigger, count);
      await Bun.sleep(0);
      let waited = 0;
      let toldBy = 0;
      let lastWent = 0;
      while (held.sleeping.length > 0) {
        const before = [went.length, delays.length];
        waited += held.sleeping[0] ?? 0;
        await held.wake();
        if (went.length !== before[0]) lastWent = waited;
        if (delays.length !== before[1]) toldBy = waited;
      }
      expect(went.length + delays.length).toBe(count);
      expect(went.length).toBeGreaterThanOrEqual(Math.floor(patience / 500));
      expect(lastWent).toBeLessThan(patience * 1.3);
      // They hear so soon, and not when their patience is over.
      expect(toldBy).toBeLessThan(Math.max(3000, patience / 5));
      for (const delay of delays) expect(delay).toBeGreaterThan(patience * 0.9);
    },
  );

  test('what cannot be told to come again keeps its place, however slow it goes', async () => {
    const { held, went, delays, take, ask } = setUp(toOthers);
    take('schedule', 14);
    ask('schedule', 1);
    await Bun.sleep(0);
    for (let n = 0; n < 40; n += 1) await held.wake();
    expect([went.length, delays.length]).toEqual([14, 1]);
  });

  test('without the database nobody asks: all that wait are told, and the next one tries again', async () => {
    let isAway = true;
    const store = {
      isShared: true,
      takeQueryTurn: async () => {
        if (isAway) throw new PayCoreError('STORAGE_UNAVAILABLE');
        return 0;
      },
    };
    const { held, pacer, went } = setUp(store);
    const all = await Promise.allSettled(
      (['page', 'further', 'request'] as const).map((one) => pacer.takeTurn(ACCOUNT, one)),
    );
    expect(all).toEqual(
      Array(3).fill({ status: 'rejected', reason: expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' }) }),
    );
    expect([held.sleeping, went]).toEqual([[], []]);
    isAway = false;
    await pacer.takeTurn(ACCOUNT, 'schedule');
  });
});
