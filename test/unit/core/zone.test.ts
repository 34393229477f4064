import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { formatWall, instantOnDay, isTimeZone, startOfPeriods } from '../../../src/core/zone.ts';
import { sameRuns } from '../../support/clock.ts';
import vectors from '../../vectors/time-zones.json';

describe('the first instants of day and month', () => {
  for (const { zone, what, now, day, month } of vectors) {
    test(`${zone}: ${what}`, () => {
      const periods = startOfPeriods(Date.parse(now), zone);
      expect({ day: new Date(periods.day).toISOString(), month: new Date(periods.month).toISOString() }).toEqual({
        day: new Date(day).toISOString(),
        month: new Date(month).toISOString(),
      });
    });
  }

  test('of every hour of two years are on the day they begin, and not before', () => {
    for (const zone of ['America/Santiago', 'America/Sao_Paulo', 'Asia/Beirut', 'Europe/Lisbon', 'Africa/Cairo']) {
      const date = new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
      });
      for (let now = Date.UTC(2018, 0, 1, 0, 30); now < Date.UTC(2019, 0, 1); now += 3 * 3_600_000) {
        const { day, month } = startOfPeriods(now, zone);
        expect(date.format(day)).toBe(date.format(now));
        expect(date.format(day - 1) < date.format(now)).toBe(true);
        expect(date.format(month)).toBe(`${date.format(now).slice(0, 8)}01`);
      }
    }
  });
});

test('Taipei, which is reckoned without a calendar of zones, has the days and months of its other names', () => {
  const agree = (now: number) => expect(startOfPeriods(now, 'Asia/Taipei')).toEqual(startOfPeriods(now, 'ROC'));
  for (let year = 1945; year < 2060; year += 1) {
    for (let month = 0; month < 12; month += 1) {
      const midnight = Date.UTC(year, month, 1, -8);
      for (const now of [midnight - 1, midnight, midnight + 12 * 3_600_000 + 1]) agree(now);
    }
  }
  const end = Date.UTC(2400, 0, 1);
  fc.assert(fc.property(fc.integer({ min: 0, max: end }), agree), sameRuns(2000));
});

test('a zone is what IANA names one, before it was used and after', () => {
  for (const zone of ['Asia/Taipei', 'UTC', 'America/Argentina/Buenos_Aires']) expect(isTimeZone(zone)).toBe(true);
  for (const zone of ['', 'Mars/Olympus', 'Asia/Taipei ', '__proto__', `Asia/${'x'.repeat(70)}`])
    expect(isTimeZone(zone)).toBe(false);
  startOfPeriods(0, '+08:00');
  startOfPeriods(0, 'Europe/Oslo');
  expect(isTimeZone('+08:00')).toBe(false);
  expect(isTimeZone('Europe/Oslo')).toBe(true);
});

test('a great many zones do not fill the memory, and answers stay right', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  for (const zone of [...zones, ...zones.map((zone) => zone.toLowerCase())]) startOfPeriods(0, zone);
  expect(startOfPeriods(0, 'Asia/Taipei').day).toBe(-8 * 3_600_000);
});

describe('a time of day', () => {
  test('is an instant of the day that it is in the zone', () => {
    const at = (now: string, zone: string) => new Date(instantOnDay(Date.parse(now), zone, 8 * 60)).toISOString();
    expect(at('2026-06-22T15:59:59Z', 'Asia/Taipei')).toBe('2026-06-22T00:00:00.000Z');
    expect(at('2026-06-22T16:00:00Z', 'Asia/Taipei')).toBe('2026-06-23T00:00:00.000Z');
    expect(at('2026-01-15T12:00:00Z', 'Europe/Lisbon')).toBe('2026-01-15T08:00:00.000Z');
    expect(at('2026-07-15T12:00:00Z', 'Europe/Lisbon')).toBe('2026-07-15T07:00:00.000Z');
    // The day on which clocks go forward at one.
    expect(at('2026-03-29T00:10:00Z', 'Europe/Lisbon')).toBe('2026-03-29T07:00:00.000Z');
  });

  test('is written as the zone writes it', () => {
    const noon = Date.UTC(2026, 6, 15, 12, 5);
    expect(formatWall(noon, 'Asia/Taipei')).toBe('2026-07-15 20:05');
    expect(formatWall(noon, 'Europe/Lisbon')).toBe('2026-07-15 13:05');
    expect(formatWall(noon, 'America/New_York')).toBe('2026-07-15 08:05');
  });
});
