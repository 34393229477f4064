import type { Random } from '../../src/core/ids.ts';

/** 2026-06-22 15:30:00 in Taipei. */
export const START = Date.UTC(2026, 5, 22, 7, 30, 0);

/** A clock that stands still until a test moves it. */
export interface TestClock {
  now(): number;
  advance(ms: number): void;
}

export function createClock(start = START): TestClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** The same bytes in every run (mulberry32). */
export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % 256;
  };
  return (bytes) => Uint8Array.from({ length: bytes }, next);
}
