import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import fc from 'fast-check';
import { LANGUAGE_TAGS, LOCALES, type Locale } from '../../../src/core/locale.ts';
import { HOUR, MINUTE, SECOND, taipeiDay } from '../../../src/core/time.ts';
import {
  formatMoment,
  formatMoney,
  formatTimeLeft,
  formatZonedMoment,
  groupByFour,
  groupEvenly,
  listTimeLeft,
} from '../../../src/pages/format.ts';
import { cleanText, safePath, safeUrl } from '../../../src/pages/safe.ts';
import { speak } from '../../../src/pages/text.ts';
import { DEADLINE, NOW } from './example.ts';

/** As browsers get it. */
const SCRIPT = join(import.meta.dir, '../../../web/checkout/left.js');
const { tellLeft }: { tellLeft(words: unknown, left: number): string } = await import(SCRIPT);

describe('amounts', () => {
  test('whole Taiwan dollars have no decimals, odd ones show theirs', () => {
    expect(formatMoney(98_000, 'TWD')).toBe('NT$980');
    expect(formatMoney(1_999_999_900, 'TWD')).toBe('NT$19,999,999');
    expect(formatMoney(98_050, 'TWD')).toBe('NT$980.50');
  });

  test('other currencies keep the digits ISO 4217 gives them', () => {
    expect(formatMoney(100_000, 'USD')).toBe('US$1,000.00');
    expect(formatMoney(123_456, 'JPY')).toBe('¥123,456');
    expect(formatMoney(1_234_567, 'KWD')).toBe('KWD 1,234.567');
  });
});

describe('amounts in every language', () => {
  const AMOUNTS: readonly (readonly [number, string, string, Readonly<Record<string, string>>])[] = [
    [98_000, 'TWD', 'NT$980', {}],
    [123_456, 'JPY', '¥123,456', { 'zh-cn': 'JP¥123,456' }],
    [123_456, 'CNY', 'CN¥1,234.56', { 'zh-cn': '¥1,234.56' }],
    [1_234_567, 'KRW', '₩1,234,567', {}],
    [123_450, 'THB', '฿1,234.50', {}],
    [1_090, 'MYR', 'RM10.90', {}],
    [1_090, 'SGD', 'S$10.90', {}],
    [1_090, 'USD', 'US$10.90', {}],
    [1_090, 'HKD', 'HK$10.90', {}],
    [1_234_567, 'KWD', 'KWD 1,234.567', {}],
  ];

  test.each(AMOUNTS)('%p of %s are %s, where a sign would not mean another money', (minor, currency, usual, own) => {
    for (const locale of LOCALES) {
      expect([locale, formatMoney(minor, currency, locale)]).toEqual([locale, own[locale] ?? usual]);
    }
  });

  test('no two currencies look alike to anybody', () => {
    const currencies = [...new Set([...AMOUNTS.map(([, currency]) => currency), 'AUD', 'CAD', 'EUR', 'GBP', 'PHP'])];
    for (const locale of LOCALES) {
      const signs = currencies.map((currency) => formatMoney(0, currency, locale).replace(/[0.]+$/, ''));
      expect(new Set(signs).size).toBe(currencies.length);
    }
  });
});

describe('moments and time left', () => {
  test.each([
    ['zh-tw', '6月28日（週日）23:59', '2027年1月1日（週五）00:00'],
    ['zh-cn', '6月28日（周日）23:59', '2027年1月1日（周五）00:00'],
    ['en', 'Sun Jun 28, 23:59', 'Fri Jan 1, 2027, 00:00'],
    ['ja', '6月28日（日）23:59', '2027年1月1日（金）00:00'],
    ['ko', '6월 28일(일) 23:59', '2027년 1월 1일(금) 00:00'],
    ['th', 'วันอาทิตย์ 28 มิ.ย. 23:59 น.', 'วันศุกร์ 1 ม.ค. 2027 00:00 น.'],
    ['ms', 'Ahd, 28 Jun, 23:59', 'Jum, 1 Jan 2027, 00:00'],
  ] as const)('in %s a day of this year is told as %p, one of another as %p', (locale, thisYear, another) => {
    const newYear = Date.parse('2027-01-01T00:00:00+08:00');
    expect(formatMoment(locale, speak(locale), DEADLINE, NOW)).toBe(thisYear);
    expect(formatMoment(locale, speak(locale), newYear, NOW)).toBe(another);
  });

  test('a deadline is told in Taipei time, with its weekday', () => {
    expect(formatMoment('zh-tw', speak('zh-tw'), DEADLINE, NOW)).toBe('6月28日（週日）23:59');
    expect(formatMoment('en', speak('en'), DEADLINE, NOW)).toBe('Sun Jun 28, 23:59');
  });

  test('the year is told when it is another one', () => {
    const newYear = Date.parse('2027-01-01T00:00:00+08:00');
    expect(formatMoment('en', speak('en'), newYear, NOW)).toContain('2027');
    expect(formatMoment('en', speak('en'), newYear - SECOND, NOW)).not.toContain('2026');
  });

  test('a moment is told the same the first time and later, to the minute, whatever was told in between', () => {
    const options = { timeZone: 'Asia/Taipei', calendar: 'gregory', numberingSystem: 'latn' } as const;
    const tell = (locale: Locale, ms: number, year: boolean) => {
      const format = (part: Intl.DateTimeFormatOptions) =>
        new Intl.DateTimeFormat(LANGUAGE_TAGS[locale], { ...options, ...part }).format(ms);
      return speak(locale)('time.moment', {
        date: format({ month: 'short', day: 'numeric', ...(year ? { year: 'numeric' } : {}) }),
        weekday: format({ weekday: 'short' }),
        time: format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      });
    };
    const midnight = Date.parse('2026-06-29T00:00:00+08:00');
    for (const ms of [
      midnight - 1,
      midnight,
      midnight + 59_999,
      midnight + MINUTE,
      midnight - MINUTE,
      DEADLINE,
      0,
      -1,
    ]) {
      for (const locale of LOCALES) {
        for (const now of [NOW, null, 0, NOW]) {
          const year = now === null || taipeiDay(ms).slice(0, 4) !== taipeiDay(now).slice(0, 4);
          expect(formatMoment(locale, speak(locale), ms, now)).toBe(tell(locale, ms, year));
        }
      }
    }
  });

  test('a great many moments do not fill the memory, and are told right', () => {
    for (let count = 0; count < 2500; count += 1) formatMoment('en', speak('en'), NOW + count * MINUTE, NOW);
    expect(formatMoment('en', speak('en'), DEADLINE, NOW)).toBe('Sun Jun 28, 23:59');
    expect(() => formatMoment('en', speak('en'), Number.NaN, NOW)).toThrow();
  });

  test('a moment is told by the clocks of the zone, and in its year', () => {
    const say = speak('en');
    const newYear = Date.parse('2027-01-01T00:30:00+08:00');
    expect(formatMoment('en', say, newYear, NOW, 'America/New_York')).toBe('Thu Dec 31, 11:30');
    expect(formatMoment('en', say, newYear, NOW, 'Asia/Tokyo')).toBe('Fri Jan 1, 2027, 01:30');
    expect(formatMoment('en', say, newYear, NOW)).toBe('Fri Jan 1, 2027, 00:30');
  });

  test('whose clocks are meant is told where the reader lives by others', () => {
    const tell = (locale: 'zh-tw' | 'en', zone?: string) =>
      formatZonedMoment(locale, speak(locale), DEADLINE, NOW, zone);
    expect(tell('zh-tw')).toBe('6月28日（週日）23:59');
    expect(tell('zh-tw', 'Asia/Tokyo')).toBe('6月29日（週一）00:59（日本時間）');
    expect(tell('en')).toBe('Sun Jun 28, 23:59 (Taiwan Time)');
    expect(tell('en', 'Asia/Singapore')).toBe('Sun Jun 28, 23:59 (Singapore Time)');
  });
});

describe('the time left', () => {
  test('is told in days, then hours, then to the second, never as a clock would', () => {
    const tell = (locale: 'zh-tw' | 'en', left: number) => formatTimeLeft(speak(locale), left);
    expect(tell('zh-tw', 50 * HOUR)).toBe('還剩 2 天');
    expect(tell('en', 48 * HOUR)).toBe('2 days left');
    expect(tell('en', 48 * HOUR - 1)).toBe('47 hours left');
    expect(tell('en', 2 * HOUR)).toBe('2 hours left');
    expect(tell('en', 2 * HOUR - 1)).toBe('1 hour left');
    expect(tell('en', HOUR)).toBe('1 hour left');
    expect(tell('zh-tw', 21 * MINUTE + 37 * SECOND)).toBe('還剩 21 分 37 秒');
    expect(tell('en', HOUR - 1)).toBe('59 min 59 s left');
    expect(tell('en', MINUTE)).toBe('1 min 0 s left');
    expect(tell('zh-tw', MINUTE - 1)).toBe('還剩 59 秒');
    expect([tell('en', 0), tell('en', -5)]).toEqual(['', '']);
  });

  test('is counted on by the script in the same words, in every language', () => {
    for (const locale of LOCALES) {
      const say = speak(locale);
      const words = JSON.parse(JSON.stringify(listTimeLeft(say)));
      const edges = [0, SECOND, MINUTE, HOUR, 2 * HOUR, 48 * HOUR, 60 * 24 * HOUR];
      const lefts = edges.flatMap((edge) => [edge - 1, edge, edge + 1, edge + 37 * SECOND + 500, edge + 59 * MINUTE]);
      for (const left of lefts) {
        expect(tellLeft(words, left)).toBe(formatTimeLeft(say, left));
        expect(tellLeft(words, left)).not.toMatch(/[{}:]|undefined/);
      }
    }
  });
});

describe('grouped numbers', () => {
  test('accounts go four by four', () => {
    expect(groupByFour('91035222648153')).toEqual(['9103', '5222', '6481', '53']);
  });

  test('store codes go by three and four, never with a single character left over', () => {
    expect(groupEvenly('LLL26213917414')).toEqual(['LLL', '262', '1391', '7414']);
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{6,60}$/), (code) => {
        const groups = groupEvenly(code);
        expect(groups.join('')).toBe(code);
        for (const group of groups) expect([3, 4]).toContain(group.length);
      }),
    );
  });
});

describe('what others wrote', () => {
  test('marks that reorder or hide text are taken out', () => {
    expect(cleanText('a\u202eb\u0000c\u2066d\n e')).toBe('a b c d e');
    expect(cleanText('👩‍👩‍👧 ok')).toBe('👩‍👩‍👧 ok');
  });

  test('no letter carries more marks than a language puts on it, since they would be painted over other lines', () => {
    expect(cleanText(`a${'\u0301'.repeat(40)}b`)).toBe(`a${'\u0301'.repeat(4)}b`);
    for (const text of ['น้ำ ที่', 'שָׁלוֹם', 'Việt', '❤️‍🔥']) expect(cleanText(text)).toBe(text);
  });

  test('only http and https become links', () => {
    for (const url of ['https://shop.tw/a?b=1', 'HTTP://Shop.TW/../a?%A4+%20&flag#', 'https://例え.jp/道'])
      expect(safeUrl(url)).toBe(url);
    for (const url of [
      'javascript:alert(1)',
      ' JavaScript:alert(1)',
      'data:text/html,x',
      '/relative',
      '',
      null,
      'https:/x',
      'https://a b',
      'https://a\tb',
    ]) {
      expect(safeUrl(url)).toBeNull();
    }
  });

  test('only paths of this site are posted to', () => {
    expect(safePath('/zh-tw/pay/x/go?token=t')).toBe('/zh-tw/pay/x/go?token=t');
    for (const path of ['//evil.tw', '/\\evil.tw', 'https://evil.tw', 'javascript:x', '', null]) {
      expect(safePath(path)).toBeNull();
    }
  });
});
