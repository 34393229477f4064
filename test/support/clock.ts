import type { Random } from '../../src/core/ids.ts';
import type { Clock } from '../../src/core/time.ts';

/** 2026-06-22 15:30:00 in Taipei. */
export const START = Date.UTC(2026, 5, 22, 7, 30, 0);

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  set(ms: number): void;
  advance(ms: number): void;
  /** Somebody sets the machine's clock: no time goes by. */
  jump(ms: number): void;
}

export function createClock(start = START): TestClock {
  let now = start;
  let elapsed = 0;
  const advance = (ms: number) => {
    now += ms;
    elapsed += Math.max(0, ms);
  };
  return {
    now: () => now,
    elapsed: () => elapsed,
    set: (ms) => advance(ms - now),
    advance,
    jump: (ms) => {
      now += ms;
    },
  };
}

/** The same bytes in every run. */
export function seedRandom(seed: number | string): Random {
  const next = mulberry32(seed);
  return (bytes) => Uint8Array.from({ length: bytes }, () => next() % 256);
}

/** Numbers from 0 up to 1, the same in every run. */
export function seedNumbers(seed: number): () => number {
  const next = mulberry32(seed);
  return () => next() / 2 ** 32;
}

/** Of fast-check: the same histories in every run, unless PAYCORE_TEST_SEED names others. */
export function sameRuns(numRuns: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns, seed: Number(process.env.PAYCORE_TEST_SEED || START / 1000) };
}

/** Whole numbers of 32 bits. */
function mulberry32(seed: number | string): () => number {
  let state = typeof seed === 'string' ? hashText(seed) : seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const TURN_MS = 20;

/** How many tests are at work while a call waits for its answer. */
let atWork = 0;

/** The work of a test that a call under way has to wait for, however long the machine takes: no turn counts meanwhile. */
export async function takeTime<T>(work: () => Promise<T>): Promise<T> {
  atWork += 1;
  try {
    return await work();
  } finally {
    atWork -= 1;
  }
}

/**
 * A timer that counts turns of the event loop, a fiftieth of a second each at the least. Where caller and server share a
 * process, one that the machine leaves waiting does not take the other for slow.
 */
export function setTurnTimer(run: () => void, ms: number): () => void {
  let left = Math.ceil(ms / TURN_MS);
  let timer: Timer;
  const turn = () => {
    if (left <= 0) return run();
    if (atWork === 0) left -= 1;
    timer = setTimeout(turn, TURN_MS);
  };
  turn();
  return () => clearTimeout(timer);
}

/** Timers that go off when the test says so, all that were set. */
export function holdTimers() {
  const held: { readonly ms: number; readonly run: () => void }[] = [];
  return {
    held,
    setTimer(run: () => void, ms: number): () => void {
      held.push({ ms, run });
      return () => {};
    },
    fire(): void {
      for (const { run } of held.splice(0)) run();
    },
  };
}
