import { expect } from 'bun:test';
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
