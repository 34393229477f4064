import { describe, expect, test } from 'bun:test';
import { nextDelivery, RETRY_DELAYS } from '../../../src/core/notification-retry.ts';
import { DAY } from '../../../src/core/time.ts';

const middle = () => 0.5;

describe('nextDelivery', () => {
  test('is due at once before the first try', () => {
    expect(nextDelivery(0, 1000, middle, null)).toBe(1000);
  });

  test('follows the schedule and ends', () => {
    const pauses = RETRY_DELAYS.map((_, index) => nextDelivery(index + 1, 0, middle, null));
    const minutes = [5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440];
    expect(pauses).toEqual(minutes.map((count) => count * 60_000));
    expect(nextDelivery(10, 0, middle, null)).toBeNull();
    expect(nextDelivery(10, 0, middle, 5000)).toBeNull();
  });

  test('spreads each pause by a fifth to both sides', () => {
    expect(nextDelivery(2, 0, () => 0, null)).toBe(240_000);
    expect(nextDelivery(2, 0, () => 0.999999999, null)).toBe(360_000);
  });

  test('waits as long as the shop asks, but no shorter than the schedule and at most a day', () => {
    expect(nextDelivery(1, 0, middle, 60_000)).toBe(60_000);
    expect(nextDelivery(2, 0, middle, 1000)).toBe(300_000);
    expect(nextDelivery(1, 0, middle, 40 * DAY)).toBe(DAY);
  });
});
