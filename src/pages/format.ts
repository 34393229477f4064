import { LANGUAGE_TAGS, type Locale } from '../core/locale.ts';
import { formatDecimal } from '../core/money.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../core/time.ts';
import { dateIn } from '../core/zone.ts';
import { fillPlaces, type Say, type TextKey } from './text.ts';

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

/** `NT$50–20,000`: the sign once, since both are of one currency. */
export function formatMoneyRange(min: number, max: number, currency: string, locale: Locale): string {
  return `${formatMoney(min, currency, locale)}–${splitMoney(max, currency, locale).digits}`;
}

type DateOptions = Intl.DateTimeFormatOptions;

/** Where the counters and the banks are, and most merchants. */
const TAIPEI = 'Asia/Taipei';

function formatOf(locale: Locale, zone: string, options: DateOptions): Intl.DateTimeFormat {
  // Thai would count Buddhist years, some locales other digits; bank and counter use these.
  const fixed: DateOptions = { timeZone: zone, calendar: 'gregory', numberingSystem: 'latn' };
  const key = `${locale} ${zone} ${Object.entries(options).join()}`;
  const format = DATE_FORMATS.get(key) ?? new Intl.DateTimeFormat(LANGUAGE_TAGS[locale], { ...fixed, ...options });
  DATE_FORMATS.set(key, format);
  return format;
}

/** Making a format takes a hundred times as long as using it; there are a handful for each language. */
const DATE_FORMATS = new Map<string, Intl.DateTimeFormat>();

interface Moment extends Record<string, string> {
  readonly date: string;
  readonly weekday: string;
  readonly time: string;
}

/** By language, zone, minute and whether the year is told: a page that waits is drawn again and again. */
const MOMENTS = new Map<string, Moment>();
const MAX_MOMENTS = 1000;

function describeMoment(locale: Locale, ms: number, zone: string, withYear: boolean): Moment {
  const key = `${locale} ${zone} ${Math.floor(ms / MINUTE)} ${withYear}`;
  const known = MOMENTS.get(key);
  if (known) return known;
  const format = (options: DateOptions) => formatOf(locale, zone, options).format(ms);
  const day: DateOptions = { month: 'short', day: 'numeric' };
  const moment = {
    date: format(withYear ? { ...day, year: 'numeric' } : day),
    weekday: format({ weekday: 'short' }),
    time: format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  };
  if (MOMENTS.size >= MAX_MOMENTS) MOMENTS.clear();
  MOMENTS.set(key, moment);
  return moment;
}

/** Day, weekday and minute in a zone. The year stands there only when it is not this one, or when asked for. */
export function formatMoment(locale: Locale, say: Say, ms: number, now: number | null, zone = TAIPEI): string {
  const sameYear = now !== null && dateIn(ms, zone).slice(0, 4) === dateIn(now, zone).slice(0, 4);
  return say('time.moment', describeMoment(locale, ms, zone, !sameYear));
}

/** Who reads a language lives there, as a rule, and need not be told whose clocks are meant. */
const HOME_ZONES: Readonly<Record<string, string>> = { 'zh-tw': TAIPEI };

/** The same with the zone's name, where the reader's clock may be another. */
export function formatZonedMoment(locale: Locale, say: Say, ms: number, now: number | null, zone = TAIPEI): string {
  const moment = formatMoment(locale, say, ms, now, zone);
  if (HOME_ZONES[locale] === zone) return moment;
  const parts = formatOf(locale, zone, { timeZoneName: 'shortGeneric' }).formatToParts(ms);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
  return say('time.zoned', { moment, zone: name });
}

/** From how much time left on it is told in which words; the first that fits, so from the most to the least. */
const LEFT: readonly (readonly [number, TextKey])[] = [
  [2 * DAY, 'left.days'],
  [2 * HOUR, 'left.hours'],
  [HOUR, 'left.hour'],
  [MINUTE, 'left.minutes'],
  [0, 'left.seconds'],
];

/** The same as sentences with places, for the script that counts on (`web/checkout/left.js`). */
export function listTimeLeft(say: Say): readonly (readonly [number, string])[] {
  return LEFT.map(([from, key]) => [from, say(key)]);
}

/** Coarse while there is time, to the second in the last hour; empty when none is left. */
export function formatTimeLeft(say: Say, left: number): string {
  const [, key] = left > 0 ? (LEFT.find(([from]) => left >= from) ?? []) : [];
  if (key === undefined) return '';
  return fillPlaces(say(key), {
    days: Math.floor(left / DAY),
    hours: Math.floor(left / HOUR),
    minutes: Math.floor(left / MINUTE) % 60,
    seconds: Math.floor(left / SECOND) % 60,
  });
}

/** How long somebody has to wait, never too short: seconds, from two minutes on minutes, from two hours on hours. */
export function formatWait(locale: Locale, seconds: number): string {
  const [unit, size] = seconds < 120 ? ['second', 1] : seconds < 7200 ? ['minute', 60] : ['hour', 3600];
  const options = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(LANGUAGE_TAGS[locale], options).format(Math.ceil(seconds / size));
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
