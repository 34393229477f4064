import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { preferredLocale } from '../../../src/core/accept-language.ts';
import { isLocale } from '../../../src/core/locale.ts';

const TABLE: readonly (readonly [string, string | null])[] = [
  // As browsers send it.
  ['zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7', 'zh-tw'],
  ['zh-CN,zh;q=0.9', 'zh-cn'],
  ['en-GB,en;q=0.9', 'en'],
  ['ja', 'ja'],
  ['ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7', 'ko'],
  ['th-TH,th;q=0.9', 'th'],
  ['ms-MY,ms;q=0.9,en;q=0.8', 'ms'],
  ['de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7', 'en'],
  // Chinese by script, else by country.
  ['zh-HK', 'zh-tw'],
  ['zh-MO', 'zh-tw'],
  ['zh-Hant', 'zh-tw'],
  ['zh-Hant-HK', 'zh-tw'],
  ['zh', 'zh-cn'],
  ['zh-SG', 'zh-cn'],
  ['zh-Hans', 'zh-cn'],
  ['zh-Hans-TW', 'zh-cn'],
  ['zh-Hant-CN', 'zh-tw'],
  // The most wanted one, wherever it stands.
  ['en;q=0.5, ja;q=0.9, ko;q=0.7', 'ja'],
  ['en;q=0.8,ja;q=0.8', 'en'],
  ['EN-us ; q=1.000 , JA', 'en'],
  ['ja;q=0.001', 'ja'],
  // Not wanted.
  ['en;q=0, ja;q=0.1', 'ja'],
  ['en-US, en;q=0, ko;q=0.3', 'ko'],
  ['en;q=0', null],
  // Any will do, so the page stays as it is.
  ['*', null],
  ['fr, *;q=0.5, ja;q=0.1', null],
  ['ja, *;q=0.5', 'ja'],
  // None of ours, or none at all.
  ['fr-CH, fr;q=0.9', null],
  ['id', null],
  ['', null],
  // What is no range counts as not said.
  ['en;q=2, ja;q=0.1', 'ja'],
  ['en;q=, ja', 'ja'],
  ['en;level=1, ja', 'ja'],
  [';;,,q=1,en_US,ja', 'ja'],
  ['english,ja', 'ja'],
];

describe('the language that a browser prefers', () => {
  test.each(TABLE)('%p is %p', (header, locale) => {
    expect(preferredLocale(header)).toBe(locale as ReturnType<typeof preferredLocale>);
  });

  test('is not known without the header', () => {
    expect(preferredLocale(null)).toBeNull();
  });

  test('is looked for among the first twenty, in the first five hundred characters', () => {
    const others = (count: number) => Array.from({ length: count }, () => 'fr').join();
    expect(preferredLocale(`${others(19)},ja`)).toBe('ja');
    expect(preferredLocale(`${others(20)},ja`)).toBeNull();
    expect(preferredLocale(`${' '.repeat(498)}ja`)).toBe('ja');
    expect(preferredLocale(`${' '.repeat(499)},ja`)).toBeNull();
  });

  test('is one of ours or none, whatever is sent, and found at once', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (header) => {
        const locale = preferredLocale(header);
        expect(locale === null || isLocale(locale)).toBe(true);
      }),
    );
    const started = performance.now();
    preferredLocale(`a${'-a'.repeat(500_000)};q=`);
    preferredLocale(`en${' '.repeat(500_000)};q=1`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
