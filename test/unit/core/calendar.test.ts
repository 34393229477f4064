import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Reminder, writeCalendar } from '../../../src/core/calendar.ts';
import { HOUR, MINUTE } from '../../../src/core/time.ts';

const NOW = Date.parse('2026-06-26T14:05:00+08:00');
const REMINDER: Reminder = {
  uid: 'PAY202606260001QWERTYUI@pay.example.tw',
  now: NOW,
  at: Date.parse('2026-06-28T23:59:59+08:00'),
  title: 'Pay',
  lines: ['one', 'two'],
  url: 'https://pay.example.tw/p?a=1;b,c',
  leadMs: 3 * HOUR,
};

/** As a calendar reads it: lines put together again, names apart from values, marks taken out. */
function read(file: string): Record<string, string> {
  const lines = file.replaceAll('\r\n ', '').split('\r\n').slice(0, -1);
  const alarm = lines.indexOf('BEGIN:VALARM');
  const pairs = lines.map((line, i) => {
    const [name = '', ...value] = line.split(':');
    const text = value.join(':');
    const isText = ['SUMMARY', 'DESCRIPTION', 'UID'].includes(name);
    return [
      i > alarm && alarm >= 0 ? `ALARM ${name}` : name,
      isText ? text.replace(/\\([\\;,n])/g, (_, mark) => (mark === 'n' ? '\n' : mark)) : text,
    ];
  });
  return Object.fromEntries(pairs);
}

describe('a moment for the calendar', () => {
  test('has its instants in UTC, an alarm before, and an address as it is', () => {
    expect(read(writeCalendar(REMINDER))).toMatchObject({
      VERSION: '2.0',
      UID: REMINDER.uid,
      DTSTAMP: '20260626T060500Z',
      DTSTART: '20260628T155959Z',
      SUMMARY: 'Pay',
      DESCRIPTION: 'one\ntwo',
      URL: 'https://pay.example.tw/p?a=1;b,c',
      'ALARM TRIGGER': '-PT180M',
      'ALARM ACTION': 'DISPLAY',
    });
    expect(read(writeCalendar({ ...REMINDER, leadMs: 30 * MINUTE }))).toMatchObject({ 'ALARM TRIGGER': '-PT30M' });
    expect(writeCalendar({ ...REMINDER, url: null })).not.toContain('URL:');
  });

  test('whatever stands in a text comes out of the calendar as it went in, and begins no line of its own', () => {
    const text = fc
      .array(fc.constantFrom('\\', ';', ',', ':', 'a', '\n', '文', '😀', ' '), { maxLength: 200, size: 'max' })
      .map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, (title) => {
        const file = writeCalendar({ ...REMINDER, title: `x${title}`, lines: [title] });
        expect(read(file).SUMMARY).toBe(`x${title}`);
        expect(read(file).DESCRIPTION).toBe(title);
        expect(file.match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
        for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(file).not.toContain('\uFFFD');
      }),
    );
  });
});
