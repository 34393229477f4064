import { LOCALES, type Locale } from './locale.ts';

/**
 * What a browser says of its person's languages (RFC 9110, Accept-Language), read for the few that we have. Whoever asks
 * may write what he likes into it, so only its beginning is read.
 */
const LONGEST = 500;
const MOST_RANGES = 20;

/** `de-CH;q=0.8`; a weight that is none makes the range none. */
const RANGE = /^([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

interface Range {
  readonly tag: string;
  /** 0: not wanted; 1: wanted most. */
  readonly weight: number;
}

/** The language of ours that is wanted most; null when none is, or when any will do. */
export function preferredLocale(header: string | null): Locale | null {
  const ranges = readRanges(header ?? '');
  const refused = new Set(ranges.flatMap(({ tag, weight }) => (weight === 0 ? [localeOf(tag)] : [])));
  for (const { tag, weight } of ranges) {
    if (weight === 0) continue;
    if (tag === '*') return null;
    const locale = localeOf(tag);
    if (locale !== null && !refused.has(locale)) return locale;
  }
  return null;
}

/** Those wanted most first, equal ones as they stand. */
function readRanges(header: string): readonly Range[] {
  const parts = header.slice(0, LONGEST).toLowerCase().split(',', MOST_RANGES);
  return parts
    .flatMap((part) => {
      const [, tag, weight] = RANGE.exec(part.trim()) ?? [];
      return tag === undefined ? [] : [{ tag, weight: weight === undefined ? 1 : Number(weight) }];
    })
    .sort((one, other) => other.weight - one.weight);
}

/** Where Chinese is written in the traditional way; everywhere else, and where nothing is said, it is not. */
const TRADITIONAL = ['hant', 'tw', 'hk', 'mo'];

function localeOf(tag: string): Locale | null {
  const [language = '', ...rest] = tag.split('-');
  // The script, where it is named, says more than the country.
  if (language === 'zh') {
    return !rest.includes('hans') && rest.some((part) => TRADITIONAL.includes(part)) ? 'zh-tw' : 'zh-cn';
  }
  return LOCALES.find((locale) => locale === language) ?? null;
}
