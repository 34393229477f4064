import { describe, expect, test } from 'bun:test';
import { HOUR, MINUTE } from '../../../../src/core/time.ts';
import { dateIn, startOfDays } from '../../../../src/core/zone.ts';
import { rateOf, shareOut } from '../../../../src/payments/reports/report.ts';

describe('the last days of a zone', () => {
  test('begin at its midnights, also where a day has 23 or 25 hours', () => {
    const now = Date.parse('2026-04-01T12:00:00Z');
    const starts = startOfDays(now, 'Europe/Lisbon', 30);
    expect(starts).toHaveLength(30);
    expect(starts.map((at) => dateIn(at, 'Europe/Lisbon')).slice(-5)).toEqual([
      ...['2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31', '2026-04-01'],
    ]);
    const lengths = starts.slice(1).map((at, index) => (at - (starts[index] ?? 0)) / HOUR);
    expect([...new Set(lengths)].sort()).toEqual([23, 24]);
    const autumn = startOfDays(Date.parse('2026-10-27T00:00:00Z'), 'Europe/Lisbon', 3);
    expect(autumn.slice(1).map((at, index) => (at - (autumn[index] ?? 0)) / HOUR)).toEqual([25, 24]);
  });

  test('have their date in Taipei whatever the machine’s zone is', () => {
    const [first, second] = startOfDays(Date.parse('2026-06-21T16:00:00Z'), 'Asia/Taipei', 2);
    expect([first, second].map((at) => dateIn(at ?? 0, 'Asia/Taipei'))).toEqual(['2026-06-21', '2026-06-22']);
    expect(dateIn((second ?? 0) - 1, 'Asia/Taipei')).toBe('2026-06-21');
  });
});

describe('money by day', () => {
  test('is that of its quarters of an hour, each on the day of the zone, currency by currency', () => {
    const starts = startOfDays(Date.parse('2026-03-30T12:00:00Z'), 'Europe/Lisbon', 3);
    const [day = 0, change = 0, last = 0] = starts;
    const at = (ms: number, amount: number, currency = 'TWD') => ({ at: ms, currency, amount, count: 1 });
    const quarters = [
      at(day, 1),
      at(change - 15 * MINUTE, 2),
      at(change, 4),
      at(last - 15 * MINUTE, 8, 'USD'),
      at(last - 15 * MINUTE, 16),
      at(last, 32),
    ];
    expect(shareOut(quarters, starts, 'Europe/Lisbon')).toEqual([
      { date: '2026-03-28', sums: [{ currency: 'TWD', amount: 3, count: 2 }] },
      {
        date: '2026-03-29',
        sums: [
          { currency: 'TWD', amount: 20, count: 2 },
          { currency: 'USD', amount: 8, count: 1 },
        ],
      },
      { date: '2026-03-30', sums: [{ currency: 'TWD', amount: 32, count: 1 }] },
    ]);
  });
});

test('the success rate leaves out what still waits, and is none while nothing is over', () => {
  expect(rateOf({ paid: 3, failed: 1, expired: 0, pending: 90 })).toBe(0.75);
  expect(rateOf({ paid: 0, failed: 0, expired: 0, pending: 4 })).toBeNull();
  expect(rateOf({ paid: 0, failed: 0, expired: 2, pending: 0 })).toBe(0);
});
