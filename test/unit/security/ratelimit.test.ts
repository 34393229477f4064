import { describe, expect, test } from 'bun:test';
import { clientKey, createRateLimiter } from '../../../src/security/ratelimit.ts';

function setUp(limit: number, windowMs: number, maxKeys?: number) {
  const clock = { now: 1_000_000 };
  const limiter = createRateLimiter({ limit, windowMs, now: () => clock.now, ...(maxKeys ? { maxKeys } : {}) });
  return { clock, limiter };
}

describe('createRateLimiter', () => {
  test('allows the limit at once, then says how long to wait, exactly', () => {
    const { clock, limiter } = setUp(3, 3000);
    expect([1, 2, 3].map(() => limiter.take('a').allowed)).toEqual([true, true, true]);
    const refused = { allowed: false, remaining: 0 };
    expect(limiter.take('a')).toEqual({ ...refused, retryAfterMs: 1000, fullAfterMs: 3000 });
    clock.now += 999;
    expect(limiter.take('a')).toEqual({ ...refused, retryAfterMs: 1, fullAfterMs: 2001 });
    clock.now += 1;
    expect(limiter.take('a')).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0, fullAfterMs: 3000 });
    expect(limiter.take('a').allowed).toBe(false);
  });

  test('says whether anything is left without taking of it', () => {
    const { clock, limiter } = setUp(2, 2000);
    expect([limiter.isUsedUp('a'), limiter.isUsedUp('a')]).toEqual([false, false]);
    limiter.take('a');
    expect(limiter.isUsedUp('a')).toBe(false);
    limiter.take('a');
    expect([limiter.isUsedUp('a'), limiter.isUsedUp('b')]).toEqual([true, false]);
    clock.now += 999;
    expect(limiter.isUsedUp('a')).toBe(true);
    clock.now += 1;
    expect([limiter.isUsedUp('a'), limiter.take('a').allowed, limiter.isUsedUp('a')]).toEqual([false, true, true]);
  });

  test('says what is left, in whole ones, and when nothing is missing any more', () => {
    const { clock, limiter } = setUp(60, 60_000);
    expect([1, 2, 3].map(() => limiter.take('a').remaining)).toEqual([59, 58, 57]);
    expect(limiter.take('a').fullAfterMs).toBe(4000);
    clock.now += 1500;
    expect(limiter.take('a')).toMatchObject({ remaining: 56, fullAfterMs: 3500 });
    clock.now += 60_000;
    expect(limiter.take('a')).toMatchObject({ remaining: 59, fullAfterMs: 1000 });
  });

  test('waiting as long as told is enough for any limit', () => {
    for (const [limit, windowMs] of [
      [7, 60_000],
      [3, 1000],
      [1, 333],
      [60, 60_000],
      [1000, 1000],
    ] as const) {
      const { clock, limiter } = setUp(limit, windowMs);
      for (let i = 0; i < limit; i += 1) expect(limiter.take('a').allowed).toBe(true);
      for (let i = 0; i < 50; i += 1) {
        clock.now += limiter.take('a').retryAfterMs;
        expect(limiter.take('a').allowed).toBe(true);
      }
    }
  });

  test('keeps keys apart and never saves up more than the limit', () => {
    const { clock, limiter } = setUp(1, 1000);
    expect(limiter.take('a').allowed).toBe(true);
    expect(limiter.take('b').allowed).toBe(true);
    clock.now += 1_000_000;
    expect([limiter.take('a').allowed, limiter.take('a').allowed]).toEqual([true, false]);
  });

  test('survives a clock that jumps back', () => {
    const { clock, limiter } = setUp(1, 1000);
    limiter.take('a');
    clock.now -= 500_000;
    expect(limiter.take('a').allowed).toBe(false);
    clock.now += 1000;
    expect(limiter.take('a').allowed).toBe(true);
  });

  test('forgets the key unused for longest', () => {
    const { limiter } = setUp(1, 1_000_000, 2);
    limiter.take('a');
    limiter.take('b');
    limiter.take('a');
    limiter.take('c');
    expect(limiter.take('a').allowed).toBe(false);
    expect(limiter.take('b').allowed).toBe(true);
  });
});

test('an IPv6 subscriber is one client', () => {
  expect(clientKey('203.0.113.7')).toBe('203.0.113.7');
  expect(clientKey('::ffff:203.0.113.7')).toBe('203.0.113.7');
  expect(clientKey('2001:db8:1:2::1')).toBe(clientKey('2001:db8:1:2:ffff::9'));
  expect(clientKey('2001:db8:1:2::1')).not.toBe(clientKey('2001:db8:1:3::1'));
  expect(clientKey('unix')).toBe('unix');
});

test('however an address is written, it is one client, and what is none stays short', () => {
  const forms = [
    '203.0.113.7',
    '::ffff:203.0.113.7',
    '::FFFF:203.0.113.7',
    '::ffff:cb00:7107',
    '0:0:0:0:0:ffff:cb00:7107',
  ];
  expect(new Set(forms.map(clientKey))).toEqual(new Set(['203.0.113.7']));
  expect(clientKey('2001:DB8:0001:0002::1')).toBe(clientKey('2001:db8:1:2:0:0:0:1'));
  expect(clientKey('x'.repeat(10_000)).length).toBeLessThanOrEqual(64);
});
