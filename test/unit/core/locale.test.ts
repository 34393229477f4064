import { expect, test } from 'bun:test';
import {
  DESK_LOCALES,
  deskLocaleOf,
  isDeskLocale,
  isLocale,
  LANGUAGE_TAGS,
  LOCALES,
} from '../../../src/core/locale.ts';

test('payers read seven languages, each with its script where there are two', () => {
  expect(LOCALES.map((locale) => [locale, LANGUAGE_TAGS[locale]])).toEqual([
    ['zh-tw', 'zh-Hant-TW'],
    ['zh-cn', 'zh-Hans-CN'],
    ['en', 'en'],
    ['ja', 'ja'],
    ['ko', 'ko'],
    ['th', 'th'],
    ['ms', 'ms'],
  ]);
  expect(Intl.getCanonicalLocales(Object.values(LANGUAGE_TAGS))).toEqual(Object.values(LANGUAGE_TAGS));
  expect(['zh-TW', 'fr', ''].filter(isLocale)).toEqual([]);
});

test('the desk speaks two of them, and Chinese to whoever reads Chinese', () => {
  expect(LOCALES.filter(isDeskLocale)).toEqual([...DESK_LOCALES]);
  expect(LOCALES.map(deskLocaleOf)).toEqual(['zh-tw', 'zh-tw', 'en', 'en', 'en', 'en', 'en']);
});
