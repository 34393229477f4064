import { createHash } from 'node:crypto';
import type { Random } from '../../src/core/ids.ts';
import type { Clock } from '../../src/core/time.ts';
import { createVault, type Vault } from '../../src/security/vault.ts';

/** 22 June 2026, 15:30:00 in Taipei. */
export const START = Date.UTC(2026, 5, 22, 7, 30, 0);

export interface TestClock extends Clock {
  set(ms: number): void;
  advance(ms: number): void;
}

/** A clock that stands still until it is told. */
export function fixedClock(start = START): TestClock {
  let now = start;
  return {
    now: () => now,
    set: (ms) => {
      now = ms;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Bytes that look random and are the same in every run: SHA-256 of seed and counter. */
export function seededRandom(seed = 'paycore'): Random {
  let counter = 0;
  return (bytes) => {
    const chunks: Buffer[] = [];
    for (let size = 0; size < bytes; size += 32) {
      chunks.push(createHash('sha256').update(`${seed} ${counter++}`).digest());
    }
    return new Uint8Array(Buffer.concat(chunks).subarray(0, bytes));
  };
}

/** A vault whose master key is 32 times `fill`. */
export function testVault(fill = 7, random: Random = seededRandom(`vault ${fill}`)): Vault {
  return createVault(new Uint8Array(32).fill(fill), random);
}

/** The value, or a failed test that says what was missing. */
export function present<T>(value: T | null | undefined, what = 'value'): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** What a promise rejected with; fails when it did not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}
