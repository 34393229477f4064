import { describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import { createLog } from '../../../src/log.ts';
import { createRepeats, limitRepeats } from '../../../src/security/repeats.ts';
import { createClock } from '../../support/clock.ts';

function setUp() {
  const clock = createClock();
  const lines: Record<string, unknown>[] = [];
  const plain = createLog({ level: 'debug', now: clock.now, write: (line) => lines.push(JSON.parse(line)) });
  return { clock, lines, log: limitRepeats(plain, clock.now) };
}
const said = (lines: readonly Record<string, unknown>[]) =>
  lines.map(({ msg, repeated }) => (repeated === undefined ? msg : `${msg} ×${repeated}`));

describe('a log', () => {
  test('writes down sixty warnings of one wording a minute and counts the rest, which it tells once', () => {
    const { clock, lines, log } = setUp();
    for (let n = 0; n < 1000; n += 1) log.warn('callback refused', { n });
    expect([lines.length, lines.at(-1)?.n]).toEqual([60, 59]);
    clock.advance(MINUTE);
    log.warn('callback refused', { n: 'next' });
    expect(said(lines.slice(60))).toEqual(['callback refused ×940', 'callback refused']);
    expect(lines.at(-1)?.n).toBe('next');
  });

  test('keeps other wordings, levels and children apart, and tells all that goes well', () => {
    const { clock, lines, log } = setUp();
    const child = log.child({ payment_no: 'PAY1' });
    for (let n = 0; n < 100; n += 1) {
      log.warn('one');
      child.warn('two');
      log.error('one');
      log.info('fine');
    }
    const count = (level: string, msg: string) =>
      lines.filter((line) => line.level === level && line.msg === msg).length;
    expect([count('warn', 'one'), count('warn', 'two'), count('error', 'one'), count('info', 'fine')]).toEqual([
      60, 60, 60, 100,
    ]);
    expect(lines.find(({ msg }) => msg === 'two')).toMatchObject({ payment_no: 'PAY1' });
    lines.length = 0;
    clock.advance(MINUTE);
    log.error('something else');
    expect(said(lines)).toEqual(['one ×40', 'two ×40', 'one ×40', 'something else']);
  });

  test('is not silent for ever when the clock is put back', () => {
    const { clock, lines, log } = setUp();
    for (let n = 0; n < 61; n += 1) log.warn('one');
    clock.advance(-60 * MINUTE);
    log.warn('one');
    expect(said(lines).slice(60)).toEqual(['one ×1', 'one']);
  });
});

test('beyond the things that are told apart, the others are counted as one', () => {
  const repeats = createRepeats({ atFirst: 1, now: () => 0, maxKeys: 2 });
  const may = (key: string) => repeats.maySay(key, () => {});
  expect(['a', 'b', 'c', 'd', 'a', 'e'].map(may)).toEqual([true, true, true, false, false, false]);
});
