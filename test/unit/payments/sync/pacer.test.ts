import { describe, expect, test } from 'bun:test';
import { createPacer } from '../../../../src/payments/sync/pacer.ts';
import { createClock } from '../../../support/clock.ts';

const KEY = 'paypal sandbox shop';

function setUp() {
  const clock = createClock();
  const slept: number[] = [];
  const pacer = createPacer({ clock, sleep: async (ms) => void slept.push(ms) });
  const take = async (trigger: 'request' | 'schedule', count: number) => {
    for (let n = 0; n < count; n += 1) await pacer.takeTurn(KEY, trigger);
  };
  return { clock, slept, pacer, take };
}

describe('questions to one account', () => {
  test('go out a quarter of a second apart', async () => {
    const { slept, take } = setUp();
    await take('schedule', 4);
    expect(slept).toEqual([250, 500, 750]);
  });

  test('keep nobody waiting longer than a second who waits for the answer', async () => {
    const { slept, take } = setUp();
    await take('request', 7);
    expect(slept).toEqual([250, 500, 750, 1000, 1000, 1000]);
  });

  test('of a crowd that waits put off nobody else further than that crowd waits itself', async () => {
    const { clock, slept, pacer, take } = setUp();
    await take('request', 400);
    expect(pacer.findLater(KEY, 'schedule')).toBeNull();
    slept.length = 0;
    await take('schedule', 1);
    expect(slept).toEqual([1250]);
    clock.advance(1500);
    slept.length = 0;
    await take('schedule', 1);
    expect(slept).toEqual([]);
  });

  test('that go before their turn take nobody’s who waits for his', async () => {
    const { slept, take } = setUp();
    await take('schedule', 12);
    await take('request', 1);
    slept.length = 0;
    await take('schedule', 1);
    expect(slept).toEqual([3000]);
  });
});

describe('a turn that is far away', () => {
  test('is not slept for: a page comes again after one second, the schedule after three, who waits for it never', async () => {
    const { clock, pacer, take } = setUp();
    await take('schedule', 5);
    const now = clock.now();
    expect([pacer.findLater(KEY, 'page'), pacer.findLater(KEY, 'schedule')]).toEqual([now + 1250, null]);
    await take('schedule', 8);
    expect([pacer.findLater(KEY, 'schedule'), pacer.findLater(KEY, 'request')]).toEqual([now + 3250, null]);
    expect(pacer.findLater('another account', 'schedule')).toBeNull();
    clock.advance(250);
    expect(pacer.findLater(KEY, 'schedule')).toBeNull();
  });

  test('is no further away when the machine’s clock is set', async () => {
    const { clock, slept, pacer, take } = setUp();
    await take('schedule', 14);
    clock.jump(-7_200_000);
    expect(pacer.findLater(KEY, 'schedule')).toBe(clock.now() + 3500);
    clock.advance(3500);
    expect(pacer.findLater(KEY, 'schedule')).toBeNull();
    slept.length = 0;
    await take('schedule', 2);
    expect(slept).toEqual([250]);
  });
});
