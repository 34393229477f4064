import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Reader, text, writeCell } from '../../../../src/payments/reports/export/cells.ts';
import { sameRuns } from '../../../support/clock.ts';

const zone = 'Asia/Taipei';
const write = (value: string, reader: Reader = 'spreadsheet') => writeCell(text(value), { reader, zone });
const readBack = (cell: string) => (cell.startsWith("'") ? cell.slice(1) : cell);

describe('a text in a sheet', () => {
  test('that would be computed has a mark before it, for programs too', () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠x', "'quoted"];
    for (const one of texts) {
      expect(write(one)).toBe(`'${one}`);
      expect(write(one, 'program')).toBe(`'${one}`);
    }
  });

  test('that would lose digits, or become a day, a time or a truth, has it where a spreadsheet reads', () => {
    const texts = [
      ...['007', '0912345678', '9103522175887271', '202606220001', '1E5', '12e10', '1-2', '2026/06/22', '3.4'],
      ...['12:30', 'MAR1', 'sep-2', '2-Dec-2026', 'TRUE', 'false', '2026年6月'],
    ];
    for (const one of texts) {
      expect(write(one)).toBe(`'${one}`);
      expect(write(one, 'program')).toBe(one);
    }
  });

  test('stays as it is where nothing takes it for something else', () => {
    const texts = [
      'A-1',
      'ORDER0001',
      '12345',
      '手沖 =咖啡',
      'May I?',
      'market 1',
      '10.5 g',
      'PAY202606220001ABCDEFGH',
    ];
    for (const one of texts) expect(write(one)).toBe(one);
  });

  test('is what it was when the mark is taken off, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'\'=+-@\t\r\n＝0019aE./:," 咖') }),
        fc.constantFrom<Reader>('spreadsheet', 'program'),
        (value, reader) => {
          expect(readBack(write(value, reader))).toBe(value);
          expect(write(value, reader)).not.toMatch(/^[=+\-@\t\r]/);
        },
      ),
      sameRuns(300),
    );
  });
});

test('amounts are decimal numbers, minus sign and all; times are those of the merchant’s clock', () => {
  const spreadsheet = { reader: 'spreadsheet', zone } as const;
  expect(writeCell({ type: 'amount', minor: -98_050, currency: 'TWD' }, spreadsheet)).toBe('-980.50');
  expect(writeCell({ type: 'amount', minor: 980, currency: 'JPY' }, spreadsheet)).toBe('980');
  const at = Date.parse('2026-06-30T23:30:00Z');
  expect(writeCell({ type: 'time', at }, spreadsheet)).toBe('2026-07-01 07:30:00');
  expect(writeCell({ type: 'time', at }, { ...spreadsheet, zone: 'America/New_York' })).toBe('2026-06-30 19:30:00');
});
