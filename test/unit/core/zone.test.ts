import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { isTimeZone, startOfPeriods } from '../../../src/core/zone.ts';
import { sameRuns } from '../../support/clock.ts';

/** Asked at this instant, day and month begin at these. */
const CASES: readonly (readonly [zone: string, what: string, now: string, day: string, month: string])[] = [
  ['UTC', 'an ordinary day', '2026-06-22T12:00Z', '2026-06-22T00:00Z', '2026-06-01T00:00Z'],
  ['Asia/Taipei', 'still yesterday in UTC', '2026-06-21T16:00Z', '2026-06-21T16:00Z', '2026-05-31T16:00Z'],
  [
    'Asia/Taipei',
    'the last millisecond of a month',
    '2026-06-30T15:59:59.999Z',
    '2026-06-29T16:00Z',
    '2026-05-31T16:00Z',
  ],
  ['Asia/Taipei', 'the first millisecond of a year', '2025-12-31T16:00Z', '2025-12-31T16:00Z', '2025-12-31T16:00Z'],
  ['Asia/Taipei', 'a leap day', '2024-02-29T12:00Z', '2024-02-28T16:00Z', '2024-01-31T16:00Z'],
  ['Asia/Kathmandu', 'an offset of 5:45', '2026-06-22T12:00Z', '2026-06-21T18:15Z', '2026-05-31T18:15Z'],
  [
    'Australia/Lord_Howe',
    'clocks that change by half an hour',
    '2026-04-05T12:00Z',
    '2026-04-04T13:00Z',
    '2026-03-31T13:00Z',
  ],
  ['America/New_York', 'the night clocks go forward', '2026-03-08T20:00Z', '2026-03-08T05:00Z', '2026-03-01T05:00Z'],
  [
    'America/New_York',
    'the night clocks go back, a month start',
    '2026-11-01T20:00Z',
    '2026-11-01T04:00Z',
    '2026-11-01T04:00Z',
  ],
  ['Europe/Berlin', 'clocks forward', '2026-03-29T12:00Z', '2026-03-28T23:00Z', '2026-02-28T23:00Z'],
  ['Europe/Berlin', 'clocks back', '2026-10-25T12:00Z', '2026-10-24T22:00Z', '2026-09-30T22:00Z'],
  ['Australia/Sydney', 'clocks forward, east', '2024-10-06T10:00Z', '2024-10-05T14:00Z', '2024-09-30T14:00Z'],
  ['Australia/Sydney', 'clocks back, east', '2024-04-07T10:00Z', '2024-04-06T13:00Z', '2024-03-31T13:00Z'],
  ['America/Sao_Paulo', 'a day without midnight', '2018-11-04T12:00Z', '2018-11-04T03:00Z', '2018-11-01T03:00Z'],
  [
    'America/Sao_Paulo',
    'the first minute of that day',
    '2018-11-04T03:00:30Z',
    '2018-11-04T03:00Z',
    '2018-11-01T03:00Z',
  ],
  ['America/Sao_Paulo', 'clocks back at midnight', '2018-02-18T12:00Z', '2018-02-18T03:00Z', '2018-02-01T02:00Z'],
  ['America/Sao_Paulo', 'the hour that came twice', '2018-02-18T02:30Z', '2018-02-17T02:00Z', '2018-02-01T02:00Z'],
  ['America/Santiago', 'a day without midnight', '2025-09-07T12:00Z', '2025-09-07T04:00Z', '2025-09-01T04:00Z'],
  ['America/Havana', 'a day without midnight', '2023-03-12T12:00Z', '2023-03-12T05:00Z', '2023-03-01T05:00Z'],
  ['America/Havana', 'a midnight that came twice', '2023-11-05T12:00Z', '2023-11-05T04:00Z', '2023-11-01T04:00Z'],
  [
    'America/Asuncion',
    'a month without its first midnight',
    '2023-10-15T12:00Z',
    '2023-10-15T03:00Z',
    '2023-10-01T04:00Z',
  ],
  ['Asia/Beirut', 'a day without midnight, east', '2024-03-31T12:00Z', '2024-03-30T22:00Z', '2024-02-29T22:00Z'],
  ['Pacific/Apia', 'the month whose 30th was skipped', '2011-12-30T12:00Z', '2011-12-30T10:00Z', '2011-12-01T10:00Z'],
  ['Pacific/Kiritimati', 'the first to wake', '2026-06-22T12:00Z', '2026-06-22T10:00Z', '2026-05-31T10:00Z'],
];

describe('the first instants of day and month', () => {
  for (const [zone, what, now, day, month] of CASES) {
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
