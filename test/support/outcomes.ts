import { expect } from 'bun:test';
import { HOUR } from '../../src/core/time.ts';
import type { TestApp } from './app.ts';

/** After `wait` a payment is still waited for, `more` later it has expired. */
export async function expectExpiry(app: TestApp, no: string, wait: number, more: number): Promise<void> {
  app.clock.advance(wait);
  await app.check();
  expect((await app.find(no)).status).toBe('pending');
  app.clock.advance(more);
  await app.check();
  expect((await app.find(no)).status).toBe('expired');
}

/** Two payments whose callbacks are lost, with the numbers to pay them by: one is found by sync, one by the schedule. */
export async function expectFound(app: TestApp, one: Unheard, two: Unheard): Promise<void> {
  for (const { number } of [one, two]) await app.simulate(number, 'pay', { callback: false });
  const synced = await app.call(`/api/paycore/payments/${one.no}/sync`, {});
  expect(synced.json.data).toMatchObject({ status: 'paid', sync: { asked: true, result: 'paid' } });
  app.clock.advance(2 * HOUR);
  await app.check();
  expect((await app.find(two.no)).status).toBe('paid');
}

interface Unheard {
  readonly no: string;
  readonly number: string;
}
