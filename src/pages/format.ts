import { LANGUAGE_TAGS, type Locale } from '../core/locale.ts';
import { formatDecimal } from '../core/money.ts';
import { DAY, HOUR, MINUTE, SECOND, taipeiDay } from '../core/time.ts';
import type { Say } from './text.ts';

/** What people write before an amount. Other currencies show their ISO code. */
const SIGNS: Readonly<Record<string, string>> = {
  TWD: 'NT$',
  USD: 'US$',
  HKD: 'HK$',
  SGD: 'S$',
  AUD: 'A$',
  CAD: 'CA$',
  JPY: '¥',
  CNY: 'CN¥',
  EUR: '€',
  GBP: '£',
  KRW: '₩',
  MYR: 'RM',
  THB: '฿',
  PHP: '₱',
};

/** Where the usual sign means the reader's own money to him. */
const SIGNS_IN: Readonly<Partial<Record<Locale, Readonly<Record<string, string>>>>> = {
  'zh-cn': { CNY: '¥', JPY: 'JP¥' },
};

export interface SplitMoney {
  readonly sign: string;
  readonly digits: string;
}

/** Sign and digits apart, because the sign is set smaller. Taiwan has no coins below a dollar, so `.00` is left off. */
export function splitMoney(minor: number, currency: string, locale: Locale = 'zh-tw'): SplitMoney {
  const [whole = '', cents] = formatDecimal(minor, currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const short = cents === undefined || (currency === 'TWD' && Number(cents) === 0);
  const sign = SIGNS_IN[locale]?.[currency] ?? SIGNS[currency] ?? `${currency} `;
  return { sign, digits: short ? grouped : `${grouped}.${cents}` };
}

export function formatMoney(minor: number, currency: string, locale: Locale = 'zh-tw'): string {
  const { sign, digits } = splitMoney(minor, currency, locale);
  return `${sign}${digits}`;
}

type DateOptions = Intl.DateTimeFormatOptions;

function formatPart(locale: Locale, ms: number, options: DateOptions): string {
  // Thai would count Buddhist years, some locales other digits; bank and counter use these.
  const fixed: DateOptions = { timeZone: 'Asia/Taipei', calendar: 'gregory', numberingSystem: 'latn' };
  const key = `${locale} ${Object.entries(options).join()}`;
  const format = DATE_FORMATS.get(key) ?? new Intl.DateTimeFormat(LANGUAGE_TAGS[locale], { ...fixed, ...options });
  DATE_FORMATS.set(key, format);
  return format.format(ms);
}

/** Making a format takes a hundred times as long as using it; there are a handful for each language. */
const DATE_FORMATS = new Map<string, Intl.DateTimeFormat>();
const UNIT_FORMATS = new Map<string, Intl.NumberFormat>();

interface Moment extends Record<string, string> {
  readonly date: string;
  readonly weekday: string;
  readonly time: string;
}

/** By language, minute and whether the year is told: a page that waits is drawn again and again. */
const MOMENTS = new Map<string, Moment>();
const MAX_MOMENTS = 1000;

function describeMoment(locale: Locale, ms: number, withYear: boolean): Moment {
  const key = `${locale} ${Math.floor(ms / MINUTE)} ${withYear}`;
  const known = MOMENTS.get(key);
  if (known) return known;
  const day: DateOptions = { month: 'short', day: 'numeric' };
  const moment = {
    date: formatPart(locale, ms, withYear ? { ...day, year: 'numeric' } : day),
    weekday: formatPart(locale, ms, { weekday: 'short' }),
    time: formatPart(locale, ms, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  };
  if (MOMENTS.size >= MAX_MOMENTS) MOMENTS.clear();
  MOMENTS.set(key, moment);
  return moment;
}

/** Day, weekday and minute in Taipei. The year stands there only when it is not this one, or when asked for. */
export function formatMoment(locale: Locale, say: Say, ms: number, now: number | null): string {
  const sameYear = now !== null && taipeiDay(ms).slice(0, 4) === taipeiDay(now).slice(0, 4);
  return say('time.moment', describeMoment(locale, ms, !sameYear));
}

/** Coarse while there is time, a running clock in the last hour. checkout.js counts on in the same words. */
export function formatTimeLeft(locale: Locale, left: number): string {
  if (left < HOUR) {
    const seconds = Math.max(0, Math.floor(left / SECOND));
    const pad = (n: number) => String(n).padStart(2, '0');
    return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
  }
  const unit = left < 2 * DAY ? 'hour' : 'day';
  const count = Math.floor(left / (unit === 'day' ? DAY : HOUR));
  const key = `${locale} ${unit}`;
  const format =
    UNIT_FORMATS.get(key) ?? new Intl.NumberFormat(LANGUAGE_TAGS[locale], { style: 'unit', unit, unitDisplay: 'long' });
  UNIT_FORMATS.set(key, format);
  return format.format(count);
}

/** `9103522212345678` → four by four, as bank cards are read out. */
export function groupByFour(text: string): string[] {
  return text.match(/.{1,4}/gu) ?? [];
}

/** Groups of three and four, the shorter ones first: no single character is left over at the end. */
export function groupEvenly(text: string): string[] {
  const characters = [...text];
  const count = Math.max(1, Math.ceil(characters.length / 4));
  const short = Math.floor(characters.length / count);
  const long = characters.length % count;
  return Array.from({ length: count }, (_, i) => {
    const before = Math.max(0, i - (count - long));
    const start = i * short + before;
    return characters.slice(start, start + short + (i >= count - long ? 1 : 0)).join('');
  });
}
