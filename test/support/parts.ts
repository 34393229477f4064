import type { Random } from '../../src/core/ids.ts';
import { createVault, type Vault } from '../../src/security/vault.ts';
import { seedRandom } from './clock.ts';

/** A vault whose master key is 32 times `fill`. */
export function testVault(fill = 7, random: Random = seedRandom(`vault ${fill}`)): Vault {
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
