import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import {
  DAY,
  formatInstant,
  formatTaipei,
  formatTaipeiSlashed,
  parseTaipei,
  taipeiDay,
} from '../../../src/core/time.ts';

describe('writing a time of Taipei', () => {
  test('midnight is 00:00:00 of the new day', () => {
    const midnight = Date.UTC(2026, 5, 21, 16);
    expect(formatTaipei(midnight)).toBe('2026-06-22 00:00:00');
    expect(formatTaipei(midnight - 1)).toBe('2026-06-21 23:59:59');
    expect(taipeiDay(midnight)).toBe('20260622');
    expect(taipeiDay(midnight - 1)).toBe('20260621');
  });

  test('29 February exists in leap years, and the year turns at Taipei’s midnight', () => {
    expect(formatTaipeiSlashed(Date.UTC(2024, 1, 28, 16))).toBe('2024/02/29 00:00:00');
    expect(formatTaipeiSlashed(Date.UTC(2026, 1, 28, 16))).toBe('2026/03/01 00:00:00');
    expect(formatInstant(Date.UTC(2025, 11, 31, 16))).toBe('2026-01-01T00:00:00+08:00');
  });

  test('parts of a second are dropped, never rounded up', () => {
    expect(formatInstant(Date.UTC(2026, 0, 1) + 999)).toBe('2026-01-01T08:00:00+08:00');
  });
});

describe('reading a time of Taipei', () => {
  test('a wall-clock time is eight hours ahead of UTC, with slashes, dashes, space or T', () => {
    const ms = Date.UTC(2026, 5, 22, 7, 30, 5);
    for (const text of ['2026/06/22 15:30:05', '2026-06-22 15:30:05', '2026-06-22T15:30:05', ' 2026/06/22 15:30:05 ']) {
      expect(parseTaipei(text)).toBe(ms);
    }
  });

  test('a date alone is the last second of that day', () => {
    expect(parseTaipei('2026/08/04')).toBe(Date.UTC(2026, 7, 4, 15, 59, 59));
    expect(parseTaipei('2024/02/29')).toBe(Date.UTC(2024, 1, 29, 15, 59, 59));
  });

  test('reading is the reverse of writing', () => {
    for (let ms = Date.UTC(2024, 1, 1); ms < Date.UTC(2025, 2, 2); ms += DAY / 3 + 7000) {
      expect(parseTaipei(formatTaipei(ms))).toBe(ms);
      expect(parseTaipei(formatTaipeiSlashed(ms))).toBe(ms);
      expect(Date.parse(formatInstant(ms))).toBe(ms);
    }
  });

  for (const text of [
    '',
    'tomorrow',
    '2026/02/29',
    '2026/02/30 10:00:00',
    '2026/13/01',
    '2026/00/10',
    '2026/06/00',
    '2026/06/31',
    '2026/06/22 24:00:00',
    '2026/06/22 23:60:00',
    '2026/06/22 23:59:60',
    '2026/6/22',
    '2026/06/22 15:30',
    '2026/06/22 15:30:00 PM',
    '0026/06/22',
    '20260622',
    '2026/06/22\n2026/06/23',
    '１２３４/06/22',
  ]) {
    test(`${JSON.stringify(text)} is no time`, () => expect(parseTaipei(text)).toBeNull());
  }
});

test('the time zone of the host makes no difference', async () => {
  const script = join(import.meta.dir, '../../support/taipei.ts');
  const outputs = await Promise.all(
    ['UTC', 'Asia/Taipei', 'America/New_York', 'Pacific/Kiritimati'].map(async (TZ) => {
      const child = Bun.spawn([process.execPath, script], { env: { ...process.env, TZ }, stderr: 'inherit' });
      return new Response(child.stdout).text();
    }),
  );
  expect(outputs[0]).toContain('"2024-02-29 00:00:00"');
  expect(outputs[0]).toContain('"2026-03-08 15:30:00"');
  expect(new Set(outputs).size).toBe(1);
});
